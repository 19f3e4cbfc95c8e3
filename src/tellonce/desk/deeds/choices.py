"""What the deeds' selects offer: matters, owners, cases, due times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from tellonce.desk.hands import end_of_day
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import CaseLine, MatterNode
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Calendar
from tellonce.modules.staff.models import Person

Choices = list[tuple[str, str | list[tuple[str, str]]]]
_HOUR = 60
_TWO_DAYS = timedelta(days=2)


def matter_choices(*, none: str | None = None) -> Choices:
    """The tree of matters as groups of its roots; the deeper ones are named by their path below the root."""
    choices: Choices = [("", none)] if none is not None else [("", gettext("Choose a matter"))]
    for root in care.matters_tree():
        below = [(str(node.id), _below(root, node)) for node in _flat(root.children)]
        choices.append((root.name, [(str(root.id), gettext("%(matter)s, in general") % {"matter": root.name}), *below]))
    return choices


def _below(root: MatterNode, node: MatterNode) -> str:
    return node.path.removeprefix(root.path).lstrip(" \u203a")


def _flat(nodes: Iterable[MatterNode]) -> Iterable[MatterNode]:
    for node in nodes:
        yield node
        yield from _flat(node.children)


def owner_choices(person: Person, *, me: str | None = None, with_people: bool = True) -> Choices:
    """Me, teams, departments and people; a value is a kind and an id, as in `team:3`."""
    choices: Choices = [(f"person:{person.pk}", me)] if me is not None else [("", gettext("Choose who"))]
    choices.append((gettext("Teams"), [(f"team:{team.pk}", team.name) for team in staff.teams()]))
    choices.append((gettext("Departments"), [(f"department:{each.pk}", each.name) for each in staff.departments()]))
    if with_people:
        others = [each for each in staff.people() if each.is_active and each.pk != person.pk]
        choices.append((gettext("People"), [(f"person:{each.pk}", _named(each)) for each in others]))
    return choices


def _named(person: Person) -> str:
    return f"{person.name} · {person.team.name}" if person.team else person.name


@dataclass(frozen=True, slots=True)
class Owner:
    """Who was chosen: one of the three, or none."""

    person_id: int | None = None
    team_id: int | None = None
    department_id: int | None = None


def owner_of(value: str) -> Owner:
    """The owner that a value of `owner_choices` names."""
    kind, _colon, pk = value.partition(":")
    number = int(pk) if pk.isdigit() else None
    return Owner(
        person_id=number if kind == "person" else None,
        team_id=number if kind == "team" else None,
        department_id=number if kind == "department" else None,
    )


def case_choices(cases: Iterable[CaseLine], *, none: str) -> Choices:
    """Cases by title, after the choice of none."""
    return [("", none), *((str(case.id), case.title) for case in cases)]


@dataclass(frozen=True, slots=True)
class DueTime:
    """A due time that is offered: what it is called, and its value for a form field."""

    label: str
    at: datetime

    @property
    def value(self) -> str:
        """As a datetime-local field wants it."""
        return timezone.localtime(self.at).strftime("%Y-%m-%dT%H:%M")


def due_times(calendar: Calendar, *, now: datetime) -> list[DueTime]:
    """Times within open hours that people mostly promise."""
    offered = []
    closes = calendar.closes(now)
    in_an_hour = calendar.add_open_minutes(now, _HOUR)
    offered.append(DueTime(gettext("In an hour"), in_an_hour))
    if closes is not None and closes - now > timedelta(minutes=90) and closes <= end_of_day(now):
        offered.append(DueTime(gettext("Today before we close"), closes - timedelta(minutes=30)))
    tomorrow = calendar.next_open(end_of_day(now))
    if tomorrow is not None:
        offered.append(DueTime(gettext("Next open day, midday"), _midday(calendar, tomorrow)))
        after = calendar.next_open(end_of_day(tomorrow))
        if after is not None:
            offered.append(DueTime(gettext("The day after"), _midday(calendar, after)))
    return [DueTime(each.label, _round(each.at)) for each in offered]


def _midday(calendar: Calendar, opening: datetime) -> datetime:
    noon = timezone.localtime(opening).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if calendar.is_open(noon) else opening


def _round(at: datetime) -> datetime:
    up = (5 - at.minute % 5) % 5
    return (at + timedelta(minutes=up)).replace(second=0, microsecond=0)
