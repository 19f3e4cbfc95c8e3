"""What the tests of billing need: a customer with an account, and bills with lines."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from tellonce.modules.billing.models import Bill, Charge, Payment
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_customer

_NAMES = UUID("7c0e1e5a-5f0f-4a36-9d5c-0d3f5b8f7f10")
_numbers = itertools.count(1)
RENT = "RENT-BOX"


@dataclass(frozen=True)
class Holder:
    """A customer with one account."""

    customer_id: int
    account_id: int


def a_holder(*, name: str = "", at: datetime = NOW, **more: Any) -> Holder:
    customer = a_customer(name=name or "Maria Alvarez", at=at, **more)
    account = record.add_account(customer_id=customer.pk, number=f"A-{next(_numbers)}", by=SYSTEM, at=at)
    return Holder(customer.pk, account.pk)


@dataclass(frozen=True)
class Line:
    """A line of a bill; the amount is without tax."""

    code: str = RENT
    amount_minor: int = 1499
    tax_minor: int = 0
    kind: str = "recurring"
    words: str = ""
    product: str = ""
    device_serial: str = ""
    service_id: int | None = None


def a_bill(
    of: Holder,
    *lines: Line,
    on: date,
    state: str = "issued",
    number: str = "",
    received_at: datetime | None = None,
    currency: str = "USD",
    carried_minor: int | None = None,
    due_on: date | None = None,
) -> Bill:
    """A bill as an import leaves it: not checked yet."""
    name = number or f"B-{next(_numbers)}"
    bill = Bill.objects.create(
        customer_id=of.customer_id,
        id=uuid5(_NAMES, name),
        account_id=of.account_id,
        source="test",
        number=name,
        state=state,
        issued_on=on,
        due_on=due_on,
        period_from=on,
        period_until=on + timedelta(days=30),
        currency=currency,
        total_minor=sum(line.amount_minor + line.tax_minor for line in lines),
        carried_minor=carried_minor,
        lines=len(lines),
        received_at=received_at or datetime.combine(on, NOW.timetz()),
    )
    add_lines(bill, lines)
    return bill


def add_lines(bill: Bill, lines: Sequence[Line]) -> None:
    Charge.objects.bulk_create(
        Charge(
            customer_id=bill.customer_id,
            id=uuid5(_NAMES, f"{bill.number}:{place}"),
            bill_id=bill.id,
            account_id=bill.account_id,
            line=place,
            kind=line.kind,
            code=line.code,
            words=line.words or f"Words of {line.code}",
            product=line.product,
            service_id=line.service_id,
            device_serial=line.device_serial,
            amount_minor=line.amount_minor,
            tax_minor=line.tax_minor,
            currency=bill.currency,
            issued_on=bill.issued_on,
        )
        for place, line in enumerate(lines, start=1)
    )


def charge(bill: Bill, line: int = 1) -> UUID:
    """The id of a line of the bill."""
    return Charge.objects.get(customer_id=bill.customer_id, bill_id=bill.id, line=line).id


def paid(of: Holder, amount_minor: int, *, on: date) -> Payment:
    """Money that came in for the account."""
    number = f"P-{next(_numbers)}"
    return Payment.objects.create(
        customer_id=of.customer_id,
        id=uuid5(_NAMES, number),
        account_id=of.account_id,
        source="test",
        number=number,
        on=on,
        amount_minor=amount_minor,
        currency="USD",
    )
