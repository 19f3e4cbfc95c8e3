"""Cases about bills: opened, and taken up again whatever became of them."""

from datetime import datetime

from tellonce.modules.billing.queries.wrong import WRONG
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import CaseNotFoundError, CaseRead, CaseState
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Actor

BILLS = "billing"
"""The matter of all that is about bills."""


def open_case(
    *,
    customer_id: int,
    title: str,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    matter_id: int | None = None,
) -> int:
    """A new case about a wrong charge, of the kind that the matter says where it is known; returns its id."""
    opened = care.open_case(
        customer_id=customer_id,
        matter_id=matter_id or care_queries.matter_id(WRONG),
        title=title,
        by=by,
        at=at,
        contact_id=contact_id,
    )
    return int(opened.pk)


def case_about_bills(case_id: int | None, *, customer_id: int) -> int | None:
    """The case, where it is open, of this customer and about bills; None where it is not."""
    found = _standing(case_id)
    if found is None or not found.line.is_open:
        return None
    here = record.same_customer_ids(customer_id)
    is_ours = found.line.customer_id in here and care_queries.is_below(found.line.matter_id, BILLS)
    return found.line.id if is_ours else None


def case_again(case_id: int | None, *, customer_id: int, title: str, words: str, by: Actor, at: datetime) -> int:
    """The case is worked on again, even if it was closed or merged away; a new one where there is none. Its id."""
    found = _standing(case_id)
    if found is None:
        return open_case(customer_id=customer_id, title=title, by=by, at=at)
    line = found.line
    if not line.is_open:
        care.reopen_case(case_id=line.id, by=by, at=at, reason=words, even_closed=True)
        return line.id
    if line.state == CaseState.WAITING:
        care.resume_case(case_id=line.id, by=by, at=at)
    care.add_note(customer_id=customer_id, words=words, by=by, at=at, case_id=line.id)
    return line.id


def note_while_open(case_id: int | None, *, customer_id: int, words: str, by: Actor, at: datetime) -> None:
    """Who works on the case reads it; nobody does on one that is closed or no more."""
    found = _standing(case_id)
    if found is not None and found.line.is_open:
        care.add_note(customer_id=customer_id, words=words, by=by, at=at, case_id=found.line.id)


def _standing(case_id: int | None) -> CaseRead | None:
    """The case, or the one that it was merged into; None for one that is no more."""
    while case_id is not None:
        try:
            found = care_queries.case(case_id)
        except CaseNotFoundError:
            return None
        if found.merged_into_id is None:
            return found
        case_id = found.merged_into_id
    return None
