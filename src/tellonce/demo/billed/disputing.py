"""Disputes of the demo's history with what followed from them: credits, watches, later bills checked, and the story."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.ledger import CURRENCY, Ledger
from tellonce.modules.billing.actions import loading
from tellonce.modules.billing.actions.telling import told
from tellonce.modules.billing.contracts import (
    CLEAN_BILLS,
    TERM_DAYS,
    ChargeCameBack,
    ChargeHeld,
    CheckOutcome,
    CreditReason,
    DisputeRaised,
    DisputeRefused,
    DisputeState,
    DisputeUpheld,
    DisputeWithdrawn,
    RaisedBy,
    WatchBegan,
    WatchEnded,
    WatchState,
)
from tellonce.modules.billing.models import Credit, Dispute, DisputeLine, Watch, WatchCheck
from tellonce.modules.billing.queries.lines import Fingerprint
from tellonce.modules.record import story
from tellonce.modules.record.contracts import Direction
from tellonce.modules.staff.contracts import SYSTEM, Actor

_HELD_ONE_IN: Final = 60
_LATELY: Final = timedelta(days=12)
_CAME_IN: Final = timedelta(minutes=9)  # before now: the file with the bills of the last days
_GRANTED: Final = {DisputeState.UPHELD, DisputeState.PARTLY}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One dispute as it went; `lines` are places in the kept lines, `given` that of the credit (none where to come).

    `again` is the place of the line with which it came back, `given_again` that of the credit for it.
    """

    who: int
    lines: Sequence[int]
    raised_at: datetime
    raised_by: Actor
    state: DisputeState
    words: str
    reason: str = ""
    decided_at: datetime | None = None
    decided_by: Actor | None = None
    given: int | None = None
    again: int | None = None
    given_again: int | None = None
    case_id: int | None = None
    contact_id: int | None = None
    by_customer: bool = True


@dataclass(slots=True)
class _Made:
    complaint: Complaint
    dispute: Dispute
    granted: int = 0
    credit: Credit | None = None
    watch: Watch | None = None
    checks: list[WatchCheck] = field(default_factory=list)


class Disputing(Ledger):
    """Writes disputes in bulk, with all that followed."""

    def add(self, complaints: Sequence[Complaint]) -> list[Dispute]:
        """Adds them with all that followed."""
        made = [_Made(each, self._dispute(each)) for each in complaints]
        loading.load_past([each.dispute for each in made])
        loading.load_past([line for each in made for line in self._lines(each)])
        granted = [each for each in made if each.dispute.state in _GRANTED]
        for each in granted:
            each.credit, each.watch = self._credit(each), self._watch(each)
            each.checks = self.checks_of(each.watch, each.complaint.who, again=each.complaint.again)
        for each in granted[::_HELD_ONE_IN]:
            self._hold(each)
        loading.load_past([each.credit for each in granted if each.credit])
        loading.load_past([each.watch for each in granted if each.watch])
        self._check(granted)
        for each in made:
            self._tell(each)
        story.load(self.moments)
        self.moments = []
        return [each.dispute for each in made]

    def _hold(self, made: _Made) -> None:
        """The newest bill would have had it again; the billing system asked first, and nobody saw it."""
        watch, checks = made.watch, made.checks
        if watch is None or not checks or checks[-1].outcome != CheckOutcome.CLEAN or watch.state == WatchState.ENDED:
            return
        checks[-1].outcome = CheckOutcome.HELD
        checks[-1].amount_minor = self.whole(max(made.complaint.lines, key=self.whole))
        watch.held, watch.clean_bills = 1, 0

    def _dispute(self, each: Complaint) -> Dispute:
        kept, first = self.kept, min(each.lines, key=lambda place: int(self.kept.lines.month[place]))
        good = goods.GOODS[int(kept.lines.code[first])]
        first_on, area_id = self.issued(each.who, int(kept.lines.month[first])), self.areas[each.who]
        asked = sum(self.whole(place) for place in each.lines)
        is_open = each.state == DisputeState.OPEN
        share = {DisputeState.UPHELD: asked, DisputeState.PARTLY: asked // 2}
        return Dispute(
            customer_id=self.customer_id(each.who),
            account_id=self.account_id(each.who),
            case_id=each.case_id,
            contact_id=each.contact_id,
            raised_by=RaisedBy.CUSTOMER if each.by_customer else RaisedBy.STAFF,
            raised_at=each.raised_at,
            raised_by_staff_id=each.raised_by.id,
            raised_by_name=each.raised_by.name,
            words=each.words,
            state=each.state,
            currency=CURRENCY,
            asked_minor=asked,
            granted_minor=share.get(each.state, 0),
            due_on=(each.raised_at + timedelta(days=TERM_DAYS)).date(),
            decided_at=each.decided_at,
            decided_by_id=each.decided_by.id if each.decided_by else None,
            decided_by_name=each.decided_by.name if each.decided_by else "",
            reason=each.reason,
            dunning_held_at=each.raised_at,
            dunning_released_at=None if is_open else each.decided_at,
            fingerprint=Fingerprint(good.code, good.product, area_id, first_on, None).key,
            code=good.code,
            product=good.product,
            area_id=area_id,
            first_on=first_on,
        )

    def _lines(self, made: _Made) -> list[DisputeLine]:
        each, dispute = made.complaint, made.dispute
        rows: list[DisputeLine] = []
        left = dispute.granted_minor
        for place in each.lines:
            whole = self.whole(place)
            granted = None if each.state in {DisputeState.OPEN, DisputeState.WITHDRAWN} else min(whole, left)
            left -= granted or 0
            month, good = int(self.kept.lines.month[place]), goods.GOODS[int(self.kept.lines.code[place])]
            rows.append(
                DisputeLine(
                    dispute=dispute, customer_id=dispute.customer_id, bill_id=UUID(self.kept.bill_id(each.who, month)),
                    charge_id=UUID(self.kept.charge_ids[place]), code=good.code, words=good.words,
                    issued_on=self.issued(each.who, month), charged_minor=whole, asked_minor=whole,
                    granted_minor=granted, stands=each.state in {*_GRANTED, DisputeState.OPEN},
                )
            )  # fmt: skip
        return rows

    def _what(self, each: Complaint) -> str:
        return goods.GOODS[int(self.kept.lines.code[max(each.lines, key=self.whole)])].words

    def _credit(self, made: _Made) -> Credit:
        each, dispute = made.complaint, made.dispute
        return self.credit_of(
            each.who, amount=dispute.granted_minor, given=each.given, source=f"dispute:{dispute.pk}",
            reason=CreditReason.DISPUTE, words=self._what(each), at=_settled(each), by=each.decided_by or SYSTEM,
            dispute_id=dispute.pk, case_id=each.case_id,
        )  # fmt: skip

    def _watch(self, made: _Made) -> Watch:
        each, dispute = made.complaint, made.dispute
        last = max(int(self.kept.lines.month[place]) for place in each.lines)
        place = max(each.lines, key=self.whole)
        is_plan = int(self.kept.lines.code[place]) < goods.MODEM_RENT
        partly = each.state == DisputeState.PARTLY
        return self.watch_of(
            each.who, good=int(self.kept.lines.code[place]), limit=dispute.granted_minor,
            since=self.issued(each.who, last), at=_settled(each), by=each.decided_by or SYSTEM,
            dispute_id=dispute.pk, case_id=each.case_id,
            amount_from_minor=int(self.kept.lines.amount[place]) // 2 + 1 if partly else None,
            allowed_lines=1 if is_plan or self._has_right_ones(each) else 0,
        )  # fmt: skip

    def _has_right_ones(self, each: Complaint) -> bool:
        """Whether the customer rightly pays for the same thing too: then one line of it is no mistake."""
        lines, codes = self.kept.lines, {int(self.kept.lines.code[place]) for place in each.lines}
        begins, ends = np.searchsorted(lines.account, [each.who, each.who + 1]).tolist()
        mine = slice(begins, ends)
        return bool(
            (np.isin(lines.code[mine], list(codes)) & (lines.fault[mine] == 0) & (lines.amount[mine] > 0)).any()
        )

    def _check(self, made: Sequence[_Made]) -> None:
        """What each later bill said; what came back was credited at once."""
        again: list[tuple[_Made, WatchCheck]] = []
        for each in made:
            if each.watch is None:
                continue
            for check in each.checks:
                if self._is_answered(check):
                    again.append((each, check))
                elif check.outcome == CheckOutcome.CAME_BACK:
                    check.received_at = check.at = self.now - _CAME_IN
        given = []
        for each, check in again:
            assert each.watch is not None
            given.append(
                self.credit_of(
                    each.complaint.who, amount=check.amount_minor, given=each.complaint.given_again,
                    source=f"watch:{each.watch.pk}:{check.bill_id}", reason=CreditReason.CAME_BACK,
                    words=each.watch.words, at=check.at, by=SYSTEM, dispute_id=each.dispute.pk,
                    case_id=each.complaint.case_id,
                )
            )  # fmt: skip
        loading.load_past(given)
        for (_, check), credit in zip(again, given, strict=True):
            check.credit, check.answered_at = credit, check.at
        loading.load_checks([one for each in made for one in each.checks])

    def _is_answered(self, check: WatchCheck) -> bool:
        """What came back on the bills of the last days is answered by whoever answers it in life."""
        return check.outcome == CheckOutcome.CAME_BACK and check.at < self.now - _LATELY

    def _tell(self, made: _Made) -> None:
        each, dispute, what = made.complaint, made.dispute, self._what(made.complaint)
        raised = DisputeRaised(dispute.pk, what, dispute.asked_minor, CURRENCY, dispute.due_on)
        direction = Direction.FROM if each.by_customer else Direction.INSIDE
        self._say(made, raised, at=each.raised_at, by=each.raised_by, words=each.words, direction=direction)
        if each.decided_at is None:
            return
        by, at = each.decided_by or SYSTEM, each.decided_at
        match each.state:
            case DisputeState.NOT_UPHELD:
                refused = DisputeRefused(dispute.pk, what, dispute.asked_minor, CURRENCY)
                self._say(made, refused, at=at, by=by, words=each.reason)
            case DisputeState.WITHDRAWN:
                self._say(made, DisputeWithdrawn(dispute.pk, what), at=at, by=by, words=each.reason)
            case _:
                upheld = DisputeUpheld(dispute.pk, what, dispute.granted_minor, CURRENCY, each.state)
                self._say(made, upheld, at=at, by=by, words=each.reason)
                self._tell_of_credit(made)
                self._tell_of_watch(made)

    def _say(self, made: _Made, what: Any, *, at: datetime, by: Actor, **more: Any) -> None:
        each = made.complaint
        more.setdefault("about", ("dispute", made.dispute.pk))
        self.moments.append(
            told(
                self.customer_id(each.who), what, by=by, at=at, case_id=each.case_id, contact_id=each.contact_id, **more
            )
        )

    def _tell_of_credit(self, made: _Made) -> None:
        self.moments += self.moments_of(made.credit, by=made.complaint.decided_by or SYSTEM)

    def _tell_of_watch(self, made: _Made) -> None:
        watch = made.watch
        if watch is None:
            return
        about = ("watch", watch.pk)
        by = made.complaint.decided_by or SYSTEM
        self._say(made, WatchBegan(watch.pk, watch.words), at=watch.began_at, by=by, about=about)
        for check in made.checks:
            if check.answered_at is not None:
                came = ChargeCameBack(watch.pk, watch.words, check.amount_minor, CURRENCY, check.bill_number)
                self._say(made, came, at=check.at, by=SYSTEM, about=about)
                self.moments += self.moments_of(check.credit, by=SYSTEM)
            elif check.outcome == CheckOutcome.HELD:
                held = ChargeHeld(watch.pk, watch.words, check.amount_minor, CURRENCY, check.bill_number)
                self._say(made, held, at=check.at, by=SYSTEM, about=about)
        if watch.ended_at is not None:
            ended = WatchEnded(watch.pk, watch.words, CLEAN_BILLS)
            self._say(made, ended, at=watch.ended_at, by=SYSTEM, about=about)


def _settled(each: Complaint) -> datetime:
    assert each.decided_at is not None
    return each.decided_at
