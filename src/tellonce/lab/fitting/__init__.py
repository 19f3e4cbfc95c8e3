"""What a simulator's scenario is learned from: a provider's own call log."""

from tellonce.lab.fitting.attendance import WrapUp, at_work, seconds_at_work, spells_from, wrap_up
from tellonce.lab.fitting.choices import HeadStarts, learn_head_starts
from tellonce.lab.fitting.contracts import UNKNOWN, Arrivals, AtWork, CallLog, Ending
from tellonce.lab.fitting.errors import FittingInputError
from tellonce.lab.fitting.learning import Fitted, Menu, fit
from tellonce.lab.fitting.patience import Patience, learn_patience, streams_of
from tellonce.lab.fitting.returns import Returns, learn_returns
from tellonce.lab.fitting.scenarios import expected_calls, scenario
from tellonce.lab.fitting.service import ServiceTimes, learn_service

__all__ = [
    "UNKNOWN",
    "Arrivals",
    "AtWork",
    "CallLog",
    "Ending",
    "Fitted",
    "FittingInputError",
    "HeadStarts",
    "Menu",
    "Patience",
    "Returns",
    "ServiceTimes",
    "WrapUp",
    "at_work",
    "expected_calls",
    "fit",
    "learn_head_starts",
    "learn_patience",
    "learn_returns",
    "learn_service",
    "scenario",
    "seconds_at_work",
    "spells_from",
    "streams_of",
    "wrap_up",
]
