"""Reads of hand-overs, and of what other departments ask."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tellonce.datakit import Slot, Statement, Together, alone
from tellonce.modules.care.contracts import HandOverLine
from tellonce.modules.care.models import HandOver
from tellonce.modules.staff.models import Person

_FIELDS = (
    "id",
    "contact_id",
    "case_id",
    "customer_id",
    "customer__name",
    "customer__external_id",
    "from_person__name",
    "to_person__name",
    "to_team__name",
    "to_department__name",
    "line",
    "at",
)


def waiting_hand_overs(person: Person) -> list[HandOverLine]:
    """What was handed over to the person, their team or their department and is not taken yet, the oldest first."""
    return alone(lambda ask: ask_waiting_hand_overs(ask, person))


def ask_waiting_hand_overs(ask: Together, person: Person) -> Callable[[], list[HandOverLine]]:
    """`waiting_hand_overs`, read together with other things."""
    department_id = person.team.department_id if person.team is not None else None
    return _WAITING.ask(ask, _lines, person=person.pk, team=person.team_id, department=department_id)


def is_handed_to(person: Person, hand_over_id: int) -> bool:
    """Whether it was handed over to the person, their team or their department, taken by now or not."""
    department_id = person.team.department_id if person.team is not None else None
    to_me = Q(to_person_id=person.pk)
    if person.team_id is not None:
        to_me |= Q(to_team_id=person.team_id)
    if department_id is not None:
        to_me |= Q(to_department_id=department_id)
    return HandOver.objects.filter(to_me, pk=hand_over_id).exists()


def to_name(passed: HandOver) -> str:
    """The name of whom it was handed over to."""
    to = passed.to_person or passed.to_team or passed.to_department
    return to.name if to is not None else ""


def hand_over_lines(hand_overs: QuerySet[HandOver]) -> list[HandOverLine]:
    """The hand-overs as lines, in one query."""
    return _lines(hand_overs.values(*_FIELDS))


_WAITING = Statement(
    lambda: (
        HandOver.objects.filter(
            Q(to_person_id=Slot("person")) | Q(to_team_id=Slot("team")) | Q(to_department_id=Slot("department")),
            taken_at__isnull=True,
        )
        .order_by("at")
        .values(*_FIELDS)
    )
)


def _lines(rows: Iterable[dict[str, Any]]) -> list[HandOverLine]:
    return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> HandOverLine:
    customer_id = row["customer_id"]
    names = (row.pop("customer__name"), row.pop("customer__external_id"), str(customer_id) if customer_id else "")
    from_name = row.pop("from_person__name") or ""
    person, team, department = (row.pop(f"to_{kind}__name") for kind in ("person", "team", "department"))
    return HandOverLine(
        **row,
        customer_name=next((name for name in names if name), ""),
        from_name=from_name,
        to=person or team or department or "",
    )
