"""The latest bill of each account of a customer, with the one before it, in one read."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from uuid import UUID

from tellonce.datakit import Row, Together, alone
from tellonce.modules.billing.contracts import BillState
from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine, LatestBill, SentBill
from tellonce.modules.billing.models import Bill
from tellonce.modules.billing.queries.whose import held_values, lying, lying_sql
from tellonce.modules.record.contracts import Accounts

_BILL = (
    *("id", "customer_id", "account_id", "number", "issued_on", "due_on", "period_from", "period_until"),
    *("currency", "total_minor", "carried_minor"),
)
_LINE = (
    *("id", "line", "kind", "code", "words", "product", "service_id", "service_ref", "device_serial"),
    *("period_from", "period_until", "amount_minor", "tax_minor"),
)
# The bills of a customer are few, one a month: all of them are looked at, and the lines of two of each account read.
_SQL = f"""
WITH sent AS (
  SELECT {", ".join(_BILL)}, row_number() OVER newest AS place,
    array_agg(issued_on) OVER oldest AS days, array_agg(total_minor) OVER oldest AS totals
  FROM billing_bill b WHERE {lying_sql("b")} AND state = 'issued' AND issued_on > %(since)s
  WINDOW newest AS (PARTITION BY account_id ORDER BY issued_on DESC, number DESC),
    oldest AS (PARTITION BY account_id ORDER BY issued_on, number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT {", ".join(f"b.{name}" for name in _BILL)}, b.days, b.totals, {", ".join(f"c.{name}" for name in _LINE)}
FROM sent b LEFT JOIN billing_charge c ON c.customer_id = b.customer_id AND c.bill_id = b.id
WHERE b.place <= 2 ORDER BY b.account_id, b.place, c.line
"""
_DAYS, _TOTALS, _FIRST = len(_BILL), len(_BILL) + 1, len(_BILL) + 2


def ask_latest_bills(ask: Together, accounts: Accounts, *, since: date) -> Callable[[], tuple[LatestBill, ...]]:
    """Asks, with others in one round trip, for the latest bill of each account of one customer.

    `totals` go back to `since`, and a bill that is older is none any more. The account with the newest bill is first.
    """
    return ask(_SQL, held_values(accounts) | {"since": since}, _latest)


def latest_bills(accounts: Accounts, *, since: date) -> tuple[LatestBill, ...]:
    """The latest bill of each of these accounts."""
    return alone(lambda ask: ask_latest_bills(ask, accounts, since=since))


def _latest(rows: list[Row]) -> tuple[LatestBill, ...]:
    found = [_of_account(list(of_account)) for _account, of_account in groupby(rows, key=lambda row: row[2])]
    return tuple(sorted(found, key=lambda latest: latest.bill.issued_on, reverse=True))


def _of_account(rows: list[Row]) -> LatestBill:
    bills = list(_bills(rows))
    totals = tuple(zip(rows[0][_DAYS], rows[0][_TOTALS], strict=True))
    return LatestBill(bill=bills[0], before=bills[1] if len(bills) > 1 else None, totals=totals)


def _bills(rows: list[Row]) -> Iterator[BilledBill]:
    for _id, of_bill in groupby(rows, key=lambda row: row[0]):
        lines = list(of_bill)
        head = dict(zip(_BILL, lines[0], strict=False))
        yield BilledBill(**head, lines=tuple(_line(row) for row in lines if row[_FIRST] is not None))


def _line(row: Row) -> BilledLine:
    return BilledLine(**dict(zip(_LINE, row[_FIRST:], strict=True)))


def billed(accounts: Accounts, bill_id: UUID, *, since: date) -> LatestBill | None:
    """One bill of these accounts as the latest one then, beside the one before it; None where it is not theirs."""
    found = alone(
        lambda ask: ask(
            _SQL.replace("state = 'issued'", f"state = 'issued' AND {_UNTIL}"),
            held_values(accounts) | {"since": since, "bill": bill_id},
            _latest,
        )
    )
    return next((latest for latest in found if latest.bill.id == bill_id), None)


def sent_bills(accounts: Accounts, *, account_id: int) -> list[SentBill]:
    """Every bill of the account that was sent, the latest first."""
    rows = Bill.objects.filter(lying(accounts), account_id=account_id, state=BillState.ISSUED)
    found = rows.order_by("-issued_on", "-number").values_list("id", "number", "issued_on", "total_minor", "currency")
    return [SentBill(*row) for row in found]


_UNTIL = f"""account_id = (SELECT o.account_id FROM billing_bill o WHERE o.id = %(bill)s AND {lying_sql("o")})
  AND (issued_on, number) <= (SELECT o.issued_on, o.number FROM billing_bill o
    WHERE o.id = %(bill)s AND {lying_sql("o")})"""
