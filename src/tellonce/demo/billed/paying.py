"""How the demo's bills are paid: mostly in time, some late, a few when dunned for; what is disputed waits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tellonce.demo.billed.copying import blocks, days, text, word
from tellonce.demo.bills.frame import Flags, Ints, joined, taken
from tellonce.demo.households import SOURCE
from tellonce.modules.billing.actions.copying import PAYMENT_COLUMNS, copy_payments
from tellonce.modules.billing.contracts.identity import MARK

DUE_DAYS: Final = 21
_SHARES: Final = 1000
_DUNNED, _LATE = 8, 90  # of a thousand bills, the latter with the former
_METHODS: Final = ("direct debit", "card", "bank transfer")
_SALT: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Payable:
    """Bills by customer's place and the first day of their month; `number` is a place in the names of all of them."""

    who: Ints
    month_day: Ints
    issued: Ints
    total: Ints
    number: Ints


@dataclass(frozen=True, slots=True)
class Disputed:
    """What of a bill (its place among the payable ones) is disputed, from a day until another (FOREVER while open)."""

    bill: Ints
    asked: Ints
    raised: Ints
    settled: Ints


@dataclass(frozen=True, slots=True)
class Paid:
    """Payments: for which bill, when, how much; `part` is 1 for the rest of a bill that was disputed."""

    bill: Ints
    on: Ints
    amount: Ints
    part: Ints


def is_dunned(who: Ints, month_day: Ints) -> Flags:
    """Whose bills of that month are paid only after they were dunned: the next bill has a late fee."""
    return _chance(who, month_day) % _SHARES < _DUNNED


def paid(bills: Payable, disputed: Disputed) -> Paid:
    """Every payment, those of days to come too; nobody pays what gives back."""
    on = _paid_on(bills)
    held = np.zeros(len(bills.who), dtype=np.int64)
    waits = disputed.raised <= on[disputed.bill]  # who had paid already has nothing to hold back
    np.add.at(held, disputed.bill[waits], disputed.asked[waits])
    held = np.minimum(held, np.maximum(bills.total, 0))
    released = np.zeros(len(bills.who), dtype=np.int64)
    np.maximum.at(released, disputed.bill[waits], disputed.settled[waits])
    every = np.arange(len(bills.who))
    whole = Paid(bill=every, on=on, amount=bills.total - held, part=np.zeros(len(every), dtype=np.int64))
    later = released + 4 + _chance(bills.who, bills.month_day) % 9
    rest = Paid(bill=every, on=np.maximum(later, on + 1), amount=held, part=np.ones(len(every), dtype=np.int64))
    found: Paid = joined([whole, rest])
    return taken(found, found.amount > 0)


def keep_payments(
    bills: Payable, made: Paid, *, names: Sequence[str], ids: Ints, first_customer: int, after: int, until: int
) -> int:
    """Writes the payments after one day and until another, by COPY; `ids` are the accounts'. Returns how many."""
    made = taken(made, (made.on > after) & (made.on <= until))
    who = bills.who[made.bill]
    numbers = [
        f"P-{names[place]}{'-2' if part else ''}"
        for place, part in zip(bills.number[made.bill].tolist(), made.part.tolist(), strict=True)
    ]
    columns: dict[str, Any] = {
        "customer_id": pa.array(first_customer + who),
        "id": pa.array([_payment_uuid(number) for number in numbers], pa.string()),
        "account_id": pa.array(ids[who]),
        "source": text(SOURCE, len(who)),
        "number": pa.array(numbers, pa.string()),
        "on": days(made.on),
        "method": word(_METHODS, _method(who)),
        "amount_minor": pa.array(made.amount),
        "currency": text("USD", len(who)),
        "import_id": text("\\N", len(who)),
    }
    copy_payments(_in_order(columns))
    return len(who)


def _in_order(columns: dict[str, Any]) -> Iterator[memoryview]:
    return blocks(pa.table({name: columns[name] for name in PAYMENT_COLUMNS}))


def _paid_on(bills: Payable) -> Ints:
    """By direct debit on the due day, else before it; late within three weeks; after dunning past the next bill."""
    chance = _chance(bills.who, bills.month_day)
    share, more = chance % _SHARES, chance // _SHARES
    in_time = np.where(_method(bills.who) == 0, DUE_DAYS, 2 + more % (DUE_DAYS - 1))
    late = DUE_DAYS + 1 + more % 16
    dunned = DUE_DAYS + 20 + more % 12
    return bills.issued + np.where(share < _DUNNED, dunned, np.where(share < _LATE, late, in_time))


def _method(who: Ints) -> Ints:
    """How a customer pays, always in the same way."""
    return np.searchsorted((60, 88), _chance(who, np.zeros_like(who)) % 100, side="right").astype(np.int64)


def _chance(who: Ints, month_day: Ints) -> Ints:
    """The same number for the same bill whenever it is asked for: the demo is made once, and goes on another day.

    The mixing steps are those of SplitMix64 (Steele, Lea and Flood, 2014).
    """
    with np.errstate(over="ignore"):
        mixed = who.astype(np.uint64) * _SALT + month_day.astype(np.uint64) + np.uint64(1)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Ints = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(12)).astype(np.int64)
    return found


def _payment_uuid(number: str) -> str:
    return md5(f"{SOURCE}{MARK}payment{MARK}{number}".encode(), usedforsecurity=False).hexdigest()
