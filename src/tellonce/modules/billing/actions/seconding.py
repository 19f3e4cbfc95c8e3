"""The second person: approves or refuses a credit above what the first one may give alone."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions import effects
from tellonce.modules.billing.actions.casework import case_again
from tellonce.modules.billing.actions.credits import (
    credit_to_settle,
    refuse_a_stranger,
    refuse_the_first_person,
    settle_as_granted,
    settle_as_refused,
)
from tellonce.modules.billing.actions.telling import typed
from tellonce.modules.billing.contracts import BadCreditError, CreditReason, DisputeState
from tellonce.modules.billing.models import Credit, Dispute
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def grant_credit(*, credit_id: int, by: Actor, at: datetime) -> Credit:
    """A second person approves the credit; what an upheld dispute waited for happens now."""
    credit = credit_to_settle(credit_id)
    refuse_the_first_person(credit, by=by)
    settle_as_granted(credit, by=by, at=at)
    if (dispute := dispute_of(credit)) is not None:
        effects.put_right(dispute, by=by, at=at)
    return credit


@transaction.atomic
def refuse_credit(*, credit_id: int, by: Actor, at: datetime, why: str) -> Credit:
    """A second person does not approve it, or the first one takes it back; its dispute is to be decided anew."""
    credit = credit_to_settle(credit_id)
    refuse_a_stranger(credit, by=by)
    words = typed(why)
    if not words:
        raise BadCreditError(gettext("Write why the credit is refused; whoever asked for it reads it."))
    settle_as_refused(credit, by=by, at=at, why=words)
    if (dispute := dispute_of(credit)) is not None:
        decide_again(dispute, why=words, by=by, at=at)
    return credit


def decide_again(dispute: Dispute, *, why: str, by: Actor, at: datetime) -> None:
    """The dispute is open again with its case, for whoever decided it; what was decided is kept beside it."""
    dispute.earlier_decisions = [*dispute.earlier_decisions, _decision_of(dispute, why=why)]
    dispute.state, dispute.reason, dispute.granted_minor = DisputeState.OPEN, "", 0
    dispute.watch_rules = {}
    dispute.decided_at, dispute.decided_by_id, dispute.decided_by_name = None, None, ""
    dispute.case_id = case_again(
        dispute.case_id,
        customer_id=holder_of(dispute),
        title=gettext("Wrong charge: %(what)s") % {"what": effects.what_of(dispute)},
        words=why,
        by=by,
        at=at,
    )
    dispute.save()
    dispute.lines.update(granted_minor=None)


def _decision_of(dispute: Dispute, *, why: str) -> dict[str, Any]:
    return {
        "state": dispute.state,
        "reason": dispute.reason,
        "granted_minor": dispute.granted_minor,
        "at": dispute.decided_at.isoformat() if dispute.decided_at else "",
        "by": dispute.decided_by_name,
        "why": why,
    }


def dispute_of(credit: Credit) -> Dispute | None:
    """The dispute that the credit was decided for, locked."""
    if credit.dispute_id is None or credit.reason != CreditReason.DISPUTE:
        return None
    return Dispute.objects.select_for_update(of=("self",)).get(pk=credit.dispute_id)
