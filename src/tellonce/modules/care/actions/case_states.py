"""Cases move between open, waiting, solved and closed: one table says which moves are allowed."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.cases import put_contact_to, refuse_settled
from tellonce.modules.care.actions.locking import case_to_change, contact_to_change
from tellonce.modules.care.actions.telling import tell_of_case, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    CaseClosed,
    CaseReopened,
    CaseResumed,
    CaseSolved,
    CaseState,
    CaseStateError,
    CaseWaiting,
    MissingWordsError,
    UnrelatedCaseError,
    WaitingOn,
)
from tellonce.modules.care.models import Case
from tellonce.modules.care.queries import cases as case_queries
from tellonce.modules.staff.contracts import SYSTEM, Actor

_BATCH = 200


class Move(StrEnum):
    """What can be done to a case's state."""

    WAIT = "wait"
    RESUME = "resume"
    SOLVE = "solve"
    CLOSE = "close"
    REOPEN = "reopen"
    COME_BACK = "come_back"


ALLOWED: dict[tuple[CaseState, Move], CaseState] = {
    (CaseState.OPEN, Move.WAIT): CaseState.WAITING,
    (CaseState.OPEN, Move.SOLVE): CaseState.SOLVED,
    (CaseState.WAITING, Move.WAIT): CaseState.WAITING,
    (CaseState.WAITING, Move.RESUME): CaseState.OPEN,
    (CaseState.WAITING, Move.SOLVE): CaseState.SOLVED,
    (CaseState.SOLVED, Move.CLOSE): CaseState.CLOSED,
    (CaseState.SOLVED, Move.REOPEN): CaseState.OPEN,
    (CaseState.SOLVED, Move.COME_BACK): CaseState.OPEN,
    (CaseState.CLOSED, Move.COME_BACK): CaseState.OPEN,
}


@transaction.atomic
def wait_case(*, case_id: int, waiting_on: str, waiting_until: datetime, by: Actor, at: datetime) -> Case:
    """The case waits for somebody until a time, and then comes back by itself."""
    case = case_to_change(case_id)
    if waiting_until <= at:
        raise CannotDoError(gettext("The time to wait until is over already."))
    move(case, Move.WAIT)
    case.waiting_on, case.waiting_until = waiting_on, waiting_until
    case.save()
    tell_of_case(case, CaseWaiting(case.pk, case.title, waiting_on, waiting_until), by=by, at=at)
    return case


@transaction.atomic
def resume_case(*, case_id: int, by: Actor, at: datetime, contact_id: int | None = None) -> Case:
    """A waiting case is worked on again before its time."""
    case = case_to_change(case_id)
    move(case, Move.RESUME)
    case.save()
    tell_of_case(case, CaseResumed(case.pk, case.title), by=by, at=at, contact_id=contact_id)
    return case


@transaction.atomic
def add_contact_to_case(*, case_id: int, contact_id: int, by: Actor, at: datetime) -> Case:
    """The contact is about this open case too; one that waited for the customer is worked on again."""
    case = case_to_change(case_id)
    refuse_settled(case)
    put_contact_to(case, contact=contact_to_change(contact_id), at=at)
    if case.state == CaseState.WAITING and case.waiting_on == WaitingOn.CUSTOMER:
        return resume_case(case_id=case_id, by=by, at=at, contact_id=contact_id)
    return case


@transaction.atomic
def solve_case(
    *,
    case_id: int,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    note: str = "",
    with_children: bool = False,
) -> Case:
    """The problem is gone. Cases below it must be solved before, or with it."""
    case = case_to_change(case_id)
    children = list(
        Case.objects.select_for_update(of=("self",)).filter(parent=case, solved_at__isnull=True).order_by("pk")
    )
    if children and not with_children and case.solved_at is None:
        raise CannotDoError(
            gettext("%(n)d cases below this one are still open; solve them first, or with it.") % {"n": len(children)}
        )
    move(case, Move.SOLVE)
    if contact_id is not None:
        put_contact_to(case, contact=contact_to_change(contact_id), at=at)
    _solve(case, by=by, at=at, contact_id=contact_id, note=note)
    for child in children:
        move(child, Move.SOLVE)
        _solve(child, by=by, at=at, contact_id=None, note=note)
    return case


@transaction.atomic
def close_case(*, case_id: int, by: Actor, at: datetime) -> Case:
    """A solved case is put away; it cannot be reopened afterwards."""
    case = case_to_change(case_id)
    move(case, Move.CLOSE)
    case.closed_at = at
    case.save()
    tell_of_case(case, CaseClosed(case.pk, case.title), by=by, at=at)
    return case


@transaction.atomic
def reopen_case(
    *, case_id: int, by: Actor, at: datetime, reason: str, contact_id: int | None = None, even_closed: bool = False
) -> Case:
    """What was said to be solved was not: counted, and never by a contact on another matter or of somebody else.

    A case that was put away stays so, unless it is the very same thing that came back (`even_closed`).
    """
    case = case_to_change(case_id)
    words = typed(reason)
    if not words:
        raise MissingWordsError(gettext("Say why the case is reopened."))
    move(case, Move.COME_BACK if even_closed else Move.REOPEN)
    if contact_id is not None:
        contact = contact_to_change(contact_id)
        if contact.matter_id not in {None, case.matter_id}:
            raise UnrelatedCaseError(gettext("This contact is about something else; open a new case for it."))
        put_contact_to(case, contact=contact, at=at)
    case.reopened += 1
    case.save()
    tell_of_case(
        case, CaseReopened(case.pk, case.title, case.reopened), by=by, at=at, words=words, contact_id=contact_id
    )
    return case


def wake_waiting_cases(*, at: datetime) -> int:
    """Waiting cases whose time came are open again; returns how many. Safe to run twice, and by two at once."""
    woken = 0
    while count := _wake_some(at=at):
        woken += count
    return woken


def close_solved_cases(*, at: datetime) -> int:
    """Cases that stayed solved for as long as they could be reopened are put away; returns how many.

    Nothing happened to the customer then, so no moment is told; `closed_at` holds it.
    """
    return Case.objects.filter(
        state=CaseState.SOLVED, solved_at__lte=at - timedelta(days=case_queries.REOPEN_DAYS), hidden_at__isnull=True
    ).update(state=CaseState.CLOSED, closed_at=at)


def move(case: Case, step: Move) -> None:
    """Sets the state that `step` leads to, and the fields that belong to it; CaseStateError when not allowed."""
    after = ALLOWED.get((CaseState(case.state), step)) if case.merged_into_id is None else None
    if after is None:
        raise CaseStateError(case_queries.where_it_stands(case))
    case.state = after
    case.waiting_on, case.waiting_until = "", None
    if after == CaseState.OPEN:
        case.solved_at, case.solved_in_id, case.solved_by_name, case.closed_at = None, None, "", None


def _solve(case: Case, *, by: Actor, at: datetime, contact_id: int | None, note: str) -> None:
    case.solved_at, case.solved_in_id, case.solved_by_name = at, contact_id, by.name
    case.save()
    tell_of_case(case, CaseSolved(case.pk, case.title), by=by, at=at, words=typed(note), contact_id=contact_id)


@transaction.atomic
def _wake_some(*, at: datetime) -> int:
    due = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=CaseState.WAITING, waiting_until__lte=at, hidden_at__isnull=True
    )
    cases = list(due.order_by("waiting_until")[:_BATCH])
    for case in cases:
        move(case, Move.RESUME)
        case.save()
        tell_of_case(case, CaseResumed(case.pk, case.title, by_itself=True), by=SYSTEM, at=at)
    return len(cases)
