"""Views of customers' records by other systems through the API: logged like a person's."""

from collections.abc import Sequence
from datetime import datetime

from tellonce.modules.staff.models import AccessEntry

PROGRAM = 0
"""The person's id of an entry that no person on staff made: a program with a key, named in `person_name`."""


def log_program_views(*, name: str, customer_ids: Sequence[int], page: str, at: datetime) -> None:
    """Notes that the program with the key of this name read these customers' records."""
    AccessEntry.objects.bulk_create(
        AccessEntry(
            at=at,
            person_id=PROGRAM,
            person_name=name[:120],
            customer_id=customer_id,
            page=page[:60],
            reason="API",
            without_contact=True,
        )
        for customer_id in dict.fromkeys(customer_ids)
    )


def log_program_export(*, name: str, what: str, at: datetime) -> None:
    """Notes that somebody took the data of all customers away by the command line."""
    AccessEntry.objects.create(at=at, person_id=PROGRAM, person_name=name[:120], page="export", searched_for=what[:200])
