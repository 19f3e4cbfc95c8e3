"""How people's phones sign in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tellonce.modules.phone.models import DeskPhone
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
    ha1 = hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()  # as SIP has it
    DeskPhone.objects.update_or_create(person_id=who.pk, defaults={"user": user, "ha1": ha1, "made_at": at})
    note_change(what="phone", about=who, by=by, at=at, after={"user": user})
    return PhoneSignIn(user, password)


@transaction.atomic
def take_phone_back(*, person_id: int, by: Actor, at: datetime) -> None:
    """Their phone signs in no more."""
    who = person(person_id)
    if DeskPhone.objects.filter(person_id=who.pk).delete()[0]:
        note_change(what="phone taken back", about=who, by=by, at=at)
