"""A granted credit that no bill brings: cancelled as a mistake, or paid out another way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions import effects
from tellonce.modules.billing.actions.credits import credit_body, credit_to_end
from tellonce.modules.billing.actions.seconding import decide_again, dispute_of
from tellonce.modules.billing.actions.telling import order, tell, typed, write
from tellonce.modules.billing.contracts import (
    BadCreditError,
    CheckOutcome,
    CreditCancelled,
    CreditPaidOut,
    CreditReason,
    CreditState,
    DisputeState,
    OrderKind,
    SecondPersonError,
    money,
)
from tellonce.modules.billing.models import Credit, Dispute, Finding, WatchCheck
from tellonce.modules.billing.queries.limits import is_above, limits_of
from tellonce.modules.billing.queries.waiting import OF_BILLS
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def cancel_credit(*, credit_id: int, by: Actor, at: datetime, why: str) -> Credit:
    """The credit was a mistake: by whoever granted it, or somebody above, before any bill has brought of it.

    A dispute that it was decided for is open again, and nothing is watched for it until it is decided anew. What it
    took of the person's limit is given back.
    """
    credit = credit_to_end(credit_id)
    words = _words(why, gettext("Write why the credit is cancelled."))
    if credit.reason in OF_BILLS:
        raise BadCreditError(gettext("This credit follows from the bills themselves and cannot be cancelled."))
    if credit.arrived_minor:
        raise BadCreditError(gettext("A part of this credit is on a bill already; it cannot be cancelled any more."))
    if not is_above(by, credit):
        raise SecondPersonError(gettext("A credit is cancelled by whoever granted it, or by somebody above them."))
    dispute = dispute_of(credit)
    if dispute is not None:
        _refuse_where_it_came_back(dispute)
    _end(credit, state=CreditState.CANCELLED, words=words, by=by, at=at)
    what = CreditCancelled(credit.pk, credit.amount_minor, credit.currency)
    tell(holder_of(credit), what, by=by, at=at, about=("credit", credit.pk), case_id=credit.case_id, words=words)
    if dispute is not None:
        decide_again(dispute, why=words, by=by, at=at)
        effects.hold_again(dispute, at=at)
    if credit.reason != CreditReason.GOODWILL:  # goodwill was told by whoever gave it, the others by a letter
        _write_cancelled(credit, by=by, at=at)
    _close(credit, note=words, by=by, at=at)
    return credit


@transaction.atomic
def pay_out_credit(*, credit_id: int, by: Actor, at: datetime, how: str) -> Credit:
    """What is still due of the credit was given in another way; no bill is to bring it any more."""
    credit = credit_to_end(credit_id)
    words = _words(how, gettext("Write how it was paid out."))
    due_minor = credit.amount_minor - credit.arrived_minor
    most = limits_of(by, currency=credit.currency).second_minor
    if most < due_minor:
        amount = money(due_minor, credit.currency)
        raise SecondPersonError(gettext("%(amount)s is more than you may approve.") % {"amount": amount})
    _end(credit, state=CreditState.PAID_OUT, words=words, by=by, at=at)
    what = CreditPaidOut(credit.pk, due_minor, credit.currency)
    tell(holder_of(credit), what, by=by, at=at, about=("credit", credit.pk), case_id=credit.case_id, words=words)

    def letter() -> tuple[str, str]:
        text = gettext("You had a credit of %(amount)s with us, and no more bills come on which it could be. %(how)s")
        said = {"amount": money(due_minor, credit.currency), "how": words}
        return gettext("Your credit, paid out"), text % said

    write(holder_of(credit), letter, by=by, at=at, case_id=credit.case_id)
    _close(credit, note=words, by=by, at=at)
    return credit


def _words(typed_words: str, missing: str) -> str:
    words = typed(typed_words)[:300]
    if not words:
        raise BadCreditError(missing)
    return words


def _refuse_where_it_came_back(dispute: Dispute) -> None:
    back = WatchCheck.objects.filter(watch__dispute=dispute).exclude(outcome=CheckOutcome.CLEAN)
    if back.exists():
        raise BadCreditError(gettext("The charge came back since it was upheld: it was wrong, and stays credited."))


def _end(credit: Credit, *, state: CreditState, words: str, by: Actor, at: datetime) -> None:
    credit.state, credit.ended_at, credit.ended_by_id, credit.ended_by_name = state, at, by.id, by.name
    credit.ended_words = words
    credit.save()
    order(
        kind=OrderKind.CANCEL_CREDIT,
        key=f"credit:{credit.pk}:cancel",
        customer_id=credit.customer_id,
        account_id=credit.account_id,
        at=at,
        body=credit_body(credit),
    )


def _write_cancelled(credit: Credit, *, by: Actor, at: datetime) -> None:
    def letter() -> tuple[str, str]:
        text = gettext(
            "We wrote to you that we credit you %(amount)s. That was a mistake of ours, and it will not be on your "
            "bill: %(why)s If you see it differently, answer this letter; somebody will look again."
        )
        why = credit.ended_words if credit.ended_words.endswith((".", "!", "?")) else f"{credit.ended_words}."
        said = {"amount": money(credit.amount_minor, credit.currency), "why": why}
        return gettext("A credit that we wrote to you about"), text % said

    write(holder_of(credit), letter, by=by, at=at, case_id=credit.case_id)


def _close(credit: Credit, *, note: str, by: Actor, at: datetime) -> None:
    """Cases that waited for this credit (no bill had it, or none comes) are solved, unless more of them is open."""
    missing = Finding.objects.filter(key=f"credit:{credit.pk}", case__isnull=False)
    waited = set(missing.values_list("case_id", flat=True))
    if credit.stuck_at is not None and credit.case_id is not None:
        waited.add(credit.case_id)
    for case_id in waited:
        others = Credit.objects.filter(case_id=case_id, state__in=(CreditState.ASKED, CreditState.GRANTED))
        disputes = Dispute.objects.filter(case_id=case_id, state=DisputeState.OPEN)
        case = care_queries.case(case_id)
        open_below = any(each.is_open for each in case.children)
        if case.line.is_open and not (others.exists() or disputes.exists() or open_below):
            care.solve_case(case_id=case_id, by=by, at=at, note=note)
