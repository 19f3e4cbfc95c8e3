"""Findings of checks come in, are confirmed with a case and put right, or are dismissed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.billing.actions.casework import case_again, note_while_open, open_case
from tellonce.modules.billing.actions.disputes import LineAsked, raise_dispute
from tellonce.modules.billing.actions.telling import BILLS, tell, typed
from tellonce.modules.billing.contracts import (
    BadDisputeError,
    ErrorFound,
    FindingNotFoundError,
    FindingSettledError,
    FindingState,
    NewFinding,
    RaisedBy,
    finding_words,
)
from tellonce.modules.billing.models import Charge, Finding
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.whose import holder_of
from tellonce.modules.care import actions as care
from tellonce.modules.record import story
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

_AT_ONCE = 2_000


@transaction.atomic
def record_findings(found: Sequence[NewFinding], *, at: datetime) -> int:
    """Keeps what a run of checks found; what an earlier run found already, or somebody dismissed, stays as it is.

    Returns how many are new. A finding waits for a person: it is no case until somebody confirmed it.
    """
    before = set(Finding.objects.filter(key__in=[each.own_key for each in found]).values_list("key", flat=True))
    new = {each.own_key: each for each in found if each.own_key not in before}
    Finding.objects.bulk_create(
        [_row(each, at=at) for each in new.values()], ignore_conflicts=True, batch_size=_AT_ONCE
    )
    if new:
        story.announce(topics=[BILLS], kind="billing.errors_found", at=at)
    return len(new)


@transaction.atomic
def confirm_finding(*, finding_id: int, by: Actor, at: datetime, note: str = "") -> Finding:
    """A person says that it is an error: a case is opened, and a wrong line is disputed by us, to be decided."""
    finding = finding_to_settle(finding_id)
    charge = _charge_of(finding)
    if charge is not None and finding.amount_minor > 0:
        whole = charge.amount_minor + charge.tax_minor
        dispute = raise_dispute(
            customer_id=holder_of(finding),
            lines=[LineAsked(charge.id, min(finding.amount_minor, whole))],
            words=note or finding_words(finding.kind),
            by=by,
            at=at,
            raised_by=RaisedBy.US,
        )
        finding.dispute_id, finding.case_id = dispute.pk, dispute.case_id
    else:
        finding.case_id = open_case(customer_id=holder_of(finding), title=_title(finding), by=by, at=at)
        if typed(note):
            care.add_note(customer_id=holder_of(finding), words=note, by=by, at=at, case_id=finding.case_id)
    _settle(finding, state=FindingState.CASE, by=by, at=at)
    return finding


@transaction.atomic
def dismiss_finding(*, finding_id: int, by: Actor, at: datetime, why: str) -> Finding:
    """A person says that it is no error, and why; it is not found again."""
    finding = finding_to_settle(finding_id)
    finding.words = typed(why)[:300]
    if not finding.words:
        raise BadDisputeError(gettext("Write why this is no error, so that nobody looks at it again."))
    finding.state, finding.settled_at, finding.settled_by_name = FindingState.DISMISSED, at, by.name
    finding.save()
    story.announce(topics=[BILLS], kind="billing.errors_found", at=at)
    return finding


@transaction.atomic
def find_error(found: NewFinding, *, title: str, by: Actor, at: datetime, case_id: int | None = None) -> Finding:
    """An error that needs nobody to confirm it: with a case at once, the one that it belongs to or a new one.

    Where the error was there before and its bill was taken away, it is found again, with the same case.
    """
    known = Finding.objects.filter(key=found.own_key).first()
    if known is not None and known.state != FindingState.DISMISSED:
        return known
    finding = _row(found, at=at)
    if known is not None:
        finding.pk, case_id = known.pk, case_id or known.case_id
    finding.case_id = case_again(case_id, customer_id=holder_of(finding), title=title, words=title, by=by, at=at)
    _settle(finding, state=FindingState.CASE, by=by, at=at)
    return finding


def take_finding_back(finding: Finding, *, why: str, by: Actor, at: datetime) -> None:
    """What an error was found on is gone: it is none any more, and who works on its case reads why."""
    finding.state, finding.words = FindingState.DISMISSED, why[:300]
    finding.settled_at, finding.settled_by_name = at, by.name
    finding.save(update_fields=["state", "words", "settled_at", "settled_by_name"])
    note_while_open(finding.case_id, customer_id=holder_of(finding), words=why, by=by, at=at)
    story.announce(topics=[BILLS], kind="billing.errors_found", at=at)


def finding_to_settle(finding_id: int) -> Finding:
    """The finding, locked; FindingSettledError, naming who was first, when somebody looked at it."""
    finding = Finding.objects.select_for_update(of=("self",)).filter(pk=finding_id).first()
    if finding is None:
        raise FindingNotFoundError(gettext("There is no finding %(id)s.") % {"id": finding_id})
    if finding.settled_at is not None:
        text = gettext("%(name)s looked at this finding on %(time)s: %(state)s.")
        when = times.exact(finding.settled_at)
        told = {"name": finding.settled_by_name, "time": when, "state": finding.get_state_display()}
        raise FindingSettledError(text % told)
    return finding


def _row(new: NewFinding, *, at: datetime) -> Finding:
    return Finding(
        key=new.own_key,
        kind=new.kind[:60],
        customer_id=new.customer_id,
        account_id=new.account_id,
        bill_id=new.bill_id,
        charge_id=new.charge_id,
        bill_number=new.bill_number,
        line=new.line,
        code=new.code,
        issued_on=new.issued_on,
        amount_minor=new.amount_minor,
        currency=new.currency,
        evidence=dict(new.evidence),
        found_at=at,
    )


def _charge_of(finding: Finding) -> Charge | None:
    if finding.charge_id is None:
        return None
    charge = next(iter(line_queries.charges([finding.customer_id], [finding.charge_id])), None)
    if charge is None or charge.amount_minor <= 0 or line_queries.disputed_in([charge.id]):
        return None
    return charge


def _title(finding: Finding) -> str:
    return gettext("Error on bill %(number)s: %(what)s") % {
        "number": finding.bill_number or "?",
        "what": finding_words(finding.kind),
    }


def _settle(finding: Finding, *, state: FindingState, by: Actor, at: datetime) -> None:
    finding.state, finding.settled_at, finding.settled_by_name = state, at, by.name
    finding.save()
    found = ErrorFound(finding.pk, finding.kind, finding.amount_minor, finding.currency, finding.bill_number)
    tell(holder_of(finding), found, by=by, at=at, about=("finding", finding.pk), case_id=finding.case_id)
