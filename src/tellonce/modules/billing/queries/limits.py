"""What somebody may credit alone, and as the second person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from tellonce.modules.billing.contracts import LIMIT_DAYS, CreditReason, CreditState
from tellonce.modules.billing.contracts.limits import RULES, Limits, Rule, first_limits, first_rule
from tellonce.modules.billing.models import Credit, CreditLimit, CreditRule
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor, ActorKind, PermissionSet, Role

WHO = (*Role.values, *PermissionSet.values)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """The limits of one role or permission set, and whether somebody set them."""

    who: str
    label: str
    limits: Limits
    is_set: bool


def limits_of(by: Actor, *, currency: str) -> Limits:
    """What this person may do; nobody but people on staff may do anything by their own decision."""
    if by.kind != ActorKind.PERSON or by.id is None:
        return Limits()
    person = staff.person(by.id)
    return _highest({person.role, *person.permission_sets}, currency=currency)


def given_lately(*, account_id: int, currency: str, by: Actor, at: datetime) -> int:
    """What this person has given alone on the account in the last days: many small credits are one large one.

    What was cancelled is theirs to give again.
    """
    if by.id is None:
        return 0
    alone = Credit.objects.filter(
        account_id=account_id,
        currency=currency,
        asked_by_id=by.id,
        settled_by_id=by.id,
        settled_at__gt=at - timedelta(days=LIMIT_DAYS),
    ).exclude(Q(reason=CreditReason.CORRECTION) | Q(state=CreditState.CANCELLED))
    return alone.aggregate(total=Sum("amount_minor"))["total"] or 0


def is_above(by: Actor, credit: Credit) -> bool:
    """Whether the person granted the credit themselves, or may approve it and more than who granted it gives alone."""
    if by.kind != ActorKind.PERSON or by.id is None:
        return False
    if by.id == credit.settled_by_id:
        return True
    granter = staff.people().filter(pk=credit.settled_by_id or 0).first()
    alone = limits_of(granter.as_actor(), currency=credit.currency).alone_minor if granter is not None else 0
    return limits_of(by, currency=credit.currency).second_minor >= max(credit.amount_minor, alone + 1)


def may_refuse(*, asked_by_id: int | None, amount_minor: int, currency: str, by: Actor) -> bool:
    """Whoever asked for a credit may take it back; who approves more for others than they give alone may refuse any.

    What is more than anybody may approve must not wait for ever.
    """
    is_theirs = by.id is not None and by.id == asked_by_id
    return is_theirs or refuses(limits_of(by, currency=currency), amount_minor)


def refuses(limits: Limits, amount_minor: int) -> bool:
    """Whether who has these limits may refuse a credit of others."""
    return limits.second_minor >= amount_minor or limits.second_minor > limits.alone_minor


def limit_lines(*, currency: str) -> list[LimitLine]:
    """Every role and permission set with its limits in this currency."""
    kept = _kept(WHO, currency=currency)
    labels = {**dict(Role.choices), **dict(PermissionSet.choices)}
    return [
        LimitLine(who, str(labels[who]), kept.get(who) or first_limits(who, currency=currency), who in kept)
        for who in WHO
    ]


def _highest(names: Collection[str], *, currency: str) -> Limits:
    kept = _kept(names, currency=currency)
    theirs = [kept.get(name) or first_limits(name, currency=currency) for name in names]
    return Limits(
        max(each.alone_minor for each in theirs),
        max(each.second_minor for each in theirs),
        max(each.together_minor for each in theirs),
    )


def _kept(names: Collection[str], *, currency: str) -> dict[str, Limits]:
    rows = CreditLimit.objects.filter(who__in=names, currency=currency)
    return {row.who: limits_kept(row) for row in rows}


def limits_kept(row: CreditLimit) -> Limits:
    """The limits of a row; what nobody set in it is as it came."""
    first = first_limits(row.who, currency=row.currency).together_minor
    together = first if row.together_minor is None else row.together_minor
    return Limits(row.alone_minor, row.second_minor, together)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule for credits, and whether somebody set it."""

    reason: str
    label: str
    rule: Rule
    is_set: bool


def rule_for(reason: str, *, currency: str) -> Rule:
    """The rule for credits of this reason in one currency."""
    return next(line.rule for line in rule_lines(currency=currency) if line.reason == reason)


def rule_lines(*, currency: str) -> list[RuleLine]:
    """Every rule in this currency."""
    kept = {row.reason: _rule(row) for row in CreditRule.objects.filter(currency=currency)}
    return [
        RuleLine(reason, str(reason.label), kept.get(reason) or first_rule(reason, currency=currency), reason in kept)
        for reason in RULES
    ]


def _rule(row: CreditRule) -> Rule:
    return Rule(row.is_on, row.from_minutes, row.flat_minor, row.granted_minor)


def currencies(*, ours: str) -> list[str]:
    """The installation's currency, and others in which something is credited or a limit or rule was set."""
    used = (CreditLimit.objects, CreditRule.objects, Credit.objects)
    found = {each for rows in used for each in rows.order_by().values_list("currency", flat=True).distinct()}
    return [ours, *sorted(found - {ours})]
