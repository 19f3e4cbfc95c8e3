"""Addresses of decisions."""

from django.urls import path

from tellonce.modules.planning.web import decisions

_ONE = "decisions/<int:decision_id>"

urlpatterns = [
    path("decisions", decisions.decisions, name="decisions"),
    path("decisions/new", decisions.new, name="decision_new"),
    path(_ONE, decisions.decision, name="decision"),
    path(f"{_ONE}/cancel", decisions.cancel, name="decision_cancel"),
    path(f"{_ONE}/change/<slug:kind>", decisions.change, name="decision_change"),
    path(f"{_ONE}/drop", decisions.drop, name="decision_drop"),
    path(f"{_ONE}/rehearse", decisions.rehearse, name="decision_rehearse"),
    path(f"{_ONE}/remove", decisions.remove, name="decision_remove"),
    path(f"{_ONE}/take", decisions.take, name="decision_take"),
]
