"""Who may see which customer: restricted customers, partners' people, and the log of every view."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext

from tellonce.datakit import Together, together
from tellonce.modules.care import queries as care
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import CustomerCard, FlagKind
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import OutsidePartnerError, ReasonNeededError
from tellonce.modules.staff.models import Person


def see_customer(
    *,
    person: Person,
    customer_id: int,
    page: str,
    at: datetime,
    contact_id: int | None = None,
    case_id: int | None = None,
    reason: str = "",
    who: record.Identity | None = None,
) -> CustomerCard:
    """The customer's card, if `person` may see it now; the view is logged. Called by every page of a record.

    A contact counts while it goes on and in the hour after it, a case until it is closed, both only if they are this
    customer's. Without either, and for a restricted customer always, ReasonNeededError asks for a reason. A partner's
    person sees only customers with a contact or case of that partner: OutsidePartnerError. `who` saves a query where
    the caller knows already which ids read as this customer.
    """
    who = who or record.identity(customer_id)
    ids = who.ids
    if person.partner_id is not None and not care.partner_has_customer(person.partner_id, ids):
        raise OutsidePartnerError(gettext("This customer has no contact or case with your company."))
    with together() as ask:
        card = record.ask_card(ask, who, at=at)
        in_contact = _ask_in_contact(ask, contact_id, who, at)
        on_case = _ask_on_case(ask, case_id, who)
    seen = card()
    if not reason.strip() and any(flag.kind == FlagKind.RESTRICTED for flag in seen.flags):
        words = gettext("This customer's record is restricted. Say why you look.")
        raise ReasonNeededError(words, customer_id=ids[0])
    staff.log_view(
        person=person,
        customer_id=ids[0],
        page=page,
        at=at,
        contact_id=contact_id if in_contact() else None,
        case_id=case_id if on_case() else None,
        reason=reason,
    )
    return seen


def visible_customers(*, person: Person, customer_ids: Iterable[int]) -> frozenset[int]:
    """Which of these customers may be shown to `person` in a list: all, but to a partner's people only theirs."""
    ids = frozenset(customer_ids)
    return ids if person.partner_id is None else ids & care.partner_customers(person.partner_id, list(ids))


def readable_customers(*, person: Person, customer_ids: Iterable[int], at: datetime) -> frozenset[int]:
    """Of whom words of the story may be shown outside their own page: the visible ones, the restricted left out."""
    ids = visible_customers(person=person, customer_ids=customer_ids)
    return ids - record.flagged(ids, FlagKind.RESTRICTED, at=at)


def _ask_in_contact(ask: Together, contact_id: int | None, who: record.Identity, at: datetime) -> Callable[[], bool]:
    if contact_id is None:
        return lambda: False
    moved = who.moved("contact")
    return care.ask_is_in_contact(ask, contact_id=contact_id, customer_ids=who.ids, at=at, splits=moved)


def _ask_on_case(ask: Together, case_id: int | None, who: record.Identity) -> Callable[[], bool]:
    if case_id is None:
        return lambda: False
    return care.ask_is_on_case(ask, case_id=case_id, customer_ids=who.ids, splits=who.moved("case"))
