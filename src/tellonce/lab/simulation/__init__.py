"""A day, or four weeks, of contacts and the people who answer them, simulated with the routing that is really used."""

from tellonce.lab.simulation.contracts import (
    Break,
    Callbacks,
    Constant,
    Empirical,
    Exponential,
    Lengths,
    Lognormal,
    Matter,
    Menu,
    Outage,
    Patience,
    Person,
    Pressure,
    Scenario,
    Shift,
    Stream,
)
from tellonce.lab.simulation.errors import ScenarioError
from tellonce.lab.simulation.measures import Estimate, difference, estimate
from tellonce.lab.simulation.outcome import Contacts, Outcome
from tellonce.lab.simulation.running import simulate

__all__ = [
    "Break",
    "Callbacks",
    "Constant",
    "Contacts",
    "Empirical",
    "Estimate",
    "Exponential",
    "Lengths",
    "Lognormal",
    "Matter",
    "Menu",
    "Outage",
    "Outcome",
    "Patience",
    "Person",
    "Pressure",
    "Scenario",
    "ScenarioError",
    "Shift",
    "Stream",
    "difference",
    "estimate",
    "simulate",
]
