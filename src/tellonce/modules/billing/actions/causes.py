"""Causes: opened for disputes that have one error in common, with every account on which the error stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.telling import BILLS, typed
from tellonce.modules.billing.contracts import (
    BadCauseError,
    CauseNotFoundError,
    CauseState,
    CorrectionState,
    CorrectionStateError,
    DisputeState,
)
from tellonce.modules.billing.models import Cause, CauseAccount, Dispute
from tellonce.modules.billing.queries.discounts import TAKEN_OFF
from tellonce.modules.billing.queries.lines import Fingerprint
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Actor


@dataclass(frozen=True, slots=True)
class CauseRule:
    """Which lines are wrong: by code, product and area (with all below it), dated from `first_on` on.

    Amounts are without tax, in minor units, both included; `wrong_minor` is what is wrong in each line, None for all
    of it.
    """

    code: str
    first_on: date
    currency: str
    product: str = ""
    area_id: int | None = None
    last_on: date | None = None
    amount_from_minor: int | None = None
    amount_until_minor: int | None = None
    wrong_minor: int | None = None
    price_changed_on: date | None = None


_WRONG = "least(c.amount_minor, coalesce(%(wrong)s::bigint, c.amount_minor))"
_PAID = f"least({_WRONG}, greatest(c.amount_minor - coalesce(off.amount, 0), 0))"
_WITH_TAX = "{0} + round(c.tax_minor::numeric * {0} / c.amount_minor)::bigint"

# Every account with lines that fit the rule, what is wrong in them with its tax, and what was credited of it already.
# What a promotion took off a line was never paid, and is not owed.
_LOOK = f"""
WITH wrong AS (
    SELECT c.customer_id, c.account_id, c.id, c.issued_on, {_WITH_TAX.format(_PAID)} AS amount,
           {_WITH_TAX.format(_WRONG)} AS gross
    FROM billing_charge c
    LEFT JOIN LATERAL ({TAKEN_OFF}) off ON true
    JOIN billing_bill b ON b.customer_id = c.customer_id AND b.id = c.bill_id AND b.state = 'issued'
    WHERE c.code = %(code)s AND c.issued_on >= %(first)s AND c.currency = %(currency)s AND c.amount_minor > 0
      AND (%(last)s::date IS NULL OR c.issued_on <= %(last)s)
      AND (%(product)s = '' OR c.product = %(product)s)
      AND (%(low)s::bigint IS NULL OR c.amount_minor >= %(low)s)
      AND (%(high)s::bigint IS NULL OR c.amount_minor <= %(high)s)
      AND (%(there)s::bigint[] IS NULL OR c.customer_id = ANY(%(there)s))
      AND (%(account)s::bigint IS NULL OR c.account_id = %(account)s)
      AND (%(until)s::date IS NULL OR c.issued_on <= %(until)s)
      AND NOT EXISTS (SELECT FROM billing_causeaccount o
                      WHERE o.account_id = c.account_id AND o.cause_id <> %(cause)s
                        AND o.corrected_at IS NOT NULL AND c.id = ANY(o.charge_ids))
), summed AS (
    SELECT (array_agg(w.customer_id ORDER BY w.issued_on DESC))[1] AS customer_id, w.account_id, count(*) AS charges,
           sum(w.amount) AS amount, sum(w.gross - w.amount) AS discount, min(w.issued_on) AS first_on,
           max(w.issued_on) AS last_on, sum(least(coalesce(l.granted_minor, 0), w.amount)) AS repaid,
           -- an account that was split off has bills under two customers
           array_agg(w.id) AS ids, array_agg(w.gross) AS wrong
    FROM wrong w LEFT JOIN billing_disputeline l ON l.charge_id = w.id AND l.stands
    GROUP BY w.account_id HAVING sum(w.amount) > 0
), repaid AS (
    SELECT s.account_id, sum(g.amount_minor) AS amount
    FROM summed s JOIN billing_watchcheck k ON k.account_id = s.account_id AND k.charge_ids && s.ids
    JOIN billing_credit g ON g.id = k.credit_id
    GROUP BY s.account_id
)
SELECT s.customer_id, s.account_id, s.charges, s.amount::bigint, (s.repaid + coalesce(r.amount, 0))::bigint AS repaid,
       s.first_on, s.last_on,
       EXISTS (SELECT FROM billing_dispute d WHERE d.account_id = s.account_id AND d.code = %(code)s) AS complained,
       s.ids, s.wrong::bigint[] AS wrong, s.discount::bigint AS discount
FROM summed s LEFT JOIN repaid r ON r.account_id = s.account_id
"""

_KEEP = f"""
WITH found AS ({_LOOK}), gone AS (
    DELETE FROM billing_causeaccount a WHERE a.cause_id = %(cause)s AND a.corrected_at IS NULL AND a.left_out_why = ''
      AND NOT EXISTS (SELECT FROM found f WHERE f.account_id = a.account_id)
)
INSERT INTO billing_causeaccount (cause_id, customer_id, account_id, charges, amount_minor, repaid_minor, first_on,
                                  last_on, complained, left_out_why, left_out_by_name, charge_ids, discount_minor)
SELECT %(cause)s, customer_id, account_id, charges, amount, repaid, first_on, last_on, complained, '', '', '{{}}',
       discount
FROM found
ON CONFLICT (cause_id, account_id) DO UPDATE
    SET charges = EXCLUDED.charges, amount_minor = EXCLUDED.amount_minor, repaid_minor = EXCLUDED.repaid_minor,
        first_on = EXCLUDED.first_on, last_on = EXCLUDED.last_on, complained = EXCLUDED.complained,
        discount_minor = EXCLUDED.discount_minor
    WHERE billing_causeaccount.corrected_at IS NULL
"""


@transaction.atomic
def open_cause(
    *, title: str, rule: CauseRule, by: Actor, at: datetime, owner_id: int | None = None, words: str = ""
) -> Cause:
    """One error behind many disputes: its disputes are put to it, and every account that has it is looked for."""
    name = typed(title)[:200]
    if not name:
        raise BadCauseError(gettext("Say in a few words what went wrong."))
    _refuse_bad(rule)
    mark = Fingerprint(rule.code, rule.product, rule.area_id, rule.first_on, rule.price_changed_on)
    known = Cause.objects.filter(fingerprint=mark.key).first()
    if known is not None:
        raise BadCauseError(gettext("This cause is known already: %(title)s.") % {"title": known.title})
    cause = Cause.objects.create(
        title=name,
        words=typed(words),
        fingerprint=mark.key,
        owner_id=owner_id if owner_id is not None else by.id,
        opened_at=at,
        opened_by_name=by.name,
        code=rule.code,
        product=rule.product,
        area_id=rule.area_id,
        amount_from_minor=rule.amount_from_minor,
        amount_until_minor=rule.amount_until_minor,
        wrong_minor=rule.wrong_minor,
        first_on=rule.first_on,
        last_on=rule.last_on,
        price_changed_on=rule.price_changed_on,
        currency=rule.currency,
    )
    staff.note_change(what="opened", about=cause, by=by, at=at, after={"code": rule.code, "product": rule.product})
    look_for_accounts(cause_id=cause.pk, at=at)
    return cause


@transaction.atomic
def look_for_accounts(*, cause_id: int, at: datetime) -> int:
    """Looks anew for the accounts on which the cause stands, and for its disputes; returns how many accounts.

    Those that are corrected stay as they are; while a correction waits or runs all of them do, as they were reviewed.
    """
    cause = cause_to_change(cause_id)
    _refuse_while_reviewed(cause)
    _put_disputes_to(cause)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _values(cause, there=_there(cause)))
    cause.looked_at = at
    cause.save(update_fields=["looked_at"])
    _announce(at)
    return cause.accounts.count()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong on one account and was paid, what was credited of it already, and what was wrong in each line.

    In minor units with tax; in the lines with what a promotion had taken off, which nobody paid.
    """

    amount_minor: int = 0
    repaid_minor: int = 0
    lines: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def owed_minor(self) -> int:
        """What is still to be credited."""
        return max(0, self.amount_minor - self.repaid_minor)


def wrong_on(cause: Cause, *, account_id: int, customer_id: int, until: date) -> Wrong:
    """What is wrong on one account on bills dated up to `until`."""
    accounts = record.identity(customer_id).accounts
    there = [*accounts.ids, *accounts.keepers]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, _values(cause, there=there, account_id=account_id, until=until))
        row = cursor.fetchone()
    return Wrong(int(row[3]), int(row[4]), dict(zip(row[8], row[9], strict=True))) if row else Wrong()


def put_to_its_cause(dispute: Dispute) -> None:
    """A dispute of an error that is known already belongs to its cause."""
    known = Cause.objects.filter(code=dispute.code, currency=dispute.currency).exclude(state=CauseState.DISMISSED)
    for cause in known.order_by("pk"):
        _put_disputes_to(cause, only=dispute.pk)
    dispute.refresh_from_db(fields=["cause"])


@transaction.atomic
def set_cause(
    *, cause_id: int, by: Actor, at: datetime, owner_id: int | None = None, words: str | None = None, title: str = ""
) -> Cause:
    """Who answers for finding and mending the cause, and how it came about."""
    cause = cause_to_change(cause_id)
    before: dict[str, str | int] = {"title": cause.title, "owner": cause.owner_id or 0}
    if owner_id is not None:
        cause.owner_id = owner_id
    if words is not None:
        cause.words = typed(words)
    cause.title = typed(title)[:200] or cause.title
    cause.save()
    after: dict[str, str | int] = {"title": cause.title, "owner": cause.owner_id or 0}
    staff.note_change(what="changed", about=cause, by=by, at=at, before=before, after=after)
    _announce(at)
    return cause


@transaction.atomic
def settle_cause(*, cause_id: int, state: str, by: Actor, at: datetime) -> Cause:
    """It is confirmed to be an error, mended at its source, or was none after all."""
    cause = cause_to_change(cause_id)
    if state not in CauseState.values:
        raise BadCauseError(gettext("Say whether it is an error, is mended, or was none."))
    before = {"state": str(cause.state)}
    cause.state = state
    is_settled = state in {CauseState.FIXED, CauseState.DISMISSED}
    cause.settled_at, cause.settled_by_name = (at, by.name) if is_settled else (None, "")
    cause.save()
    staff.note_change(what="changed", about=cause, by=by, at=at, before=before, after={"state": state})
    _announce(at)
    return cause


@transaction.atomic
def leave_out(*, cause_id: int, account_id: int, why: str, by: Actor, at: datetime) -> CauseAccount:
    """A person saw that the charge is right on this account: the correction passes it over, and why stands there."""
    words = typed(why)[:300]
    if not words:
        raise BadCauseError(gettext("Write why this account is left out."))
    return _leave(cause_id, account_id, why=words, by=by.name, at=at)


@transaction.atomic
def take_in(*, cause_id: int, account_id: int, by: Actor, at: datetime) -> CauseAccount:
    """An account that was left out is corrected after all; not by a correction that was reviewed without it."""
    _refuse_while_reviewed(cause_to_change(cause_id))
    return _leave(cause_id, account_id, why="", by="", at=at)


def cause_to_change(cause_id: int) -> Cause:
    """The cause, locked until the transaction ends."""
    cause = Cause.objects.select_for_update(of=("self",)).filter(pk=cause_id).first()
    if cause is None:
        raise CauseNotFoundError(gettext("There is no cause %(id)s.") % {"id": cause_id})
    return cause


def _refuse_while_reviewed(cause: Cause) -> None:
    if cause.corrections.filter(state__in=(CorrectionState.ASKED, CorrectionState.RUNNING)).exists():
        raise CorrectionStateError(gettext("A correction waits or runs: the accounts stay as they were reviewed."))


def _leave(cause_id: int, account_id: int, *, why: str, by: str, at: datetime) -> CauseAccount:
    account = CauseAccount.objects.select_for_update().filter(cause_id=cause_id, account_id=account_id).first()
    if account is None:
        raise CauseNotFoundError(gettext("This account is not among those of the cause."))
    if account.corrected_at is not None:
        raise BadCauseError(gettext("This account is corrected already."))
    account.left_out_why, account.left_out_by_name = why, by
    account.save(update_fields=["left_out_why", "left_out_by_name"])
    _announce(at)
    return account


def _refuse_bad(rule: CauseRule) -> None:
    if not rule.code:
        raise BadCauseError(gettext("Say which charge code is wrong."))
    low, high = rule.amount_from_minor, rule.amount_until_minor
    if low is not None and high is not None and high < low:
        raise BadCauseError(gettext("The highest amount is below the lowest."))
    if rule.last_on is not None and rule.last_on < rule.first_on:
        raise BadCauseError(gettext("The last day is before the first."))
    if rule.wrong_minor is not None and rule.wrong_minor <= 0:
        raise BadCauseError(gettext("What is wrong in each line is an amount above zero."))
    if rule.wrong_minor is not None and low is None:
        raise BadCauseError(gettext("Where only a part of each line is wrong, say from which amount on it is wrong."))
    if rule.area_id is not None and not record.area_path(rule.area_id):
        raise BadCauseError(gettext("There is no such area."))


def _put_disputes_to(cause: Cause, *, only: int | None = None) -> None:
    """Disputes of the same lines, and of none of the other causes."""
    mine = Dispute.objects.filter(
        cause__isnull=True, code=cause.code, first_on__gte=cause.first_on.replace(day=1), currency=cause.currency
    ).exclude(state=DisputeState.WITHDRAWN)
    if only is not None:
        mine = mine.filter(pk=only)
    if cause.product:
        mine = mine.filter(product=cause.product)
    if cause.area_id is not None:
        mine = mine.filter(area_id__in=record.areas_below(cause.area_id))
    if cause.last_on is not None:
        mine = mine.filter(first_on__lte=cause.last_on)
    mine.update(cause=cause)


def _there(cause: Cause) -> list[int] | None:
    return None if cause.area_id is None else list(record.ever_in_area(cause.area_id))


def _values(
    cause: Cause, *, there: Sequence[int] | None, account_id: int | None = None, until: date | None = None
) -> dict[str, Any]:
    return {
        "cause": cause.pk,
        "until": until,
        "code": cause.code,
        "product": cause.product,
        "first": cause.first_on,
        "last": cause.last_on,
        "currency": cause.currency,
        "low": cause.amount_from_minor,
        "high": cause.amount_until_minor,
        "wrong": cause.wrong_minor,
        "there": None if there is None else list(there),
        "account": account_id,
    }


def _announce(at: datetime) -> None:
    story.announce(topics=[BILLS], kind="billing.cause_changed", at=at)
