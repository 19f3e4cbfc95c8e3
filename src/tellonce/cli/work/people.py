"""People added, and given a phone, from the command line."""

import secrets

from django.utils import timezone

from tellonce.modules.phone.actions import give_phone
from tellonce.modules.staff.actions import add_person
from tellonce.modules.staff.contracts import SYSTEM, StaffNotFoundError
from tellonce.modules.staff.queries import person_by_mail

_PASSWORD_BYTES = 12


def add(*, email: str, name: str, role: str, password: str | None) -> str:
    """Adds somebody to staff; returns their password, made up when none was given."""
    chosen = password if password is not None else secrets.token_urlsafe(_PASSWORD_BYTES)
    add_person(email=email, name=name, role=role, at=timezone.now(), password=chosen)
    return chosen


def phone(*, email: str) -> tuple[str, str]:
    """Gives somebody a phone; returns its user and its new password."""
    who = person_by_mail(email)
    if who is None:
        raise StaffNotFoundError(f"There is nobody on staff with the mail address {email}.")
    given = give_phone(person_id=who.pk, by=SYSTEM, at=timezone.now())
    return given.user, given.password
