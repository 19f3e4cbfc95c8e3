"""The desk: one screen with the contacts in hand, the customer of the one in work, and what they have."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from tellonce.desk.asking import number, person_of
from tellonce.desk.deeds import CONTACT_DEEDS, KEYS
from tellonce.desk.finding import matches_of
from tellonce.desk.hands import Hands, hands_of, topics_of
from tellonce.desk.live import live_url
from tellonce.desk.web.customers import customer_context
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine, ContactState
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open_named
from tellonce.webkit.page import page, wanted_part

PARTS = {
    "hands": "desk/hands.html",
    "idle": "desk/idle_or_work.html",
    "story": "desk/story.html",
    "older": "desk/story_older.html",
    "fresh": "desk/fresh.html",
}


def desk(request: HttpRequest) -> HttpResponse:
    """The contact in work is the one in the address, else the first in hand."""
    person, now = person_of(request), timezone.now()
    if not may_open_named("customer", person):
        return redirect("today")
    part = wanted_part(request)
    contact_id = number(request, "contact")
    if part in {"hands", "idle"}:
        return page(request, "desk/desk.html", _hands_context(person, contact_id), parts=PARTS)
    context = _hands_context(person, contact_id) if part not in PARTS else {}
    contact = _in_work(contact_id, context.get("hands"))
    context |= {"contact": contact, "contact_id": contact.id if contact else None}
    topics = topics_of(person)
    if contact is not None and contact.customer_id is not None:
        context |= customer_context(request, contact.customer_id, contact=contact, name="desk", now=now)
        topics += context["topics"]
    elif contact is not None:
        context |= _unmatched(person, contact, now)
    context["live_url"] = live_url(request, topics)
    return page(request, "desk/desk.html", context, parts=PARTS)


def _unmatched(person: Person, contact: ContactLine, now: datetime) -> dict[str, Any]:
    """A contact that names no customer yet: whom it may be of, and what can be done with it all the same."""
    in_hand = contact.state == ContactState.IN_HAND
    return {
        "words": "",
        "found": matches_of(person, contact, "", at=now),
        "talk_keys": [key for key in KEYS if key.name in CONTACT_DEEDS] if in_hand else [],
        "do_at": reverse("contact_deed", args=[contact.id, "x"]).removesuffix("x"),
    }


def _hands_context(person: Person, contact_id: int | None) -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "hands": hands_of(person, at=now),
        "contact_id": contact_id,
        "topics_of_hands": topics_of(person),
    }


def _in_work(contact_id: int | None, hands: Hands | None) -> ContactLine | None:
    mine = [line for line in hands.in_hand if line.hand_over_id is None] if hands else []
    if contact_id is not None:
        return next((line for line in mine if line.id == contact_id), None) or care.contact(contact_id)
    return mine[0] if mine else None
