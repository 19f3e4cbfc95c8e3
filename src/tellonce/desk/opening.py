"""Opening a customer's record: every page and fragment goes through here, and every one is logged."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from tellonce.desk.access import see_customer
from tellonce.desk.asking import number, person_of
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine, ContactNotFoundError
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import CustomerCard
from tellonce.modules.staff.web.reasons import held_reason


@dataclass(frozen=True, slots=True)
class Opened:
    """A customer's record, opened lawfully: in a contact, on a case, or for a reason."""

    customer_id: int
    contact: ContactLine | None
    case_id: int | None
    who: record.Identity
    card: CustomerCard


def open_record(
    request: HttpRequest,
    customer_id: int,
    *,
    page: str,
    at: datetime,
    contact: ContactLine | None = None,
    case_id: int | None = None,
    is_the_other: bool = False,
) -> Opened:
    """The record of `customer_id`, in the contact or case that the address names; refused or logged by the rules.

    With `is_the_other` the address's contact or case is somebody else's: a second customer beside the first.
    """
    who = record.identity(customer_id)
    ids = who.ids
    named = {} if is_the_other else {name: number(request, name) for name in ("contact", "case")}
    contact_id = contact.id if contact else named.get("contact")
    case_id = case_id or named.get("case")
    if contact is None and contact_id is not None:
        contact = care.contact(contact_id)
    if contact is not None and contact.customer_id not in ids:
        raise ContactNotFoundError(gettext("There is no contact %(id)s.") % {"id": contact_id})
    card = see_customer(
        person=person_of(request),
        customer_id=ids[0],
        page=page,
        at=at,
        contact_id=contact_id,
        case_id=case_id,
        reason=held_reason(request, ids[0], at=at),
        who=who,
    )
    return Opened(customer_id=ids[0], contact=contact, case_id=case_id, who=who, card=card)
