"""What a bill asks for in all: balance, payments, carried over, to pay; and nothing that nobody said."""

from datetime import date
from uuid import UUID

import pytest

from tellonce.modules.billing.contracts.explained import BilledBill, LatestBill
from tellonce.modules.billing.contracts.owed import Owed, PaymentSeen
from tellonce.modules.billing.explaining.owed import owed


def a_bill(on: date, total: int, carried: int | None) -> BilledBill:
    return BilledBill(
        id=UUID(int=on.toordinal()), customer_id=1, account_id=7, number="B", issued_on=on, due_on=date(2026, 3, 24),
        period_from=None, period_until=None, currency="USD", total_minor=total, carried_minor=carried, lines=(),
    )  # fmt: skip


def paid(on: date, minor: int, *, account: int = 7, currency: str = "USD") -> PaymentSeen:
    return PaymentSeen(account, on, minor, currency)


def the_bill(*payments: PaymentSeen, carried: int | None = 0, before: int | None = 0) -> Owed:
    """80.00 in February, 90.00 in March."""
    latest = LatestBill(a_bill(date(2026, 3, 3), 9000, carried), a_bill(date(2026, 2, 3), 8000, before))
    return owed(latest, payments)


def test_it_goes_from_the_last_balance_to_what_is_to_be_paid_and_when() -> None:
    found = the_bill(paid(date(2026, 2, 20), 5000), paid(date(2026, 3, 5), 4000), carried=3000)
    assert (found.last_balance_minor, found.paid_before_minor, found.paid_before_on) == (8000, 5000, date(2026, 2, 20))
    assert (found.carried_minor, found.charges_minor, found.to_pay_minor) == (3000, 9000, 12000)
    assert (found.due_on, found.unexplained_minor) == (date(2026, 3, 24), 0)
    assert (found.paid_since_minor, found.paid_since_on, found.left_minor) == (4000, date(2026, 3, 5), 8000)


def test_what_was_carried_over_and_not_said_is_not_made_up() -> None:
    found = the_bill(paid(date(2026, 2, 20), 8000), carried=None)
    assert (found.carried_minor, found.to_pay_minor, found.left_minor, found.unexplained_minor) == (None,) * 4
    assert (found.last_balance_minor, found.paid_before_minor) == (8000, 8000)
    assert the_bill(carried=0, before=None).last_balance_minor is None


def test_without_any_payment_known_nothing_is_said_of_payments() -> None:
    found = the_bill(paid(date(2026, 2, 20), 8000, account=8), paid(date(2026, 2, 20), 8000, currency="EUR"))
    assert (found.paid_before_minor, found.paid_since_minor, found.unexplained_minor) == (None, None, None)
    assert found.to_pay_minor == 9000


def test_known_payments_and_none_since_is_nothing_paid() -> None:
    found = the_bill(paid(date(2025, 12, 1), 100), carried=8000)
    assert (found.paid_before_minor, found.paid_before_on, found.unexplained_minor) == (0, None, 0)


def test_payments_that_do_not_explain_what_is_carried_over() -> None:
    assert the_bill(paid(date(2026, 2, 20), 5000), carried=4500).unexplained_minor == 1500


@pytest.mark.parametrize(
    ("on", "carried", "before", "since"),
    [
        (date(2026, 3, 1), 8000, 0, 8000),  # too late for this bill
        (date(2026, 3, 1), 0, 8000, 0),  # in time
        (date(2026, 2, 1), 0, 8000, 0),  # too late for the one before
        (date(2026, 2, 25), 8000, 8000, 0),  # no days fit: as they are
    ],
)
def test_a_payment_of_the_days_before_may_be_on_the_next(on: date, carried: int, before: int, since: int) -> None:
    found = the_bill(paid(on, 8000), carried=carried)
    assert (found.paid_before_minor, found.paid_since_minor) == (before, since)


def test_the_first_bill_has_no_balance_before_it() -> None:
    found = owed(
        LatestBill(a_bill(date(2026, 3, 3), 9000, 0)), [paid(date(2026, 3, 1), 100), paid(date(2026, 3, 9), 50)]
    )
    assert (found.last_balance_minor, found.paid_before_minor, found.paid_since_minor) == (None, None, 50)
