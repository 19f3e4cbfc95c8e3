"""Keys made from the command line."""

from collections.abc import Sequence

from django.utils import timezone

from tellonce.modules.staff.contracts import SYSTEM
from tellonce.openapi.actions import add_key


def add(*, name: str, scopes: Sequence[str], source: str, per_minute: int) -> str:
    """Makes a key; returns its text."""
    _key, text = add_key(name=name, scopes=scopes, source=source, per_minute=per_minute, by=SYSTEM, at=timezone.now())
    return text
