"""Reads of promises: due for somebody, a customer's, a case's, broken ones to own up to; when one could be due."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tellonce.datakit import Slot, Statement, Together, alone
from tellonce.modules.care.contracts import PromiseLine, PromiseNotFoundError, PromiseState
from tellonce.modules.care.contracts.words import spoken_time
from tellonce.modules.care.models import Promise
from tellonce.modules.care.queries.belonging import RowsOfCustomers, of_customers
from tellonce.modules.record.contracts import Away
from tellonce.modules.staff.models import Person

_FIELDS = (
    "id",
    "kind",
    "what",
    "state",
    "customer_id",
    "customer__name",
    "customer__external_id",
    "to_department__name",
    "case_id",
    "contact_id",
    "made_at",
    "made_by_name",
    "owner_person_id",
    "owner_team_id",
    "owner_person__name",
    "owner_team__name",
    "due_at",
    "broken_at",
    "owned_up_at",
    "done_late_at",
    "settled_at",
    "settled_by_name",
    "reminded_at",
    "last_words",
)
STILL_TO_DO = Q(state=PromiseState.DUE) | Q(state=PromiseState.BROKEN, done_late_at__isnull=True)


def promise(promise_id: int) -> PromiseLine:
    """One promise; PromiseNotFoundError."""
    found = promise_lines(Promise.objects.filter(pk=promise_id))
    if not found:
        raise PromiseNotFoundError(gettext("There is no promise %(id)s.") % {"id": promise_id})
    return found[0]


def due_promises(person: Person, until: datetime) -> list[PromiseLine]:
    """What the person, or their team, must still do by `until`: due, or broken and not done; the oldest first."""
    return alone(lambda ask: ask_due_promises(ask, person, until=until))


def ask_due_promises(
    ask: Together, person: Person, *, until: datetime, limit: int | None = None
) -> Callable[[], list[PromiseLine]]:
    """`due_promises`, read together with other things; the first `limit`."""
    return _DUE.ask(ask, _lines, person=person.pk, team=person.team_id, until=until, limit=limit)


def ask_promises_to_departments(ask: Together, person: Person, *, limit: int) -> Callable[[], list[PromiseLine]]:
    """What the person, or a team of theirs, still owes a department, the earliest due first."""
    return _TO_DEPARTMENTS.ask(ask, _lines, person=person.pk, team=person.team_id, limit=limit)


def promises_at_risk(*, until: datetime, limit: int = 200) -> list[PromiseLine]:
    """What anybody still owes by `until`, late or not, and could still keep or own up to; the oldest first."""
    due = Promise.objects.filter(state=PromiseState.DUE, due_at__lte=until, hidden_at__isnull=True)
    return promise_lines(due.order_by("due_at", "pk")[:limit])


def promises_to_own_up(person: Person, since: datetime) -> list[PromiseLine]:
    """Promises of the person or their team that broke since then and that nobody has owned up to."""
    broken = Promise.objects.filter(
        _owned_by(person),
        state=PromiseState.BROKEN,
        owned_up_at__isnull=True,
        due_at__gte=since,
        hidden_at__isnull=True,
    )
    return promise_lines(broken)


def broken_promises(since: datetime) -> list[PromiseLine]:
    """Promises that somebody on staff made to a customer and that broke at that time or later, by their time."""
    broken = Promise.objects.filter(
        state=PromiseState.BROKEN,
        broken_at__gte=since,
        made_by_id__isnull=False,
        customer__isnull=False,
        hidden_at__isnull=True,
    )
    return promise_lines(broken.order_by("broken_at", "pk"))


def promises_to_department(person: Person, *, since: datetime) -> list[PromiseLine]:
    """What the person's department was promised: still to be done, or settled or owned up to since then."""
    team = person.team
    if team is None or team.department_id is None:
        return []
    lately = Q(settled_at__gte=since) | Q(owned_up_at__gte=since) | Q(done_late_at__gte=since)
    promised = Promise.objects.filter(STILL_TO_DO | lately, to_department_id=team.department_id, hidden_at__isnull=True)
    return promise_lines(promised.order_by("due_at"))


def may_settle(person: Person, promise_id: int) -> bool:
    """Whether a promise without a customer is the person's to settle: their own, their team's, or made by them."""
    mine = _owned_by(person) | Q(made_by_id=person.pk) | Q(owner_team_id=person.team_id, owner_team_id__isnull=False)
    return Promise.objects.filter(mine, pk=promise_id, hidden_at__isnull=True).exists()


def customer_promises(
    customer_ids: Sequence[int], *, only_open: bool = False, limit: int = 50, splits: Away | None = None
) -> list[PromiseLine]:
    """A customer's promises; those still to be done first by their time, then the latest settled ones."""
    if only_open:
        mine = Promise.objects.filter(of_customers("promise", customer_ids, splits))
        return promise_lines(mine.filter(STILL_TO_DO).order_by("due_at")[:limit])
    return alone(lambda ask: ask_customer_promises(ask, customer_ids, limit=limit, splits=splits))


def ask_customer_promises(
    ask: Together, customer_ids: Sequence[int], *, limit: int = 50, splits: Away | None = None
) -> Callable[[], list[PromiseLine]]:
    """`customer_promises`, read together with other things."""
    return _OF_CUSTOMERS.ask(ask, _to_do_first, customer_ids, splits=splits, limit=limit)


def settled_promises(promise_ids: Iterable[int]) -> list[int]:
    """Those of them that need not be kept any more: kept, done late, withdrawn, or taken off the record."""
    found = Promise.objects.filter(pk__in=list(promise_ids))
    return list(found.exclude(STILL_TO_DO & Q(hidden_at__isnull=True)).values_list("pk", flat=True))


def promises_of_case(case_id: int) -> list[PromiseLine]:
    """A case's promises by their time."""
    return promise_lines(Promise.objects.filter(case_id=case_id, hidden_at__isnull=True))


def owner_name(found: Promise) -> str:
    """The name of the person or team that must keep it."""
    owner = found.owner_person or found.owner_team
    return owner.name if owner is not None else ""


def where_it_stands(found: Promise) -> str:
    """Why the promise cannot be settled: who settled it, how and when."""
    words = {"name": found.settled_by_name or gettext("Somebody")}
    if found.state == PromiseState.BROKEN and found.done_late_at is not None:
        return gettext("%(name)s did this late, on %(time)s.") % (words | {"time": spoken_time(found.done_late_at)})
    when = {"time": spoken_time(found.settled_at)} if found.settled_at is not None else {"time": ""}
    if found.state == PromiseState.KEPT:
        return gettext("%(name)s kept this promise on %(time)s.") % (words | when)
    if found.state == PromiseState.WITHDRAWN:
        return gettext("%(name)s withdrew this promise on %(time)s, with consent.") % (words | when)
    if found.state == PromiseState.BROKEN:
        return gettext("This promise was broken on %(time)s.") % when
    return gettext("This promise is still due.")


def promise_lines(promises: QuerySet[Promise]) -> list[PromiseLine]:
    """The promises as lines, in one query."""
    return _lines(promises.values(*_FIELDS))


def _owned_by(person: Person) -> Q:
    mine = Q(owner_person_id=person.pk)
    if person.team_id is not None:
        mine |= Q(owner_person__isnull=True, owner_team_id=person.team_id)
    return mine


_OURS = Q(owner_person_id=Slot("person")) | Q(owner_person__isnull=True, owner_team_id=Slot("team"))
_DUE = Statement(
    lambda: (
        Promise.objects.filter(STILL_TO_DO, _OURS, due_at__lte=Slot("until"), hidden_at__isnull=True)
        .order_by("due_at", "pk")
        .values(*_FIELDS)
    )
)
_TO_DEPARTMENTS = Statement(
    lambda: (
        Promise.objects.filter(
            STILL_TO_DO,
            Q(owner_person_id=Slot("person")) | Q(owner_team_id=Slot("team")),
            to_department__isnull=False,
            hidden_at__isnull=True,
        )
        .order_by("due_at")
        .values(*_FIELDS)
    )
)
_OF_CUSTOMERS = RowsOfCustomers(
    "promise", lambda mine: Promise.objects.filter(mine).order_by("-due_at").values(*_FIELDS)
)


def _lines(rows: Iterable[dict[str, Any]]) -> list[PromiseLine]:
    return [_line(row) for row in rows]


def _to_do_first(rows: Iterable[dict[str, Any]]) -> list[PromiseLine]:
    lines = _lines(rows)
    to_do = sorted((line for line in lines if line.is_to_do), key=lambda line: line.due_at)
    return to_do + [line for line in lines if not line.is_to_do]


def _line(row: dict[str, Any]) -> PromiseLine:
    name = row.pop("customer__name") or row["customer__external_id"] or ""
    del row["customer__external_id"]
    department = row.pop("to_department__name") or ""
    owner = row.pop("owner_person__name") or row["owner_team__name"] or ""
    del row["owner_team__name"]
    return PromiseLine(to=name or department, owner=owner, **row)
