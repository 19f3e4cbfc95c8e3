"""Bills and payments in bulk, by COPY and by statements over all rows, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection, transaction

from tellonce.modules.billing.actions.withdrawing import forget_what_they_said
from tellonce.modules.billing.contracts import BillIssued, BillTold, BillWithdrawn
from tellonce.modules.billing.models import Bill, Charge, Payment
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Told
from tellonce.modules.record.copying import copy_blocks, copy_rows, table_of
from tellonce.modules.staff.contracts import Actor

BILL_COLUMNS = (
    *("customer_id", "id", "account_id", "source", "number", "state", "issued_on", "due_on", "period_from"),
    *("period_until", "currency", "total_minor", "carried_minor", "lines", "digest", "lines_digest", "received_at"),
    *("import_id",),
)
CHARGE_COLUMNS = (
    *("customer_id", "id", "bill_id", "account_id", "line", "kind", "code", "words", "product", "service_id"),
    *("service_ref", "device_serial", "period_from", "period_until", "amount_minor", "tax_minor", "currency"),
    *("issued_on", "import_id"),
)
PAYMENT_COLUMNS = (
    *("customer_id", "id", "account_id", "source", "number", "on", "method", "amount_minor", "currency", "import_id"),
)
_NOON = time(12)
_IDS = "tellonce_bill_ids"
_MAKE_IDS = f"CREATE TEMP TABLE {_IDS} (customer_id bigint, id uuid, lines int, digest uuid) ON COMMIT DROP"
_DELETE = (
    f"DELETE FROM billing_charge c USING {_IDS} i WHERE c.customer_id = i.customer_id AND c.bill_id = i.id",
    f"DELETE FROM billing_bill b USING {_IDS} i WHERE b.customer_id = i.customer_id AND b.id = i.id",
)
_COMPLETE = f"""
UPDATE billing_bill b SET lines = i.lines, lines_digest = i.digest, received_at = %(at)s, checked_at = NULL,
  state = CASE WHEN b.state = 'no_lines' THEN 'issued' ELSE b.state END
FROM {_IDS} i WHERE b.customer_id = i.customer_id AND b.id = i.id
"""
_WITHDRAW = f"""
UPDATE billing_bill b SET state = 'withdrawn', received_at = %(at)s FROM {_IDS} i
WHERE b.customer_id = i.customer_id AND b.id = i.id RETURNING b.customer_id, b.number, b.id
"""
_OLDER = """
SELECT count(*) FROM unnest(%(accounts)s::bigint[], %(days)s::date[]) AS n (account_id, newest)
WHERE EXISTS (SELECT 1 FROM billing_bill b WHERE b.account_id = n.account_id AND b.issued_on > n.newest
  AND b.import_id IS DISTINCT FROM %(import_id)s)
"""


def copy_bills(blocks: Iterable[memoryview]) -> None:
    """Appends bills, given as blocks of COPY's text format in the order of BILL_COLUMNS."""
    copy_blocks(table_of(Bill), BILL_COLUMNS, blocks)


def copy_charges(blocks: Iterable[memoryview]) -> None:
    """Appends lines of bills, given as blocks in the order of CHARGE_COLUMNS."""
    copy_blocks(table_of(Charge), CHARGE_COLUMNS, blocks)


def copy_payments(blocks: Iterable[memoryview]) -> None:
    """Appends payments, given as blocks in the order of PAYMENT_COLUMNS."""
    copy_blocks(table_of(Payment), PAYMENT_COLUMNS, blocks)


@transaction.atomic
def remove_bills(ids: Iterable[tuple[int, str]]) -> None:
    """Takes bills (customer, id) and their lines away, to be written anew."""
    if not _put_ids(ids):
        return
    with connection.cursor() as cursor:
        for statement in _DELETE:
            cursor.execute(statement)
        _drop_ids()


@transaction.atomic
def complete_bills(lines: Iterable[tuple[int, str, int, str]], *, at: datetime) -> None:
    """The lines of bills (customer, id, how many, their digest) are here now: they are to be checked."""
    if not _put_ids(lines):
        return
    with connection.cursor() as cursor:
        cursor.execute(_COMPLETE, {"at": at})
        _drop_ids()


@transaction.atomic
def withdraw_bills(ids: Iterable[tuple[int, str]], *, by: Actor, at: datetime, import_id: int | None) -> None:
    """The billing system took bills (customer, id) back: what was on them is neither owed nor given."""
    if not _put_ids(ids):
        return
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"at": at})
        rows = cursor.fetchall()
        _drop_ids()
    forget_what_they_said([bill_id for _, _, bill_id in rows], at=at)
    story.load(
        Told(customer_id=customer_id, what=BillWithdrawn(number=number), at=at, by=by, import_id=import_id)
        for customer_id, number, _bill_id in rows
    )


def tell_of_bills(bills: Iterable[BillTold], *, by: Actor, import_id: int | None) -> int:
    """Tells the stories of bills that were sent, at noon (UTC) of the day of the bill; how many."""
    return story.load(
        Told(
            customer_id=bill.customer_id,
            what=BillIssued(bill.number, total_minor=bill.total_minor, currency=bill.currency, due_on=bill.due_on),
            at=datetime.combine(bill.issued_on, _NOON, UTC),
            by=by,
            about=About("bill"),
            import_id=import_id,
        )
        for bill in bills
    )


def older_than_known(newest: Mapping[int, date], *, but_import: int | None) -> int:
    """How many of these accounts have a later bill than that, from elsewhere than this import."""
    values: dict[str, Any] = {"accounts": list(newest), "days": list(newest.values()), "import_id": but_import}
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _put_ids(ids: Iterable[Sequence[object]]) -> int:
    """Puts (customer, id, lines, digest) of bills beside the tables; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_IDS)
    count = copy_rows(_IDS, ("customer_id", "id", "lines", "digest"), _of_four(ids))
    if not count:
        _drop_ids()
    return count


def _of_four(ids: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    return ((*row, None, None)[:4] for row in ids)


def _drop_ids() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_IDS}")
