"""The correction for everybody: asked for by one person, approved by another, and run to its end account by account.

Each account is one transaction that also notes that it is done, and its credit is the only one with its source: a
worker that is killed at any time, or two at once, credit nobody twice and forget nobody.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from tellonce.modules.billing.actions.causes import Wrong, cause_to_change, look_for_accounts, wrong_on
from tellonce.modules.billing.actions.credits import give_credit
from tellonce.modules.billing.actions.each import each_by_itself
from tellonce.modules.billing.actions.in_common import decide_disputes
from tellonce.modules.billing.actions.telling import BILLS, tell, typed, write
from tellonce.modules.billing.actions.watching import begin_watch
from tellonce.modules.billing.contracts import (
    BadCauseError,
    CauseState,
    ChargeCorrected,
    CorrectionNotFoundError,
    CorrectionState,
    CorrectionStateError,
    CreditReason,
    SecondPersonError,
    WatchRule,
    money,
)
from tellonce.modules.billing.models import Cause, CauseAccount, Correction, Credit, Watch
from tellonce.modules.billing.queries.limits import limits_of
from tellonce.modules.billing.queries.lines import day_of
from tellonce.modules.billing.queries.pages_causes import accounts_to_correct, owed_for
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.record import story
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tellonce.webkit import times


@transaction.atomic
def ask_correction(*, cause_id: int, words: str, by: Actor, at: datetime) -> Correction:
    """Asks for everybody to be credited: the accounts are looked for anew, and what it will cost stands there."""
    cause = cause_to_change(cause_id)
    told = typed(words)
    if not told:
        raise BadCauseError(gettext("Write what customers are told."))
    if by.id is None:
        raise BadCauseError(gettext("A person asks for a correction."))
    if cause.state == CauseState.DISMISSED:
        raise BadCauseError(gettext("This was found to be no error."))
    if open_one := cause.corrections.filter(state__in=(CorrectionState.ASKED, CorrectionState.RUNNING)).first():
        raise CorrectionStateError(_where_it_stands(open_one))
    look_for_accounts(cause_id=cause_id, at=at)
    count = accounts_to_correct(cause_id).count()
    if not count:
        raise BadCauseError(gettext("There is no account left to correct."))
    total = owed_for(cause_id).total
    correction = Correction.objects.create(
        cause=cause, words=told, accounts=count, total_minor=total, asked_at=at, asked_by_id=by.id
    )
    staff.note_change(what="asked", about=correction, by=by, at=at, after={"accounts": count, "total": total})
    _announce(at)
    return correction


@transaction.atomic
def approve_correction(*, correction_id: int, by: Actor, at: datetime) -> Correction:
    """Another person has seen what it will do; it runs from now on (see `tasks.correct_soon`)."""
    correction = _to_settle(correction_id)
    _refuse_the_first_person(correction, by=by)
    correction.state, correction.settled_at, correction.settled_by_id = CorrectionState.RUNNING, at, by.id
    correction.save()
    Cause.objects.filter(pk=correction.cause_id, state=CauseState.SUSPECTED).update(state=CauseState.CONFIRMED)
    staff.note_change(what="approved", about=correction, by=by, at=at)
    _announce(at)
    return correction


@transaction.atomic
def refuse_correction(*, correction_id: int, by: Actor, at: datetime, why: str) -> Correction:
    """Another person does not approve it, or whoever asked takes it back; why stands there."""
    correction = _to_settle(correction_id)
    words = typed(why)[:300]
    if not words:
        raise BadCauseError(gettext("Write why it is not done."))
    correction.state, correction.settled_at, correction.settled_by_id = CorrectionState.REFUSED, at, by.id
    correction.refused_why = words
    correction.save()
    staff.note_change(what="refused", about=correction, by=by, at=at)
    _announce(at)
    return correction


def run_correction(*, correction_id: int, now: Callable[[], datetime]) -> int:
    """Corrects every account that waits, one transaction each, and ends the correction; returns how many it did.

    An account that fails waits, for the next run, and keeps no other from its correction.
    """
    done = each_by_itself(_waiting(correction_id), lambda row_id: _correct_one(correction_id, row_id, at=now()))
    _end(correction_id, at=now())
    return done


def running_corrections() -> list[int]:
    """Corrections that were approved and have not come to their end."""
    return list(Correction.objects.filter(state=CorrectionState.RUNNING).order_by("pk").values_list("pk", flat=True))


def _waiting(correction_id: int) -> list[int]:
    correction = Correction.objects.filter(pk=correction_id).first()
    if correction is None or correction.state != CorrectionState.RUNNING:
        return []
    return list(accounts_to_correct(correction.cause_id).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _correct_one(correction_id: int, row_id: int, *, at: datetime) -> int:
    row = (
        CauseAccount.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("cause")
        .filter(pk=row_id, corrected_at__isnull=True, left_out_why="")
        .first()
    )
    correction = Correction.objects.select_related("settled_by").get(pk=correction_id)
    if row is None or correction.state != CorrectionState.RUNNING or correction.settled_by is None:
        return 0
    by = correction.settled_by.as_actor()
    reviewed = max(0, row.amount_minor - row.repaid_minor)
    wrong = _wrong(row)
    decided, credited = decide_disputes(row, lines=wrong.lines, words=correction.words, by=by, at=at)
    owed = min(_wrong(row).owed_minor, reviewed - credited)
    credit = _credit(row, owed, by=by, at=at) if owed > 0 else None
    row.amount_minor, row.repaid_minor = max(wrong.amount_minor, 1), wrong.repaid_minor
    row.credit_id, row.charge_ids, row.corrected_at = credit.pk if credit else None, list(wrong.lines), at
    row.complained = row.complained or bool(decided)
    row.save()
    _watch(row, by=by, at=at)
    if credit is not None:
        _tell(row, correction, credit, by=by, at=at)
    Correction.objects.filter(pk=correction_id).update(done=F("done") + 1)
    return 1


def _wrong(row: CauseAccount) -> Wrong:
    """What is wrong on the bills that were reviewed; what comes on later ones is for the watch."""
    return wrong_on(row.cause, account_id=row.account_id, customer_id=row.customer_id, until=row.last_on)


def _credit(row: CauseAccount, amount_minor: int, *, by: Actor, at: datetime) -> Credit:
    return give_credit(
        customer_id=holder_of(row),
        account_id=row.account_id,
        amount_minor=amount_minor,
        currency=row.cause.currency,
        reason=CreditReason.CORRECTION,
        words=row.cause.title,
        by=by,
        at=at,
        source=f"cause:{row.cause_id}:{row.account_id}",
        is_granted=True,
    )


def _watch(row: CauseAccount, *, by: Actor, at: datetime) -> None:
    """The account is watched for the error, once."""
    cause = row.cause
    if Watch.objects.filter(cause=cause, account_id=row.account_id).exists():
        return
    begin_watch(
        customer_id=holder_of(row),
        account_id=row.account_id,
        rule=WatchRule(
            code=cause.code,
            product=cause.product,
            amount_from_minor=cause.amount_from_minor,
            amount_until_minor=cause.amount_until_minor,
            wrong_minor=cause.wrong_minor,
        ),
        words=cause.title,
        limit_minor=row.amount_minor,
        currency=cause.currency,
        since=_next_day(row.last_on, at),
        by=by,
        at=at,
        cause_id=cause.pk,
    )


def _next_day(last_on: date, at: datetime) -> date:
    """Bills after those that are corrected, and none before today that came in unseen."""
    return min(date.fromordinal(last_on.toordinal() + 1), day_of(at))


def _tell(row: CauseAccount, correction: Correction, credit: Credit, *, by: Actor, at: datetime) -> None:
    corrected = ChargeCorrected(row.cause_id, row.cause.title, credit.amount_minor, credit.currency)
    tell(holder_of(row), corrected, by=by, at=at, about=("cause", row.cause_id))

    def letter() -> tuple[str, str]:
        credited = gettext("We credit you %(amount)s; it will be on your next bill. You need do nothing.") % {
            "amount": money(credit.amount_minor, credit.currency)
        }
        return gettext("We found an error on your bills and corrected it"), f"{correction.words}\n\n{credited}"

    write(holder_of(row), letter, by=SYSTEM, at=at)


@transaction.atomic
def _end(correction_id: int, *, at: datetime) -> None:
    correction = Correction.objects.select_for_update(of=("self",)).filter(pk=correction_id).first()
    if correction is None or correction.state != CorrectionState.RUNNING:
        return
    if accounts_to_correct(correction.cause_id).exists():
        return
    correction.state, correction.ended_at = CorrectionState.DONE, at
    correction.save(update_fields=["state", "ended_at"])
    _announce(at)


def _to_settle(correction_id: int) -> Correction:
    correction = Correction.objects.select_for_update(of=("self",)).filter(pk=correction_id).first()
    if correction is None:
        raise CorrectionNotFoundError(gettext("There is no correction %(id)s.") % {"id": correction_id})
    if correction.state != CorrectionState.ASKED:
        raise CorrectionStateError(_where_it_stands(correction))
    return correction


def _where_it_stands(correction: Correction) -> str:
    who = correction.settled_by or correction.asked_by
    told = {"name": who.name, "time": times.exact(correction.settled_at or correction.asked_at)}
    match correction.state:
        case CorrectionState.ASKED:
            return gettext("%(name)s asked for this correction on %(time)s; it waits for a second person.") % told
        case CorrectionState.RUNNING:
            return gettext("%(name)s approved this correction on %(time)s; it is running.") % told
        case CorrectionState.DONE:
            return gettext("%(name)s approved this correction on %(time)s; it is done.") % told
    return gettext("%(name)s refused this correction on %(time)s.") % told


def _refuse_the_first_person(correction: Correction, *, by: Actor) -> None:
    if by.id is None or by.id == correction.asked_by_id:
        raise SecondPersonError(gettext("You asked for this correction; somebody else must approve it."))
    cause = Cause.objects.get(pk=correction.cause_id)
    most, limits = owed_for(cause.pk), limits_of(by, currency=cause.currency)
    if limits.second_minor < most.highest:
        raise SecondPersonError(
            gettext("One of the credits is %(amount)s, which is more than you may approve.")
            % {"amount": money(most.highest, cause.currency)}
        )
    if limits.together_minor < most.total:
        raise SecondPersonError(
            gettext("It comes to %(amount)s in all, which is more than you may approve in one correction (%(most)s).")
            % {"amount": money(most.total, cause.currency), "most": money(limits.together_minor, cause.currency)}
        )


def _announce(at: datetime) -> None:
    story.announce(topics=[BILLS], kind="billing.cause_changed", at=at)
