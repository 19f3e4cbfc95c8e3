"""Errors that many had, with their causes: one put right for everybody, one that waits for a second person, one new."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.disputing import Complaint, Disputing
from tellonce.demo.billed.ledger import CURRENCY
from tellonce.demo.billed.spread import (
    BOX_MARK,
    BOX_PRICE,
    BOX_TOWN,
    FEE_MARK,
    FEE_TOWN,
    PACKAGE_MARK,
    PACKAGE_TOWN,
    TWICE_MARK,
)
from tellonce.demo.households import SOURCE
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.actions import loading
from tellonce.modules.billing.actions.telling import told
from tellonce.modules.billing.contracts import (
    CauseState,
    ChargeCorrected,
    CorrectionState,
    CreditReason,
    DisputeState,
    WatchBegan,
)
from tellonce.modules.billing.models import Cause, Correction
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import NewContact
from tellonce.modules.record import story
from tellonce.modules.staff import queries as staff_queries
from tellonce.modules.staff.contracts import ALWAYS_OPEN, SYSTEM, Calendar, PermissionSet, Role
from tellonce.modules.staff.models import Person

_COMPLAINED: Final = 9
_CALLED: Final = 75
_ABOUT: Final = "billing.wrong"
_WORDS: Final = (
    "A package was added to every customer with a box when the channel line-up changed; nobody had ordered it. "
    "It is taken off, and everything that was charged for it comes back."
)


def lay_causes(disputing: Disputing, *, towns: Mapping[str, int], people: Sequence[Person], now: datetime) -> None:
    """All three, with complaints about each; nothing where the towns have nobody with such a line."""
    asks = next(each for each in people if PermissionSet.BILLING_CARE in each.permission_sets)
    approves = next(each for each in people if each.role == Role.MANAGER)
    _package(disputing, area_id=towns[PACKAGE_TOWN], asks=asks, approves=approves)
    _box_price(disputing, area_id=towns[BOX_TOWN], asks=asks, now=now)
    _fee(disputing, area_id=towns[FEE_TOWN], asks=asks, now=now)


def _first(disputing: Disputing, places: Sequence[int]) -> datetime:
    lines = disputing.kept.lines
    return disputing.noon(min(disputing.issued(int(lines.account[p]), int(lines.month[p])) for p in places))


def _package(disputing: Disputing, *, area_id: int, asks: Person, approves: Person) -> None:
    """Found, corrected for everybody months ago, and watched since."""
    lines = disputing.kept.lines
    charged = np.flatnonzero((lines.fault >= PACKAGE_MARK) & (lines.fault < TWICE_MARK))
    given = np.flatnonzero(lines.fault <= -PACKAGE_MARK)
    if not len(given):
        return
    back = dict(zip(lines.account[given].tolist(), given.tolist(), strict=True))
    by_who: dict[int, list[int]] = {}
    for place in charged.tolist():
        by_who.setdefault(int(lines.account[place]), []).append(place)
    corrected = min(disputing.issued(who, int(lines.month[place])) for who, place in back.items()) - timedelta(days=8)
    at = disputing.noon(corrected)
    asked = _ask_about_it(disputing, [who for who in by_who if who in back], by=asks, until=at)
    disputing.add(
        [
            Complaint(
                who=who, lines=by_who[who], raised_at=asked_at, raised_by=asks.as_actor(), state=DisputeState.UPHELD,
                words="Never ordered Care Plus.", reason=_WORDS, decided_at=at, decided_by=approves.as_actor(),
                given=back[who], contact_id=contact_id,
            )
            for who, asked_at, contact_id in asked[-_COMPLAINED:]
        ]
    )  # fmt: skip
    good = goods.GOODS[goods.CARE_PLUS]
    cause = billing.open_cause(
        title="Care Plus on bills in Merrow Falls without an order",
        rule=billing.CauseRule(
            code=good.code, product=good.product, first_on=_first(disputing, charged.tolist()).date(),
            currency=CURRENCY, area_id=area_id, last_on=corrected,
        ),
        by=asks.as_actor(), at=at - timedelta(days=12), words="The new line-up put a paid package on every box.",
    )  # fmt: skip
    _correct(disputing, cause, back, asks=asks, approves=approves, at=at)


def _ask_about_it(
    disputing: Disputing, whose: Sequence[int], *, by: Person, until: datetime
) -> list[tuple[int, datetime, int]]:
    """Some of those who have it call about it in the weeks before it is corrected; who, when, and the contact."""
    chosen = whose[:: max(1, len(whose) // _CALLED)][:_CALLED]
    first = until.replace(hour=15, minute=0) - timedelta(days=len(chosen) + 2)
    hours = staff_queries.calendar_of_site(by.site_id) if by.site_id else ALWAYS_OPEN
    times = [
        _when_open(first + timedelta(days=number, hours=number * 5 % 8, minutes=number * 7 % 60), hours)
        for number in range(len(chosen))
    ]
    calls = [
        NewContact(
            channel="call", began_at=at, customer_id=disputing.customer_id(who), source=SOURCE,
            external_id=f"P{number:04d}", said="There is Care Plus for 14.99 on my bill, and I never ordered it.",
            note="Care Plus came with the new line-up; nobody here ordered it.",
            matter_id=care_queries.matter_id(_ABOUT), answered_at=at + timedelta(minutes=1),
            ended_at=at + timedelta(minutes=7), taken_by_id=by.pk, taken_by_name=by.name, team_id=by.team_id,
            site_id=by.site_id, partner_id=by.partner_id,
        )
        for number, (who, at) in enumerate(zip(chosen, times, strict=True))
    ]  # fmt: skip
    ids = care.load_contacts(calls, by=SYSTEM, at=until).ids
    return list(zip(chosen, (at + timedelta(minutes=5) for at in times), ids, strict=True))


def _when_open(at: datetime, hours: Calendar) -> datetime:
    """A quarter of an hour after the site opens, where it is closed then."""
    answered = at + timedelta(minutes=1)
    return at if hours.is_open(answered) else (hours.next_open(answered) or at) + timedelta(minutes=15)


def _correct(
    disputing: Disputing, cause: Cause, back: Mapping[int, int], *, asks: Person, approves: Person, at: datetime
) -> None:
    """What the correction did: a credit and a watch for each account that had not been credited."""
    first, rows = disputing.kept.holding.first_customer, list(cause.accounts.all())
    theirs = [row for row in rows if row.customer_id - first in back]
    by = approves.as_actor()
    given = [
        disputing.credit_of(
            row.customer_id - first, amount=row.amount_minor - row.repaid_minor, given=back[row.customer_id - first],
            source=f"cause:{cause.pk}:{row.account_id}", reason=CreditReason.CORRECTION, words=cause.title,
            at=at, by=by,
        )
        for row in theirs
        if row.amount_minor > row.repaid_minor
    ]  # fmt: skip
    loading.load_past(given)
    of = {credit.account_id: credit for credit in given}
    watches = [
        disputing.watch_of(
            row.customer_id - first, good=goods.CARE_PLUS, limit=row.amount_minor,
            since=row.last_on + timedelta(days=1), at=at, by=by, cause_id=cause.pk,
        )
        for row in theirs
    ]  # fmt: skip
    checks = [check for watch in watches for check in disputing.checks_of(watch, watch.customer_id - first)]
    loading.load_past(watches)
    loading.load_checks(checks)
    for row in theirs:
        credit = of.get(row.account_id)
        row.corrected_at, row.credit_id = at, credit.pk if credit else None
    others = [row for row in rows if row.customer_id - first not in back]
    for row in others:
        row.left_out_why, row.left_out_by_name = "Has left; paid out with the last bill.", asks.name
    loading.load_corrected(rows)
    total = sum(credit.amount_minor for credit in given)
    correction = Correction(
        cause=cause, state=CorrectionState.DONE, words=_WORDS, accounts=len(theirs), total_minor=total,
        asked_at=at - timedelta(days=2), asked_by=asks, settled_at=at, settled_by=approves, done=len(theirs),
        ended_at=at + timedelta(minutes=4),
    )  # fmt: skip
    loading.load_past([correction])
    billing.settle_cause(cause_id=cause.pk, state=CauseState.FIXED, by=asks.as_actor(), at=at + timedelta(days=1))
    story.load(
        moment
        for credit in given
        for moment in (
            told(
                credit.customer_id, ChargeCorrected(cause.pk, cause.title, credit.amount_minor, CURRENCY), by=by, at=at,
                about=("cause", cause.pk),
            ),
            *disputing.moments_of(credit, by=by),
        )
    )  # fmt: skip
    story.load(
        told(watch.customer_id, WatchBegan(watch.pk, watch.words), by=by, at=at, about=("watch", watch.pk))
        for watch in watches
    )


def _box_price(disputing: Disputing, *, area_id: int, asks: Person, now: datetime) -> None:
    """The rental of boxes is too high by two; the correction waits for a second person."""
    lines = disputing.kept.lines
    dear = np.flatnonzero((lines.fault >= BOX_MARK) & (lines.fault < FEE_MARK))
    if not len(dear):
        return
    _complain(disputing, dear, "The box costs 9.50 and not 7.50 as before.", asks, now)
    good = goods.GOODS[goods.BOX_RENT]
    cause = billing.open_cause(
        title="Box rental at 9.50 instead of 7.50 in Port Ansel",
        rule=billing.CauseRule(
            code=good.code, product=good.product, first_on=_first(disputing, dear.tolist()).date(), currency=CURRENCY,
            area_id=area_id, amount_from_minor=BOX_PRICE, wrong_minor=BOX_PRICE - good.price,
        ),
        by=asks.as_actor(), at=now - timedelta(days=6), words="A price of another region was loaded for this town.",
    )  # fmt: skip
    billing.settle_cause(cause_id=cause.pk, state=CauseState.CONFIRMED, by=asks.as_actor(), at=now - timedelta(days=5))
    billing.ask_correction(
        cause_id=cause.pk, words="The rental of your box was 2.00 too high on the last bills; it comes back to you.",
        by=asks.as_actor(), at=now - timedelta(hours=5),
    )  # fmt: skip


def _fee(disputing: Disputing, *, area_id: int, asks: Person, now: datetime) -> None:
    """A late fee on the newest bills of a town; nobody knows why yet."""
    newest = np.flatnonzero(disputing.kept.lines.fault >= FEE_MARK)
    if not len(newest):
        return
    _complain(disputing, newest, "Paid in time, and a late fee all the same.", asks, now)
    good = goods.GOODS[goods.LATE_FEE]
    billing.open_cause(
        title="Late fees in Las Alamedas though payments were in time",
        rule=billing.CauseRule(
            code=good.code, product=good.product, first_on=_first(disputing, newest.tolist()).date(), currency=CURRENCY,
            area_id=area_id,
        ),
        by=asks.as_actor(), at=now - timedelta(hours=7),
    )  # fmt: skip


def _complain(disputing: Disputing, places: np.ndarray, words: str, by: Person, now: datetime) -> None:
    """A few of them have got in touch about it; their disputes are open."""
    lines = disputing.kept.lines
    firsts = np.unique(lines.account[places], return_index=True)[1]
    chosen = places[firsts][:: max(1, len(firsts) // _COMPLAINED)][:_COMPLAINED].tolist()
    for place in chosen:
        who, day = int(lines.account[place]), disputing.issued(int(lines.account[place]), int(lines.month[place]))
        latest = now - timedelta(hours=8, minutes=place % 600)
        billing.raise_dispute(
            customer_id=disputing.customer_id(who), lines=[billing.LineAsked(UUID(disputing.kept.charge_ids[place]))],
            words=words, by=by.as_actor(), at=min(disputing.noon(day) + timedelta(days=3, hours=place % 5), latest),
        )  # fmt: skip
