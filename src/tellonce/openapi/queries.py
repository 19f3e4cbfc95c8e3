"""Reads of keys."""

from tellonce.openapi.models import ApiKey


def keys() -> list[ApiKey]:
    """All keys, those that hold first."""
    return sorted(ApiKey.objects.all(), key=lambda key: (key.ended_at is not None, key.name.casefold()))
