"""Reads of staff: people, places, calendars, the access log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from tellonce.modules.staff.contracts import ALWAYS_OPEN, Calendar, Role, Span, StaffNotFoundError
from tellonce.modules.staff.models import (
    AccessEntry,
    Department,
    Holiday,
    OpenHours,
    Partner,
    Person,
    Site,
    StaffChange,
    Team,
)

_VIEWS_LOOKED_AT = 100


def people() -> QuerySet[Person]:
    """Everybody on staff with team, site and partner, by name; those who may not sign in too."""
    return Person.objects.select_related("team", "site", "partner").order_by("name", "pk")


def people_found(*, words: str = "", role: str = "", active: str = "") -> QuerySet[Person]:
    """People whose name or mail address holds every word; `active` is "yes", "no" or all."""
    found = people()
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        found = found.filter(role=role)
    return found.filter(is_active=active == "yes") if active in {"yes", "no"} else found


def person(pk: int) -> Person:
    """The person with this id; StaffNotFoundError."""
    found = people().filter(pk=pk).first()
    if found is None:
        raise StaffNotFoundError(gettext("There is nobody on staff with the number {id}.").format(id=pk))
    return found


def seats(person_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Where those of these people sit who may sign in: names of site (their own, else their team's) and partner."""
    found = Person.objects.filter(pk__in=person_ids, is_active=True).order_by("pk")
    rows = found.values_list("pk", "site__name", "team__site__name", "partner__name")
    return {pk: (own or of_team or "", partner or "") for pk, own, of_team, partner in rows}


def person_by_mail(email: str) -> Person | None:
    """The person with this mail address, in any case."""
    return people().filter(email=email.strip().lower()).first()


def people_to_sign_in_as() -> list[tuple[str, list[Person]]]:
    """Active people by role, for the demo's sign-in page."""
    active = list(people().filter(is_active=True))
    groups = [(str(role.label), [each for each in active if each.role == role]) for role in Role]
    return [(label, members) for label, members in groups if members]


def teams() -> QuerySet[Team]:
    """All teams by name, with department, site and supervisor."""
    return Team.objects.select_related("department", "site", "supervisor").order_by("name")


def teams_with_sizes() -> QuerySet[Team]:
    """All teams by name, each with `size`: how many people of it may sign in."""
    return teams().annotate(size=Count("people", filter=Q(people__is_active=True)))


def team(pk: int) -> Team:
    """The team with this id; StaffNotFoundError."""
    return _one(teams(), pk)


def department(pk: int) -> Department:
    """The department with this id; StaffNotFoundError."""
    return _one(departments(), pk)


def site(pk: int) -> Site:
    """The site with this id, its hours and holidays read; StaffNotFoundError."""
    return _one(sites(), pk)


def departments() -> QuerySet[Department]:
    """All departments by name, with their site."""
    return Department.objects.select_related("site").order_by("name")


def sites() -> QuerySet[Site]:
    """All sites by name, with partner, hours and holidays."""
    return Site.objects.select_related("partner").prefetch_related("open_hours", "holidays").order_by("name")


def partners() -> QuerySet[Partner]:
    """All partners by name."""
    return Partner.objects.order_by("name")


def session_count(person_id: int) -> int:
    """In how many places the person is signed in, or was until the session ran out."""
    count: int = UserSession.objects.filter(user_id=person_id).count()
    return count


def second_factors(person_ids: list[int]) -> dict[int, list[str]]:
    """Which second factors these people have set up: kinds by person."""
    rows = Authenticator.objects.filter(user_id__in=person_ids).order_by("type").values_list("user_id", "type")
    kinds: dict[int, list[str]] = {}
    for person_id, kind in rows:
        kinds.setdefault(person_id, []).append(str(Authenticator.Type(kind).label))
    return kinds


def changes_about(*, about: str, about_id: int, limit: int = 20) -> QuerySet[StaffChange]:
    """The latest changes of one person or place."""
    return StaffChange.objects.filter(about=about, about_id=about_id).order_by("-at", "-pk")[:limit]


def calendar_of(*, person_id: int | None = None, team_id: int | None = None) -> Calendar:
    """The calendar that a person's or team's promises are due by; always open where no site says otherwise."""
    site_id = _site_of_person(person_id) if person_id is not None else None
    if site_id is None and team_id is not None:
        site_id = _site_of_team(team_id)
    return calendar_of_site(site_id) if site_id is not None else ALWAYS_OPEN


def calendar_of_site(site_id: int) -> Calendar:
    """The calendar of a site; always open when it has no hours."""
    site = Site.objects.get(pk=site_id)
    hours = list(OpenHours.objects.filter(site_id=site_id))
    weekly = tuple(
        tuple(Span(entry.opens, entry.closes) for entry in hours if entry.weekday == weekday) for weekday in range(7)
    )
    holidays = {entry.day: _spans(entry.opens, entry.closes) for entry in Holiday.objects.filter(site_id=site_id)}
    return Calendar(site.time_zone, weekly if hours else ALWAYS_OPEN.weekly, holidays)


_Place = TypeVar("_Place", Team, Department, Site)


def _one(places: QuerySet[_Place], pk: int) -> _Place:
    found = places.filter(pk=pk).first()
    if found is None:
        raise StaffNotFoundError(gettext("That entry does not exist any more; load the page again."))
    return found


def _spans(opens: time | None, closes: time | None) -> tuple[Span, ...]:
    return (Span(opens, closes),) if opens is not None and closes is not None else ()


def _site_of_person(person_id: int) -> int | None:
    found = Person.objects.filter(pk=person_id).values_list("site_id", "team_id").first()
    if found is None:
        raise StaffNotFoundError(gettext("There is nobody on staff with the number {id}.").format(id=person_id))
    site_id, team_id = found
    return site_id if site_id is not None or team_id is None else _site_of_team(team_id)


def _site_of_team(team_id: int) -> int | None:
    found = Team.objects.filter(pk=team_id).values_list("site_id", "department__site_id").first()
    return (found[0] or found[1]) if found else None


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """What to look for in the access log; empty fields do not narrow it. Days are in the installation's zone."""

    person: str = ""
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    without_contact: bool = False


def access_entries(wanted: AccessFilter) -> QuerySet[AccessEntry]:
    """The access log, newest first."""
    entries = AccessEntry.objects.order_by("-at", "-pk")
    if wanted.person.strip():
        matching = people_found(words=wanted.person).values("pk")
        entries = entries.filter(Q(person_id__in=matching) | Q(person_name__icontains=wanted.person.strip()))
    if wanted.customer_id is not None:
        entries = entries.filter(customer_id=wanted.customer_id)
    if wanted.since is not None:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until is not None:
        entries = entries.filter(at__lt=wanted.until)
    return entries.filter(without_contact=True) if wanted.without_contact else entries


def holidays_from(site_id: int, day: date) -> QuerySet[Holiday]:
    """The holidays of a site from `day` on."""
    return Holiday.objects.filter(site_id=site_id, day__gte=day)


def seen_lately(person_id: int, *, limit: int = 12) -> list[tuple[int, datetime]]:
    """The customers whom somebody looked at last, each once with when; out of their last 100 views."""
    views = AccessEntry.objects.filter(person_id=person_id, customer_id__isnull=False).order_by("-at")
    latest: dict[int, datetime] = {}
    for customer_id, at in views.values_list("customer_id", "at")[:_VIEWS_LOOKED_AT]:
        if customer_id is not None:
            latest.setdefault(customer_id, at)
    return list(latest.items())[:limit]
