"""Merges and splits of a customer out of its story, and what a split may give away."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactLine
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import CustomerCard, Group

_LOOKED_AT = 300
_SHOWN_OF_SAID = 80
_UNDONE = ("record.merge_undone", "record.split_undone")


@dataclass(frozen=True, slots=True)
class Join:
    """A merge or split that still holds."""

    kind: str
    id: int
    words: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something on the record that a split may give away; `value` names its type and id."""

    value: str
    label: str
    group: str


def joins_of(customer_id: int) -> list[Join]:
    """Merges and splits that can be undone, newest first."""
    told = record.story_page(customer_id, group=Group.RECORD, limit=_LOOKED_AT)
    about = [each for each in told if each.about.about in {"merge", "split"} and each.about.about_id is not None]
    undone = {(each.about.about, each.about.about_id) for each in about if each.kind in _UNDONE}
    return [
        Join(
            kind=each.about.about,
            id=each.about.about_id or 0,
            words=f"{each.headline.lead} {each.headline.rest}".strip(),
            at=each.at,
            by_name=each.by_name,
        )
        for each in about
        if each.kind not in _UNDONE and (each.about.about, each.about.about_id) not in undone
    ]


def things_of(card: CustomerCard, who: record.Identity) -> list[Thing]:
    """Accounts, people, numbers, services, devices, places, cases, promises and contacts of a customer."""
    reached = (*card.phones, *card.mails, *card.posts)
    return [
        *(Thing(f"account:{each.id}", each.number, gettext("Accounts")) for each in card.accounts),
        *(Thing(f"person:{each.id}", each.name, gettext("People")) for each in card.people),
        *(Thing(f"contact_point:{each.id}", each.shown, gettext("Reached at")) for each in reached),
        *(Thing(f"service:{each.id}", each.plan, gettext("Services")) for each in card.services),
        *(Thing(f"device:{each.id}", f"{each.kind_label} {each.model}", gettext("Devices")) for each in card.devices),
        *(Thing(f"premise:{each.id}", each.place, gettext("Places")) for each in card.premises),
        *_work_of(who),
    ]


def _work_of(who: record.Identity) -> list[Thing]:
    cases = care.customer_cases(who.ids, limit=_LOOKED_AT, splits=who.moved("case"))
    promises = care.customer_promises(who.ids, limit=_LOOKED_AT, splits=who.moved("promise"))
    contacts = care.customer_contacts(who.ids, limit=_LOOKED_AT, splits=who.moved("contact"))
    return [
        *(Thing(f"case:{each.id}", f"{each.title or each.matter} #{each.id}", gettext("Cases")) for each in cases),
        *(Thing(f"promise:{each.id}", each.what, gettext("Promises")) for each in promises),
        *(Thing(f"contact:{each.id}", _named(each), gettext("Contacts")) for each in contacts),
    ]


def _named(contact: ContactLine) -> str:
    day = date_format(timezone.localtime(contact.began_at), "DATETIME_FORMAT")
    return " · ".join(each for each in (day, contact.matter, contact.said[:_SHOWN_OF_SAID]) if each)
