"""Puts the made-up provider's people, teams, sites and areas into the database, through the usual actions."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tellonce.demo.customers import Places
from tellonce.demo.households import node_code
from tellonce.demo.provider import DEPARTMENTS, PARTNER, REGIONS, SITES, TEAMS
from tellonce.demo.roster import HOLIDAYS
from tellonce.demo.staffing import Colleague
from tellonce.modules.record import actions as record
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Span
from tellonce.modules.staff.models import Partner, Person, Site, Team

_LONG_DAY = Span(time(7), time(21))
_SATURDAY = Span(time(8), time(18))
_ALL_DAY = Span(time(0), time(23, 59))


@dataclass(frozen=True, slots=True)
class Employed:
    """The people as the database knows them, in the order of the colleagues, and the teams by name."""

    people: list[Person]
    teams: dict[str, int]


def add_staff(colleagues: list[Colleague], *, at: datetime) -> Employed:
    """Sites with hours and holidays, departments, teams, and everybody on the day they came; nobody has a password."""
    partner = staff.add_partner(name=PARTNER, by=SYSTEM, at=at)
    sites = {name: _site(name, zone, partner if of else None, at) for name, zone, of in SITES}
    departments = {
        name: staff.add_department(name=name, site_id=sites[site].pk, by=SYSTEM, at=at).pk for name, site in DEPARTMENTS
    }
    teams = {
        plan.name: staff.add_team(
            name=plan.name, department_id=departments[plan.department], site_id=sites[plan.site].pk, by=SYSTEM, at=at
        )
        for plan in TEAMS
    }
    people = [
        _person(colleague, sites, teams, partner, at + timedelta(days=int(colleague.since))) for colleague in colleagues
    ]
    _lead(colleagues, people, teams, at)
    return Employed(people, {name: team.pk for name, team in teams.items()})


def _site(name: str, zone: str, partner: Partner | None, at: datetime) -> Site:
    site = staff.add_site(name=name, time_zone=zone, partner_id=partner.pk if partner else None, by=SYSTEM, at=at)
    if partner:
        hours = [(weekday, _ALL_DAY) for weekday in range(7)]
    else:
        hours = [*((weekday, _LONG_DAY) for weekday in range(5)), (5, _SATURDAY)]
    staff.set_open_hours(site_id=site.pk, hours=hours, by=SYSTEM, at=at)
    for year in range(at.year, at.year + 5) if not partner else ():
        for month, day, holiday in HOLIDAYS:
            staff.add_holiday(site_id=site.pk, day=date(year, month, day), name=holiday, by=SYSTEM, at=at)
    return site


def _person(
    colleague: Colleague, sites: dict[str, Site], teams: dict[str, Team], partner: Partner, at: datetime
) -> Person:
    return staff.add_person(
        email=colleague.email,
        name=colleague.name,
        role=colleague.role,
        team=teams.get(colleague.team),
        site=sites[colleague.site],
        partner=partner if colleague.partner else None,
        permission_sets=colleague.permission_sets,
        language="es" if colleague.partner and colleague.role == "supervisor" else "",
        at=at,
    )


def _lead(colleagues: list[Colleague], people: list[Person], teams: dict[str, Team], at: datetime) -> None:
    """Every supervisor leads their own team, and those of the same site that have none."""
    leaders = [(c, p) for c, p in zip(colleagues, people, strict=True) if c.role == "supervisor"]
    for plan in TEAMS:
        own = [person for c, person in leaders if c.team == plan.name]
        near = [person for c, person in leaders if c.site == plan.site] or [leaders[0][1]]
        team = teams[plan.name]
        staff.change_team(
            team_id=team.pk,
            name=team.name,
            department_id=team.department_id,
            site_id=team.site_id,
            supervisor_id=(own or near)[0].pk,
            by=SYSTEM,
            at=at,
        )


def add_areas(places: Places) -> None:
    """Regions, their towns, and the nodes of each town."""
    regions = [record.add_area(kind="region", name=region.name, code=region.code) for region in REGIONS]
    towns = [
        record.add_area(kind="area", name=name, code=town_code(name), parent_id=regions[places.town_region[number]].pk)
        for number, name in enumerate(places.town_names)
    ]
    for number, name in enumerate(places.node_names):
        parent = towns[places.node_town[number]].pk
        record.add_area(kind="node", name=name, code=node_code(places, number), parent_id=parent)


def town_code(name: str) -> str:
    """The stable code of a town in the area tree."""
    return name.lower().replace(" ", "-")
