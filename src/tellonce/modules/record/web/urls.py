"""Addresses of the record's own pages; customers are shown by the desk."""

from django.urls import path

from tellonce.modules.record.web import retention

urlpatterns = [path("admin/retention", retention.admin_retention, name="admin_retention")]
