"""Bills of one customer for who serves them, read together with all else: what changed, what is watched.

The latest bills themselves are `latest.py`'s; this adds what is disputed, watched and credited.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from tellonce.datakit import Row, Together, alone
from tellonce.modules.billing.contracts import CreditState, DisputeState, FindingState, WatchState, finding_words
from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine, LatestBill
from tellonce.modules.billing.contracts.owed import PaymentSeen
from tellonce.modules.billing.models import Finding
from tellonce.modules.billing.queries.latest import ask_latest_bills, billed
from tellonce.modules.billing.queries.whose import held, held_sql, held_values, lying_sql
from tellonce.modules.record.contracts import Accounts

_YEARS = timedelta(days=760)
_LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A dispute that waits, or was decided lately."""

    id: int
    what: str
    state: str
    asked_minor: int
    granted_minor: int
    currency: str
    due_on: date
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """What must not come again on this customer's bills."""

    id: int
    what: str
    clean_bills: int
    came_back: int
    held: int
    dispute_id: int | None


@dataclass(frozen=True, slots=True)
class DueCredit:
    """A credit that waits for a second person or for the next bill, and who granted it."""

    id: int
    amount_minor: int
    currency: str
    words: str
    is_granted: bool
    missed_bills: int
    by_id: int | None


@dataclass(frozen=True, slots=True)
class LineDispute:
    """The dispute of a line; `is_put_right`: something of the line was found to be wrong."""

    id: int
    is_put_right: bool


@dataclass(frozen=True, slots=True)
class BillsOnDesk:
    """All of it: accounts with the latest bill first; lines that are disputed already, each with its dispute.

    `payments` are those of as many years as the bills.
    """

    latest: tuple[LatestBill, ...] = ()
    disputed: Mapping[UUID, LineDispute] = field(default_factory=dict)
    disputes: tuple[OpenDispute, ...] = ()
    watched: tuple[WatchedLine, ...] = ()
    credits: tuple[DueCredit, ...] = ()
    payments: tuple[PaymentSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class BillToDispute:
    """A bill with those of its lines that may be disputed: they ask for money, and nobody disputes them yet."""

    bill: BilledBill
    before: BilledBill | None
    lines: tuple[BilledLine, ...]


_DISPUTES = f"""
SELECT d.id, coalesce((SELECT coalesce(nullif(l.words, ''), l.code) FROM billing_disputeline l
                       WHERE l.dispute_id = d.id ORDER BY l.asked_minor DESC, l.id LIMIT 1), d.code),
       d.state, d.asked_minor, d.granted_minor, d.currency, d.due_on, d.decided_at
FROM billing_dispute d
WHERE {held_sql("d")} AND (d.state = '{DisputeState.OPEN}' OR d.decided_at >= %(lately)s)
ORDER BY d.raised_at DESC LIMIT 6
"""

_DISPUTED = f"""
SELECT l.charge_id, l.dispute_id, coalesce(l.granted_minor, 0) > 0
FROM billing_dispute d JOIN billing_disputeline l ON l.dispute_id = d.id AND l.stands
WHERE {held_sql("d")}
"""

_WATCHED = f"""
SELECT w.id, coalesce(nullif(w.words, ''), w.code), w.clean_bills, w.came_back, w.held, w.dispute_id
FROM billing_watch w
WHERE {held_sql("w")} AND w.state = '{WatchState.WATCHING}' ORDER BY w.began_at DESC LIMIT 6
"""

_CREDITS = f"""
SELECT g.id, g.amount_minor, g.currency, g.words, g.state = '{CreditState.GRANTED}', g.missed_bills,
       coalesce(g.settled_by_id, g.asked_by_id)
FROM billing_credit g
WHERE {held_sql("g")} AND g.state IN ('{CreditState.ASKED}', '{CreditState.GRANTED}')
ORDER BY g.asked_at DESC LIMIT 6
"""

_PAYMENTS = f"""
SELECT p.account_id, p."on", p.amount_minor, p.currency FROM billing_payment p
WHERE {lying_sql("p")} AND p."on" > %(since)s ORDER BY p."on"
"""

_BACK = f"""
SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY account_id ORDER BY issued_on DESC, number DESC) AS place
    FROM billing_bill b WHERE {lying_sql("b")} AND state = 'issued'
) sent WHERE place = %(place)s
"""


def ask_bills_on_desk(ask: Together, accounts: Accounts, *, at: datetime) -> Callable[[], BillsOnDesk]:
    """Bills, disputes, what is watched, credits and payments of one customer's accounts, in the caller's round trip."""
    mine = held_values(accounts)
    latest = ask_latest_bills(ask, accounts, since=(at - _YEARS).date())
    disputed = ask(_DISPUTED, mine, _by_line)
    disputes = ask(_DISPUTES, mine | {"lately": at - _LATELY}, lambda rows: tuple(OpenDispute(*row) for row in rows))
    watched = ask(_WATCHED, mine, lambda rows: tuple(WatchedLine(*row) for row in rows))
    coming = ask(_CREDITS, mine, lambda rows: tuple(DueCredit(*row) for row in rows))
    paid = ask(_PAYMENTS, mine | {"since": (at - _YEARS).date()}, lambda rows: tuple(PaymentSeen(*row) for row in rows))
    return lambda: BillsOnDesk(latest(), disputed(), disputes(), watched(), coming(), paid())


def payments_seen(accounts: Accounts, *, since: date) -> tuple[PaymentSeen, ...]:
    """What came in for these accounts after that day, the oldest first."""
    values = held_values(accounts) | {"since": since}
    return alone(lambda ask: ask(_PAYMENTS, values, lambda rows: tuple(PaymentSeen(*row) for row in rows)))


def bills_to_dispute(accounts: Accounts, *, back: int = 0) -> list[BillToDispute]:
    """Of each account the bill that is so many before the latest, however old it is."""
    mine = held_values(accounts)
    values = mine | {"place": back + 1}
    bill_ids = alone(lambda ask: ask(_BACK, values, lambda rows: [row[0] for row in rows]))
    disputed = disputed_lines(accounts)
    found = [billed(accounts, bill_id, since=date.min) for bill_id in bill_ids]
    return [_to_dispute(latest, disputed) for latest in found if latest is not None]


def disputed_lines(accounts: Accounts) -> dict[UUID, LineDispute]:
    """Every line of these accounts that is disputed or was put right."""
    return alone(lambda ask: ask(_DISPUTED, held_values(accounts), _by_line))


def found_on_lines(accounts: Accounts, charge_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of these lines those with a finding that nobody dismissed, that with the most money first; what it says."""
    rows = Finding.objects.filter(held(accounts), charge_id__in=charge_ids, amount_minor__gt=0)
    found = rows.exclude(state=FindingState.DISMISSED).order_by("-amount_minor", "pk")
    said: dict[UUID, str] = {}
    for finding in found:
        if finding.charge_id is not None:
            said.setdefault(finding.charge_id, finding_words(finding.kind))
    return said


def _to_dispute(latest: LatestBill, disputed: Mapping[UUID, LineDispute]) -> BillToDispute:
    lines = tuple(line for line in latest.bill.lines if line.whole_minor > 0 and line.id not in disputed)
    return BillToDispute(latest.bill, latest.before, lines)


def _by_line(rows: list[Row]) -> dict[UUID, LineDispute]:
    return {charge_id: LineDispute(*dispute) for charge_id, *dispute in rows}
