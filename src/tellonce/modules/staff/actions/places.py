"""Teams, departments, sites with their hours and holidays, and partners."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from psycopg.errors import UniqueViolation

from tellonce.modules.staff.actions.changes import Json, note_change
from tellonce.modules.staff.contracts import Actor, BadHoursError, NameTakenError, Span, StaffNotFoundError
from tellonce.modules.staff.models import Department, Holiday, OpenHours, Partner, Site, Team

_Place = TypeVar("_Place", Team, Department, Site, Partner)


@transaction.atomic
def add_team(
    *,
    name: str,
    by: Actor,
    at: datetime,
    department_id: int | None = None,
    site_id: int | None = None,
    supervisor_id: int | None = None,
) -> Team:
    """A new team."""
    team = Team(department_id=department_id, site_id=site_id, supervisor_id=supervisor_id)
    return _name_and_save(team, name=name, by=by, at=at)


@transaction.atomic
def change_team(
    *,
    team_id: int,
    name: str,
    department_id: int | None,
    site_id: int | None,
    supervisor_id: int | None,
    by: Actor,
    at: datetime,
) -> Team:
    """Another name, department, site or supervisor for a team."""
    team = _to_change(Team.objects.all(), team_id)
    before = _plain(team)
    team.department_id, team.site_id, team.supervisor_id = department_id, site_id, supervisor_id
    return _name_and_save(team, name=name, by=by, at=at, before=before)


@transaction.atomic
def add_department(*, name: str, by: Actor, at: datetime, site_id: int | None = None) -> Department:
    """A new department."""
    return _name_and_save(Department(site_id=site_id), name=name, by=by, at=at)


@transaction.atomic
def change_department(*, department_id: int, name: str, site_id: int | None, by: Actor, at: datetime) -> Department:
    """Another name or site for a department."""
    department = _to_change(Department.objects.all(), department_id)
    before = _plain(department)
    department.site_id = site_id
    return _name_and_save(department, name=name, by=by, at=at, before=before)


@transaction.atomic
def add_partner(*, name: str, by: Actor, at: datetime) -> Partner:
    """A new partner: another company whose people work for the provider."""
    return _name_and_save(Partner(), name=name, by=by, at=at)


@transaction.atomic
def add_site(*, name: str, time_zone: str, by: Actor, at: datetime, partner_id: int | None = None) -> Site:
    """A new site; without open hours it counts as always open."""
    site = Site(time_zone=_known_zone(time_zone), partner_id=partner_id)
    return _name_and_save(site, name=name, by=by, at=at)


@transaction.atomic
def change_site(*, site_id: int, name: str, time_zone: str, partner_id: int | None, by: Actor, at: datetime) -> Site:
    """Another name, time zone or partner for a site."""
    site = _to_change(Site.objects.all(), site_id)
    before = _plain(site)
    site.time_zone, site.partner_id = _known_zone(time_zone), partner_id
    return _name_and_save(site, name=name, by=by, at=at, before=before)


@transaction.atomic
def set_open_hours(*, site_id: int, hours: Sequence[tuple[int, Span]], by: Actor, at: datetime) -> None:
    """Puts these hours (weekday, 0 is Monday, and span) in the place of all that the site had."""
    site = _to_change(Site.objects.all(), site_id)
    ordered = sorted(hours, key=lambda entry: (entry[0], entry[1].opens))
    _refuse_impossible(ordered)
    before = _hours_as_text(site)
    OpenHours.objects.filter(site=site).delete()
    OpenHours.objects.bulk_create(
        OpenHours(site=site, weekday=weekday, opens=span.opens, closes=span.closes) for weekday, span in ordered
    )
    note_change(
        what="hours set", about=site, by=by, at=at, before={"hours": before}, after={"hours": _hours_as_text(site)}
    )


@transaction.atomic
def add_holiday(*, site_id: int, day: date, name: str, by: Actor, at: datetime, span: Span | None = None) -> Holiday:
    """A day on which the site is closed, or (with `span`) open at other hours."""
    site = _to_change(Site.objects.all(), site_id)
    if span is not None and span.closes <= span.opens:
        raise BadHoursError(gettext("The closing time has to be after the opening time."))
    if not name.strip():
        raise BadHoursError(gettext("Enter the name of the holiday."))
    if Holiday.objects.filter(site=site, day=day).exists():
        raise BadHoursError(gettext("{site} has a holiday on that day already.").format(site=site.name))
    holiday = Holiday.objects.create(
        site=site,
        day=day,
        name=name.strip(),
        opens=span.opens if span else None,
        closes=span.closes if span else None,
    )
    note_change(what="holiday added", about=site, by=by, at=at, after={"day": day.isoformat(), "name": holiday.name})
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: Actor, at: datetime) -> None:
    """The site keeps its usual hours on that day."""
    holiday = Holiday.objects.select_related("site").filter(pk=holiday_id).first()
    if holiday is None:
        raise StaffNotFoundError(gettext("There is no such holiday any more."))
    before: dict[str, Json] = {"day": holiday.day.isoformat(), "name": holiday.name}
    holiday.delete()
    note_change(what="holiday removed", about=holiday.site, by=by, at=at, before=before)


def _to_change(places: QuerySet[_Place], pk: int) -> _Place:
    place = places.select_for_update().filter(pk=pk).first()
    if place is None:
        raise StaffNotFoundError(gettext("That entry does not exist any more; load the page again."))
    return place


def _name_and_save(
    place: _Place, *, name: str, by: Actor, at: datetime, before: dict[str, Json] | None = None
) -> _Place:
    place.name = name.strip()
    if not place.name:
        raise StaffNotFoundError(gettext("Enter a name."))
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise NameTakenError(gettext("There is one with the name “{name}” already.").format(name=place.name)) from error
    after = _plain(place)
    if before != after:
        note_change(what="changed" if before else "added", about=place, by=by, at=at, before=before, after=after)
    return place


def _plain(place: _Place) -> dict[str, Json]:
    """The place for the audit: names, since what they name may be gone when somebody reads it."""
    related = ("department", "site", "supervisor", "partner")
    named: dict[str, Json] = {name: str(getattr(place, name) or "") for name in related if hasattr(place, name)}
    return named | {name: getattr(place, name) for name in ("name", "time_zone") if hasattr(place, name)}


def _known_zone(time_zone: str) -> str:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadHoursError(
            gettext("“{zone}” is not a time zone; use one like America/Chicago.").format(zone=time_zone)
        ) from error
    return time_zone


def _refuse_impossible(hours: Sequence[tuple[int, Span]]) -> None:
    for place, (weekday, span) in enumerate(hours):
        if weekday not in range(7):
            raise BadHoursError(gettext("A week has seven days."))
        if span.closes <= span.opens:
            raise BadHoursError(gettext("The closing time has to be after the opening time."))
        if place and hours[place - 1][0] == weekday and hours[place - 1][1].closes > span.opens:
            raise BadHoursError(gettext("Two spans of one day overlap; leave a gap or make them one."))


def _hours_as_text(site: Site) -> list[str]:
    hours = OpenHours.objects.filter(site=site)
    return [f"{entry.weekday} {entry.opens:%H:%M}-{entry.closes:%H:%M}" for entry in hours]
