"""How long things last when some are still going on: patience, time to the next contact, time until a customer goes."""

from tellonce.lab.survival.curves import HazardCurve, SurvivalCurve, kaplan_meier, nelson_aalen
from tellonce.lab.survival.errors import SurvivalInputError
from tellonce.lab.survival.hazards import PiecewiseHazard, piecewise_hazard

__all__ = [
    "HazardCurve",
    "PiecewiseHazard",
    "SurvivalCurve",
    "SurvivalInputError",
    "kaplan_meier",
    "nelson_aalen",
    "piecewise_hazard",
]
