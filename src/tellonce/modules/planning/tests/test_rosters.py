"""A roster is made beside the plan, and taken over when somebody wants it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tellonce.modules.phone.queries import queue_line
from tellonce.modules.planning import actions, queries
from tellonce.modules.planning.contracts import BadPlanError, RosterBusyError, RunState
from tellonce.modules.planning.contracts.rosters import RosterWish
from tellonce.modules.planning.models import Absence
from tellonce.modules.planning.queries.waits import outlook
from tellonce.modules.planning.tests.making import MONDAY, NOW, a_forecast, a_queue, a_shift, key
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import a_person, a_team

pytestmark = pytest.mark.django_db
WISH = RosterWish(
    people=9, team_id=None, shift_min=510, break_min=30, days=5, first_start_min=480, last_start_min=600, seconds=10
)


def test_a_roster_is_said_in_waits_with_its_gap_and_is_the_plan_once_taken_over() -> None:
    queue = a_queue()
    a_forecast(queue, calls=6)
    run = actions.ask_roster(key=key(queue), wish=WISH, by=SYSTEM, at=NOW)
    with pytest.raises(RosterBusyError):
        actions.ask_roster(key=key(queue), wish=WISH, by=SYSTEM, at=NOW)
    made = actions.make_roster(run_id=run.pk, now=lambda: NOW)
    assert made.state == RunState.DONE
    assert 0 <= made.result["gap"] < 0.2
    assert len(made.result["shifts"]) == 45
    actions.take_roster(key=key(queue), run_id=run.pk, by=SYSTEM, at=NOW)
    plan = queries.week_plan(queue_line(queue.pk), MONDAY)
    assert plan.demand is not None
    seen = outlook(plan.demand.expected, plan.people, plan.terms)
    assert seen.share_kept == pytest.approx(made.result["kept"])


def test_people_who_are_away_or_work_elsewhere_keep_that_day_free() -> None:
    queue, tech, team = a_queue(), a_queue(code="tech"), a_team()
    dana, sam, *_ = [a_person(name=name, team=team) for name in ("Dana", "Sam", "Priya", "Tom")]
    a_forecast(queue, calls=3)
    day = queries.week_plan(queue_line(queue.pk), MONDAY).zone
    begin = a_shift(day=2, hour=0).starts_at
    Absence.objects.create(person=dana, starts_at=begin, ends_at=begin + timedelta(days=2), added_at=NOW)
    actions.add_shift(key=key(tech), shift=a_shift(day=4, person_id=sam.pk), by=SYSTEM, at=NOW)
    wish = replace(WISH, team_id=team.pk, seconds=5)
    run = actions.ask_roster(key=key(queue), wish=wish, by=SYSTEM, at=NOW)
    actions.make_roster(run_id=run.pk, now=lambda: NOW)
    actions.take_roster(key=key(queue), run_id=run.pk, by=SYSTEM, at=NOW)
    shifts = queries.week_plan(queue_line(queue.pk), MONDAY).shifts
    days = {(shift.person_id, shift.starts_at.astimezone(day).weekday()) for shift in shifts}
    assert days.isdisjoint({(dana.pk, 2), (dana.pk, 3), (sam.pk, 4)})
    assert len(days) > 10


def test_one_that_no_worker_began_is_cancelled_at_once_and_never_made() -> None:
    queue = a_queue()
    a_forecast(queue)
    run = actions.ask_roster(key=key(queue), wish=WISH, by=SYSTEM, at=NOW)
    assert actions.cancel_roster(run_id=run.pk, by=SYSTEM, at=NOW).state == RunState.CANCELLED
    assert actions.make_roster(run_id=run.pk, now=lambda: NOW).state == RunState.CANCELLED


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("shift_hours", {"shift_min": 1_500}),
        ("days", {"days": 8}),
        ("people", {"people": 0}),
        ("break_min", {"break_min": 20}),
    ],
)
def test_a_wish_that_cannot_be_is_refused_by_its_field(field: str, change: dict[str, int]) -> None:
    queue = a_queue()
    a_forecast(queue)
    with pytest.raises(BadPlanError) as refused:
        actions.ask_roster(key=key(queue), wish=replace(WISH, **change), by=SYSTEM, at=NOW)
    assert refused.value.field == field
