"""Credits that nobody has to ask for: time without service, visits that were missed, and promises that were not kept.

Each has a source of its own, so that a rule that runs again, or is killed half way, credits nobody twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.credits import give_credit
from tellonce.modules.billing.actions.each import each_by_itself
from tellonce.modules.billing.actions.telling import write
from tellonce.modules.billing.contracts import CreditReason, CreditState, money
from tellonce.modules.billing.contracts.limits import Rule
from tellonce.modules.billing.models import Credit
from tellonce.modules.billing.queries.limits import rule_for
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import PromiseKind, PromiseLine
from tellonce.modules.network import queries as network
from tellonce.modules.network.contracts import OutageKind, OutageLine
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries import MonthlyPrice
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.webkit import times

LOOK_BACK = timedelta(days=3)
"""A rule looks at what ended or broke since then: what was loaded as history is left alone."""
MONTH_MINUTES = 30 * 24 * 60


def credit_by_rule(*, at: datetime) -> int:
    """Credits what the rules say of the last days; returns how many credits are new."""
    since = at - LOOK_BACK
    every = [
        *(partial(_for_outage, outage) for outage in network.outages_ended_since(since)),
        *(partial(_for_promise, promise) for promise in care.broken_promises(since)),
    ]
    return each_by_itself(every, lambda one: one(at=at))


def _for_outage(outage: OutageLine, *, at: datetime) -> int:
    """Everybody concerned gets the share of the month's price that the outage lasted."""
    if outage.kind != OutageKind.LOST:
        return 0
    there = record.customers_in_area(outage.area_id, outage.service_kinds)
    prices = record.monthly_prices(there, outage.service_kinds)
    rules = {currency: rule_for(CreditReason.OUTAGE, currency=currency) for currency in {p.currency for p in prices}}
    minutes = outage.minutes(at)
    done = _done([_outage_source(outage, price) for price in prices])
    waiting = [price for price in prices if _outage_source(outage, price) not in done]
    return sum(_credit_outage(outage, price, rules[price.currency], minutes=minutes, at=at) for price in waiting)


def _credit_outage(outage: OutageLine, price: MonthlyPrice, rule: Rule, *, minutes: int, at: datetime) -> int:
    amount = round(price.price_minor * minutes / MONTH_MINUTES)
    if not rule.is_on or minutes < rule.from_minutes or amount <= 0:
        return 0

    def letter() -> tuple[str, str]:
        words = gettext(
            "In %(area)s there was no service for %(length)s. You do not pay for that time: we credit you %(amount)s, "
            "which will be on your next bill. You need do nothing."
        )
        said = {
            "area": outage.area,
            "length": times.lasted(minutes * 60),
            "amount": money(amount, price.currency),
        }
        return gettext("You get back what you paid for the outage"), words % said

    given = _give(
        customer_id=holder_of(price),
        account_id=price.account_id,
        amount_minor=amount,
        currency=price.currency,
        reason=CreditReason.OUTAGE,
        words=gettext("Outage in %(area)s, %(n)d minutes") % {"area": outage.area, "n": minutes},
        source=_outage_source(outage, price),
        rule=rule,
        letter=letter,
        at=at,
    )
    return int(given is not None)


def _for_promise(promise: PromiseLine, *, at: datetime) -> int:
    """A customer to whom somebody broke their word gets what the rule says; one to whom nobody came, as for a visit."""
    if promise.customer_id is None or _done([promise_source(promise.id)]):
        return 0
    customer_id = record.given_to("promise", [promise.id]).get(promise.id, promise.customer_id)
    account = record.first_account(customer_id)
    if account is None:
        return 0
    account_id, currency = account
    reason = CreditReason.MISSED_VISIT if promise.kind == PromiseKind.VISIT else CreditReason.BROKEN_PROMISE
    rule = rule_for(reason, currency=currency)
    if not rule.is_on or rule.flat_minor <= 0:
        return 0

    def letter() -> tuple[str, str]:
        words = gettext(
            "We promised you: %(what)s. We did not keep it in time, and we are sorry. We credit you %(amount)s, which "
            "will be on your next bill; the promise still stands."
        )
        said = {"what": promise.what, "amount": money(rule.flat_minor, currency)}
        return gettext("A credit for a promise that we did not keep"), words % said

    given = _give(
        customer_id=customer_id,
        account_id=account_id,
        amount_minor=rule.flat_minor,
        currency=currency,
        reason=reason,
        words=promise.what,
        source=promise_source(promise.id),
        rule=rule,
        letter=letter,
        at=at,
    )
    return int(given is not None)


@transaction.atomic
def credit_missed_visit(
    *, customer_id: int, window: tuple[datetime, datetime], source: str, at: datetime
) -> Credit | None:
    """What the rule gives for a visit to which nobody came; None where it gives nothing, or gave it for this `source`.

    Nobody comes to no account: the credit goes on the customer's first open one.
    """
    account = record.first_account(customer_id)
    if account is None or _done([source]):
        return None
    account_id, currency = account
    rule = rule_for(CreditReason.MISSED_VISIT, currency=currency)
    if not rule.is_on or rule.flat_minor <= 0:
        return None

    def letter() -> tuple[str, str]:
        words = gettext(
            "We said that somebody would come to you, %(when)s, and nobody did. We wasted your time, and we are sorry. "
            "We credit you %(amount)s, which will be on your next bill. You need do nothing for it; for a new visit "
            "call us or answer this letter."
        )
        there = times.window(*window, time_zone=record.customer(customer_id).time_zone)
        return gettext("Nobody came to you"), words % {"when": there, "amount": money(rule.flat_minor, currency)}

    return _give(
        customer_id=customer_id,
        account_id=account_id,
        amount_minor=rule.flat_minor,
        currency=currency,
        reason=CreditReason.MISSED_VISIT,
        words=times.window(*window),
        source=source,
        rule=rule,
        letter=letter,
        at=at,
    )


@transaction.atomic
def _give(
    *,
    customer_id: int,
    account_id: int,
    amount_minor: int,
    currency: str,
    reason: str,
    words: str,
    source: str,
    rule: Rule,
    letter: Callable[[], tuple[str, str]],
    at: datetime,
) -> Credit | None:
    """One credit, None where it was given before.

    The customer is told when it is granted at once, and by whoever grants it otherwise.
    """
    credit = give_credit(
        customer_id=customer_id,
        account_id=account_id,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason,
        words=words,
        by=SYSTEM,
        at=at,
        source=source,
        is_granted=amount_minor <= rule.granted_minor,
    )
    if credit.asked_at != at:
        return None
    if credit.state == CreditState.GRANTED:
        write(customer_id, letter, by=SYSTEM, at=at)
    return credit


def _done(sources: list[str]) -> set[str]:
    return set(Credit.objects.filter(source__in=sources).values_list("source", flat=True))


def promise_source(promise_id: int) -> str:
    """What the credit for a promise is for; a promised visit that was missed has no other one."""
    return f"promise:{promise_id}"


def _outage_source(outage: OutageLine, price: MonthlyPrice) -> str:
    return f"outage:{outage.id}:{price.account_id}"
