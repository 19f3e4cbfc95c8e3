"""An honest small provider, brought in by its own files: odd in every way that a real one is, and wrong in none."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tellonce.intake.contracts import RunState
from tellonce.intake.tests.making import a_file, brought_in
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import NewDeviceEvent
from tellonce.modules.billing.models import Charge
from tellonce.modules.record.models import Account, Device
from tests.factories import a_matter, a_person

LEARNED = datetime(2025, 9, 10, 9, tzinfo=UTC)
AGAIN = datetime(2026, 2, 10, 9, tzinfo=UTC)
MONTHS = tuple(date(2025 + (n - 1) // 12, (n - 1) % 12 + 1, 1) for n in range(7, 16))
"""July 2025 to March 2026: what was billed before the record learned of anybody, and after."""
FIRST_FILE = (
    "c1,70001,Fibre 500,60.00,2026-01-31,80.00,n1,2024-03-01,,active",
    "c2,70002,TV,30.00,2026-01-31,45.00,n2,2024-03-01,,active",
    "c3,70003,Fibre 100,40.00,,,n3,2024-03-01,,active",
    "c4,70004,Fibre 100,40.00,,,n4,2024-03-01,,active",
    "c5,70005,Fibre 100,40.00,,,n5,2024-03-01,,active",
    "c6,70006,Fibre 500,60.00,,,n6,2024-03-01,,active",
    "c7,70007,Fibre 100,40.00,,,n7,2024-03-01,,active",
    "c8,70008,Fibre 100,40.00,,,n8,2024-03-01,,active",
    "c9,70009,Fibre 100,40.00,,,n9,2024-03-01,,active",
    "c10,70010,Fibre 100,40.00,,,n10,2024-03-01,,active",
)
SECOND_FILE = (  # the price rose on the bills of February, and the file came after it; one has left since
    FIRST_FILE[2].replace("40.00", "43.00"),
    FIRST_FILE[3].replace(",,active", ",2025-12-01,ended"),
    "c7,70007,TV,20.00,,,n7b,,,active",  # older than the file, which does not say since when
    "c11,70011,Fibre 100,40.00,,,n11,,,active",
)
CUSTOMERS = """
name = "house"
title = "A small provider's customers"
of = "customers"
source = "house"
[customer]
external_id = "id"
name = "id"
[[account]]
number = "account"
[[service]]
kind = { constant = "internet" }
plan = "plan"
price = "price"
promotion_ends_on = "promotion"
price_after = "after"
external_id = "service"
since = "since"
until = "until"
status = "status"
"""
BILLS = """
name = "bills"
title = "Its bills"
of = "bills"
source = "billing"
currency = "USD"
[bill]
number = "bill"
account_number = "acct"
issued_on = "day"
period_from = "from"
period_to = "to"
[charge]
kind = "kind"
code = "code"
service = "service"
device = "serial"
period_from = "line_from"
period_to = "line_to"
amount = "net"
"""
Line = tuple[str, str, str, str, float]
"""Kind, code, the service's id, a serial number, and the amount."""
Other = Callable[[Sequence[Line]], Sequence[Line]]
"""What stands on a bill instead of what usually does."""


_SEPTEMBER, _NOVEMBER, _DECEMBER = date(2025, 9, 1), date(2025, 11, 1), date(2025, 12, 1)
_JANUARY, _FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
_EVER, _NEVER = MONTHS[0], date(2027, 1, 1)
_RUNS: tuple[tuple[int, Line, date, date], ...] = (
    # the price before the promotion, with the promotion beside it; it was another before the record learned of it
    (1, ("recurring", "INT500", "n1", "", 80.0), _EVER, _NEVER),
    (1, ("discount", "PROMO", "n1", "", -35.0), _EVER, _SEPTEMBER),
    (1, ("discount", "PROMO", "n1", "", -20.0), _SEPTEMBER, _FEBRUARY),
    # the price after the promotion
    (2, ("recurring", "TV", "n2", "", 30.0), _EVER, _FEBRUARY),
    (2, ("recurring", "TV", "n2", "", 45.0), _FEBRUARY, _NEVER),
    # a price that was lower before the record learned of it, and that rose before the next file said so
    (3, ("recurring", "INT100", "n3", "", 38.0), _EVER, _SEPTEMBER),
    (3, ("recurring", "INT100", "n3", "", 40.0), _SEPTEMBER, _FEBRUARY),
    (3, ("recurring", "INT100", "n3", "", 43.0), _FEBRUARY, _NEVER),
    # ended more than a hundred days before the newest bill
    (4, ("recurring", "INT100-OLD", "n4", "", 40.0), _EVER, _DECEMBER),
    # no line names its service
    (5, ("recurring", "NET", "", "", 40.0), _EVER, _NEVER),
    (5, ("recurring", "VOICE-MAIL", "", "", 2.0), _EVER, _NEVER),
    # more than one line of a service, and a discount that the record has not
    (6, ("recurring", "INT500", "n6", "", 60.0), _EVER, _NEVER),
    (6, ("recurring", "WIFI-PLUS", "n6", "", 5.0), _EVER, _NEVER),
    (6, ("discount", "LOYAL", "n6", "", -3.0), _EVER, _NEVER),
    # a box that came back and went on to the next customer
    (7, ("recurring", "INT100", "n7", "", 40.0), _EVER, _NEVER),
    (7, ("recurring", "TV", "n7b", "", 20.0), _EVER, _NEVER),
    (7, ("recurring", "RENT", "", "S1", 7.5), _EVER, _DECEMBER),
    (8, ("recurring", "INT100", "n8", "", 40.0), _EVER, _NEVER),
    (8, ("recurring", "RENT", "", "S1", 7.5), _JANUARY, _NEVER),
    # only a part of this was wrong, until a dispute
    (9, ("recurring", "INT100", "n9", "", 40.0), _EVER, _NEVER),
    (9, ("recurring", "CARE", "n9", "", 14.99), _EVER, _DECEMBER),
    (9, ("recurring", "CARE", "n9", "", 9.99), _DECEMBER, _NEVER),
    # this stood on a bill twice, until a dispute
    (10, ("recurring", "INT100", "n10", "", 40.0), _EVER, _NEVER),
    (10, ("fee", "PAPER", "", "", 3.0), _EVER, _NEVER),
    (10, ("fee", "PAPER", "", "", 3.0), _NOVEMBER, _DECEMBER),
    (11, ("recurring", "INT100", "n11", "", 40.0), _EVER, _NEVER),
)
"""What stands on the bills of an account, from the bill of one month until that of another."""


def _usual(account: int, month: date) -> Sequence[Line]:
    return [line for of, line, since, until in _RUNS if of == account and since <= month < until]


def the_house(folder: Path, *, other: Mapping[tuple[int, date], Other] | None = None) -> dict[int, int]:
    """Brings it in; `other` says what stands on a bill instead. The ids of accounts, by the end of their numbers."""
    a_matter("billing.wrong")
    header = "id,account,plan,price,promotion,after,service,since,until,status"
    for at, people in ((LEARNED, FIRST_FILE), (AGAIN, SECOND_FILE)):
        run = brought_in(a_file(folder, *people, header=header, name="customers.csv"), CUSTOMERS, at=at)
        assert run.state == RunState.DONE, run.report
    _move_the_box()
    header = "bill,acct,day,from,to,kind,code,service,serial,line_from,line_to,net"
    for months, then in ((MONTHS[:5], _decide_disputes), (MONTHS[5:], lambda: None)):
        lines = [row for month in months for account in range(1, 12) for row in _rows(account, month, other or {})]
        run = brought_in(a_file(folder, *lines, header=header, name="bills.csv"), BILLS)
        assert run.state == RunState.DONE, run.report
        then()
    return {int(one.number) - 70_000: one.pk for one in Account.objects.all()}


def _rows(account: int, month: date, other: Mapping[tuple[int, date], Other]) -> list[str]:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    lines = _usual(account, month)
    lines = other[account, month](lines) if (account, month) in other else lines
    days = f"{month},{last}"
    return [
        f"B{account}-{month:%y%m},{70_000 + account},{month},{days},{kind},{code},{service},{serial},{days},{net:.2f}"
        for kind, code, service, serial, net in lines
    ]


def _move_the_box() -> None:
    for number, since, until in (("70007", date(2024, 3, 1), date(2025, 12, 1)), ("70008", date(2026, 1, 1), None)):
        owner = Account.objects.get(number=number)
        Device.objects.create(customer_id=owner.customer_id, kind="box", serial="S1", since=since, until=until)
    billing.note_device_events([NewDeviceEvent("S1", "returned", date(2025, 12, 1))])


def _decide_disputes() -> None:
    by = a_person(permission_sets=["billing_care"]).as_actor()
    at = datetime(2025, 11, 15, 12, tzinfo=UTC)
    for code, asked in (("CARE", 500), ("PAPER", 300), ("SPORTS", None)):
        for charge in Charge.objects.filter(code=code, issued_on=date(2025, 11, 1)).order_by("-line")[:1]:
            line = billing.LineAsked(charge.id, asked)
            dispute = billing.raise_dispute(customer_id=charge.customer_id, lines=[line], words="", by=by, at=at)
            billing.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="So it was.", by=by, at=at)
