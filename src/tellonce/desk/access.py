"""Who may see which customer: restricted customers, partners' people, and the log of every view."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext

from tellonce.datakit import Together, together
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine, ContactNotFoundError
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import CustomerCard, FlagKind
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import OutsidePartnerError, ReasonNeededError
from tellonce.modules.staff.models import Person


class Beside(Protocol):
    """What a page reads of a customer in the same round trips in which the rules are looked at."""

    def ask(self, ask: Together, who: record.Identity) -> None:
        """Asks with the card; a second time when the first was asked of too few ids."""

    def ask_seen(self, ask: Together, card: CustomerCard) -> None:
        """Asks, once the view is allowed, what the card must be known for."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """Somebody who wants to see a customer: on which page, in which contact, on which case.

    A contact counts while it goes on and in the hour after it, a case until it is closed, both only if they are this
    customer's.
    """

    person: Person
    page: str
    at: datetime
    contact_id: int | None = None
    case_id: int | None = None

    def ask(self, ask: Together, who: record.Identity) -> Callable[[], tuple[bool, bool]]:
        """Whether the contact counts, and the case."""
        in_contact, on_case = self._ask_in_contact(ask, who), self._ask_on_case(ask, who)
        return lambda: (in_contact(), on_case())

    def log(self, ask: Together, customer_id: int, counts: tuple[bool, bool], reason: str) -> None:
        """Notes the view."""
        staff.log_view(
            ask,
            person=self.person,
            customer_id=customer_id,
            page=self.page,
            at=self.at,
            contact_id=self.contact_id if counts[0] else None,
            case_id=self.case_id if counts[1] else None,
            reason=reason,
        )

    def _ask_in_contact(self, ask: Together, who: record.Identity) -> Callable[[], bool]:
        if self.contact_id is None:
            return lambda: False
        moved = who.moved("contact")
        return care.ask_is_in_contact(ask, contact_id=self.contact_id, customer_ids=who.ids, at=self.at, splits=moved)

    def _ask_on_case(self, ask: Together, who: record.Identity) -> Callable[[], bool]:
        if self.case_id is None:
            return lambda: False
        return care.ask_is_on_case(ask, case_id=self.case_id, customer_ids=who.ids, splits=who.moved("case"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer whom somebody may see now."""

    who: record.Identity
    card: CustomerCard


def see_customer(
    viewing: Viewing,
    customer_id: int,
    *,
    reason: Callable[[int], str] = lambda _customer_id: "",
    contact: ContactLine | None = None,
    beside: Beside | None = None,
) -> Seen:
    """The customer, if `viewing` is allowed now; the view is logged. Every page of a record calls it; two round trips.

    Without contact or case, and for a restricted customer always, ReasonNeededError asks for a `reason`, which is held
    for the id that the customer reads as. A partner's person sees only customers with a contact or case of that
    partner: OutsidePartnerError. ContactNotFoundError when `contact` is another customer's.
    """

    def asking(ask: Together, who: record.Identity) -> Callable[[], tuple[CustomerCard, tuple[bool, bool]]]:
        card, counts = record.ask_card(ask, who, at=viewing.at), viewing.ask(ask, who)
        if beside is not None:
            beside.ask(ask, who)
        return lambda: (card(), counts())

    who, answer = record.read_with_identity(customer_id, asking)
    _refuse_others(viewing.person, who, contact)
    card, counts = answer()
    given = reason(card.id).strip()
    if not given and any(flag.kind == FlagKind.RESTRICTED for flag in card.flags):
        words = gettext("This customer's record is restricted. Say why you look.")
        raise ReasonNeededError(words, customer_id=card.id)
    with together() as ask:
        viewing.log(ask, card.id, counts, given)
        if beside is not None:
            beside.ask_seen(ask, card)
    return Seen(who, card)


def _refuse_others(person: Person, who: record.Identity, contact: ContactLine | None) -> None:
    if contact is not None and contact.customer_id not in who.ids:
        raise ContactNotFoundError(gettext("There is no contact %(id)s.") % {"id": contact.id})
    if person.partner_id is not None and not care.partner_has_customer(person.partner_id, who.ids):
        raise OutsidePartnerError(gettext("This customer has no contact or case with your company."))


def visible_customers(*, person: Person, customer_ids: Iterable[int]) -> frozenset[int]:
    """Which of these customers may be shown to `person` in a list: all, but to a partner's people only theirs."""
    ids = frozenset(customer_ids)
    return ids if person.partner_id is None else ids & care.partner_customers(person.partner_id, list(ids))


def readable_customers(*, person: Person, customer_ids: Iterable[int], at: datetime) -> frozenset[int]:
    """Of whom words of the story may be shown outside their own page: the visible ones, the restricted left out."""
    ids = visible_customers(person=person, customer_ids=customer_ids)
    return ids - record.flagged(ids, FlagKind.RESTRICTED, at=at)
