"""Devices: rented ones and customers' own, swapped, returned, broken and never used, and what became known of them."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tellonce.demo.bills import book as goods
from tellonce.demo.bills.accounts import Accounts
from tellonce.demo.bills.book import Book
from tellonce.demo.bills.frame import FOREVER, NONE, Chance, Flags, Ints, joined, taken
from tellonce.demo.bills.services import PAUSED, Services

FIRST_DEVICE: Final = 60_000_000
ROOM: Final = 24
PLAIN, RETURNED, SWAPPED, BROKEN, NEVER, LATE = range(6)
EVENTS: Final = ("activated", "seen", "returned", "broken", "mended", "never_activated")
_ACTIVATED, _SEEN, _RETURNED, _BROKEN, _MENDED, _NEVER = range(6)
MODEM, BOX = goods.FIRST_RENT, goods.FIRST_RENT + 1


@dataclass(frozen=True, slots=True)
class Devices:
    """Devices by place; `broken` until `mended` nothing is charged. `code` and `rent` are NONE where there is none."""

    account: Ints
    service: Ints
    code: Ints
    rent: Ints
    ours: Flags
    since: Ints
    until: Ints
    story: Ints
    broken: Ints
    mended: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Events:
    """What became known of devices, by place."""

    device: Ints
    kind: Ints
    on: Ints


def device_ids(accounts: Accounts, devices: Devices) -> Ints:
    """What the devices are called, by place."""
    order = np.argsort(devices.account, kind="stable")
    owners = devices.account[order]
    first = np.searchsorted(owners, owners)
    ids = np.empty(len(devices), dtype=np.int64)
    ids[order] = FIRST_DEVICE + (accounts.first + owners) * ROOM + np.arange(len(owners)) - first
    return ids


def draw_devices(chance: Chance, accounts: Accounts, services: Services, book: Book) -> Devices:
    """Devices of all accounts; those of a service end with it."""
    group, steady = goods.GROUP[services.product], services.story != PAUSED
    nets = np.flatnonzero((group == goods.NET) & steady)
    draw = chance.rng.random(len(nets))
    parts = [_made(services, nets[draw < 0.55], MODEM, book)]
    own = _made(services, nets[draw > 0.8], MODEM, book)
    nothing = np.full(len(own), NONE)
    parts.append(replace(own, code=nothing, rent=nothing, ours=np.zeros(len(own), dtype=bool)))
    tvs = np.flatnonzero((group == goods.TV) & steady & chance.some(len(services), 0.6))
    parts += [_made(services, tvs[chance.some(len(tvs), share)], BOX, book) for share in (1.0, 0.35, 0.1)]
    devices = joined(parts)
    devices = _returned(chance, accounts, devices)
    devices = _broken(chance, accounts, devices)
    return joined([_swapped(chance, accounts, devices), _unused(chance, accounts, book)])


def _made(services: Services, places: Ints, code: int, book: Book) -> Devices:
    many = len(places)
    return Devices(
        account=services.account[places],
        service=places,
        code=np.full(many, code),
        rent=np.full(many, book.rent[code - goods.FIRST_RENT]),
        ours=np.ones(many, dtype=bool),
        since=services.since[places],
        until=services.until[places],
        story=np.zeros(many, dtype=np.int64),
        broken=np.full(many, FOREVER),
        mended=np.full(many, FOREVER),
    )


def _within(chance: Chance, accounts: Accounts, devices: Devices, share: float) -> tuple[Ints, Ints]:
    """Devices of no story yet that something happens to, and the day: within the time of the bills."""
    able = devices.ours & (devices.story == PLAIN) & (devices.until == FOREVER)
    which = np.flatnonzero(able & chance.odd(len(devices), share))
    account = devices.account[which]
    low = np.maximum(devices.since[which] + 30, accounts.edges[account, 1])
    fits = low < accounts.edges[account, -1] - 40
    which, account, low = which[fits], account[fits], low[fits]
    return which, accounts.clear(account, chance.whole(low, accounts.edges[account, -1] - 35, len(which)))


def _returned(chance: Chance, accounts: Accounts, devices: Devices) -> Devices:
    which, on = _within(chance, accounts, devices, 0.06)
    snap = np.maximum(accounts.snapped(devices.account[which], on), devices.since[which] + 1)
    on = np.where(chance.some(len(which), 0.5), snap, on)
    until, story = devices.until.copy(), devices.story.copy()
    until[which], story[which] = on, RETURNED
    return replace(devices, until=until, story=story)


def _broken(chance: Chance, accounts: Accounts, devices: Devices) -> Devices:
    """Broken for weeks or months; some are mended on the same day."""
    which, on = _within(chance, accounts, devices, 0.05)
    broken, mended, story = devices.broken.copy(), devices.mended.copy(), devices.story.copy()
    broken[which], story[which] = on, BROKEN
    long = np.where(chance.some(len(which), 0.25), 0, chance.whole(20, 160, len(which)))
    ends = on + long
    last = accounts.edges[devices.account[which], -1]
    mended[which] = np.where((ends > last) & (long > 0), FOREVER, ends)
    return replace(devices, broken=broken, mended=mended, story=story)


def _swapped(chance: Chance, accounts: Accounts, devices: Devices) -> Devices:
    """One goes, another comes the same day."""
    which, on = _within(chance, accounts, devices, 0.03)
    until, story = devices.until.copy(), devices.story.copy()
    until[which], story[which] = on, SWAPPED
    new = replace(taken(devices, which), since=on)
    new.story[:] = SWAPPED
    return joined([replace(devices, until=until, story=story), new])


def _unused(chance: Chance, accounts: Accounts, book: Book) -> Devices:
    """Second modems that were sent and never used, without rent; a few were put to use later, with rent from then."""
    stays = accounts.closed == FOREVER
    who = np.flatnonzero(stays & chance.odd(len(accounts), 0.02))
    low = np.maximum(accounts.opened[who] + 10, accounts.edges[who, 0])
    on = chance.whole(low, accounts.edges[who, -1] - 70, len(who))
    late = chance.some(len(who), 0.2)
    nothing = np.full(len(who), FOREVER)
    return Devices(
        account=who,
        service=np.full(len(who), NONE),
        code=np.full(len(who), MODEM),
        rent=np.full(len(who), book.rent[0]),
        ours=np.ones(len(who), dtype=bool),
        since=on,
        until=nothing,
        story=np.where(late, LATE, NEVER),
        broken=nothing,
        mended=nothing,
    )


def draw_events(chance: Chance, accounts: Accounts, devices: Devices) -> Events:
    """What is known: of many nothing, and nothing of it is said of customers' own."""
    story, many = devices.story, len(devices)
    usual = devices.ours & ~np.isin(story, (NEVER, LATE))
    gone = usual & (devices.until < FOREVER)
    known_gone = gone & ((story == RETURNED) | chance.some(many, 0.6))
    later = np.where((story == RETURNED) | chance.some(many, 0.7), 0, chance.whole(1, 12, many))
    broken = story == BROKEN
    last = np.minimum(devices.until, accounts.edges[devices.account, -1]) - 1
    seen = usual & (story == PLAIN) & (last > devices.since) & chance.some(many, 0.4)
    rows = (
        (usual & chance.some(many, 0.8), _ACTIVATED, devices.since),
        (story == LATE, _ACTIVATED, devices.since),
        (story == LATE, _NEVER, devices.since - 7),
        (story == NEVER, _NEVER, devices.since),
        (known_gone, _RETURNED, devices.until + later),
        (broken, _BROKEN, devices.broken),
        (broken & (devices.mended < FOREVER), _MENDED, devices.mended),
        (seen, _SEEN, chance.whole(devices.since, last, many)),
    )
    parts = [(np.flatnonzero(which), kind, on) for which, kind, on in rows]
    return Events(
        np.concatenate([which for which, _, _ in parts]),
        np.concatenate([np.full(len(which), kind) for which, kind, _ in parts]),
        np.concatenate([on[which] for which, _, on in parts]),
    )
