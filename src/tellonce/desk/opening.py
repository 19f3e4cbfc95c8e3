"""Opening a customer's record: every page and fragment goes through here, and every one is logged."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.http import urlencode

from tellonce.desk.access import Beside, Viewing, see_customer
from tellonce.desk.asking import number, person_of
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine
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

    @property
    def query(self) -> str:
        """The contact and case as a part of an address."""
        values = {"contact": self.contact.id if self.contact else None, "case": self.case_id}
        named = {name: value for name, value in values.items() if value is not None}
        return f"?{urlencode(named)}" if named else ""


def open_record(
    request: HttpRequest,
    customer_id: int,
    *,
    page: str,
    at: datetime,
    contact: ContactLine | None = None,
    case_id: int | None = None,
    is_the_other: bool = False,
    beside: Beside | None = None,
) -> Opened:
    """The record of `customer_id`, in the contact or case that the address names; refused or logged by the rules.

    With `is_the_other` the address's contact or case is somebody else's: a second customer beside the first. What is
    `beside` it is read in the same round trips.
    """
    named = {} if is_the_other else {name: number(request, name) for name in ("contact", "case")}
    contact_id = contact.id if contact else named.get("contact")
    case_id = case_id or named.get("case")
    if contact is None and contact_id is not None:
        contact = care.contact(contact_id)
    viewing = Viewing(person_of(request), page, at, contact_id=contact_id, case_id=case_id)
    seen = see_customer(
        viewing,
        customer_id,
        reason=lambda root_id: held_reason(request, root_id, at=at),
        contact=contact,
        beside=beside,
    )
    return Opened(customer_id=seen.card.id, contact=contact, case_id=case_id, who=seen.who, card=seen.card)


def service_names(card: CustomerCard) -> dict[int, str]:
    """What each service of a customer is called, by its id."""
    return {service.id: service.plan for service in card.services}
