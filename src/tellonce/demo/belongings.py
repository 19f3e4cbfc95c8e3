"""The services and devices of a made-up customer."""

from datetime import date
from typing import Final

from tellonce.demo.making import Maker
from tellonce.demo.provider import BOXES, MODEMS, OWN_CONSOLES, OWN_ROUTERS, OWN_TVS, PLANS, TERMINALS
from tellonce.modules.record.contracts import NewDevice, NewService

_FIBRE: Final = {"Fibre 500", "Fibre Gigabit"}


def services_of(make: Maker, n: int) -> tuple[NewService, ...]:
    rows: list[NewService] = []
    left, changed = make.ended(make.left[n]), make.changed[n]
    pending = make.activated[n] > make.now
    for place, plan in enumerate(p for p in make.plans[n] if p >= 0):
        promotion = make.promotion[n] if place == 0 and make.promotion[n] < 10**6 else None
        if place == 0 and changed <= make.now:
            new = other_plan(plan, make.draws[n][21])
            rows.append(_service(make, plan, make.activated[n], make.day(changed), promotion=None))
            rows.append(_service(make, new, changed, left, promotion=promotion))
            continue
        rows.append(_service(make, plan, make.activated[n], left, promotion=promotion, pending=pending))
    return tuple(rows)


def _service(
    make: Maker, plan: int, since: int, until: date | None, *, promotion: int | None, pending: bool = False
) -> NewService:
    known = PLANS[plan]
    runs = promotion is not None and promotion > make.now
    return NewService(
        plan=known.name,
        kind=known.kind,
        price_minor=known.promotion if runs else known.price,
        promotion_ends_on=make.day(promotion) if promotion is not None else None,
        price_after_minor=known.price if promotion is not None else None,
        status="ended" if until else "ordered" if pending else "active",
        since=make.day(since),
        until=until,
    )


def other_plan(plan: int, draw: int) -> int:
    """What a plan was changed to: mostly the next better one."""
    same = [i for i, p in enumerate(PLANS) if p.kind == PLANS[plan].kind and i != plan]
    better = [i for i in same if PLANS[i].rank > PLANS[plan].rank]
    choices = better if better and draw % 10 < 7 else same or [plan]
    return choices[draw % len(choices)]


def devices_of(make: Maker, n: int, services: tuple[NewService, ...], swap: int | None) -> tuple[NewDevice, ...]:
    """What stands at the customer's: ours by their services, and some of their own."""
    current = [s for s in services if s.status != "ended"] or list(services)
    kinds = {s.kind for s in current}
    rows: list[NewDevice] = []
    if "internet" in kinds:
        rows += _internet(make, n, swap, fibre=any(s.plan in _FIBRE for s in current))
    if "tv" in kinds:
        rows += _television(make, n)
    draws, since, left = make.draws[n], make.day(make.activated[n]), make.ended(make.left[n])
    if draws[21] % 12 == 0:
        rows.append(_device("console", OWN_CONSOLES[draws[18] % 2], n * 8 + 5, since=since, until=left, is_ours=False))
    return tuple(rows)


def _internet(make: Maker, n: int, swap: int | None, *, fibre: bool) -> list[NewDevice]:
    draws, left = make.draws[n], make.ended(make.left[n])
    models, kind = (TERMINALS, "ont") if fibre else (MODEMS, "modem")
    since = max(make.modem[n], make.activated[n])
    place = draws[22]
    rows: list[NewDevice] = []
    if swap is not None and since < swap <= make.now:
        old = models[place % len(models)]
        rows.append(_device(kind, old, n * 8, since=make.day(since), until=make.day(swap)))
        place, since = place + 1, swap
    rows.append(_device(kind, models[place % len(models)], n * 8 + 1, since=make.day(since), until=left))
    if make.c.own_router[n]:
        own = OWN_ROUTERS[draws[23] % len(OWN_ROUTERS)]
        bought = make.day(max(make.activated[n], -900))
        rows.append(_device("router", own, n * 8 + 2, since=bought, until=left, is_ours=False))
    return rows


def _television(make: Maker, n: int) -> list[NewDevice]:
    draws, since, left = make.draws[n], make.day(make.activated[n]), make.ended(make.left[n])
    rows = [_device("box", BOXES[draws[20] % len(BOXES)], n * 8 + 3, since=since, until=left)]
    if draws[19] % 3 == 0:
        own = OWN_TVS[draws[18] % len(OWN_TVS)]
        rows.append(_device("tv", own, n * 8 + 4, since=since, until=left, is_ours=False))
    return rows


def _device(
    kind: str, made: tuple[str, str], number: int, *, since: date, until: date | None, is_ours: bool = True
) -> NewDevice:
    maker, model = made
    code = number * 2_654_435_761 % (1 << 32)
    return NewDevice(
        kind=kind,
        maker=maker,
        model=model,
        serial=f"{maker[:2].upper()}{code:010d}" if is_ours else "",
        mac=f"02:00:{code >> 24 & 255:02x}:{code >> 16 & 255:02x}:{code >> 8 & 255:02x}:{code & 255:02x}",
        is_ours=is_ours,
        since=since,
        until=until,
    )
