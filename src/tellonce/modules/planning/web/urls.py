"""Addresses of the planner's pages."""

from django.urls import path

from tellonce.modules.planning.web import changes, exchange, plan, rosters

_WEEK = "plan/<int:queue_id>/<str:week>"

urlpatterns = [
    path("plan", plan.plan, name="plan"),
    path(f"{_WEEK}/bring", exchange.bring, name="plan_bring"),
    path(f"{_WEEK}/calendar", exchange.as_events, name="plan_calendar"),
    path(f"{_WEEK}/roster", rosters.ask, name="plan_roster"),
    path(f"{_WEEK}/roster/cancel", rosters.cancel, name="plan_roster_cancel"),
    path(f"{_WEEK}/roster/state", rosters.state, name="plan_roster_state"),
    path(f"{_WEEK}/roster/take", rosters.take, name="plan_roster_take"),
    path(f"{_WEEK}/rows", exchange.as_rows, name="plan_rows"),
    path(f"{_WEEK}/forecast", changes.forecast, name="plan_forecast"),
    path(f"{_WEEK}/people", changes.people, name="plan_people"),
    path(f"{_WEEK}/person", changes.person, name="plan_person"),
    path(f"{_WEEK}/settings", changes.terms, name="plan_terms"),
    path(f"{_WEEK}/shift", changes.shift, name="plan_shift"),
    path(f"{_WEEK}/undo", changes.undo, name="plan_undo"),
]
