"""A customer's own page, the list of customers, and new ones."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tellonce.datakit import Together
from tellonce.desk.asking import person_of
from tellonce.desk.bills import bill_cards
from tellonce.desk.brief import brief_of
from tellonce.desk.deeds import IDENTIFY_KEY, KEYS
from tellonce.desk.deeds.again import came_back
from tellonce.desk.hands import Hands, ask_hands, topics_of
from tellonce.desk.known import COST_DAYS, Known, Reading
from tellonce.desk.live import live_url
from tellonce.desk.opening import Opened, open_record
from tellonce.desk.panels import bill_days, prices
from tellonce.desk.stories import FILTERS, PERIODS, StoryPage, story_of, story_page_of, wanted_of
from tellonce.modules.care.contracts import ContactLine, ContactState
from tellonce.modules.record.queries import Identity
from tellonce.modules.staff.models import Person
from tellonce.webkit.page import page, wanted_part

_KEPT = frozenset({"contact", "case", "reason", "group"})
STORY_PARTS = {"story": "desk/story.html", "older": "desk/story_older.html", "fresh": "desk/fresh.html"}


def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Three columns, without a contact: a reason is asked for and logged."""
    person, now = person_of(request), timezone.now()
    context = customer_context(request, customer_id, contact=None, name="customer", now=now)
    context["topics_of_hands"] = topics_of(person)
    context["live_url"] = live_url(request, (*topics_of(person), *context["topics"]))
    return page(request, "desk/customer.html", context, parts=STORY_PARTS | {"hands": "desk/hands.html"})


def customer_context(
    request: HttpRequest, customer_id: int, *, contact: ContactLine | None, name: str, now: datetime
) -> dict[str, Any]:
    """What the columns show; for a part of the story only that is read, and the desk has its own left column."""
    wanted, is_story_alone = wanted_of(request), wanted_part(request) in {"story", "older"}
    is_whole = name == "customer" and wanted_part(request) not in STORY_PARTS
    reading = (
        _PageReading(person_of(request), at=now, contact=contact) if is_whole else Reading(at=now, contact=contact)
    )
    opened = open_record(
        request, customer_id, page=name, at=now, contact=contact, beside=None if is_story_alone else reading
    )
    address = _address(opened, name)
    context: dict[str, Any] = {
        "now": now,
        "customer_id": opened.customer_id,
        "contact": contact or opened.contact,
        "case_id": opened.case_id,
        "address": address,
        "address_path": address.partition("?")[0],
        "kept_query": _kept_query(request),
        "join": "&" if "?" in address else "?",
        "filters": FILTERS,
        "periods": PERIODS,
        "topics": (f"customer:{opened.customer_id}",),
    }
    if is_story_alone:
        story = story_of(opened.customer_id, wanted, now=now)
        return context | {"story": story, "card": opened.card}
    known = reading.known(opened.contact)
    if isinstance(reading, _PageReading):
        context["hands"] = reading.hands()
    story = story_page_of(known.moments) if not _is_narrowed(request) else story_of(known.card.id, wanted, now=now)
    return context | _of_known(known, story, opened, contact)


class _PageReading(Reading):
    """What the whole page shows: the customer, and what is in the hands of who looks."""

    def __init__(self, person: Person, *, at: datetime, contact: ContactLine | None) -> None:
        super().__init__(at=at, contact=contact)
        self.person = person

    def ask(self, ask: Together, who: Identity) -> None:
        super().ask(ask, who)
        self.hands: Callable[[], Hands] = ask_hands(ask, self.person, at=self.at)


def _kept_query(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address holds besides the story's own search."""
    return [(name, str(value)) for name, value in request.GET.items() if name in _KEPT]


def _is_narrowed(request: HttpRequest) -> bool:
    wanted = wanted_of(request)
    return wanted.is_filtered or wanted.before is not None or wanted.oldest is not None


def _address(opened: Opened, name: str) -> str:
    at = reverse("desk") if name == "desk" else reverse("customer", args=[opened.customer_id])
    return at + opened.query


def _of_known(known: Known, story: StoryPage, opened: Opened, contact: ContactLine | None) -> dict[str, Any]:
    in_work = contact is not None and contact.state != ContactState.ENDED
    cards = bill_cards(known.bills, known.card)
    return {
        "known": known,
        "card": known.card,
        "brief": brief_of(known),
        "story": story,
        "keys": [key for key in KEYS if not key.in_talk],
        "talk_keys": [key for key in KEYS if key.in_talk and in_work],
        "standing": known.standing,
        "identify_key": IDENTIFY_KEY,
        "query": opened.query,
        "do_at": reverse("deed", args=[opened.customer_id, "x"]).removesuffix("x"),
        "came_back": came_back(known.cases, contact or opened.contact, at=known.at),
        "bill_days": bill_days(known.card, now=known.at) if not cards else [],
        "bill_cards": cards,
        "watch_came_back": any(each.came_back for each in known.bills.watched),
        "prices": prices(known.card, today=timezone.localtime(known.at).date()),
        "cost_days": COST_DAYS,
        "topics": tuple(f"customer:{each}" for each in known.card.ids),
    }
