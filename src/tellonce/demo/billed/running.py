"""What runs from month to month on the demo's bills: plans, promotions, rentals, and what newcomers pay once."""

import numpy as np

from tellonce.demo.billed import goods, holding
from tellonce.demo.billed.holding import Held, Holding, has_own_router
from tellonce.demo.billed.paying import is_dunned
from tellonce.demo.bills.frame import FOREVER, NONE, Ints, joined, taken
from tellonce.demo.bills.lines import DISCOUNT, RECURRING, Lines, Segments, laid_out, lines_of
from tellonce.demo.provider import INTERNET, PLANS

_PROMOTION = np.array([plan.price - plan.promotion for plan in PLANS])


def running_lines(held: Holding, *, rose_on: int) -> Lines:
    """Lines of every month; the price of internet rose on that day, and a promotion comes off until its own."""
    services = held.services
    plans = _segments(services, services.good, services.price)
    everybody = np.arange(len(held.accounts))
    told = np.full(len(everybody), rose_on)
    months = np.clip(held.accounts.period_of(everybody, told) + 1, 0, held.accounts.months)
    rose = held.accounts.edges[everybody, months][plans.account]  # from the first bill after the day
    rises = np.isin(plans.code, INTERNET) & (plans.since < rose) & (plans.until > rose)
    was_lower = np.isin(plans.code, INTERNET) & (plans.since < rose)
    before, after = taken(plans, was_lower), taken(plans, rises)
    before.price[:] -= goods.ROSE_BY
    before.ends[:] &= before.until <= rose[was_lower]
    before.until[:] = np.minimum(before.until, rose[was_lower])
    after.since[:] = rose[rises]
    every = [taken(plans, ~was_lower), before, after, _promotions(services), _rents(held)]
    lines = laid_out(held.accounts, joined(every))
    return joined([lines, _once(held)])


def _segments(held: Held, good: Ints, price: Ints, kind: int = RECURRING) -> Segments:
    many = len(held.who)
    is_device = any(held.serial)
    nothing = np.full(many, NONE)
    places = np.arange(many)
    return Segments(
        account=held.who,
        kind=np.full(many, kind),
        code=good,
        service=nothing if is_device else places,
        device=places if is_device else nothing,
        price=price.copy(),
        since=held.since,
        until=held.until.copy(),
        ends=held.until < FOREVER,
        known=np.ones(many, dtype=bool),
        term=nothing,
    )


def _promotions(services: Held) -> Segments:
    good = np.full(len(services.who), goods.PROMOTION)
    whole = _segments(services, good, -_PROMOTION[services.good], DISCOUNT)
    whole.ends[:] = False
    whole.until[:] = np.minimum(whole.until, services.promoted)
    return taken(whole, (services.promoted > services.since) & (whole.price < 0))


def _rents(held: Holding) -> Segments:
    """A modem for whoever has no router of their own, and each box."""
    devices = held.devices
    own = has_own_router(held)
    is_box = devices.good == holding.BOX
    is_modem = np.isin(devices.good, (holding.MODEM, holding.TERMINAL)) & ~own[devices.who]
    good = np.where(is_box, goods.BOX_RENT, goods.MODEM_RENT)
    price = np.where(is_box, goods.GOODS[goods.BOX_RENT].price, goods.GOODS[goods.MODEM_RENT].price)
    return taken(_segments(devices, good, price), is_box | is_modem)


def _once(held: Holding) -> Lines:
    """Activation of the first service, and a late fee on the bill after one that had to be dunned for."""
    accounts = held.accounts
    first = accounts.exists.argmax(axis=1)
    who = np.flatnonzero(accounts.exists.any(axis=1) & (accounts.opened >= accounts.edges[:, 0]))
    every = np.broadcast_to(np.arange(len(accounts))[:, None], accounts.exists.shape)
    late = np.zeros_like(accounts.exists)
    late[:, 1:] = (accounts.exists & is_dunned(every, accounts.calendar.firsts[None, :-1]))[:, :-1]
    late_who, late_month = np.nonzero(accounts.exists & late)
    parts = ((who, first[who], goods.ACTIVATION), (late_who, late_month, goods.LATE_FEE))
    return joined([once_lines(held, each, month, good=np.full(len(each), good)) for each, month, good in parts])


def once_lines(held: Holding, who: Ints, month: Ints, *, good: Ints, **columns: Ints | int) -> Lines:
    """Lines of one day, at their usual price unless another is given."""
    price = np.array([each.price for each in goods.GOODS])[good]
    more: dict[str, Ints | int] = {"amount": price, **columns}
    return lines_of(
        held.accounts, who, month, kind=goods.KIND_OF[good], code=good, until=NONE,
        since=held.accounts.issued[who, month], **more,
    )  # fmt: skip
