"""Everything the desk knows of one customer at one moment, gathered once for brief, story and panels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tellonce.datakit import Together, together
from tellonce.desk.reasons import Likely, likely
from tellonce.modules.billing.queries.on_desk import BillsOnDesk, ask_bills_on_desk
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ASKED_ON, CaseLine, ContactLine, ContactState, Cost, PromiseLine, Standing
from tellonce.modules.network import queries as network
from tellonce.modules.network.contracts import OutageLine
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Channel, CustomerCard, ServiceStatus, ToldMoment

COST_DAYS = 90
NEWS_DAYS = 14
NEWS = timedelta(days=NEWS_DAYS)
OUTAGE_DAYS = 30
CONTACTS_LOOKED_AT = 30
STORY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Known:
    """One customer as of `at`; `contact` is the conversation in which they are looked at, if there is one.

    `standing` says who is on the other side of it, while it is one in which that is asked.
    """

    at: datetime
    card: CustomerCard
    contact: ContactLine | None
    cases: tuple[CaseLine, ...]
    promises: tuple[PromiseLine, ...]
    cost: Cost
    moments: tuple[ToldMoment, ...]
    outages: tuple[OutageLine, ...]
    likely: tuple[Likely, ...]
    standing: Standing | None = None
    bills: BillsOnDesk = field(default_factory=BillsOnDesk)

    @property
    def open_cases(self) -> tuple[CaseLine, ...]:
        """Cases that are still to be solved."""
        return tuple(case for case in self.cases if case.is_open)

    @property
    def settled_cases(self) -> tuple[CaseLine, ...]:
        """Cases that were solved."""
        return tuple(case for case in self.cases if not case.is_open)

    @property
    def owed(self) -> tuple[PromiseLine, ...]:
        """Promises that are still to be done, the earliest first."""
        return tuple(sorted((each for each in self.promises if each.is_to_do), key=lambda each: each.due_at))


class Reading:
    """What is known of one customer as of `at`: asked with their card, and the outages of their places after it."""

    def __init__(self, *, at: datetime, contact: ContactLine | None = None) -> None:
        self.at = at
        self.contact = contact
        self._standing: Callable[[], Standing] | None = None

    def ask(self, ask: Together, who: record.Identity) -> None:
        """Asks all but the card and the outages."""
        if self.contact is not None and _asks_who(self.contact):
            self._standing = care.ask_standing(ask, self.contact.id)
        contacts_moved, promises_moved = who.moved("contact"), who.moved("promise")
        since = self.at - timedelta(days=COST_DAYS)
        self._cases = care.ask_customer_cases(ask, who.ids, splits=who.moved("case"))
        self._promises = care.ask_customer_promises(ask, who.ids, splits=promises_moved)
        self._earlier = care.ask_customer_contacts(ask, who.ids, limit=CONTACTS_LOOKED_AT, splits=contacts_moved)
        self._bills = ask_bills_on_desk(ask, who.accounts, at=self.at)
        self._moments = record.ask_story_page(ask, who, limit=STORY_LENGTH + 1)
        self._cost = care.ask_cost(
            ask, who.ids, since, self.at, contact_splits=contacts_moved, promise_splits=promises_moved
        )

    def ask_seen(self, ask: Together, card: CustomerCard) -> None:
        """Asks for the outages of the places on the card."""
        self._card = card
        self._outages = network.ask_outages_at(ask, card.area_ids, since=self.at - timedelta(days=OUTAGE_DAYS))

    def known(self, contact: ContactLine | None = None) -> Known:
        """All of it, after both were asked; `contact` where it was read meanwhile."""
        seen_in = self.contact or contact
        cases, promises = tuple(self._cases()), tuple(self._promises())
        outages = _of_theirs(self._outages(), self._card)
        return Known(
            at=self.at,
            card=self._card,
            contact=seen_in,
            cases=cases,
            promises=promises,
            cost=self._cost(),
            moments=tuple(self._moments()),
            standing=self._stands(seen_in),
            bills=self._bills(),
            outages=tuple(each for each in outages if each.ended_at is None or each.ended_at >= self.at - NEWS),
            likely=tuple(
                likely(
                    at=seen_in.began_at if seen_in else self.at,
                    channel=seen_in.channel if seen_in else Channel.CALL,
                    card=self._card,
                    cases=cases,
                    promises=promises,
                    contacts=[each for each in self._earlier() if seen_in is None or each.id != seen_in.id],
                    outages=outages,
                )
            ),
        )

    def _stands(self, contact: ContactLine | None) -> Standing | None:
        """Who it is in the contact; read on its own where the contact was read meanwhile."""
        if contact is None or not _asks_who(contact):
            return None
        return self._standing() if self._standing is not None else care.standing(contact.id)


def _asks_who(contact: ContactLine) -> bool:
    return contact.channel in ASKED_ON and contact.state == ContactState.IN_HAND


def gather(*, customer_id: int, at: datetime, contact: ContactLine | None = None) -> Known:
    """Everything about one customer, in two round trips."""
    reading = Reading(at=at, contact=contact)

    def asking(ask: Together, who: record.Identity) -> Callable[[], CustomerCard]:
        reading.ask(ask, who)
        return record.ask_card(ask, who, at=at)

    _who, card = record.read_with_identity(customer_id, asking)
    with together() as ask:
        reading.ask_seen(ask, card())
    return reading.known()


def _of_theirs(outages: Iterable[OutageLine], card: CustomerCard) -> tuple[OutageLine, ...]:
    """Outages of all services, or of one that the customer has."""
    have = {service.kind for service in card.services if service.status != ServiceStatus.ENDED}
    return tuple(each for each in outages if not each.service_kinds or have.intersection(each.service_kinds))
