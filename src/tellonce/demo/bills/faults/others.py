"""Faults that the guide does not name: others' services, and discounts that are taken back."""

import numpy as np

from tellonce.demo.bills.faults.picking import (
    Picker,
    add_copies,
    add_whole,
    is_known,
    is_monthly,
    is_service,
)
from tellonce.demo.bills.frame import FOREVER, NONE
from tellonce.demo.bills.lines import DISCOUNT, whole_days
from tellonce.demo.bills.world import Part


def service_of_others(picker: Picker, part: Part) -> None:
    """A bill charges for a service that another account has, and pays."""
    lines, accounts, rng = part.lines, part.accounts, picker.chance.rng
    givers = np.flatnonzero(is_monthly(lines) & is_service(lines) & is_known(part))
    givers = givers[(accounts.cycle[lines.account[givers]] == 1) & ~picker.used[lines.account[givers]]]
    givers = rng.permutation(givers)[: 4 * len(accounts) // 10]
    able = np.flatnonzero((accounts.cycle == 1) & (accounts.closed == FOREVER))
    if not len(able):
        return
    whose = rng.choice(able, len(givers))
    fits = (whose != lines.account[givers]) & accounts.exists[whose, lines.month[givers]]
    fits &= accounts.opened[whose] < lines.since[givers]
    givers, whose = givers[fits], whose[fits]
    chosen = picker.pick(whose)
    chosen = chosen[~picker.used[lines.account[givers[chosen]]]]
    givers, whose = givers[chosen], whose[chosen]
    picker.used[lines.account[givers]] = True
    add_whole(
        part, "own_service_of_others", whose, lines.month[givers], code=lines.code[givers],
        service=lines.service[givers], device=np.full(len(givers), NONE), price=lines.amount[givers],
    )  # fmt: skip


def discount_taken_back(picker: Picker, part: Part) -> None:
    """A discount that was promised and given is charged again on a later bill."""
    lines, accounts = part.lines, part.accounts
    which = np.flatnonzero((lines.kind == DISCOUNT) & whole_days(lines) & (lines.month < accounts.months - 2))
    month = lines.month[which] + picker.lengths(len(which), 2)
    fits = accounts.exists[lines.account[which], month] & (accounts.closed[lines.account[which]] == FOREVER)
    which, month = which[fits], month[fits]
    chosen = picker.pick(lines.account[which])
    which, month = which[chosen], month[chosen]
    add_copies(part, "own_discount_taken_back", which, month, amount=-lines.amount[which])
