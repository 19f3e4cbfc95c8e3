"""A dispute: its lines, its term, and the decision. It is a customer's record, and opens by the rules of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.desk.asking import person_of
from tellonce.desk.live import live_url
from tellonce.desk.opening import open_record, service_names
from tellonce.kernel.errors import DomainError
from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import CreditState, DisputeState
from tellonce.modules.billing.models import Dispute
from tellonce.modules.billing.queries import pages_disputes as queries
from tellonce.modules.billing.queries.limits import given_lately, limits_of
from tellonce.modules.billing.queries.pages_disputes import DisputeRead
from tellonce.modules.billing.queries.pages_fixes import watches_of
from tellonce.modules.billing.web.deciding import DecideForm, WithdrawForm
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open_named
from tellonce.webkit.page import UNPROCESSABLE, done, page


@require_safe
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """One dispute: its lines, by when it is decided, and what followed."""
    opened = _opened(request, dispute_id)
    return _page(request, opened, DecideForm(opened.read, opened.services), WithdrawForm())


@require_POST
def decide(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Upheld, partly, or not, with the reason; what is above the decider's limit waits for a second person.

    With `look` nothing is decided: it is shown what would be watched for, and what that would have met so far.
    """
    opened, is_look = _opened(request, dispute_id), "look" in request.POST
    form = DecideForm(opened.read, opened.services, request.POST, is_look=is_look)
    if not form.is_valid() or is_look:
        return _page(request, opened, form, WithdrawForm(), is_look=is_look)

    def act() -> str:
        decided = actions.decide_dispute(
            dispute_id=dispute_id,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            granted=form.granted(),
            watch=form.rules(),
            by=person_of(request).as_actor(),
            at=timezone.now(),
        )
        return _said(decided)

    return _acted(request, dispute_id, form, act) or _page(request, opened.anew(), form, WithdrawForm())


@require_POST
def withdraw(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """The customer takes it back."""
    opened = _opened(request, dispute_id)
    form = WithdrawForm(request.POST)

    def act() -> str:
        actions.withdraw_dispute(
            dispute_id=dispute_id,
            by=person_of(request).as_actor(),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return gettext("Taken back.")

    fresh = DecideForm(opened.read, opened.services)
    return _acted(request, dispute_id, form, act) or _page(request, opened.anew(), fresh, form)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A dispute, opened by the rules of its customer's record; `services` are the names of what they have."""

    read: DisputeRead
    services: Mapping[int, str]

    def anew(self) -> Self:
        """As it stands after somebody else may have been first."""
        return replace(self, read=queries.dispute_read(self.read.row.id))


def _opened(request: HttpRequest, dispute_id: int) -> _Opened:
    read = queries.dispute_read(dispute_id)
    opened = open_record(request, read.row.customer_id, page="dispute", at=timezone.now(), case_id=read.row.case_id)
    return _Opened(read, service_names(opened.card))


def _acted(request: HttpRequest, dispute_id: int, form: Form, act: Callable[[], str]) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        said = act()
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, said)
    return done(request, reverse("dispute", args=[dispute_id]))


def _said(decided: Dispute) -> str:
    if decided.state == DisputeState.NOT_UPHELD:
        return gettext("Decided: the charge stays, and the customer is told why.")
    if not decided.credit_minor:
        return gettext("Decided: nothing of it had been paid. It is watched from now on, and the customer is told.")
    if decided.credits.filter(state=CreditState.ASKED).exists():
        return gettext("Decided: the credit is above your limit and waits for a second person.")
    return gettext("Decided: credited, watched from now on, and the customer is told.")


def _left_alone(read: DisputeRead, person: Person, *, at: datetime) -> int:
    """What this person may still credit on the account without anybody else."""
    by, currency = person.as_actor(), read.row.currency or settings.SETUP.currency
    given = given_lately(account_id=read.account_id, currency=currency, by=by, at=at)
    return max(limits_of(by, currency=currency).alone_minor - given, 0)


def _page(
    request: HttpRequest, opened: _Opened, form: DecideForm, withdrawal: WithdrawForm, *, is_look: bool = False
) -> HttpResponse:
    person, now, read = person_of(request), timezone.now(), opened.read
    topics = ("bills", f"person:{person.pk}")
    context: dict[str, Any] = {
        "now": now,
        "today": timezone.localdate(now),
        "read": read,
        "row": read.row,
        "form": form,
        "watching": form.watching() if read.row.state == DisputeState.OPEN else [],
        "look_at": reverse("dispute_decide", args=[read.row.id]),
        "services": opened.services,
        "withdrawal": withdrawal,
        "alone": _left_alone(read, person, at=now),
        "is_lowered": any(line.off_minor for line in read.lines),
        "watches": watches_of(read.row.id),
        "may_list": may_open_named("bills", person),
        "is_open": read.row.state == DisputeState.OPEN,
        "live_url": live_url(request, topics),
    }
    bad = bool(form.errors or withdrawal.errors) and not is_look
    parts = {"watching": "billing/watch_said_each.html"}
    return page(request, "billing/dispute.html", context, parts=parts, status=UNPROCESSABLE if bad else 200)
