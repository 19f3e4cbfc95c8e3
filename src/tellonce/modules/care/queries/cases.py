"""Reads of cases: one with all about it, a customer's, those that may be reopened, and where one stands."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from tellonce.datakit import Slot, Statement, Together, alone
from tellonce.modules.care.contracts import CaseLine, CaseNotFoundError, CaseRead, CaseState, LinkKind
from tellonce.modules.care.contracts.words import matter_in_words, spoken_time
from tellonce.modules.care.models import Case, CaseContact, CaseLink, Contact
from tellonce.modules.care.queries.belonging import RowsOfCustomers, of_customers
from tellonce.modules.care.queries.contacts import contact_lines
from tellonce.modules.care.queries.hand_overs import hand_over_lines
from tellonce.modules.care.queries.papers import attachments_of_case
from tellonce.modules.care.queries.promises import promises_of_case
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import Away
from tellonce.modules.staff.models import Person

REOPEN_DAYS = 30
_FIELDS = (
    "id",
    "title",
    "state",
    "waiting_on",
    "waiting_until",
    "customer_id",
    "customer__name",
    "customer__external_id",
    "matter_id",
    "matter__name",
    "owner_person_id",
    "owner_team_id",
    "owner_department_id",
    "owner_person__name",
    "owner_team__name",
    "owner_department__name",
    "asked_by__name",
    "opened_at",
    "solved_at",
    "reopened",
    "parent_id",
)


def case(case_id: int) -> CaseRead:
    """A case with everything about it that is not in the story; CaseNotFoundError. Eight queries whatever its size."""
    found = Case.objects.filter(pk=case_id, hidden_at__isnull=True).first()
    if found is None:
        raise CaseNotFoundError(gettext("There is no case %(id)s.") % {"id": case_id})
    links = CaseLink.objects.filter(case_id=case_id).values_list("kind", "other_id")
    back = CaseLink.objects.filter(other_id=case_id).values_list("kind", "case_id")
    linked = [(kind, other) for kind, other in links.union(back)]
    around = {case_id, *(other for _, other in linked)} | ({found.parent_id} if found.parent_id else set())
    lines = {line.id: line for line in case_lines(Case.objects.filter(pk__in=around))}
    return CaseRead(
        line=lines[case_id],
        parent=lines.get(found.parent_id) if found.parent_id else None,
        children=tuple(case_lines(Case.objects.filter(parent_id=case_id).order_by("opened_at"))),
        linked=tuple((str(LinkKind(kind).label), lines[other]) for kind, other in linked),
        contacts=tuple(
            contact_lines(Contact.objects.filter(pk__in=found.contacts.values("contact_id")).order_by("-began_at"))
        ),
        promises=tuple(promises_of_case(case_id)),
        hand_overs=tuple(hand_over_lines(found.hand_overs.filter(taken_at__isnull=True))),
        attachments=tuple(attachments_of_case(case_id)),
        merged_into_id=found.merged_into_id,
        split_from_id=found.split_from_id,
        words=found.words,
    )


def customer_cases(
    customer_ids: Sequence[int], *, only_open: bool = False, limit: int = 50, splits: Away | None = None
) -> list[CaseLine]:
    """A customer's cases, open ones first, then the newest; those merged away are left out."""
    if only_open:
        mine = Case.objects.filter(of_customers("case", customer_ids, splits), merged_into__isnull=True)
        return case_lines(mine.filter(solved_at__isnull=True).order_by("-opened_at")[:limit])
    return alone(lambda ask: ask_customer_cases(ask, customer_ids, limit=limit, splits=splits))


def ask_customer_cases(
    ask: Together, customer_ids: Sequence[int], *, limit: int = 50, splits: Away | None = None
) -> Callable[[], list[CaseLine]]:
    """`customer_cases`, read together with other things."""
    return _OF_CUSTOMERS.ask(ask, _open_first, customer_ids, splits=splits, limit=limit)


def ask_cases_asked(ask: Together, person: Person, *, limit: int) -> Callable[[], list[CaseLine]]:
    """Open cases of the person's team or department, and those that others ask of the person; the oldest first."""
    team = person.team
    department_id = team.department_id if team is not None else None
    return _ASKED.ask(ask, _lines, person=person.pk, team=person.team_id, department=department_id, limit=limit)


def owned_cases(person_id: int, *, limit: int = 100) -> list[CaseLine]:
    """Open and waiting cases of a person, the oldest first."""
    mine = Case.objects.filter(owner_person_id=person_id, solved_at__isnull=True, hidden_at__isnull=True)
    return case_lines(mine.order_by("opened_at")[:limit])


def reopenable(
    customer_ids: Sequence[int], *, matter_id: int | None, at: datetime, days: int = REOPEN_DAYS
) -> list[CaseLine]:
    """Solved cases of this customer on this matter that a contact at `at` may reopen, the latest first."""
    solved = Case.objects.filter(
        of_customers("case", customer_ids),
        Q(matter_id=matter_id) if matter_id is not None else Q(matter__isnull=True),
        state=CaseState.SOLVED,
        merged_into__isnull=True,
        solved_at__gte=at - timedelta(days=days),
    )
    return case_lines(solved.order_by("-solved_at"))


def open_case_on(*, customer_id: int, matter_id: int) -> int | None:
    """The customer's latest open case on this matter."""
    ids = record_queries.same_customer_ids(customer_id)
    found = Case.objects.filter(of_customers("case", ids), matter_id=matter_id, solved_at__isnull=True)
    return found.order_by("-opened_at").values_list("pk", flat=True).first()


def is_same_customer(first_id: int, second_id: int) -> bool:
    """Whether both ids read as one customer."""
    return first_id == second_id or second_id in record_queries.same_customer_ids(first_id)


def owner_name(found: Case) -> str:
    """The name of the person, team or department that owns the case."""
    owner = found.owner_person or found.owner_team or found.owner_department
    return owner.name if owner is not None else ""


def case_owners(case_ids: Collection[int]) -> dict[int, str]:
    """Who owns each of these cases, by name; those that nobody owns are left out."""
    name = Coalesce("owner_person__name", "owner_team__name", "owner_department__name")
    owned = Case.objects.filter(pk__in=case_ids).annotate(owner=name).exclude(owner=None)
    return dict(owned.values_list("pk", "owner"))


def where_it_stands(found: Case) -> str:
    """Why something cannot be done to the case: who did what to it, and when."""
    if found.merged_into_id is not None:
        return gettext("%(name)s merged this case into case %(into)s.") % {
            "name": found.solved_by_name or gettext("Somebody"),
            "into": found.merged_into_id,
        }
    match found.state:
        case CaseState.SOLVED if found.solved_at is not None:
            return gettext("%(name)s solved this case on %(time)s.") % {
                "name": found.solved_by_name or gettext("Somebody"),
                "time": spoken_time(found.solved_at),
            }
        case CaseState.CLOSED if found.closed_at is not None:
            return gettext("This case was closed on %(time)s. Open a new one and link the two.") % {
                "time": spoken_time(found.closed_at)
            }
        case CaseState.WAITING:
            return gettext("This case is waiting.")
        case _:
            return gettext("This case is open.")


def case_lines(cases: QuerySet[Case]) -> list[CaseLine]:
    """The cases as lines, in one query."""
    return _lines(_rows(cases))


def _rows(cases: QuerySet[Case]) -> Any:
    """Contacts are counted case by case: grouping would hold up a LIMIT."""
    about_it = CaseContact.objects.filter(case=OuterRef("pk")).order_by().values("case")
    counted = cases.annotate(contact_count=Subquery(about_it.annotate(number=Count("pk")).values("number")))
    return counted.values(*_FIELDS, "contact_count")


_OF_CUSTOMERS = RowsOfCustomers(
    "case", lambda mine: _rows(Case.objects.filter(mine, merged_into__isnull=True).order_by("-opened_at"))
)
_ASKED = Statement(
    lambda: _rows(
        Case.objects.filter(
            Q(asked_by__isnull=False, owner_person_id=Slot("person"))
            | Q(owner_team_id=Slot("team"))
            | Q(owner_department_id=Slot("department")),
            solved_at__isnull=True,
            hidden_at__isnull=True,
        ).order_by("opened_at")
    )
)


def _lines(rows: Iterable[dict[str, Any]]) -> list[CaseLine]:
    return [_line(row) for row in rows]


def _open_first(rows: Iterable[dict[str, Any]]) -> list[CaseLine]:
    return sorted(_lines(rows), key=lambda line: not line.is_open)


def _line(row: dict[str, Any]) -> CaseLine:
    person, team, department = (row.pop(f"owner_{kind}__name") for kind in ("person", "team", "department"))
    name = row.pop("customer__name") or row["customer__external_id"] or ""
    del row["customer__external_id"]
    return CaseLine(
        owner=person or team or department or "",
        customer_name=name,
        matter=matter_in_words(row.pop("matter__name") or ""),
        asked_by=row.pop("asked_by__name") or "",
        contacts=row.pop("contact_count") or 0,
        **row,
    )
