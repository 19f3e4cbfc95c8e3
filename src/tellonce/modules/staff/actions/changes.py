"""The audit of staff: every write of this module leaves who, when, what, before and after."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models

from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.models import StaffChange

Json = str | int | bool | list[str]


def note_change(
    *,
    what: str,
    about: models.Model,
    by: Actor,
    at: datetime,
    before: Mapping[str, Json] | None = None,
    after: Mapping[str, Json] | None = None,
) -> None:
    """Appends one row in the caller's transaction; of two states only what differs is kept."""
    before, after = before or {}, after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    StaffChange.objects.create(
        at=at,
        by_id=by.id,
        by_name=by.name,
        what=what,
        about=type(about).__name__.lower(),
        about_id=about.pk if isinstance(about.pk, int) else 0,  # a retention period is named, not numbered
        about_name=str(about)[:254],
        before={name: before[name] for name in names if name in before},
        after={name: after[name] for name in names if name in after},
    )
