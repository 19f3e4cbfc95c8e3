"""People, places and the audit of what was changed."""

from datetime import date, time, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.test import Client

from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.contracts import (
    SYSTEM,
    BadHoursError,
    MailTakenError,
    NameTakenError,
    NotAPersonError,
    Role,
    Span,
    StaffNotFoundError,
    WeakPasswordError,
)
from tellonce.modules.staff.models import StaffChange
from tests.factories import NOW, PASSWORD, a_person, a_site, a_team

pytestmark = pytest.mark.django_db


def test_a_person_is_added_with_a_lower_case_address_and_an_argon2_password() -> None:
    person = a_person(email="Ana.Ruiz@Example.net", password=PASSWORD)

    assert person.email == "ana.ruiz@example.net"
    assert person.password.startswith("argon2")
    assert person.check_password(PASSWORD)


def test_two_people_cannot_share_an_address() -> None:
    a_person(email="ana@example.net")

    with pytest.raises(MailTakenError, match=r"ana@example\.net already"):
        a_person(email="ANA@example.net")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"email": "nobody"}, NotAPersonError),
        ({"name": "  "}, NotAPersonError),
        ({"role": "king"}, NotAPersonError),
        ({"permission_sets": ["king"]}, NotAPersonError),
        ({"password": "short"}, WeakPasswordError),
    ],
)
def test_what_cannot_be_a_person_is_refused(wrong: dict[str, object], error: type[Exception]) -> None:
    fields = {"email": "ana@example.net", "name": "Ana", "role": Role.ANALYST, "at": NOW}

    with pytest.raises(error):
        actions.add_person(**{**fields, **wrong})  # type: ignore[arg-type]  # the point of the test


def test_a_change_leaves_what_was_before_and_after() -> None:
    boss, person = a_person(role=Role.ADMINISTRATOR, name="Boss"), a_person(name="Ana")
    team = a_team(name="Night")
    fields = actions.PersonFields(email=person.email, name="Ana Ruiz", role=Role.SUPERVISOR, team_id=team.pk)

    actions.change_person(person_id=person.pk, fields=fields, by=boss.as_actor(), at=NOW)

    change = queries.changes_about(about="person", about_id=person.pk)[0]
    assert (change.by_name, change.what) == ("Boss", "changed")
    assert change.before == {"name": "Ana", "role": "representative", "team": ""}
    assert change.after == {"name": "Ana Ruiz", "role": "supervisor", "team": "Night"}


def test_the_audit_cannot_be_edited() -> None:
    a_person()

    with pytest.raises(IntegrityError, match="append-only"):
        StaffChange.objects.update(by_name="Nobody")


def test_the_last_administrator_stays_one() -> None:
    boss = a_person(role=Role.ADMINISTRATOR)
    demoted = actions.PersonFields(email=boss.email, name=boss.name, role=Role.ANALYST)

    with pytest.raises(actions.LastAdministratorError):
        actions.change_person(person_id=boss.pk, fields=demoted, by=SYSTEM, at=NOW)
    with pytest.raises(actions.LastAdministratorError):
        actions.set_active(person_id=boss.pk, is_active=False, by=SYSTEM, at=NOW)

    a_person(role=Role.ADMINISTRATOR)
    assert not actions.set_active(person_id=boss.pk, is_active=False, by=SYSTEM, at=NOW).is_active


def test_shutting_somebody_out_ends_their_sessions(client: Client) -> None:
    a_person(role=Role.ADMINISTRATOR)
    person = a_person(password=PASSWORD)
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    assert Session.objects.count() == 1

    actions.set_active(person_id=person.pk, is_active=False, by=SYSTEM, at=NOW)

    assert Session.objects.count() == 0


def test_names_of_places_are_taken_once_and_said_so() -> None:
    a_team(name="Night")

    with pytest.raises(NameTakenError, match="Night"):
        actions.add_team(name=" Night ", by=SYSTEM, at=NOW)
    with pytest.raises(StaffNotFoundError):
        actions.change_department(department_id=0, name="Billing", site_id=None, by=SYSTEM, at=NOW)


def test_the_calendar_of_a_person_is_their_own_sites_then_their_teams() -> None:
    site = a_site(time_zone="America/Chicago")
    hours = [(day, Span(time(9), time(17))) for day in range(5)]
    actions.set_open_hours(site_id=site.pk, hours=hours, by=SYSTEM, at=NOW)
    actions.add_holiday(site_id=site.pk, day=date(2026, 3, 3), name="Founders' day", by=SYSTEM, at=NOW)
    person = a_person(team=a_team(site_id=site.pk))

    calendar = queries.calendar_of(person_id=person.pk)

    assert calendar.is_open(NOW)
    assert not calendar.is_open(NOW + timedelta(days=1))
    assert queries.calendar_of(person_id=a_person().pk).closes(NOW) is None


@pytest.mark.parametrize(
    "hours",
    [
        [(0, Span(time(17), time(9)))],
        [(0, Span(time(9), time(13))), (0, Span(time(12), time(17)))],
        [(7, Span(time(9), time(13)))],
    ],
)
def test_impossible_hours_are_refused(hours: list[tuple[int, Span]]) -> None:
    with pytest.raises(BadHoursError):
        actions.set_open_hours(site_id=a_site().pk, hours=hours, by=SYSTEM, at=NOW)
    with pytest.raises(BadHoursError, match="Mars"):
        actions.add_site(name="Far", time_zone="Mars/Olympus", by=SYSTEM, at=NOW)


def test_people_are_listed_without_a_query_each() -> None:
    for _number in range(3):
        a_person(team=a_team())

    with connection.execute_wrapper(_no_more_than(1)):
        assert len({person.team.name for person in queries.people() if person.team}) == 3


def _no_more_than(most: int):  # type: ignore[no-untyped-def]  # Django's wrapper has no public type
    count = 0

    def wrapper(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # the same
        nonlocal count
        count += 1
        assert count <= most, sql
        return execute(sql, params, many, context)

    return wrapper
