"""What came of the demo's bills: disputes with their cases, errors of many with their causes, and findings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from tellonce.demo.billed import causing, goods
from tellonce.demo.billed.disputing import Complaint, Disputing
from tellonce.demo.billed.holding import MODEM, TERMINAL, day_of
from tellonce.demo.billed.keeping import Kept
from tellonce.demo.billed.ledger import CURRENCY
from tellonce.demo.billed.loading import Billed
from tellonce.demo.billed.spread import BOX_MARK, TWICE_MARK
from tellonce.demo.billed.wrong import NOT_UPHELD, OPEN, PARTLY, UPHELD, WITHDRAWN, Wrong
from tellonce.demo.bills.frame import FOREVER
from tellonce.demo.history import History
from tellonce.demo.households import SOURCE
from tellonce.demo.people import Employed, town_code
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import (
    BillTold,
    DeviceEventKind,
    DisputeState,
    FindingKind,
    NewDeviceEvent,
    NewFinding,
    NewPrice,
    PriceUnit,
)
from tellonce.modules.care.queries.by_source import cases_by_source
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import SYSTEM, Actor, Role

_STATES: Final = {
    UPHELD: DisputeState.UPHELD,
    PARTLY: DisputeState.PARTLY,
    NOT_UPHELD: DisputeState.NOT_UPHELD,
    WITHDRAWN: DisputeState.WITHDRAWN,
    OPEN: DisputeState.OPEN,
}
_REASONS: Final = {
    DisputeState.UPHELD: ("The charge was our mistake.", "The equipment came back; the charge should have ended.",
                          "The order behind it was never given."),
    DisputeState.PARTLY: ("Half of the time was charged rightly.", "The first month was used."),
    DisputeState.NOT_UPHELD: ("The charge is what was agreed on.", "The papers show that it was ordered."),
    DisputeState.WITHDRAWN: ("Found the order after all.", "Settled in the family."),
}  # fmt: skip
_TEAM: Final = "Billing care"
_TOLD_BILLS: Final = 2
_ASKED: Final = 6
_GOODWILL: Final = (
    "Three visits for one fault.", "Took a day off twice for a visit.", "Waited six weeks for the connection.",
)  # fmt: skip


def tell_of_billing(billed: Billed, employed: Employed, *, now: datetime) -> None:
    """Everything about bills that is not the bills themselves; cases and contacts must be there already."""
    kept, history = billed.kept, billed.history
    tell_bills(kept, now=now)
    set_prices(kept)
    note_devices(kept)
    disputing = Disputing(kept, areas=areas_of(history), now=now)
    colleagues = colleagues_of(employed)
    disputing.add(complaints_of(billed.wrong, kept, history, employed, colleagues=colleagues))
    causing.lay_causes(disputing, towns=_towns(history), people=employed.people, now=now)
    billing.record_findings(_findings(disputing), at=now)
    _ask_for_credits(disputing, employed, now=now)
    billing.answer_what_came_back(at=now)


def colleagues_of(employed: Employed) -> list[Actor]:
    """The people of billing care."""
    return [person.as_actor() for person in employed.people if person.team_id == employed.teams[_TEAM]]


def areas_of(history: History) -> list[int]:
    """The area of each customer's place."""
    world, codes = history.world, list(_towns(history).values())
    return [codes[each] for each in world.places.node_town[world.customers.node].tolist()]


def _towns(history: History) -> dict[str, int]:
    areas = {area.code: area.pk for area in record.areas()}
    return {name: areas[town_code(name)] for name in history.world.places.town_names}


def _ask_for_credits(disputing: Disputing, employed: Employed, *, now: datetime) -> None:
    """Goodwill above what a representative may give alone: a second person is asked."""
    lines, months = disputing.kept.lines, disputing.accounts.months
    there = np.unique(lines.account[lines.month == months - 1])
    askers = [each for each in employed.people if each.role == Role.REPRESENTATIVE and not each.permission_sets]
    for number, who in enumerate(there[:: max(1, len(there) // _ASKED)][:_ASKED].tolist()):
        billing.credit_account(
            customer_id=disputing.customer_id(who), account_id=disputing.account_id(who),
            amount_minor=3_500 + 1_250 * number, by=askers[number % len(askers)].as_actor(),
            at=now - timedelta(hours=2 + 5 * number), words=_GOODWILL[number % len(_GOODWILL)],
        )  # fmt: skip


def complaints_of(
    wrong: Wrong, kept: Kept, history: History, employed: Employed, *, colleagues: Sequence[Actor]
) -> list[Complaint]:
    """The disputes behind the complaints that have a line on a bill."""
    lines, given = _by_mark(kept, len(wrong))
    found = _contacts_of(wrong, history)
    people = [person.as_actor() for person in employed.people]
    span = history.world.span
    complaints: list[Complaint] = []
    for number in range(len(wrong)):
        mine, back = lines.get(number + 1, []), given.get(number + 1, [])
        months = {place: int(kept.lines.month[place]) for place in mine}
        again = next((place for place in mine if months[place] == wrong.again[number]), None)
        disputed = [place for place in mine if place != again]
        if not disputed:
            continue
        state = _STATES[int(wrong.verdict[number])]
        seed = int(wrong.problem[number])
        reasons = _REASONS.get(state, ("",))
        is_open = state == DisputeState.OPEN
        by_month = {int(kept.lines.month[place]): place for place in back}
        contact_id, case_id = found.get(int(wrong.place[number]), (None, None))
        complaints.append(
            Complaint(
                who=int(wrong.who[number]), lines=disputed, raised_at=span.moment(float(wrong.raised[number])),
                raised_by=people[history.taken[int(wrong.place[number])]], state=state, words=_words(history, seed),
                reason=reasons[seed % len(reasons)],
                decided_at=None if is_open else span.moment(float(wrong.decided[number])),
                decided_by=None if is_open else colleagues[seed % len(colleagues)],
                given=by_month.get(int(wrong.credited[number])), again=again,
                given_again=by_month.get(int(wrong.credited_again[number])), case_id=case_id, contact_id=contact_id,
            )
        )  # fmt: skip
    return complaints


def _words(history: History, problem: int) -> str:
    charge, amount = history.voice(problem).charge()
    return f"Says that {amount} for {charge} is wrong."


def _by_mark(kept: Kept, most: int) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Places of the lines of each complaint, and of its credits."""
    lines: dict[int, list[int]] = {}
    given: dict[int, list[int]] = {}
    for place in np.flatnonzero((kept.lines.fault != 0) & (np.abs(kept.lines.fault) <= most)).tolist():
        mark = int(kept.lines.fault[place])
        (lines if mark > 0 else given).setdefault(abs(mark), []).append(place)
    return lines, given


def _contacts_of(wrong: Wrong, history: History) -> dict[int, tuple[int, int | None]]:
    """Contact and case by the contact's place."""
    names = {f"{history.mark}{place:07d}": place for place in wrong.place.tolist()}
    found = cases_by_source(source=SOURCE, external_ids=list(names))
    return {names[name]: both for name, both in found.items()}


def _findings(disputing: Disputing) -> list[NewFinding]:
    """What a check of the newest bills found and nobody has looked at yet."""
    kept, found = disputing.kept, list[NewFinding]()
    lines = kept.lines
    for place in np.flatnonzero((lines.fault >= TWICE_MARK) & (lines.fault < BOX_MARK)).tolist():
        who, month, good = int(lines.account[place]), int(lines.month[place]), goods.GOODS[int(lines.code[place])]
        found.append(
            NewFinding(
                kind=FindingKind.CHARGED_TWICE,
                customer_id=disputing.customer_id(who),
                account_id=disputing.account_id(who),
                amount_minor=disputing.whole(place),
                currency=CURRENCY,
                evidence={"charged": good.words, "lines": 2, "record": "one service of this plan"},
                bill_id=UUID(kept.bill_id(who, month)),
                charge_id=UUID(kept.charge_ids[place]),
                bill_number=kept.bill_number(who, month),
                line=int(kept.number[place]),
                code=good.code,
                issued_on=disputing.issued(who, month),
            )
        )
    return found


def tell_bills(kept: Kept, *, now: datetime) -> None:
    """The newest bills stand in the stories; older ones are found with the account."""
    accounts = kept.holding.accounts
    keys, firsts = np.unique(kept.lines.account * accounts.months + kept.lines.month, return_index=True)
    totals = np.add.reduceat(kept.lines.amount + kept.tax, firsts)
    who, month = keys // accounts.months, keys % accounts.months
    issued = accounts.issued[who, month]
    newest = np.flatnonzero((month >= accounts.months - _TOLD_BILLS) & (issued < kept.holding.today))
    first = kept.holding.first_customer
    billing.tell_of_bills(
        [
            BillTold(
                customer_id=first + one, number=kept.bill_number(one, at), issued_on=day_of(day),
                due_on=day_of(day) + timedelta(days=21), total_minor=total, currency=CURRENCY,
            )
            for one, at, day, total in np.stack([who, month, issued, totals])[:, newest].T.tolist()
        ],
        by=SYSTEM,
        import_id=None,
    )  # fmt: skip


def set_prices(kept: Kept) -> None:
    """The price book, with the price of internet before it rose."""
    rose = day_of(kept.holding.today - goods.ROSE_DAYS_AGO)
    start = day_of(int(kept.holding.accounts.calendar.firsts[0]) - 3000)
    rows: list[NewPrice] = []
    for number, good in enumerate(goods.GOODS):
        if good.price <= 0:
            continue
        unit = PriceUnit.MONTH if good.kind == 0 else PriceUnit.ONCE
        rises = number in goods.RISING
        if rises:
            lower = good.price - goods.ROSE_BY
            rows.append(NewPrice(good.code, lower, CURRENCY, start, valid_until=rose, product=good.product, unit=unit))
        since = rose if rises else start
        rows.append(NewPrice(good.code, good.price, CURRENCY, since, product=good.product, unit=unit))
    billing.set_prices(rows)


def note_devices(kept: Kept) -> None:
    """Modems that were replaced came back on the day."""
    devices = kept.holding.devices
    gone = np.flatnonzero(np.isin(devices.good, (MODEM, TERMINAL)) & (devices.until < FOREVER))
    billing.note_device_events(
        [
            NewDeviceEvent(devices.serial[place], DeviceEventKind.RETURNED, day_of(int(devices.until[place])), SOURCE)
            for place in gone.tolist()
            if devices.serial[place]
        ]
    )
