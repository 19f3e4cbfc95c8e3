"""Everything the desk knows of one customer at one moment, gathered once for brief, story and panels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tellonce.datakit import Together, alone
from tellonce.desk.reasons import Likely, likely
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import CaseLine, ContactLine, Cost, PromiseLine
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
    """One customer as of `at`; `contact` is the conversation in which they are looked at, if there is one."""

    at: datetime
    card: CustomerCard
    contact: ContactLine | None
    cases: tuple[CaseLine, ...]
    promises: tuple[PromiseLine, ...]
    cost: Cost
    moments: tuple[ToldMoment, ...]
    outages: tuple[OutageLine, ...]
    likely: tuple[Likely, ...]

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


def gather(*, customer_id: int, at: datetime, contact: ContactLine | None = None) -> Known:
    """Everything about one customer, in three round trips."""
    who = record.identity(customer_id)
    card = record.card(customer_id, at=at, who=who)
    return alone(lambda ask: ask_known(ask, card, who=who, at=at, contact=contact))


def ask_known(
    ask: Together, card: CustomerCard, *, who: record.Identity, at: datetime, contact: ContactLine | None
) -> Callable[[], Known]:
    """All that is known besides the card, read together with other things."""
    contacts_moved, promises_moved = who.moved("contact"), who.moved("promise")
    since = at - timedelta(days=COST_DAYS)
    cases = care.ask_customer_cases(ask, card.ids, splits=who.moved("case"))
    promises = care.ask_customer_promises(ask, card.ids, splits=promises_moved)
    outages = network.ask_outages_at(ask, card.area_ids, since=at - timedelta(days=OUTAGE_DAYS))
    earlier = care.ask_customer_contacts(ask, card.ids, limit=CONTACTS_LOOKED_AT, splits=contacts_moved)
    moments = record.ask_story_page(ask, who, limit=STORY_LENGTH + 1)
    cost = care.ask_cost(ask, card.ids, since, at, contact_splits=contacts_moved, promise_splits=promises_moved)

    def answer() -> Known:
        opened, owed, lasted = tuple(cases()), tuple(promises()), _of_theirs(outages(), card)
        return Known(
            at=at,
            card=card,
            contact=contact,
            cases=opened,
            promises=owed,
            cost=cost(),
            moments=tuple(moments()),
            outages=tuple(each for each in lasted if each.ended_at is None or each.ended_at >= at - NEWS),
            likely=tuple(
                likely(
                    at=contact.began_at if contact else at,
                    channel=contact.channel if contact else Channel.CALL,
                    card=card,
                    cases=opened,
                    promises=owed,
                    contacts=[each for each in earlier() if contact is None or each.id != contact.id],
                    outages=lasted,
                )
            ),
        )

    return answer


def _of_theirs(outages: Iterable[OutageLine], card: CustomerCard) -> tuple[OutageLine, ...]:
    """Outages of all services, or of one that the customer has."""
    have = {service.kind for service in card.services if service.status != ServiceStatus.ENDED}
    return tuple(each for each in outages if not each.service_kinds or have.intersection(each.service_kinds))
