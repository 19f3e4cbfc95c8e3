"""Writes of planning."""

from tellonce.modules.planning.actions.bringing import bring_file
from tellonce.modules.planning.actions.changing import PlanKey
from tellonce.modules.planning.actions.forecasts import forget_old_forecasts, make_forecast
from tellonce.modules.planning.actions.rosters import ask_roster, cancel_roster, make_roster, take_roster
from tellonce.modules.planning.actions.shifts import (
    add_shift,
    change_people,
    move_shift,
    remove_person,
    remove_shift,
    replace_shifts,
)
from tellonce.modules.planning.actions.terms import change_terms
from tellonce.modules.planning.actions.undoing import undo_change

__all__ = [
    "PlanKey",
    "add_shift",
    "ask_roster",
    "bring_file",
    "cancel_roster",
    "change_people",
    "change_terms",
    "forget_old_forecasts",
    "make_forecast",
    "make_roster",
    "move_shift",
    "remove_person",
    "remove_shift",
    "replace_shifts",
    "take_roster",
    "undo_change",
]
