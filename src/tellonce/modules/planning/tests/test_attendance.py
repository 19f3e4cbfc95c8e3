"""When people are planned to be there: shifts, less breaks, less absences."""

from datetime import UTC, datetime, timedelta

import pytest

from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.planning.models import Absence, Plan, Shift
from tellonce.modules.planning.queries.attendance import planned_spells
from tests.factories import a_person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)


@pytest.fixture
def plan() -> Plan:
    terms = {"target_within_s": 60, "target_share": 0.8, "handle_s": 240.0, "patience_s": 300.0, "changed_at": NOON}
    return Plan.objects.create(queue=a_queue(), week=NOON.date() - timedelta(days=2), **terms)


def hours(spells: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """As hours from noon."""
    return [tuple((each - NOON.timestamp()) / 3600 for each in spell) for spell in spells]  # type: ignore[misc]


def test_breaks_and_absences_are_no_work(plan: Plan) -> None:
    dana, omar = a_person(), a_person()
    for person in (dana, omar):
        Shift.objects.create(
            plan=plan, person=person, starts_at=NOON - 4 * HOUR, ends_at=NOON + 4 * HOUR, pauses=[[120, 15], [240, 30]]
        )
    Absence.objects.create(person=omar, starts_at=NOON - 9 * HOUR, ends_at=NOON + HOUR, added_at=NOON)
    found = planned_spells(NOON)
    assert hours(found[dana.pk]) == [(-4, -2), (-1.75, 0), (0.5, 4)]
    assert hours(found[omar.pk]) == [(1, 4)]


def test_nobody_named_and_days_far_off_are_left_out(plan: Plan) -> None:
    dana = a_person()
    Shift.objects.create(plan=plan, label="a temp", starts_at=NOON, ends_at=NOON + HOUR)
    Shift.objects.create(plan=plan, person=dana, starts_at=NOON + 72 * HOUR, ends_at=NOON + 75 * HOUR)
    assert planned_spells(NOON) == {}
    Shift.objects.create(plan=plan, person=dana, starts_at=NOON + 24 * HOUR, ends_at=NOON + 25 * HOUR)
    assert hours(planned_spells(NOON)[dana.pk]) == [(24, 25)]


def test_it_stays_the_same_for_a_day(plan: Plan) -> None:
    dana = a_person()
    Shift.objects.create(plan=plan, person=dana, starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    assert planned_spells(NOON) == planned_spells(NOON + 11 * HOUR) != {}
