"""What follows from a decision: the watch, the letter, dunning released, the case solved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from tellonce.modules.billing.actions.telling import order, write
from tellonce.modules.billing.actions.watching import stop_body, watch_dispute
from tellonce.modules.billing.contracts import CreditReason, CreditState, DisputeState, OrderKind, WatchState, money
from tellonce.modules.billing.models import Dispute
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.staff.contracts import Actor


def what_of(dispute: Dispute) -> str:
    """The most costly line of the dispute in words, as on the bill."""
    line = max(dispute.lines.all(), key=lambda each: each.asked_minor)
    return line.words or line.code


def about(dispute: Dispute) -> dict[str, Any]:
    """What a moment of this dispute belongs to."""
    return {"about": ("dispute", dispute.pk), "case_id": dispute.case_id, "contact_id": dispute.contact_id}


def put_right(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    """The credit is granted: later bills are watched, the customer is told, the case is solved."""
    watch_dispute(dispute, by=by, at=at)
    release_dunning(dispute, at=at)
    _write_upheld(dispute, by=by, at=at)
    solve_case_of(dispute, by=by, at=at, note=dispute.reason)


def release_dunning(dispute: Dispute, *, at: datetime) -> None:
    """What was not found to be wrong may be dunned for again."""
    dispute.dunning_released_at = at
    dispute.save(update_fields=["dunning_released_at"])
    order(
        kind=OrderKind.RELEASE_DUNNING,
        key=f"dispute:{dispute.pk}:release:{at.isoformat()}",
        customer_id=dispute.customer_id,
        account_id=dispute.account_id,
        at=at,
        body=dunning_body(dispute),
    )


def dunning_body(dispute: Dispute) -> dict[str, Any]:
    """What the billing system is told of a dispute: its lines, what is asked for, what was granted."""
    return {
        "dispute": dispute.pk,
        "state": str(dispute.state),
        "asked_minor": dispute.asked_minor,
        "granted_minor": dispute.granted_minor,
        "currency": dispute.currency,
        "lines": line_queries.named_lines([(line.customer_id, line.charge_id) for line in dispute.lines.all()]),
    }


def solve_case_of(dispute: Dispute, *, by: Actor, at: datetime, note: str) -> None:
    """The case is solved with its last dispute that waits for a decision or a second person.

    Not where somebody still works on what is below it.
    """
    if dispute.case_id is None:
        return
    waits = Q(state=DisputeState.OPEN) | Q(credits__state=CreditState.ASKED, credits__reason=CreditReason.DISPUTE)
    others = Dispute.objects.filter(waits, case_id=dispute.case_id).exclude(pk=dispute.pk)
    case = care_queries.case(dispute.case_id)
    if not case.line.is_open or others.exists() or any(child.is_open for child in case.children):
        return
    care.solve_case(case_id=dispute.case_id, by=by, at=at, note=note)


def write_refused(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    """Tells the customer that the charge stays, and why."""

    def letter() -> tuple[str, str]:
        words = gettext(
            "You told us that this charge was wrong: %(what)s (%(amount)s). We looked into it, and the charge stays: "
            "%(reason)s If you see it differently, answer this letter; somebody will look again."
        )
        return gettext("About the charge that you disputed"), words % _said(dispute, dispute.asked_minor)

    write(holder_of(dispute), letter, by=by, at=at, case_id=dispute.case_id, contact_id=dispute.contact_id)


def hold_again(dispute: Dispute, *, at: datetime) -> None:
    """It is to be decided anew: dunning is held again, and what was watched for it may be billed until then."""
    dispute.dunning_held_at, dispute.dunning_released_at = at, None
    dispute.save(update_fields=["dunning_held_at", "dunning_released_at"])
    key = f"dispute:{dispute.pk}:hold:{at.isoformat()}"
    _order_again(dispute, kind=OrderKind.HOLD_DUNNING, key=key, body=dunning_body(dispute), at=at)
    for watch in dispute.watches.filter(state=WatchState.WATCHING):
        watch.state, watch.ended_at = WatchState.ENDED, at
        watch.save(update_fields=["state", "ended_at"])
        key, body = f"watch:{watch.pk}:allow", stop_body(watch)
        _order_again(dispute, kind=OrderKind.ALLOW_LINE, key=key, body=body, at=at)


def _order_again(dispute: Dispute, *, kind: str, key: str, body: Mapping[str, Any], at: datetime) -> None:
    order(kind=kind, key=key, customer_id=dispute.customer_id, account_id=dispute.account_id, at=at, body=body)


def _write_upheld(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    def letter() -> tuple[str, str]:
        paid = dispute.credit_minor
        if not paid:
            words = gettext(
                "The charge %(what)s was wrong: %(reason)s Your discount had taken it off, so there is nothing to give "
                "back. From now on we check every bill of yours for this charge before you have to."
            )
            return gettext("The charge was wrong"), words % _said(dispute, paid)
        words = gettext(
            "The charge %(what)s was wrong: %(reason)s We credit you %(amount)s; it will be on your next bill. From "
            "now on we check every bill of yours for this charge before you have to."
        )
        if paid < dispute.granted_minor:
            words = gettext(
                "The charge %(what)s was wrong: %(reason)s A discount had taken a part of it off. We credit you what "
                "you paid of it, %(amount)s; it will be on your next bill. From now on we check every bill of yours "
                "for this charge before you have to."
            )
        return gettext("The charge was wrong, and you get it back"), words % _said(dispute, paid)

    write(holder_of(dispute), letter, by=by, at=at, case_id=dispute.case_id, contact_id=dispute.contact_id)


def _said(dispute: Dispute, amount_minor: int) -> dict[str, str]:
    reason = dispute.reason if dispute.reason.endswith((".", "!", "?")) else f"{dispute.reason}."
    return {"what": what_of(dispute), "amount": money(amount_minor, dispute.currency), "reason": reason}
