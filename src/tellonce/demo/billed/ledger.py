"""What follows from a decision about bills, in bulk: credits, watches, later bills checked, and their moments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from tellonce.demo.billed import goods
from tellonce.demo.billed.holding import day_of
from tellonce.demo.billed.keeping import Kept
from tellonce.modules.billing.actions.telling import told
from tellonce.modules.billing.contracts import (
    CLEAN_BILLS,
    LEAD_DAYS,
    CheckOutcome,
    CreditGranted,
    CreditSeen,
    CreditState,
    WatchState,
)
from tellonce.modules.billing.models import Credit, Watch, WatchCheck
from tellonce.modules.record.contracts import Told
from tellonce.modules.staff.contracts import SYSTEM, Actor

CURRENCY: Final = "USD"
BATCH: Final = 2_000
_NOON: Final = time(12)


class Ledger:
    """Makes rows for the customers of the kept bills; `areas` is the area of each customer's place."""

    def __init__(self, kept: Kept, *, areas: Sequence[int | None], now: datetime) -> None:
        self.kept, self.areas, self.now = kept, areas, now
        self.accounts = kept.holding.accounts
        self.moments: list[Told] = []

    def noon(self, day: date) -> datetime:
        """Noon of a day, or now where that is earlier."""
        return min(datetime.combine(day, _NOON, UTC), self.now)

    def issued(self, who: int, month: int) -> date:
        """The day of a bill."""
        return day_of(int(self.accounts.issued[who, month]))

    def whole(self, place: int) -> int:
        """What a line comes to with its tax."""
        return int(self.kept.lines.amount[place] + self.kept.tax[place])

    def customer_id(self, who: int) -> int:
        """The customer at this place."""
        return self.kept.holding.first_customer + who

    def account_id(self, who: int) -> int:
        """The account of the customer at this place."""
        return int(self.kept.holding.ids[who])

    def credit_of(
        self, who: int, *, amount: int, given: int | None, source: str, reason: str, words: str, at: datetime,
        by: Actor, dispute_id: int | None = None, case_id: int | None = None,
    ) -> Credit:  # fmt: skip
        """A granted credit, on the bill that has its line where there is one."""
        month = int(self.kept.lines.month[given]) if given is not None else 0
        is_there = given is not None
        return Credit(
            customer_id=self.customer_id(who),
            account_id=self.account_id(who),
            dispute_id=dispute_id,
            case_id=case_id,
            source=source,
            reason=reason,
            words=words,
            amount_minor=amount,
            currency=CURRENCY,
            state=CreditState.ON_BILL if is_there else CreditState.GRANTED,
            asked_at=at,
            asked_by_id=by.id,
            asked_by_name=by.name,
            settled_at=at,
            settled_by_id=by.id,
            settled_by_name=by.name,
            due_from=(at + timedelta(days=LEAD_DAYS)).date(),
            bill_id=UUID(self.kept.bill_id(who, month)) if is_there else None,
            charge_id=UUID(self.kept.charge_ids[given]) if given is not None else None,
            seen_on=self.issued(who, month) if is_there else None,
        )

    def watch_of(
        self, who: int, *, good: int, limit: int, since: date, at: datetime, by: Actor, **more: Any
    ) -> Watch:  # fmt: skip
        """A watch for one good."""
        return Watch(
            customer_id=self.customer_id(who),
            account_id=self.account_id(who),
            code=goods.GOODS[good].code,
            product=goods.GOODS[good].product,
            words=goods.GOODS[good].words,
            limit_minor=limit,
            currency=CURRENCY,
            since=since,
            began_at=at,
            began_by_name=by.name,
            **more,
        )

    def checks_of(self, watch: Watch, who: int, *, again: int | None = None) -> list[WatchCheck]:
        """Later bills one after another, until twelve in a row were clean; notes on the watch what they come to."""
        checks: list[WatchCheck] = []
        came = int(self.kept.lines.month[again]) if again is not None else -1
        for month in np.flatnonzero(self.accounts.exists[who]).tolist():
            day = self.issued(who, month)
            if day <= watch.began_at.date() or watch.state == WatchState.ENDED:
                continue
            is_back = month == came and again is not None
            checks.append(
                WatchCheck(
                    watch=watch, customer_id=watch.customer_id, account_id=watch.account_id,
                    bill_id=UUID(self.kept.bill_id(who, month)), bill_number=self.kept.bill_number(who, month),
                    issued_on=day, outcome=CheckOutcome.CAME_BACK if is_back else CheckOutcome.CLEAN,
                    charge_ids=[UUID(self.kept.charge_ids[again])] if is_back and again is not None else [],
                    amount_minor=self.whole(again) if is_back and again is not None else 0,
                    received_at=self.noon(day), at=self.noon(day),
                )
            )  # fmt: skip
            watch.clean_bills = 0 if is_back else watch.clean_bills + 1
            watch.came_back += is_back
            watch.last_bill_on = day
            if watch.clean_bills == CLEAN_BILLS:
                watch.state, watch.ended_at = WatchState.ENDED, self.noon(day)
        return checks

    def moments_of(self, credit: Credit | None, *, by: Actor) -> list[Told]:
        """That a credit was granted, and that it came."""
        if credit is None or credit.settled_at is None:
            return []
        about = ("credit", credit.pk)
        granted = CreditGranted(credit.pk, credit.amount_minor, CURRENCY, credit.reason)
        said = [told(credit.customer_id, granted, by=by, at=credit.settled_at, about=about, case_id=credit.case_id)]
        if credit.seen_on is not None:
            who = credit.customer_id - self.kept.holding.first_customer
            months = self.accounts.issued[who].tolist()
            month = next(n for n, day in enumerate(months) if day_of(int(day)) == credit.seen_on)
            seen = CreditSeen(credit.pk, credit.amount_minor, CURRENCY, self.kept.bill_number(who, month))
            at = self.noon(credit.seen_on)
            said.append(told(credit.customer_id, seen, by=SYSTEM, at=at, about=about, case_id=credit.case_id))
        return said
