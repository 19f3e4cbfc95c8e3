"""Errors that many accounts have at once: a package that nobody ordered, a price that was set too high, a wrong fee."""

from typing import Final

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.holding import Holding
from tellonce.demo.billed.running import once_lines
from tellonce.demo.billed.wrong import taxed
from tellonce.demo.bills.frame import Ints, joined
from tellonce.demo.bills.lines import RECURRING, Lines, lines_of, whole_days

PACKAGE_TOWN, BOX_TOWN, FEE_TOWN = "Merrow Falls", "Port Ansel", "Las Alamedas"
BOX_PRICE: Final = 950
PACKAGE_MARK: Final = 10_000_000  # plus the customer's place; what was given back below zero
TWICE_MARK, BOX_MARK, FEE_MARK = 20_000_000, 30_000_000, 40_000_000  # plus the customer's place
FIRST_BACK, BILLS, CREDITED_BACK = 9, 3, 5  # so many bills before the newest
BOX_BILLS: Final = 2
_TWICE_ONE_IN: Final = 500


def spread_errors(held: Holding, lines: Lines, town: Ints, towns: tuple[str, ...]) -> Lines:
    """All lines, with the errors; `town` is each customer's, a place in `towns`."""
    dearer = np.isin(lines.account, np.flatnonzero(town == towns.index(BOX_TOWN)))
    dearer &= (lines.code == goods.BOX_RENT) & whole_days(lines) & (lines.amount > 0)
    dearer &= lines.month >= held.accounts.months - BOX_BILLS
    lines.amount[dearer] = BOX_PRICE
    lines.fault[dearer] = BOX_MARK + lines.account[dearer]
    package = _package(held, lines, np.flatnonzero(town == towns.index(PACKAGE_TOWN)))
    fee = _fee(held, np.flatnonzero(town == towns.index(FEE_TOWN)))
    return joined([lines, package, fee, _twice(held, lines)])


def _package(held: Holding, lines: Lines, there: Ints) -> Lines:
    """Everybody with a box got a package on three bills; all of it was given back later."""
    months = held.accounts.months
    with_box = (lines.code == goods.BOX_RENT) & (lines.amount > 0) & np.isin(lines.account, there)
    first = months - FIRST_BACK
    on_them = np.flatnonzero(with_box & (lines.month >= first) & (lines.month < first + BILLS))
    keys = np.unique(lines.account[on_them] * months + lines.month[on_them])
    who, month = keys // months, keys % months
    price = goods.GOODS[goods.CARE_PLUS].price
    charged = lines_of(
        held.accounts, who, month, kind=RECURRING, code=goods.CARE_PLUS, amount=price, fault=PACKAGE_MARK + who,
    )  # fmt: skip
    one, bills = np.unique(who, return_counts=True)
    there_again = held.accounts.exists[one, months - CREDITED_BACK]
    one, bills = one[there_again], bills[there_again]
    tax = taxed(np.full(len(one), goods.CARE_PLUS), np.full(len(one), price))
    given = once_lines(
        held, one, np.full(len(one), months - CREDITED_BACK), good=np.full(len(one), goods.GIVEN_BACK),
        amount=-bills * price, tax=-bills * tax, fault=-(PACKAGE_MARK + one),
    )  # fmt: skip
    return joined([charged, given])


def _fee(held: Holding, there: Ints) -> Lines:
    """A late fee on each newest bill of the town, though nobody was late."""
    month = np.full(len(there), held.accounts.months - 1)
    has = held.accounts.exists[there, month]
    return once_lines(
        held, there[has], month[has], good=np.full(int(has.sum()), goods.LATE_FEE), fault=FEE_MARK + there[has]
    )


def _twice(held: Holding, lines: Lines) -> Lines:
    """A plan stands twice on the newest bill of a few, who have not noticed."""
    newest = (lines.month == held.accounts.months - 1) & (lines.kind == RECURRING) & (lines.service >= 0)
    rows = np.flatnonzero(newest & whole_days(lines) & (lines.amount > 0) & (lines.account % _TWICE_ONE_IN == 7))
    rows = rows[np.unique(lines.account[rows], return_index=True)[1]]
    return lines_of(
        held.accounts, lines.account[rows], lines.month[rows], kind=RECURRING, code=lines.code[rows],
        service=lines.service[rows], amount=lines.amount[rows], fault=TWICE_MARK + lines.account[rows],
    )  # fmt: skip
