"""People added from the command line."""

import secrets

from django.utils import timezone

from tellonce.modules.staff.actions import add_person

_PASSWORD_BYTES = 12


def add(*, email: str, name: str, role: str, password: str | None) -> str:
    """Adds somebody to staff; returns their password, made up when none was given."""
    chosen = password if password is not None else secrets.token_urlsafe(_PASSWORD_BYTES)
    add_person(email=email, name=name, role=role, at=timezone.now(), password=chosen)
    return chosen
