"""The provider's decisions: one taken with its effect, one open, both rehearsed on its own calls; and its plans."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tellonce.demo import rates
from tellonce.demo.decisions import lay_decisions
from tellonce.demo.generate import generate
from tellonce.modules.phone.queries import queues
from tellonce.modules.planning.contracts.decisions import ALL_REPLICATIONS, DecisionState
from tellonce.modules.planning.models import Decision, Shift
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.looking_back import looked_back

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def provider(db: None) -> None:
    generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=1200)


def test_one_decision_is_taken_with_its_effect_and_one_is_open(provider: None) -> None:
    lay_decisions(now=NOW, seed=1)
    lay_decisions(now=NOW + timedelta(hours=1), seed=1)  # a second start of the demo
    taken, is_open = (Decision.objects.get(state=state) for state in (DecisionState.TAKEN, DecisionState.REHEARSED))
    assert Decision.objects.count() == 2
    for found in (queries.decision(taken.pk), queries.decision(is_open.pk)):
        results = queries.results_of(found)
        assert all(len(results[each.key].replications) == ALL_REPLICATIONS for each in queries.policies_of(found))
    week, month, quarter = looked_back(queries.decision(taken.pk), now=NOW)
    assert (week.so_far, month.so_far, quarter.so_far) == (7, 30, rates.DAYS - rates.ONE_MORE_SINCE - 1)
    assert month.calls is not None
    assert 0.5 < month.calls.came / month.calls.expected < 2.0
    (forecast,) = queries.forecasts_used(queries.decision(taken.pk))
    assert forecast.made_at <= taken.drafted_at < NOW
    before = queries.decision(taken.pk).rehearsal.about["seen"]
    assert month.seen["calls"] > 30
    assert quarter.seen["in_time"] > before["in_time"]


def test_people_are_on_the_phones_for_half_of_their_day(provider: None) -> None:
    assert {line.code for line in queues()} == {"care", "tech"}
    days: dict[tuple[int | None, object], timedelta] = {}
    for shift in Shift.objects.select_related("person").exclude(person__team__name="Cordillera night"):
        key = shift.person_id, shift.starts_at.astimezone(ZoneInfo("America/Denver")).date()
        days[key] = days.get(key, timedelta()) + shift.ends_at - shift.starts_at
    assert len(days) > 100
    assert max(days.values()) <= timedelta(hours=6)
