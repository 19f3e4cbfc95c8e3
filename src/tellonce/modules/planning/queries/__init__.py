"""Reads of planning."""

from tellonce.modules.planning.queries.forecasts import days_of_calls, demand_of, forecast_for, latest_forecast
from tellonce.modules.planning.queries.plans import (
    WeekPlan,
    absences_between,
    first_terms,
    latest_run,
    shift_lines,
    shifts_of,
    week_plan,
)

__all__ = [
    "WeekPlan",
    "absences_between",
    "days_of_calls",
    "demand_of",
    "first_terms",
    "forecast_for",
    "latest_forecast",
    "latest_run",
    "shift_lines",
    "shifts_of",
    "week_plan",
]
