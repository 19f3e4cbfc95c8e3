"""A scenario that cannot be is refused, with the field where it was typed."""

import math
from dataclasses import replace

import pytest

from tellonce.lab.routing import RoutingInputError, Rules
from tellonce.lab.simulation import (
    Break,
    Constant,
    Empirical,
    Lognormal,
    Matter,
    Menu,
    Outage,
    Patience,
    Person,
    Pressure,
    Scenario,
    ScenarioError,
    Shift,
    Stream,
    simulate,
)  # fmt: skip

FINE = Scenario(
    900.0, 2, (Matter("m", Constant(60.0)),), (Stream("s", "m", "k", (1.0, 2.0), area="north"),),
    (Person("p", {"k": 1}, (Shift(0.0, 1_800.0),)),),
)  # fmt: skip
STREAM, MATTER, PERSON = FINE.streams[0], FINE.matters[0], FINE.people[0]


def shifts(*found: Shift) -> dict[str, object]:
    return {"people": (replace(PERSON, shifts=found),)}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("interval_s", {"interval_s": 0.0}),
        ("streams[0].arrivals[1]", {"streams": (replace(STREAM, arrivals=(1.0, -1.0)),)}),
        ("streams[0].arrivals[0]", {"streams": (replace(STREAM, arrivals=(math.nan, 1.0)),)}),
        ("streams[0].arrivals", {"streams": (replace(STREAM, arrivals=(1.0,)),)}),
        ("streams[0].skill", {"streams": (replace(STREAM, skill="other"),)}),
        ("streams[0].skill", {"streams": (replace(STREAM, least_level=2),)}),
        ("streams[0].matter", {"streams": (replace(STREAM, matter="other"),)}),
        ("streams[0].redials", {"streams": (replace(STREAM, redials=1.2),)}),
        ("streams[0].patience.hazards", {"streams": (replace(STREAM, patience=Patience((0.0,), (-1.0,))),)}),
        ("streams[0].patience.starts_s", {"streams": (replace(STREAM, patience=Patience((5.0,), (1.0,))),)}),
        ("streams", {"streams": (STREAM, STREAM)}),
        ("matters[0].service.mean_s", {"matters": (replace(MATTER, service=Lognormal(-5.0)),)}),
        ("matters[0].service.quantiles_s", {"matters": (replace(MATTER, service=Empirical((5.0, 4.0))),)}),
        ("matters[0].passed_to", {"matters": (replace(MATTER, passed_on=0.1, passed_to="other"),)}),
        ("people[0].pace", {"people": (replace(PERSON, pace=0.0),)}),
        ("people[0].shifts[0].end_s", shifts(Shift(0.0, 90_000.0))),
        ("people[0].shifts[0].end_s", shifts(Shift(10.0, 5.0))),
        ("people[0].shifts[1].start_s", shifts(Shift(0.0, 900.0), Shift(800.0, 1_000.0))),
        ("people[0].shifts[0].breaks[0].start_s", shifts(Shift(0.0, 900.0, (Break(800.0, 200.0),)))),
        ("menus[0].lost", {"menus": (Menu(0.7, 0.5),)}),
        ("menus[1].streams", {"menus": (Menu(0.1, 0.1), Menu(0.1, 0.1, streams=("s",)))}),
        ("outages[0].area", {"outages": (Outage("south", 0.0, 60.0, 2.0),)}),
        ("outages[0].factor", {"outages": (Outage("north", 0.0, 60.0, 0.5),)}),
        ("pressure.service", {"pressure": Pressure(0.0)}),
    ],
)
def test_what_cannot_be_is_refused(field: str, changed: dict[str, object]) -> None:
    with pytest.raises(ScenarioError) as refused:
        simulate(replace(FINE, **changed), replications=1)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.code == "scenario"


def test_rules_that_fit_nobody_are_refused() -> None:
    for rules in (Rules(priority_s=-1.0), Rules(shares={"nowhere": 0.5}), Rules(reserve={"other": 1})):
        with pytest.raises(RoutingInputError):
            simulate(replace(FINE, rules=rules), replications=1)
    assert simulate(FINE, replications=1).counts.sum() > 0
