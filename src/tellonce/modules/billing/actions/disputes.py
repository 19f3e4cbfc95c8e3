"""Disputes are raised, withdrawn and decided: one person decides, and whoever comes second learns who was first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions import effects
from tellonce.modules.billing.actions.casework import case_about_bills, open_case
from tellonce.modules.billing.actions.causes import put_to_its_cause
from tellonce.modules.billing.actions.credits import give_credit
from tellonce.modules.billing.actions.since import grant_since
from tellonce.modules.billing.actions.telling import order, tell, typed
from tellonce.modules.billing.actions.watching import keep_chosen
from tellonce.modules.billing.contracts import (
    TERM_DAYS,
    AlreadyDisputedError,
    BadDisputeError,
    CreditReason,
    CreditState,
    DisputeNotFoundError,
    DisputeRaised,
    DisputeRefused,
    DisputeSettledError,
    DisputeState,
    DisputeUpheld,
    DisputeWithdrawn,
    FindingState,
    OrderKind,
    RaisedBy,
    WatchRule,
)
from tellonce.modules.billing.models import Charge, Credit, Dispute, DisputeLine, Finding
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.discounts import taken_off_with_tax
from tellonce.modules.billing.queries.lines import Fingerprint
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.billing.queries.wrong import WRONG, wrong_matter
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Direction
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

_VERDICTS = (DisputeState.UPHELD, DisputeState.PARTLY, DisputeState.NOT_UPHELD)


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line of a bill that is disputed; `asked_minor` with tax, None for all of it."""

    charge_id: UUID
    asked_minor: int | None = None


@transaction.atomic
def raise_dispute(
    *,
    customer_id: int,
    lines: Sequence[LineAsked],
    words: str,
    by: Actor,
    at: datetime,
    raised_by: str = RaisedBy.CUSTOMER,
    contact_id: int | None = None,
    case_id: int | None = None,
) -> Dispute:
    """Lines of bills of one account are said to be wrong: a case, a term, and no dunning for them meanwhile.

    A case about something else than bills stays what it is: the dispute has one of its own. Where the error is known
    as a cause, the dispute is put to it.
    """
    charges = _charges(customer_id, lines)
    holder_id = holder_of(charges[0])
    asked = _asked(charges, lines)
    worst = max(charges, key=lambda charge: asked[charge.id])
    in_hand = case_about_bills(case_id, customer_id=holder_id)
    if in_hand is not None and contact_id is not None:
        _say_matter(worst, customer_id=holder_id, contact_id=contact_id, by=by, at=at)
    case_id = in_hand or _case(worst, customer_id=holder_id, contact_id=contact_id, by=by, at=at)
    mark = line_queries.fingerprint(worst, customer_id=customer_id, at=at)
    dispute = Dispute(
        customer_id=holder_id,
        account_id=worst.account_id,
        case_id=case_id,
        contact_id=contact_id,
        raised_by=raised_by,
        raised_at=at,
        raised_by_staff_id=by.id,
        raised_by_name=by.name,
        words=typed(words),
        currency=worst.currency,
        asked_minor=sum(asked.values()),
        due_on=line_queries.day_of(at) + timedelta(days=TERM_DAYS),
        dunning_held_at=at,
    )
    _mark(dispute, mark)
    dispute.save()
    _add_lines(dispute, charges, asked)
    _settle_findings(dispute, charges, by=by, at=at)
    put_to_its_cause(dispute)
    _tell_raised(dispute, by=by, at=at)
    return dispute


def _settle_findings(dispute: Dispute, charges: Sequence[Charge], *, by: Actor, at: datetime) -> None:
    """What the checks found on these lines is looked at with the dispute."""
    found = Finding.objects.filter(charge_id__in=[charge.id for charge in charges], state=FindingState.OPEN)
    found.update(
        state=FindingState.CASE,
        dispute_id=dispute.pk,
        case_id=dispute.case_id,
        settled_at=at,
        settled_by_name=by.name,
    )


@transaction.atomic
def withdraw_dispute(*, dispute_id: int, by: Actor, at: datetime, reason: str) -> Dispute:
    """Whoever disputed the charge takes it back; why is written down."""
    dispute = dispute_to_decide(dispute_id)
    why = _why(reason)
    _settle(dispute, state=DisputeState.WITHDRAWN, why=why, by=by, at=at)
    dispute.save()
    dispute.lines.update(stands=False)
    withdrawn = DisputeWithdrawn(dispute.pk, effects.what_of(dispute))
    tell(holder_of(dispute), withdrawn, by=by, at=at, words=why, **effects.about(dispute))
    effects.release_dunning(dispute, at=at)
    effects.solve_case_of(dispute, by=by, at=at, note=why)
    return dispute


@transaction.atomic
def decide_dispute(
    *,
    dispute_id: int,
    verdict: str,
    reason: str,
    by: Actor,
    at: datetime,
    granted: Mapping[int, int] | None = None,
    watch: Mapping[int, WatchRule] | None = None,
    is_approved: bool = False,
) -> Dispute:
    """Upheld, partly (`granted` says what of each line, by its id, with tax), or not; the customer is told why.

    Lines like it that came with later bills meanwhile are wrong by the same amount. What of it was paid is credited on
    the next bill and a watch begins, at once or when a second person has approved the credit (`is_approved`: has
    already).
    `watch` says by a line of each thing what is looked for; without it the line itself does.
    """
    dispute = dispute_to_decide(dispute_id)
    why = _why(reason)
    if verdict not in _VERDICTS:
        raise BadDisputeError(gettext("Say whether the dispute is upheld, partly upheld, or not."))
    if verdict == DisputeState.NOT_UPHELD:
        return _refuse(dispute, why=why, by=by, at=at)
    total = _grant_lines(dispute, verdict=verdict, granted=granted or {})
    _settle(dispute, state=DisputeState(verdict), why=why, by=by, at=at)
    dispute.granted_minor = total
    dispute.save()
    keep_chosen(dispute, watch or {})
    upheld = DisputeUpheld(dispute.pk, effects.what_of(dispute), total, dispute.currency, verdict)
    tell(holder_of(dispute), upheld, by=by, at=at, words=why, **effects.about(dispute))
    paid = dispute.credit_minor
    if not paid or _credit(dispute, paid, by=by, at=at, is_granted=is_approved).state == CreditState.GRANTED:
        effects.put_right(dispute, by=by, at=at)
    return dispute


def _credit(dispute: Dispute, amount_minor: int, *, by: Actor, at: datetime, is_granted: bool) -> Credit:
    return give_credit(
        customer_id=holder_of(dispute),
        account_id=dispute.account_id,
        amount_minor=amount_minor,
        currency=dispute.currency,
        reason=CreditReason.DISPUTE,
        words=effects.what_of(dispute),
        by=by,
        at=at,
        dispute_id=dispute.pk,
        case_id=dispute.case_id,
        source=_next_source(dispute),
        is_granted=is_granted,
    )


@transaction.atomic
def divide_dispute(*, dispute_id: int, keep: Sequence[int], by: Actor, at: datetime) -> Dispute | None:
    """Lines (by id) that are decided by themselves stay; the others go on as a dispute of their own, which returns.

    None where all of them stay. Term, case and words are those of the dispute that they came from.
    """
    dispute = dispute_to_decide(dispute_id)
    rest = list(dispute.lines.exclude(pk__in=keep))
    if not rest or len(rest) == dispute.lines.count():
        return None
    asked = sum(line.asked_minor for line in rest)
    worst = max(rest, key=lambda line: line.asked_minor)
    charge = line_queries.charges([worst.customer_id], [worst.charge_id])[0]
    mark = line_queries.fingerprint(charge, customer_id=dispute.customer_id, at=at)
    dispute.asked_minor -= asked
    dispute.save(update_fields=["asked_minor"])
    other = Dispute.objects.get(pk=dispute.pk)
    other.pk, other._state.adding, other.cause = None, True, None  # noqa: SLF001  the documented way to copy a row
    other.asked_minor = asked
    _mark(other, mark)
    other.save()
    DisputeLine.objects.filter(pk__in=[line.pk for line in rest]).update(dispute=other)
    put_to_its_cause(other)
    _tell_raised(other, by=by, at=at)
    return other


def dispute_to_decide(dispute_id: int) -> Dispute:
    """The dispute, locked; DisputeSettledError, naming who was first, when it is decided."""
    dispute = Dispute.objects.select_for_update(of=("self",)).filter(pk=dispute_id).first()
    if dispute is None:
        raise DisputeNotFoundError(gettext("There is no dispute %(id)s.") % {"id": dispute_id})
    if dispute.state != DisputeState.OPEN and dispute.decided_at is not None:
        text = gettext("%(name)s decided this dispute on %(time)s: %(state)s.")
        when = times.exact(dispute.decided_at)
        told = {"name": dispute.decided_by_name, "time": when, "state": dispute.get_state_display()}
        raise DisputeSettledError(text % told)
    return dispute


def _mark(dispute: Dispute, mark: Fingerprint) -> None:
    dispute.fingerprint, dispute.code, dispute.product = mark.key, mark.code, mark.product
    dispute.area_id, dispute.first_on, dispute.price_changed_on = mark.area_id, mark.first_on, mark.price_changed_on


def _charges(customer_id: int, lines: Sequence[LineAsked]) -> list[Charge]:
    ids = [line.charge_id for line in lines]
    charges = line_queries.charges_of(record.identity(customer_id).accounts, ids)
    if not ids or len(charges) != len(set(ids)):
        raise BadDisputeError(gettext("Say which lines of this customer's bills are wrong."))
    if len({(charge.account_id, charge.currency) for charge in charges}) > 1:
        raise BadDisputeError(gettext("The lines are of several accounts; make a dispute for each."))
    if taken := line_queries.disputed_in(ids):
        _refuse_again(next(iter(taken.values())))
    if line_queries.credited_of([charge.customer_id for charge in charges], ids):
        raise AlreadyDisputedError(
            gettext("A line of these came back after a dispute or was corrected for everybody: it is credited already.")
        )
    return charges


def _asked(charges: Sequence[Charge], lines: Sequence[LineAsked]) -> dict[UUID, int]:
    wanted = {line.charge_id: line.asked_minor for line in lines}
    asked = {}
    for charge in charges:
        whole = charge.amount_minor + charge.tax_minor
        amount = wanted[charge.id] if wanted[charge.id] is not None else whole
        if amount is None or not 0 < amount <= whole:
            raise BadDisputeError(gettext("What is asked for is above zero and at most what the line charges."))
        asked[charge.id] = amount
    return asked


def _case(charge: Charge, *, customer_id: int, contact_id: int | None, by: Actor, at: datetime) -> int:
    """The open case about such a wrong charge, or about a wrong charge of no kind, or a new one.

    The contact has the matter of its case, unless somebody gave it another.
    """
    matter_id = wrong_matter(charge, customer_id=customer_id)
    matters = [each for each in (matter_id, care_queries.matter_id(WRONG)) if each is not None]
    open_ones = (care_queries.open_case_on(customer_id=customer_id, matter_id=each) for each in matters)
    if found := next((each for each in open_ones if each is not None), None):
        if contact_id is not None:
            care.add_contact_to_case(case_id=found, contact_id=contact_id, by=by, at=at)
        return found
    title = gettext("Wrong charge: %(what)s") % {"what": charge.words or charge.code}
    return open_case(customer_id=customer_id, title=title, by=by, at=at, contact_id=contact_id, matter_id=matter_id)


def _say_matter(charge: Charge, *, customer_id: int, contact_id: int, by: Actor, at: datetime) -> None:
    """A contact of which nobody said what it is about is about this wrong charge."""
    contact, matter_id = care_queries.contact_row(contact_id), wrong_matter(charge, customer_id=customer_id)
    if contact is not None and contact.matter_id is None and matter_id is not None:
        care.set_matter(contact_id=contact_id, matter_id=matter_id, by=by, at=at)


def _add_lines(dispute: Dispute, charges: Sequence[Charge], asked: Mapping[UUID, int]) -> None:
    off = taken_off_with_tax(charges)
    rows = [
        DisputeLine(
            dispute=dispute,
            customer_id=charge.customer_id,
            bill_id=charge.bill_id,
            charge_id=charge.id,
            code=charge.code,
            words=charge.words,
            issued_on=charge.issued_on,
            charged_minor=charge.amount_minor + charge.tax_minor,
            off_minor=off[charge.id],
            asked_minor=asked[charge.id],
        )
        for charge in charges
    ]
    try:
        with transaction.atomic():
            DisputeLine.objects.bulk_create(rows)
    except IntegrityError:
        taken = line_queries.disputed_in([charge.id for charge in charges])
        _refuse_again(next(iter(taken.values()), None))


def _refuse_again(dispute_id: int | None) -> None:
    raise AlreadyDisputedError(
        gettext("A line of these is disputed already, or was put right, in dispute %(id)s.") % {"id": dispute_id or "?"}
    )


def _tell_raised(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    what = effects.what_of(dispute)
    raised = DisputeRaised(dispute.pk, what, dispute.asked_minor, dispute.currency, dispute.due_on)
    direction = Direction.FROM if dispute.raised_by == RaisedBy.CUSTOMER else Direction.INSIDE
    tell(holder_of(dispute), raised, by=by, at=at, words=dispute.words, direction=direction, **effects.about(dispute))
    order(
        kind=OrderKind.HOLD_DUNNING,
        key=f"dispute:{dispute.pk}:hold",
        customer_id=dispute.customer_id,
        account_id=dispute.account_id,
        at=at,
        body=effects.dunning_body(dispute),
    )


def _why(reason: str) -> str:
    why = typed(reason)
    if not why:
        raise BadDisputeError(gettext("Write why; the customer reads it."))
    return why


def _refuse(dispute: Dispute, *, why: str, by: Actor, at: datetime) -> Dispute:
    _settle(dispute, state=DisputeState.NOT_UPHELD, why=why, by=by, at=at)
    dispute.save()
    dispute.lines.update(stands=False, granted_minor=0)
    refused = DisputeRefused(dispute.pk, effects.what_of(dispute), dispute.asked_minor, dispute.currency)
    tell(holder_of(dispute), refused, by=by, at=at, words=why, **effects.about(dispute))
    effects.release_dunning(dispute, at=at)
    effects.write_refused(dispute, by=by, at=at)
    effects.solve_case_of(dispute, by=by, at=at, note=why)
    return dispute


def _settle(dispute: Dispute, *, state: DisputeState, why: str, by: Actor, at: datetime) -> None:
    dispute.state, dispute.reason = state, why
    dispute.decided_at, dispute.decided_by_id, dispute.decided_by_name = at, by.id, by.name


def _grant_lines(dispute: Dispute, *, verdict: str, granted: Mapping[int, int]) -> int:
    """Writes what was wrong in each line, those that came meanwhile too; returns the sum with tax."""
    lines = list(dispute.lines.select_for_update())
    _refuse_withdrawn(lines, verdict=verdict, granted=granted)
    for line in lines:
        line.granted_minor = line.asked_minor if verdict == DisputeState.UPHELD else granted.get(line.pk, 0)
        if not 0 <= line.granted_minor <= line.asked_minor:
            raise BadDisputeError(gettext("What is granted is at most what is asked for."))
    total = sum(line.granted_minor or 0 for line in lines)
    if verdict == DisputeState.PARTLY and not 0 < total < dispute.asked_minor:
        raise BadDisputeError(gettext("Partly upheld means some of it: say how much of each line was wrong."))
    DisputeLine.objects.bulk_update(lines, ["granted_minor"])
    return total + grant_since(dispute, [line for line in lines if line.granted_minor])


def _refuse_withdrawn(lines: Sequence[DisputeLine], *, verdict: str, granted: Mapping[int, int]) -> None:
    meant = [line for line in lines if verdict == DisputeState.UPHELD or granted.get(line.pk, 0)]
    gone = line_queries.withdrawn_among([line.customer_id for line in meant], [line.bill_id for line in meant])
    if gone:
        text = gettext(
            "The billing system took bill %(number)s back: nothing of it is owed, so nothing of it can be credited."
            " Withdraw the dispute, or grant only what is on other bills."
        )
        raise BadDisputeError(text % {"number": gone[0]})


def _next_source(dispute: Dispute) -> str:
    """A dispute that is decided anew, after its credit was refused or cancelled, has a credit of its own."""
    refused = dispute.credits.filter(state__in=(CreditState.REFUSED, CreditState.CANCELLED)).count()
    return f"dispute:{dispute.pk}" if not refused else f"dispute:{dispute.pk}:{refused + 1}"
