"""What was decided about bills long ago, in bulk: rows with all that came of them, for imports and made-up history."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TypeVar

from django.db import transaction

from tellonce.modules.billing.models import CauseAccount, Correction, Credit, Dispute, DisputeLine, Watch, WatchCheck
from tellonce.modules.record.copying import columns_of, copy_rows, table_of, update_rows

_Row = TypeVar("_Row", Dispute, DisputeLine, Credit, Watch, Correction)
_AT_ONCE = 2_000
_CORRECTED = ("corrected_at", "credit_id", "left_out_why", "left_out_by_name")


@transaction.atomic
def load_past(rows: Sequence[_Row]) -> None:
    """Adds rows of one kind as they stand, and gives them their ids; every constraint holds, and nothing is told."""
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=_AT_ONCE)


@transaction.atomic
def load_checks(checks: Sequence[WatchCheck]) -> None:
    """Adds what watches said of bills, by COPY; watches, and credits for what came back, have their ids already."""
    for check in checks:
        check.watch_id, check.credit_id = check.watch.pk, check.credit.pk if check.credit else None
    names = [name for name in columns_of(WatchCheck) if name != "id"]
    take = attrgetter(*names)
    copy_rows(table_of(WatchCheck), names, (take(check) for check in checks))


@transaction.atomic
def load_corrected(accounts: Sequence[CauseAccount]) -> None:
    """Notes on accounts of a cause that they were corrected, or left out."""
    update_rows(table_of(CauseAccount), _CORRECTED, map(attrgetter("pk", *_CORRECTED), accounts))
