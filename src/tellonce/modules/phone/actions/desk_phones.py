"""How people's phones sign in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from tellonce.audio.tickets import topic_of
from tellonce.live.wire import CHANNEL, Event, payloads
from tellonce.modules.phone.models import BrowserPhone, DeskPhone
from tellonce.modules.staff.actions.changes import note_change
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.queries import person

REALM = "tellonce"
_PASSWORD_BYTES = 18


@dataclass(frozen=True, slots=True)
class PhoneSignIn:
    """What somebody sets up a phone with; the password is shown this once."""

    user: str
    password: str


@transaction.atomic
def give_phone(*, person_id: int, by: Actor, at: datetime) -> PhoneSignIn:
    """A user and a new password for the person's phone; one that they had signs in no more. StaffNotFoundError."""
    who = person(person_id)
    user, password = f"p{who.pk}", secrets.token_urlsafe(_PASSWORD_BYTES)
    known = {"user": user, "ha1": _ha1_of(user, password), "made_at": at}
    DeskPhone.objects.update_or_create(person_id=who.pk, defaults=known)
    note_change(what="phone", about=who, by=by, at=at, after={"user": user})
    return PhoneSignIn(user, password)


@transaction.atomic
def take_phone_back(*, person_id: int, by: Actor, at: datetime) -> None:
    """Their phone signs in no more."""
    who = person(person_id)
    if DeskPhone.objects.filter(person_id=who.pk).delete()[0]:
        note_change(what="phone taken back", about=who, by=by, at=at)


@transaction.atomic
def take_calls_in_browser(*, person_id: int, by: Actor, at: datetime) -> None:
    """The person's phone is in the browser from now on. StaffNotFoundError."""
    who = person(person_id)
    user = f"b{who.pk}"
    new = {"user": user, "ha1": _ha1_of(user, secrets.token_urlsafe(_PASSWORD_BYTES)), "made_at": at}
    found, is_new = BrowserPhone.objects.get_or_create(person_id=who.pk, defaults=new)
    if is_new or not found.is_on:
        BrowserPhone.objects.filter(pk=who.pk).update(is_on=True)
        note_change(what="phone", about=who, by=by, at=at, after={"in": "browser"})
        _tell(who.pk)


@transaction.atomic
def take_calls_on_phone(*, person_id: int, by: Actor, at: datetime) -> None:
    """The person's phone is a SIP phone from now on, where they have one. StaffNotFoundError."""
    who = person(person_id)
    if BrowserPhone.objects.filter(pk=who.pk, is_on=True).update(is_on=False):
        note_change(what="phone", about=who, by=by, at=at, after={"in": "SIP phone"})
        _tell(who.pk)


@transaction.atomic
def let_phone_pick_up(*, person_id: int, picks_up: bool, by: Actor, at: datetime) -> None:
    """Whether their SIP phone, if they have one, picks up by itself when they answer on the page."""
    who = person(person_id)
    if DeskPhone.objects.filter(pk=who.pk, picks_up=not picks_up).update(picks_up=picks_up):
        note_change(what="phone", about=who, by=by, at=at, after={"picks up": "by itself" if picks_up else "by hand"})
        _tell(who.pk)


def _tell(person_id: int) -> None:
    """Pages show it, and a browser's phone that was put away is no more."""
    topics = (f"person:{person_id}", topic_of(person_id))
    with connection.cursor() as cursor:
        for payload in payloads([Event(topics, "phone.place_changed", {})]):
            cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


def _ha1_of(user: str, password: str) -> str:
    """What is kept of a password, as SIP has it."""
    return hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
