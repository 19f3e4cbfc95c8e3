"""Credits are given within limits, approved or refused by a second person above them."""

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.telling import order, tell, typed
from tellonce.modules.billing.contracts import (
    LEAD_DAYS,
    BadCreditError,
    CreditAsked,
    CreditGranted,
    CreditNotFoundError,
    CreditReason,
    CreditRefused,
    CreditSettledError,
    CreditState,
    OrderKind,
    SecondPersonError,
    money,
)
from tellonce.modules.billing.models import Credit
from tellonce.modules.billing.queries.limits import given_lately, limits_of, may_refuse
from tellonce.modules.billing.queries.lines import day_of
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

_MOST_MINOR = 10**9  # ten million dollars: beyond it somebody's finger slipped


@transaction.atomic
def give_credit(
    *,
    customer_id: int,
    account_id: int,
    amount_minor: int,
    currency: str,
    reason: str,
    by: Actor,
    at: datetime,
    words: str = "",
    dispute_id: int | None = None,
    case_id: int | None = None,
    source: str = "",
    is_granted: bool = False,
) -> Credit:
    """Gives value on an account: granted when it is within what `by` may decide alone, else a second person is asked.

    What the person gave alone on the account in the last LIMIT_DAYS days counts towards their limit.
    `is_granted` is for what rules grant without anybody. A `source` that has its credit already gets no other one.
    """
    _refuse_bad(account_id=account_id, amount_minor=amount_minor, reason=reason)
    if by.id is not None and not is_granted:
        _one_by_one(by.id)
    lately = given_lately(account_id=account_id, currency=currency, by=by, at=at)
    within = is_granted or amount_minor + lately <= limits_of(by, currency=currency).alone_minor
    credit = Credit(
        customer_id=customer_id,
        account_id=account_id,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason,
        words=typed(words)[:300],
        state=CreditState.ASKED,
        asked_at=at,
        asked_by_id=by.id,
        asked_by_name=by.name,
        dispute_id=dispute_id,
        case_id=case_id,
        source=source,
    )
    try:
        with transaction.atomic():
            credit.save()
    except IntegrityError:
        if source and (given := Credit.objects.filter(source=source).first()):
            return given
        raise
    if within:
        settle_as_granted(credit, by=by, at=at)
    else:
        asked = CreditAsked(credit.pk, amount_minor, currency, reason)
        tell(customer_id, asked, by=by, at=at, about=("credit", credit.pk), case_id=case_id, words=credit.words)
    return credit


def _one_by_one(person_id: int) -> None:
    """What the same person gives at the same time counts towards one limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('billing.credit', %s))", [person_id])


@transaction.atomic
def credit_account(
    *,
    customer_id: int,
    account_id: int,
    amount_minor: int,
    by: Actor,
    at: datetime,
    words: str,
    case_id: int | None = None,
) -> Credit:
    """Goodwill from the desk: the account must be the customer's, and the words say what it is for."""
    card = record.card(customer_id, at=at)
    account = next((each for each in card.accounts if each.id == account_id), None)
    if account is None:
        raise BadCreditError(gettext("This is not an account of the customer."))
    if not typed(words):
        raise BadCreditError(gettext("Say what the credit is for."))
    return give_credit(
        customer_id=customer_id,
        account_id=account_id,
        amount_minor=amount_minor,
        currency=account.currency,
        reason=CreditReason.GOODWILL,
        by=by,
        at=at,
        words=words,
        case_id=case_id,
    )


def credit_to_end(credit_id: int) -> Credit:
    """The credit, locked; CreditSettledError when it is not one that waits for a bill."""
    credit = _locked(credit_id)
    if credit.state != CreditState.GRANTED:
        text = gettext("This credit does not wait for a bill: %(state)s.")
        raise CreditSettledError(text % {"state": credit.get_state_display()})
    return credit


def credit_to_settle(credit_id: int) -> Credit:
    """The credit, locked; CreditSettledError, naming who was first, when nobody is waited for."""
    credit = _locked(credit_id)
    if credit.state != CreditState.ASKED and credit.settled_at is not None:
        refused = credit.state == CreditState.REFUSED
        text = (
            gettext("%(name)s refused this credit on %(time)s.")
            if refused
            else gettext("%(name)s granted this credit on %(time)s.")
        )
        raise CreditSettledError(text % {"name": credit.settled_by_name, "time": times.exact(credit.settled_at)})
    return credit


def _locked(credit_id: int) -> Credit:
    credit = Credit.objects.select_for_update(of=("self",)).filter(pk=credit_id).first()
    if credit is None:
        raise CreditNotFoundError(gettext("There is no credit %(id)s.") % {"id": credit_id})
    return credit


def refuse_the_first_person(credit: Credit, *, by: Actor) -> None:
    """Raises SecondPersonError where `by` asked for the credit, or may not approve as much."""
    if by.id is not None and by.id == credit.asked_by_id:
        raise SecondPersonError(gettext("You asked for this credit; somebody else must approve it."))
    if limits_of(by, currency=credit.currency).second_minor < credit.amount_minor:
        raise SecondPersonError(
            gettext("%(amount)s is more than you may approve.")
            % {"amount": money(credit.amount_minor, credit.currency)}
        )


def refuse_a_stranger(credit: Credit, *, by: Actor) -> None:
    """Raises SecondPersonError where `by` may not refuse the credit."""
    if not may_refuse(
        asked_by_id=credit.asked_by_id, amount_minor=credit.amount_minor, currency=credit.currency, by=by
    ):
        raise SecondPersonError(gettext("A credit is refused by whoever asked for it, or by who may approve credits."))


def settle_as_granted(credit: Credit, *, by: Actor, at: datetime) -> None:
    """The credit is due on the next bill; the billing system and the story are told."""
    credit.state, credit.settled_at, credit.settled_by_id, credit.settled_by_name = (
        CreditState.GRANTED,
        at,
        by.id,
        by.name,
    )
    credit.due_from = day_of(at) + timedelta(days=LEAD_DAYS)
    credit.save()
    granted = CreditGranted(credit.pk, credit.amount_minor, credit.currency, credit.reason)
    about = ("credit", credit.pk)
    tell(holder_of(credit), granted, by=by, at=at, about=about, case_id=credit.case_id, words=credit.words)
    order(
        kind=OrderKind.CREDIT,
        key=f"credit:{credit.pk}",
        customer_id=credit.customer_id,
        account_id=credit.account_id,
        at=at,
        body=credit_body(credit),
    )


def settle_as_refused(credit: Credit, *, by: Actor, at: datetime, why: str) -> None:
    """The credit is not given."""
    credit.state, credit.settled_at, credit.settled_by_id, credit.settled_by_name = (
        CreditState.REFUSED,
        at,
        by.id,
        by.name,
    )
    credit.refused_why = why[:300]
    credit.save()
    refused = CreditRefused(credit.pk, credit.amount_minor, credit.currency)
    about = ("credit", credit.pk)
    tell(holder_of(credit), refused, by=by, at=at, about=about, case_id=credit.case_id, words=why)


def reference(credit_id: int) -> str:
    """How the billing system names a credit on the bill, so that it is known again: 'TO-4711'."""
    return f"TO-{credit_id}"


def credit_body(credit: Credit) -> dict[str, str | int]:
    """What the billing system is told of a credit."""
    return {
        "credit": credit.pk,
        "reference": reference(credit.pk),
        "amount_minor": credit.amount_minor,
        "currency": credit.currency,
        "due_from": credit.due_from.isoformat() if credit.due_from else "",
    }


def _refuse_bad(*, account_id: int | None, amount_minor: int, reason: str) -> None:
    if account_id is None:
        raise BadCreditError(gettext("Say on which account."))
    if amount_minor <= 0:
        raise BadCreditError(gettext("A credit is an amount above zero."))
    if amount_minor >= _MOST_MINOR:
        raise BadCreditError(gettext("That is more than anybody may give. Look at the noughts once more."))
    if reason not in CreditReason.values:
        raise BadCreditError(gettext("Say what the credit is for."))
