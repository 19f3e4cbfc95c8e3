"""Callers and colleagues: the floor lives, the queue does not grow without end, and a person's contact is theirs."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession

from tellonce.demo.callers import Callers
from tellonce.demo.generate import generate
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.models import Contact
from tellonce.modules.care.queries.for_learning import cases_since, contacts_since
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.models import Person
from tests.standing import standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def generated() -> None:
    generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=150)


@pytest.fixture(scope="module")
def provider(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with standing(generated, unblocked=django_db_blocker.unblock):
        yield


@pytest.fixture
def floor(provider: None, db: None) -> Callers:
    return Callers(rng=random.Random(5), at=NOW)


def signed_in(email: str) -> Person:
    person = staff.person_by_mail(email)
    assert person is not None
    UserSession.objects.create(user_id=person.pk, session_key="k", ip="127.0.0.1", user_agent="test")
    return person


def run(floor: Callers, *, minutes: int, at: datetime = NOW) -> datetime:
    for _ in range(minutes * 20):
        at += timedelta(seconds=3)
        floor.tick(at)
    return at


def test_contacts_keep_arriving_and_the_queue_stays_short(floor: Callers) -> None:
    before = len(list(contacts_since(NOW - timedelta(days=800))))
    at = run(floor, minutes=25)
    after = list(contacts_since(NOW - timedelta(days=800)))
    assert len(after) - before > 8
    assert sum(c.ended_at is not None and c.ended_at > NOW for c in after) > 4
    assert 1 <= len(care_queries.waiting_contacts(100)) < 25
    assert all(contact.began_at <= at for contact in after)


def test_somebody_is_in_touch_within_twenty_seconds_of_an_empty_floor(floor: Callers) -> None:
    for contact in care_queries.waiting_contacts(100):
        by = next(iter(staff.people())).as_actor()
        care.take_contact(contact_id=contact.id, by=by, at=NOW)
        care.end_contact(contact_id=contact.id, by=by, at=NOW)
    for second in range(3, 21, 3):
        floor.tick(NOW + timedelta(seconds=second))
    assert care_queries.waiting_contacts(100)


def test_what_a_signed_in_person_has_in_hand_is_never_touched(floor: Callers) -> None:
    dana = signed_in("dana.reyes@merrowlink.example")
    waiting = care_queries.waiting_contacts(10)
    mine = waiting[-1].id
    care.take_contact(contact_id=mine, by=dana.as_actor(), at=NOW)
    run(floor, minutes=20)
    contact = care_queries.contact(mine)
    assert contact.taken_by_id == dana.pk
    assert contact.ended_at is None
    assert len(care_queries.in_hand(dana.pk)) == 1


def test_nobody_acts_for_a_person_who_is_signed_in(floor: Callers) -> None:
    dana = signed_in("dana.reyes@merrowlink.example")
    run(floor, minutes=20)
    assert not care_queries.in_hand(dana.pk)
    assert all(held.person.pk != dana.pk for held in floor.colleagues.in_hand.values())


def test_at_night_only_the_partner_takes_contacts(floor: Callers) -> None:
    before = set(Contact.objects.values_list("pk", flat=True))
    night = NOW.replace(hour=8) + timedelta(days=1)  # three in the morning in Eastmoor, one in Juniper Springs
    run(floor, minutes=15, at=night)
    calendars = {site.pk: staff.calendar_of_site(site.pk) for site in staff.sites()}
    taken = Contact.objects.filter(answered_at__gt=night).exclude(pk__in=before)
    assert taken.count() > 2
    assert all(
        calendars[site_id or 0].is_open(at or night) for site_id, at in taken.values_list("site_id_then", "answered_at")
    )


def test_colleagues_solve_what_is_open_and_answer_what_is_asked(floor: Callers) -> None:
    asked = [case.id for person in staff.people() for case in care_queries.team_asks(person).cases if case.asked_by]
    old = [case.id for case in cases_since(NOW) if case.solved_at is None and NOW - case.opened_at > timedelta(hours=8)]
    run(floor, minutes=30, at=NOW + timedelta(days=3))  # the Monday after
    assert len(set(asked)) > 2
    solved = [care_queries.case(number).line.solved_at is not None for number in {*asked, *old}]
    assert sum(solved) > 0.6 * len(solved)


def test_after_a_restart_colleagues_end_what_they_had_in_hand(floor: Callers) -> None:
    at = run(floor, minutes=6)
    held = set(floor.colleagues.in_hand)
    assert held
    again = Callers(rng=random.Random(6), at=at)
    assert held <= set(again.colleagues.in_hand)
    run(again, minutes=8, at=at)
    assert all(care_queries.contact(contact_id).ended_at is not None for contact_id in held)


def test_at_ten_times_the_pace_as_much_happens_in_a_tenth_of_the_time(provider: None, db: None) -> None:
    floor, at = Callers(rng=random.Random(5), at=NOW, pace=10.0), NOW
    before = Contact.objects.count()
    for _ in range(500):  # two and a half minutes of 25
        at += timedelta(seconds=0.3)
        floor.tick(at)
    assert Contact.objects.count() - before > 8
    assert Contact.objects.filter(ended_at__gt=NOW, ended_at__lte=at).count() > 4
    assert len(floor.colleagues.patience) <= 60


def test_of_contacts_that_others_took_few_are_remembered(floor: Callers) -> None:
    for number in range(2_000):
        floor.colleagues.know(-number, None)  # type: ignore[arg-type] # nobody asks what it was about
    assert len(floor.colleagues.known) == 500
    assert -1_999 in floor.colleagues.known
