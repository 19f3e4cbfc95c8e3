"""A mass correction in a process of its own, to be killed: `python -m tests.faults.correcting prepare|correct`.

With a last word `pause` it says "half way" inside the transaction of its eleventh account and waits for a line.
"""

import sys
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import django

django.setup()

from tellonce.modules.billing import actions  # noqa: E402
from tellonce.modules.billing.actions import correcting, watching  # noqa: E402
from tellonce.modules.billing.models import Bill, Charge, Correction  # noqa: E402
from tellonce.modules.care import actions as care  # noqa: E402
from tellonce.modules.record import actions as record  # noqa: E402
from tellonce.modules.staff import actions as staff  # noqa: E402
from tellonce.modules.staff.contracts import SYSTEM, Role  # noqa: E402

ACCOUNTS, PAUSE_AT = 30, 11
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NAMES = UUID("5a0f6a37-6a2f-4d0e-8a51-2d8f2e0f5e11")


def prepare() -> None:
    """Customers with a wrong fee each, and an approved correction."""
    care.lay_first_matters()
    first, second = (
        staff.add_person(email=f"{name}@example.net", name=name, role=Role.MANAGER, at=AT).as_actor()
        for name in ("ada", "bo")
    )
    for number in range(ACCOUNTS):
        _bill(number)
    rule = actions.CauseRule(code="FEE", first_on=date(2026, 1, 1), currency="USD")
    cause = actions.open_cause(title="A fee in error", rule=rule, by=first, at=AT)
    asked = actions.ask_correction(cause_id=cause.pk, words="We charged a fee in error.", by=first, at=AT)
    actions.approve_correction(correction_id=asked.pk, by=second, at=AT)


def _bill(number: int) -> None:
    customer = record.add_customer(name=f"Customer {number}", by=SYSTEM, at=AT)
    account = record.add_account(customer_id=customer.pk, number=f"A{number}", by=SYSTEM, at=AT)
    on, key = date(2026, 2, 1), uuid5(_NAMES, str(number))
    shared: dict[str, Any] = {"customer_id": customer.pk, "account_id": account.pk, "currency": "USD", "issued_on": on}
    Bill.objects.create(id=key, source="test", number=f"B{number}", total_minor=330, lines=1, received_at=AT, **shared)
    Charge.objects.create(id=key, bill_id=key, line=1, kind="fee", code="FEE", amount_minor=300, tax_minor=30, **shared)


def correct(*, pausing: bool) -> None:
    """Runs it to its end."""
    if pausing:
        _pause()
    actions.run_correction(correction_id=Correction.objects.get().pk, now=lambda: AT)


def _pause() -> None:
    original, calls = watching.begin_watch, 0

    def paused(**more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == PAUSE_AT:
            print("half way", flush=True)  # noqa: T201 - read by the test
            sys.stdin.readline()
        return original(**more)

    setattr(correcting, "begin_watch", paused)  # noqa: B010 - it is that module's own name for it


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    if what == "prepare":
        prepare()
    else:
        correct(pausing=bool(more))
