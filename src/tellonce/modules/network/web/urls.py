"""Addresses of the network's pages."""

from django.urls import path

from tellonce.modules.network.web import outages

urlpatterns = [
    path("outages", outages.outages, name="outages"),
    path("outages/report", outages.report_outage, name="outage_report"),
    path("outages/<int:outage_id>", outages.outage, name="outage"),
    path("outages/<int:outage_id>/change", outages.change_outage, name="outage_change"),
    path("outages/<int:outage_id>/end", outages.end_outage, name="outage_end"),
    path("outages/<int:outage_id>/withdraw", outages.withdraw_outage, name="outage_withdraw"),
]
