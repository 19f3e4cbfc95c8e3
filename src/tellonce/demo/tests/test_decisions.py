"""The provider's decisions: one taken with its effect, one open, both rehearsed on its own calls; and its plans."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tellonce.demo import rates
from tellonce.demo.decisions import lay_decisions
from tellonce.demo.generate import generate
from tellonce.modules.phone.queries import queues
from tellonce.modules.planning.contracts.decisions import ALL_REPLICATIONS, DecisionState
from tellonce.modules.planning.models import Decision, Shift
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.looking_back import looked_back
from tests.standing import standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def generated() -> None:
    generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=1200)


@pytest.fixture(scope="module")
def provider(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with standing(generated, unblocked=django_db_blocker.unblock):
        yield


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
    before = queries.decision(taken.pk).rehearsal.about["seen"]
    assert month.seen["calls"] > 30
    assert quarter.seen["in_time"] > before["in_time"]


def test_people_are_on_the_phones_for_a_part_of_their_day(provider: None) -> None:
    assert {line.code for line in queues()} == {"care", "tech"}
    own = Shift.objects.exclude(person__team__name__startswith="Cordillera")
    longest = {"care": timedelta(hours=3.5), "tech": timedelta(hours=6.75)}  # of a Saturday of ten hours
    for code, most in longest.items():
        spells = [shift.ends_at - shift.starts_at for shift in own.filter(plan__queue__code=code)]
        assert len(spells) > 20
        assert max(spells) <= most
    now = Shift.objects.filter(starts_at__lte=NOW, ends_at__gt=NOW)
    assert {code: now.filter(plan__queue__code=code).count() > 0 for code in longest} == {"care": True, "tech": True}
