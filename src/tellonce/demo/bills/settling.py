"""From lines to bills: their order, their taxes, their totals, what was paid, and what is carried over."""

from dataclasses import dataclass, replace

import numpy as np

from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.book import ELSEWHERE_PPM, Book
from tellonce.demo.bills.frame import FOREVER, Chance, Flags, Ints, half_away, joined, taken
from tellonce.demo.bills.lines import BY_RULE, Lines
from tellonce.demo.bills.world import Lacks, Part

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments, by account; below zero where money went back."""

    account: Ints
    on: Ints
    amount: Ints


@dataclass(frozen=True, slots=True)
class Settled:
    """Bills by account and month, their lines in order with their numbers and taxes, and the payments."""

    total: Ints
    carried: Ints
    lines: Lines
    number: Ints
    tax: Ints
    payments: Payments


def rule_tax(accounts: Accounts, book: Book, lines: Lines) -> Ints:
    """The tax that the rules give each line."""
    area = accounts.area[lines.account]
    rate = np.where(area >= 0, book.tax[np.maximum(area, 0), lines.code], ELSEWHERE_PPM)
    rate = np.where(accounts.exempt[lines.account], 0, rate)
    return half_away(lines.amount * rate, MILLION)


def settle(chance: Chance, part: Part, wrong_total: int) -> Settled:
    """The bills as they go out; `wrong_total` is the kind of the lacks that change a total."""
    accounts = part.accounts
    lines = joined([taken(part.lines, ~part.gone), *part.more])
    order = np.lexsort((lines.since, lines.device, lines.code, lines.service, lines.month, lines.account))
    lines = taken(lines, order)
    tax = np.where(lines.tax == BY_RULE, rule_tax(accounts, part.book, lines), lines.tax)
    lines = replace(lines, tax=tax)
    bill = lines.account * accounts.months + lines.month
    number = np.arange(len(lines)) - np.searchsorted(bill, bill) + 1
    total = np.zeros((len(accounts), accounts.months), dtype=np.int64)
    np.add.at(total.reshape(-1), bill, lines.amount + tax)
    for lack in part.lacks:
        off = taken(lack, lack.kind == wrong_total)
        total[off.account, off.month] += off.gain
    carried, payments = _paid(chance, accounts, total)
    return Settled(total, carried, lines, number, tax, payments)


def _paid(chance: Chance, accounts: Accounts, total: Ints) -> tuple[Ints, Payments]:
    """Most pay what is asked, some a month later, some a part; who has left gets back what is theirs."""
    many = len(accounts)
    carried, open_ = np.zeros_like(total), np.zeros(many, dtype=np.int64)
    parts: list[Payments] = []
    for month in range(accounts.months):
        there = accounts.exists[:, month]
        carried[:, month] = np.where(there, open_, 0)
        open_ += np.where(there, total[:, month], 0)
        waits = chance.odd(many, 0.03)
        share = np.where(chance.odd(many, 0.01), 2, 1)
        over = (accounts.closed < FOREVER) & (accounts.closed <= accounts.edges[:, month])
        pays = there & ((open_ > 0) & ~waits | (open_ < 0) & over)
        amount = np.where(pays, half_away(open_, share), 0)
        parts.append(_payments(chance, accounts, pays, amount, month))
        open_ = open_ - amount
    return carried, joined(parts)


def _payments(chance: Chance, accounts: Accounts, pays: Flags, amount: Ints, month: int) -> Payments:
    who = np.flatnonzero(pays & (amount != 0))
    after = accounts.issued[who, month + 1] if month + 1 < accounts.months else accounts.issued[who, month] + 28
    on = np.minimum(accounts.issued[who, month] + chance.whole(2, 21, len(who)), after - 1)
    return Payments(who, on, amount[who])


def lacks_of(part: Part) -> Lacks:
    """All of them, in the order of accounts and months."""
    nothing = np.zeros(0, dtype=np.int64)
    lacks = joined([Lacks(nothing, nothing, nothing, nothing), *part.lacks])
    return taken(lacks, np.lexsort((lacks.month, lacks.account)))
