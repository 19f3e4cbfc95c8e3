"""Bills are checked against what is watched: all new ones set by set, or one that the billing system asks about.

Each batch of bills is one transaction that marks them as checked: a worker killed at any time has checked a bill once
or not at all, and two workers take different bills.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tellonce.modules.billing.actions.again import credited_again_on
from tellonce.modules.billing.actions.arriving import ClaimedBill, credits_on
from tellonce.modules.billing.actions.looking import FITTING, LOOKING, count_anew, look, rows
from tellonce.modules.billing.actions.telling import order, tell, told
from tellonce.modules.billing.actions.watching import stop_body
from tellonce.modules.billing.contracts import CLEAN_BILLS, ChargeHeld, OrderKind, WatchEnded
from tellonce.modules.billing.models import Watch
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.staff.contracts import SYSTEM

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that must not be sent: which watch it fits, and since when the customer was told that it is gone."""

    charge_id: UUID
    line: int
    code: str
    words: str
    amount_minor: int
    tax_minor: int
    currency: str
    watch_id: int
    watched_since: date


_CLAIM = """
WITH claimed AS (
    SELECT customer_id, id FROM billing_bill WHERE checked_at IS NULL AND state = 'issued'
    ORDER BY received_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE billing_bill b SET checked_at = %(at)s FROM claimed
WHERE b.customer_id = claimed.customer_id AND b.id = claimed.id
RETURNING b.customer_id, b.id, b.account_id, b.number, b.issued_on, b.currency
"""

_END = """
UPDATE billing_watch SET state = 'ended', ended_at = %(at)s
WHERE id = ANY(%(watches)s) AND state = 'watching' AND clean_bills >= %(enough)s
RETURNING customer_id, account_id, id, words, case_id
"""

_HELD = f"""
SELECT f.id, f.line, f.code, f.words, f.amount_minor, f.tax_minor, f.currency, w.id, w.since
FROM billing_bill b JOIN billing_watch w ON {LOOKING}
CROSS JOIN LATERAL ({FITTING}) f
WHERE b.customer_id = %(customer)s AND b.id = %(bill)s AND f.place > w.allowed_lines
ORDER BY f.line, w.id
"""


def check_bills(*, at: datetime, batch: int = BATCH) -> int:
    """Checks every bill that came in and was not checked yet; returns how many. What came back waits to be answered."""
    checked = 0
    while count := _check_some(at=at, limit=batch):
        checked += count
    return checked


@transaction.atomic
def check_bill(*, bill_id: UUID, customer_id: int, at: datetime) -> tuple[HeldLine, ...]:
    """The lines of a bill that is not sent yet which must not be sent; nobody has seen them, and the watch goes on.

    Asked again for the same bill it answers for its lines as they are then, and counts it once.
    """
    held = _held(bill_id=bill_id, customer_id=customer_id)
    if not held:
        return ()
    found = look([(customer_id, bill_id)], outcome="held", at=at)
    count_anew([watch_id for watch_id, _ in found])
    number = _number(bill_id=bill_id, customer_id=customer_id)
    for watch in Watch.objects.filter(pk__in=[watch_id for watch_id, _ in found]):
        amount = next(amount for watch_id, amount in found if watch_id == watch.pk)
        moment = ChargeHeld(watch.pk, watch.words, amount, watch.currency, number)
        tell(holder_of(watch), moment, by=SYSTEM, at=at, about=("watch", watch.pk), case_id=watch.case_id)
        order(
            kind=OrderKind.STOP_LINE,
            key=f"watch:{watch.pk}:{bill_id}",
            customer_id=watch.customer_id,
            account_id=watch.account_id,
            at=at,
            body=stop_body(watch),
        )
    return held


@transaction.atomic
def _check_some(*, at: datetime, limit: int) -> int:
    bills = [ClaimedBill(*row) for row in rows(_CLAIM, {"at": at, "limit": limit})]
    if bills:
        found = look([(bill.customer_id, bill.id) for bill in bills], outcome="came_back", at=at)
        watches = sorted({watch_id for watch_id, _ in found})
        count_anew(watches)
        _end(watches, at=at)
        credits_on(bills, at=at)
        credited_again_on(bills, at=at)
    return len(bills)


def _end(watches: Sequence[int], *, at: datetime) -> None:
    ended = rows(_END, {"watches": list(watches), "enough": CLEAN_BILLS, "at": at}) if watches else []
    holders = record.account_holders(account_id for _customer, account_id, *_ in ended) if ended else {}
    story.tell_each(
        [
            told(
                holders.get(account_id, customer_id),
                WatchEnded(watch_id, words, CLEAN_BILLS),
                by=SYSTEM,
                at=at,
                about=("watch", watch_id),
                case_id=case_id,
            )
            for customer_id, account_id, watch_id, words, case_id in ended
        ]
    )


def _held(*, bill_id: UUID, customer_id: int) -> tuple[HeldLine, ...]:
    lines: dict[UUID, HeldLine] = {}
    for row in rows(_HELD, {"customer": customer_id, "bill": bill_id}):
        lines.setdefault(row[0], HeldLine(*row))
    return tuple(lines.values())


def _number(*, bill_id: UUID, customer_id: int) -> str:
    found = rows(
        "SELECT number FROM billing_bill WHERE customer_id = %(customer)s AND id = %(bill)s",
        {"customer": customer_id, "bill": bill_id},
    )
    return str(found[0][0])
