"""What a week is planned by, changed by hand."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.planning.actions.changing import PlanKey, keep_change, plan_to_change, terms_row
from tellonce.modules.planning.contracts import BadPlanError, ChangeKind, PlanTerms
from tellonce.modules.planning.models import Plan
from tellonce.modules.staff.contracts import Actor

_LONGEST_S = 86_400


@transaction.atomic
def change_terms(*, key: PlanKey, terms: PlanTerms, by: Actor, at: datetime) -> Plan:
    """Another target, handle time, patience or shrinkage. PlanChangedError; BadPlanError names the field."""
    refuse_bad_terms(terms)
    plan = plan_to_change(key, by=by, at=at)
    before = plan.terms
    for name, value in asdict(terms).items():
        setattr(plan, name, value)
    return keep_change(
        plan,
        ChangeKind.TERMS,
        words=in_words(before, terms),
        by=by,
        at=at,
        before={"terms": terms_row(before)},
        after={"terms": terms_row(terms)},
    )


def refuse_bad_terms(terms: PlanTerms) -> None:
    """BadPlanError for terms by which nothing can be planned."""
    rules = (
        ("target_within_s", 0 <= terms.target_within_s <= _LONGEST_S, gettext("The seconds are 0 to 86,400.")),
        ("target_share", 0 < terms.target_share < 1, gettext("The share is above 0% and below 100%.")),
        ("handle_s", 0 < terms.handle_s <= _LONGEST_S, gettext("A call takes longer than nothing, at most a day.")),
        ("patience_s", 0 < terms.patience_s <= _LONGEST_S, gettext("Callers wait longer than nothing, at most a day.")),
        ("shrinkage", 0 <= terms.shrinkage < 1, gettext("The share away is 0% or more and below 100%.")),
    )
    for field, holds, words in rules:
        if not holds:
            raise BadPlanError(words, field=field)


def in_words(before: PlanTerms, after: PlanTerms) -> str:
    """What differs, as the list of changes shows it."""
    shown = (
        ("target_share", gettext("%(value).0f%% in time"), 100.0),
        ("target_within_s", gettext("within %(value).0f s"), 1.0),
        ("handle_s", gettext("%(value).0f s a call"), 1.0),
        ("patience_s", gettext("%(value).0f s patience"), 1.0),
        ("shrinkage", gettext("%(value).0f%% away"), 100.0),
    )
    return ", ".join(
        words % {"value": getattr(after, name) * times}
        for name, words, times in shown
        if getattr(before, name) != getattr(after, name)
    )
