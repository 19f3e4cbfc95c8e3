"""What planning keeps."""

from tellonce.modules.planning.models.decisions import Decision, ForecastUsed, Rehearsal
from tellonce.modules.planning.models.forecasts import Forecast
from tellonce.modules.planning.models.plans import Absence, ExtraPeople, Plan, PlanChange, RosterRun, Shift

__all__ = [
    "Absence",
    "Decision",
    "ExtraPeople",
    "Forecast",
    "ForecastUsed",
    "Plan",
    "PlanChange",
    "Rehearsal",
    "RosterRun",
    "Shift",
]
