"""What a decision is rehearsed on: calls as a forecast expects them, customers told apart by area and kind."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from tellonce.lab.rehearsal import Base, CallsChange, Seen, changed
from tellonce.lab.routing import Rules
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.models import Call, Queue
from tellonce.modules.planning.actions import decisions as actions
from tellonce.modules.planning.actions import forget_old_forecasts, rehearsing
from tellonce.modules.planning.contracts import RunState
from tellonce.modules.planning.contracts.decisions import ArrivalsFrom, DecisionState, DecisionTerms
from tellonce.modules.planning.contracts.reasons import told_words
from tellonce.modules.planning.models import Decision, Forecast
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.looking_back import looked_back
from tellonce.modules.planning.tests.centre import MIDNIGHT, a_centre, centre_calls
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Area
from tellonce.modules.staff.contracts import SYSTEM, Role
from tests.factories import NOW, a_customer, a_person

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 3, 4)
A_DAY = 96


def _forecast(queue: Queue, *, days: int = 35, first: date = WEDNESDAY, age: int = 0) -> Forecast:
    """By half hours, from 8 to 18 o'clock: 10 calls and twice its weekday (Monday 0), a tenth more each week."""
    half_hours = (np.arange(48) >= 16) & (np.arange(48) < 36)
    rows = np.array([
        half_hours * (10.0 + 2 * ((first.weekday() + n) % 7)) * (1 + (n // 7) / 10) for n in range(days)
    ])  # fmt: skip
    made_at = NOW - timedelta(days=age)
    return Forecast.objects.create(
        queue=queue, made_at=made_at, history_from=date(2025, 12, 1), history_until=first - timedelta(days=1),
        first_day=first, days=days, interval_s=1800, time_zone="UTC", expected=rows.ravel().tolist(),
        low=(rows * 0.5).ravel().tolist(), high=(rows * 1.5).ravel().tolist(), model="seasonal_naive",
    )  # fmt: skip


def _drafted(queue: Queue, *, arrivals: str = ArrivalsFrom.FORECAST, weeks: int = 1) -> Decision:
    terms = DecisionTerms("As forecast?", (queue.pk,), weeks=weeks, arrivals=arrivals)
    owner = a_person(role=Role.MANAGER)
    made = actions.draft_decision(terms=terms, owner_id=owner.pk, seed=7, by=owner.as_actor(), at=NOW)
    rehearsing.read_calls(decision_id=made.pk, now=lambda: NOW)
    return queries.decision(made.pk)


def _base(found: Decision) -> Base:
    base = queries.base_of_decision(found.pk)
    assert base is not None, found.rehearsal.refused
    return base


def _rehearsed(found: Decision, monkeypatch: pytest.MonkeyPatch) -> Decision:
    monkeypatch.setattr(rehearsing, "_STEPS", (2,))
    rehearsing.ask_rehearsal(decision_id=found.pk, by=SYSTEM, at=NOW)
    rehearsing.rehearse_decision(decision_id=found.pk, now=lambda: NOW)
    return queries.decision(found.pk)


def _calls(base: Base, **of: str) -> np.ndarray:
    """Expected calls by quarter hour of the streams whose fields are these."""
    streams = [each for each in base.scenario.streams if all(getattr(each, name) == of[name] for name in of)]
    return np.sum([each.arrivals for each in streams], axis=0) if streams else np.zeros(1)


def test_calls_come_as_the_forecast_says_for_the_same_weekdays() -> None:
    queue = a_centre()
    _forecast(queue, age=3, days=21)
    used = _forecast(queue)
    base = _base(_drafted(queue))
    monday = 5  # the forecast's sixth day, the first in its second week from Saturday on
    said = np.array(used.expected).reshape(35, 48)[monday : monday + 7]
    assert base.first_weekday == 0
    assert _calls(base).reshape(7, 48, 2) == pytest.approx(np.repeat(said[..., None] / 2, 2, axis=2))
    assert not base.scenario.counted


def test_what_calls_are_about_is_mixed_by_hour_as_it_was_seen() -> None:
    queue = a_centre()
    _forecast(queue)
    seen, said = (_base(_drafted(queue, arrivals=each)) for each in (ArrivalsFrom.SEEN, ArrivalsFrom.FORECAST))
    for hour in (9, 15):
        shares = []
        for base in (seen, said):
            by_hour = [_calls(base, **of).reshape(7, 24, 4)[:, hour].sum() for of in ({"skill": "bills"}, {})]
            shares.append(by_hour[0] / by_hour[1])
        assert shares[0] == pytest.approx(shares[1])
        assert 0.4 < shares[0] < 0.8


@pytest.mark.parametrize("days", [7, 9, 17])
def test_a_forecast_shorter_than_the_period_goes_on_with_its_own_weekdays(days: int) -> None:
    queue = a_centre()
    phone.load_calls(list(centre_calls(queue.pk, days=14, until=7)), by=SYSTEM, at=NOW)
    _forecast(queue, days=days)
    base = _base(_drafted(queue, weeks=3))
    a_day = _calls(base).reshape(21, A_DAY).sum(axis=1)
    weekday = np.arange(21) % 7
    plain = 20 * (10 + 2 * weekday)
    assert ((a_day / plain - 1) * 10).round(6).tolist() == (((a_day / plain - 1) * 10).round()).tolist()
    assert (a_day >= plain - 1e-6).all()


def test_without_a_forecast_it_is_refused_and_the_queue_is_named() -> None:
    found = _drafted(a_centre())
    assert found.rehearsal.state == RunState.FAILED
    assert told_words(found.rehearsal.refused) == "Care has no forecast yet."


def test_the_forecast_it_stands_on_stays_is_shown_and_compared_with_the_calls_that_came(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = a_centre()
    used = _forecast(queue, first=date(2026, 2, 16), age=70)
    found = _rehearsed(_drafted(queue), monkeypatch)
    assert found.state == DecisionState.REHEARSED, found.rehearsal.refused
    _forecast(queue, age=65)
    newest = _forecast(queue)
    forget_old_forecasts(at=NOW)
    assert set(Forecast.objects.values_list("pk", flat=True)) == {used.pk, newest.pk}
    actions.take_decision(decision_id=found.pk, policy="As it is", by=SYSTEM, at=NOW - timedelta(days=8))
    taken = queries.decision(found.pk)
    assert taken.taken["forecasts"] == [{"id": used.pk, "made_at": used.made_at.isoformat()}]
    assert [each.pk for each in queries.forecasts_used(taken)] == [used.pk]

    back = looked_back(taken, now=NOW)[0].calls
    assert back is not None
    expected = np.array(used.expected).reshape(35, 48)[7:14]
    came = np.zeros((7, 48))
    for call in centre_calls(queue.pk):
        since = (call.arrived_at - (MIDNIGHT - timedelta(days=7))).total_seconds()
        came[divmod(int(since) // 1800, 48)] += 1
    assert (back.days, back.came) == (7, came.sum())
    assert back.expected == pytest.approx(expected.sum())
    assert back.inside == pytest.approx(((came >= expected * 0.5) & (came <= expected * 1.5)).mean())

    client.force_login(a_person(role=Role.MANAGER))
    page = client.get(f"/decisions/{found.pk}").content.decode()
    assert "The same day a week before" in page
    assert f"{back.expected:,.0f}" in page
    assert f"{back.came:,.0f}" in page


def test_the_days_beyond_the_forecast_are_not_compared() -> None:
    queue = a_centre()
    used = _forecast(queue, first=date(2026, 2, 16), days=9)
    found = _drafted(queue)
    actions.set_policies(decision_id=found.pk, policies=(), by=SYSTEM, at=NOW)
    Decision.objects.filter(pk=found.pk).update(
        state=DecisionState.TAKEN, settled_at=NOW - timedelta(days=8), taken_policy="As it is"
    )
    back = looked_back(queries.decision(found.pk), now=NOW)[0].calls
    assert back is not None
    assert back.days == 2
    assert back.expected == pytest.approx(sum(used.expected[7 * 48 : 9 * 48]))


@pytest.fixture
def regions() -> Mapping[str, Area]:
    return {name: record.add_area(kind="region", name=name, code=name[0]) for name in ("North", "South")}


def _living_in(area: Area, *, kind: str = "person") -> int:
    customer = a_customer(kind=kind)
    premise = record.add_premise(line=f"Street {customer.pk}", town="Town", area_id=area.pk)
    record.move_in(premise_id=premise.pk, customer_id=customer.pk, by=SYSTEM, at=NOW)
    return int(customer.pk)


def _by_half_day(north: list[int], south: list[int]):  # type: ignore[no-untyped-def]
    """Every tenth call is of somebody in the north in the morning, in the south after noon; nobody calls twice."""
    left = {True: list(north), False: list(south)}

    def whose(place: int, hour: float) -> int:
        return left[hour < 12].pop() if place % 10 == 0 and left[hour < 12] else 0

    return whose


def test_calls_are_told_apart_by_the_region_their_customers_live_in(regions: Mapping[str, Area]) -> None:
    north = [_living_in(regions["North"]) for _ in range(40)]
    south = [_living_in(regions["South"], kind="business") for _ in range(20)]
    base = _base(_drafted(a_centre(whose=_by_half_day(north, south)), arrivals=ArrivalsFrom.SEEN))
    assert base.areas == ("North", "South")
    for area, count in (("North", 40), ("South", 20)):
        assert _calls(base, area=area).sum() == pytest.approx(count, rel=0.02)
    assert _calls(base, area="North").reshape(7, 2, 48).sum(axis=(0, 2)) == pytest.approx([40, 0], rel=0.02)
    assert {each.segment for each in base.scenario.streams if each.area == "South"} == {"business"}
    assert _calls(base, area="").sum() > 20 * _calls(base, area="North").sum()
    storm = changed(base, [CallsChange(3.0, area="North")])
    more = [sum(map(sum, (s.arrivals for s in storm.streams if s.area == area))) for area in ("North", "South")]
    assert more == pytest.approx([120, 20], rel=0.02)


def test_with_one_region_the_areas_below_it_are_told_apart(regions: Mapping[str, Area]) -> None:
    below = [record.add_area(kind="area", name=name, code=name, parent_id=regions["North"].pk) for name in "AB"]
    lives = [[_living_in(area) for _ in range(12)] for area in below]
    base = _base(_drafted(a_centre(whose=_by_half_day(*lives)), arrivals=ArrivalsFrom.SEEN))
    assert base.areas == ("A", "B")


def test_the_page_says_which_areas_and_customers_bear_it(
    regions: Mapping[str, Area], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = [_living_in(regions["North"]) for _ in range(150)]
    south = [_living_in(regions["South"], kind="business") for _ in range(150)]
    found = _drafted(a_centre(whose=_by_half_day(north, south)), arrivals=ArrivalsFrom.SEEN)
    storm = CallsChange(6.0, area="North")
    actions.add_change(decision_id=found.pk, policy=None, name="Storm", change=storm, by=SYSTEM, at=NOW)
    found = _rehearsed(found, monkeypatch)
    now, more = (_of(found, place) for place in (0, 1))
    assert set(more.names("area")) == {"North", "South"}
    raised = [float((more.values(f"area/{area}/calls") / now.values(f"area/{area}/calls")).mean()) for area in regions]
    assert raised == pytest.approx([6.0, 1.0], rel=0.1)
    assert float(more.beside(now, "area/North/in_time").mean) < 0
    client.force_login(a_person(role=Role.MANAGER))
    page = client.get(f"/decisions/{found.pk}").content.decode()
    for words in (">Area<", ">North<", ">South<", ">Business<"):
        assert words in page


def _of(found: Decision, place: int) -> Seen:
    return queries.results_of(found)[queries.policies_of(found)[place].key]


def test_calls_of_the_switchboard_are_rehearsed_by_its_rules_and_those_of_another_by_what_they_show() -> None:
    queue = a_centre()
    phone.set_rules(rules=Rules(priority_s=300.0, effort_s=77.0, reserve={"care": 1}), by=SYSTEM, at=NOW)
    elsewhere = _drafted(queue, arrivals=ArrivalsFrom.SEEN)
    assert not elsewhere.rehearsal.about["live_rules"]
    assert _base(elsewhere).scenario.rules.effort_s == 0.0
    Call.objects.filter(queue_id=queue.pk).update(source="switchboard")
    ours = _drafted(queue, arrivals=ArrivalsFrom.SEEN)
    assert ours.rehearsal.about["live_rules"]
    made = _base(ours).scenario
    assert (made.rules.effort_s, made.rules.priority_s) == (77.0, 5.0)
    assert {round(stream.priority * made.rules.priority_s) for stream in made.streams} <= {0, 300, 600, 900}
    assert max(stream.priority for stream in made.streams) > 0
