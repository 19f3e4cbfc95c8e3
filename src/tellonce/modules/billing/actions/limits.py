"""The administrator says what each role may credit, and what is credited by rule."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.contracts import BadCreditError
from tellonce.modules.billing.contracts.limits import RULES, Rule, first_limits
from tellonce.modules.billing.models import CreditLimit, CreditRule
from tellonce.modules.billing.queries.limits import WHO, limits_kept, rule_for
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def set_limits(
    *, who: str, currency: str, alone_minor: int, second_minor: int, together_minor: int, by: Actor, at: datetime
) -> CreditLimit:
    """Sets the limits of one role or permission set; nobody approves less than they may give alone."""
    if who not in WHO:
        raise BadCreditError(gettext("There is no such role or permission set."))
    if not 0 <= alone_minor <= second_minor:
        raise BadCreditError(gettext("As the second person somebody may approve at least what they may give alone."))
    if together_minor < 0:
        raise BadCreditError(gettext("An amount is not below zero."))
    kept = CreditLimit.objects.select_for_update().filter(who=who, currency=currency).first()
    before = limits_kept(kept) if kept else first_limits(who, currency=currency)
    limit = kept or CreditLimit(who=who, currency=currency)
    limit.alone_minor, limit.second_minor, limit.together_minor = alone_minor, second_minor, together_minor
    limit.save()
    staff.note_change(
        what="changed",
        about=limit,
        by=by,
        at=at,
        before={"alone": before.alone_minor, "second": before.second_minor, "together": before.together_minor},
        after={"alone": alone_minor, "second": second_minor, "together": together_minor},
    )
    return limit


@transaction.atomic
def set_rule(*, reason: str, currency: str, rule: Rule, by: Actor, at: datetime) -> CreditRule:
    """Sets what is credited without anybody asking."""
    if reason not in RULES:
        raise BadCreditError(gettext("Nothing is credited by rule for this."))
    if min(rule.from_minutes, rule.flat_minor, rule.granted_minor) < 0:
        raise BadCreditError(gettext("Minutes and amounts are not below zero."))
    before = rule_for(reason, currency=currency)
    kept = CreditRule.objects.select_for_update().filter(reason=reason, currency=currency).first()
    row = kept or CreditRule(reason=reason, currency=currency)
    row.is_on, row.from_minutes, row.flat_minor, row.granted_minor = (
        rule.is_on,
        rule.from_minutes,
        rule.flat_minor,
        rule.granted_minor,
    )
    row.save()
    staff.note_change(what="changed", about=row, by=by, at=at, before=asdict(before), after=asdict(rule))
    return row
