"""Plans change once, by one person at a time, and back again."""

from datetime import UTC, datetime

import pytest

from tellonce.modules.phone.queries import queue_line
from tellonce.modules.planning import actions, queries
from tellonce.modules.planning.contracts import BadPlanError, ChangeKind, PlanChangedError, PlanTerms
from tellonce.modules.planning.models import Plan, PlanChange
from tellonce.modules.planning.tests.making import MONDAY, NOW, a_forecast, a_queue, a_shift, key
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import a_person

pytestmark = pytest.mark.django_db


def test_two_at_once_one_wins_and_the_other_is_told_who() -> None:
    queue, paula, piet = a_queue(), a_person(name="Paula").as_actor(), a_person(name="Piet").as_actor()
    actions.add_shift(key=key(queue), shift=a_shift(), by=paula, at=NOW)
    with pytest.raises(PlanChangedError, match="Paula"):
        actions.add_shift(key=key(queue), shift=a_shift(hour=10), by=piet, at=NOW)
    assert Plan.objects.get().shifts.count() == 1


def test_every_change_is_taken_back_in_turn_and_what_it_took_away_is_there_again() -> None:
    queue, dana = a_queue(), a_person(name="Dana")
    begin, end = datetime(2026, 3, 2, 17, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC)
    actions.add_shift(key=key(queue), shift=a_shift(person_id=dana.pk), by=SYSTEM, at=NOW)
    [shift] = queries.week_plan(queue_line(queue.pk), MONDAY).shifts
    actions.move_shift(
        key=key(queue, 1), shift_id=shift.id, shift=a_shift(hour=12, person_id=dana.pk), by=SYSTEM, at=NOW
    )
    actions.change_people(key=key(queue, 2), starts_at=begin, ends_at=end, people=3, by=SYSTEM, at=NOW)
    actions.change_terms(key=key(queue, 3), terms=PlanTerms(20, 0.9, 200.0, 120.0, 0.25), by=SYSTEM, at=NOW)
    made = actions.replace_shifts(key=key(queue, 4), shifts=[a_shift()] * 2, kind=ChangeKind.ROSTER, by=SYSTEM, at=NOW)
    for version in range(made.version, made.version + 5):
        actions.undo_change(key=key(queue, version), by=SYSTEM, at=NOW)
    plan = queries.week_plan(queue_line(queue.pk), MONDAY)
    assert (plan.shifts, plan.extras, plan.version) == ((), (), 10)
    assert plan.terms == queries.first_terms(queue.pk)
    assert PlanChange.objects.filter(undone_at=None).count() == 0


def test_half_way_back_the_shift_stands_as_it_was() -> None:
    queue, dana = a_queue(), a_person(name="Dana")
    actions.add_shift(key=key(queue), shift=a_shift(person_id=dana.pk), by=SYSTEM, at=NOW)
    before = queries.week_plan(queue_line(queue.pk), MONDAY).shifts
    actions.remove_person(key=key(queue, 1), person_id=dana.pk, by=SYSTEM, at=NOW)
    assert queries.week_plan(queue_line(queue.pk), MONDAY).shifts == ()
    actions.undo_change(key=key(queue, 2), by=SYSTEM, at=NOW)
    assert queries.week_plan(queue_line(queue.pk), MONDAY).shifts == before


def test_nobody_is_in_two_queues_at_once() -> None:
    care, tech, dana = a_queue(), a_queue(code="tech"), a_person(name="Dana")
    actions.add_shift(key=key(care), shift=a_shift(person_id=dana.pk), by=SYSTEM, at=NOW)
    with pytest.raises(BadPlanError, match="Dana works already"):
        actions.add_shift(key=key(tech), shift=a_shift(hour=12, person_id=dana.pk), by=SYSTEM, at=NOW)


@pytest.mark.parametrize(
    ("hour", "hours", "field"), [(9, 25, "until"), (9, 0, "until"), (-30, 8, "since"), (9, 4.2, "pause")]
)
def test_a_shift_that_cannot_be_is_refused_where_it_was_typed(hour: int, hours: float, field: str) -> None:
    with pytest.raises(BadPlanError) as refused:
        actions.add_shift(key=key(a_queue()), shift=a_shift(hour=hour, hours=hours), by=SYSTEM, at=NOW)
    assert refused.value.field == field


def test_people_are_counted_on_the_clock_of_the_queue_without_breaks_and_absences() -> None:
    queue, dana = a_queue(), a_person(name="Dana")
    a_forecast(queue)
    actions.add_shift(key=key(queue), shift=a_shift(person_id=dana.pk), by=SYSTEM, at=NOW)
    people = queries.week_plan(queue_line(queue.pk), MONDAY).people
    assert people[0, 36:68].sum() == 30  # 9 to 17 o'clock less two quarter hours
    assert not people[0, 52:54].any()
    assert people.sum() == 30
