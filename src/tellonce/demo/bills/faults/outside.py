"""Charges outside of their time: after an end, before a start, in a pause, for what is back, broken or unused."""

import numpy as np

from tellonce.demo.bills import devices as things
from tellonce.demo.bills import services as had
from tellonce.demo.bills.faults.picking import (
    Picker,
    add_copies,
    add_whole,
    is_monthly,
    next_whole,
    price_at,
    spread,
)
from tellonce.demo.bills.frame import FOREVER, NONE, Ints, half_away
from tellonce.demo.bills.world import Part


def after_end(picker: Picker, part: Part) -> None:
    """A service that has ended is charged on, or a whole account is."""
    segments, accounts = part.segments, part.accounts
    ended = segments.ends & (segments.term >= 0) & (part.services.story[segments.service] != had.CAME_OFF)
    alone = np.flatnonzero(ended & (segments.until < accounts.closed[segments.account]))
    alone = alone[next_whole(part, segments.account[alone], segments.until[alone]) < accounts.months]
    _charge_on(picker, part, alone[picker.pick(segments.account[alone], 0.7)])
    closed = np.flatnonzero((accounts.closed < FOREVER) & (accounts.period_of(*_closing(part)) < accounts.months - 2))
    closed = closed[picker.pick(closed, 0.3)]
    first = next_whole(part, closed, accounts.closed[closed])
    accounts.exists[closed, np.minimum(first, accounts.months - 1)] = True
    with_them = np.isin(segments.account, closed) & ended & (segments.until == accounts.closed[segments.account])
    _charge_on(picker, part, np.flatnonzero(with_them), longest=1)


def _closing(part: Part) -> tuple[Ints, Ints]:
    closed = part.accounts.closed
    return np.arange(len(closed)), np.where(closed < FOREVER, closed, part.accounts.edges[:, -1])


def _charge_on(picker: Picker, part: Part, which: Ints, longest: int = 3) -> None:
    segments = part.segments
    first = next_whole(part, segments.account[which], segments.until[which])
    place, month = spread(first, picker.lengths(len(which), longest), part.accounts.months)
    which = which[place]
    add_whole(
        part, "after_end", segments.account[which], month, code=segments.code[which],
        service=segments.service[which], device=segments.device[which], price=segments.price[which],
    )  # fmt: skip


def before_start(picker: Picker, part: Part) -> None:
    """One or two periods before a service began."""
    segments, accounts = part.segments, part.accounts
    begins = (segments.term >= 0) & (segments.since == part.services.since[segments.service])
    which = np.flatnonzero(begins & (segments.since > accounts.edges[segments.account, 1]))
    period = accounts.period_of(segments.account[which], segments.since[which])
    fits = (period < accounts.months) & (accounts.opened[segments.account[which]] < segments.since[which] - 70)
    which, period = which[fits], period[fits]
    chosen = picker.pick(segments.account[which])
    which, period = which[chosen], period[chosen]
    length = np.minimum(picker.lengths(len(which), 2), period)
    place, month = spread(period - length, length, accounts.months)
    which = which[place]
    add_whole(
        part, "before_start", segments.account[which], month, code=segments.code[which],
        service=segments.service[which], device=segments.device[which], price=segments.price[which],
    )  # fmt: skip


def in_a_pause(picker: Picker, part: Part) -> None:
    """Whole periods within a seasonal stop."""
    pauses, accounts = part.pauses, part.accounts
    account = part.services.account[pauses.service]
    first = next_whole(part, account, pauses.since)
    stop = np.where(pauses.until < FOREVER, accounts.period_of(account, pauses.until), accounts.months)
    which = np.flatnonzero(first < np.minimum(stop, accounts.months))
    which = which[picker.pick(account[which])]
    place, month = spread(
        first[which], picker.lengths(len(which), 3), np.minimum(stop[which], accounts.months)
    )  # fmt: skip
    which = which[place]
    service = pauses.service[which]
    price, code = price_at(part, service, accounts.edges[account[which], month])
    add_whole(
        part, "in_a_pause", account[which], month, code=code, service=service,
        device=np.full(len(which), NONE), price=price,
    )  # fmt: skip


def _rent(picker: Picker, part: Part, kind: str, which: Ints, *, first: Ints, stop: Ints) -> None:
    """Rent of some of these devices for some of the whole periods from `first` until `stop`."""
    devices = part.devices
    fits = first < stop
    which, first, stop = which[fits], first[fits], stop[fits]
    chosen = picker.pick(devices.account[which])
    which, first, stop = which[chosen], first[chosen], stop[chosen]
    place, month = spread(first, picker.lengths(len(which), 4), stop)
    which = which[place]
    code = np.where(devices.code[which] >= 0, devices.code[which], things.MODEM)
    price = np.where(devices.rent[which] >= 0, devices.rent[which], part.book.rent[0])
    add_whole(
        part, kind, devices.account[which], month, code=code, service=devices.service[which], device=which, price=price
    )


def returned_device(picker: Picker, part: Part) -> None:
    """Rent goes on after the device came back."""
    devices, months = part.devices, part.accounts.months
    which = np.flatnonzero(devices.story == things.RETURNED)
    first = next_whole(part, devices.account[which], devices.until[which])
    _rent(picker, part, "returned_device", which, first=first, stop=np.full(len(which), months))


def never_activated(picker: Picker, part: Part) -> None:
    """Rent for what was never used."""
    devices, months = part.devices, part.accounts.months
    which = np.flatnonzero(devices.story == things.NEVER)
    first = next_whole(part, devices.account[which], devices.since[which])
    _rent(picker, part, "never_activated", which, first=first, stop=np.full(len(which), months))


def broken_device(picker: Picker, part: Part) -> None:
    """Rent for whole periods in which the device was broken."""
    devices, accounts = part.devices, part.accounts
    which = np.flatnonzero((devices.story == things.BROKEN) & (devices.broken < devices.mended))
    account = devices.account[which]
    first = next_whole(part, account, devices.broken[which])
    mended = devices.mended[which]
    stop = np.where(mended < FOREVER, accounts.period_of(account, mended), accounts.months)
    _rent(picker, part, "broken_device", which, first=first, stop=stop)


def rent_of_own_device(picker: Picker, part: Part) -> None:
    """Rent for a device that is the customer's own."""
    devices, accounts = part.devices, part.accounts
    which = np.flatnonzero(~devices.ours & (devices.until == FOREVER))
    first = np.maximum(next_whole(part, devices.account[which], devices.since[which]), 0)
    first = np.minimum(first + picker.chance.whole(0, accounts.months, len(which)), accounts.months - 1)
    _rent(picker, part, "own_rent_of_own_device", which, first=first, stop=np.full(len(which), accounts.months))


def charged_twice(picker: Picker, part: Part) -> None:
    """The same line once more on the same bill."""
    which = np.flatnonzero(is_monthly(part.lines))
    which = which[picker.pick(part.lines.account[which])]
    add_copies(part, "charged_twice", which, part.lines.month[which])


def billed_again(picker: Picker, part: Part) -> None:
    """A period that was billed comes again on a later bill, whole or its last days."""
    lines, accounts = part.lines, part.accounts
    which = np.flatnonzero(is_monthly(lines) & (lines.month < accounts.months - 2))
    month = lines.month[which] + picker.lengths(len(which), 2)
    fits = accounts.exists[lines.account[which], month]
    which, month = which[fits], month[fits]
    chosen = picker.pick(lines.account[which])
    which, month = which[chosen], month[chosen]
    days = picker.chance.whole(5, 25, len(which))
    days = np.where(picker.chance.some(len(which), 0.6), lines.days[which], days)
    amount = half_away(lines.whole[which] * days, lines.days[which])
    add_copies(part, "billed_again", which, month, since=lines.until[which] - days, amount=amount)
