"""A credit: approved or refused by a second person, cancelled as a mistake, or paid out where no bill can bring it."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import NO_BILL_DAYS
from tellonce.modules.billing.queries import limits as limits_of
from tellonce.modules.billing.queries.pages_credits import credit_row
from tellonce.modules.billing.queries.waiting import ends_of
from tellonce.modules.billing.web.acting import acted, tried
from tellonce.modules.billing.web.bills import our_own
from tellonce.modules.billing.web.forms import CancelForm, PayOutForm, RefuseForm
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, page


def _asked() -> str:
    return f"{reverse('bills')}?tab=credits"


@require_safe
def credit(request: HttpRequest, credit_id: int) -> HttpResponse:
    """One credit: who asked, who decided, and what became of it."""
    our_own(request)
    return _page(request, credit_id)


@require_POST
def credit_grant(request: HttpRequest, credit_id: int) -> HttpResponse:
    """The second person approves it."""
    person = our_own(request)
    return tried(
        request,
        lambda: actions.grant_credit(credit_id=credit_id, by=person.as_actor(), at=timezone.now()),
        said=gettext("Granted; it is due on the next bill, and watched until it is there."),
        to=_asked(),
    )


@require_POST
def credit_refuse(request: HttpRequest, credit_id: int) -> HttpResponse:
    """The second person refuses it, and says why."""
    form = RefuseForm(request.POST)
    return _do(
        request,
        credit_id,
        form,
        lambda by: actions.refuse_credit(credit_id=credit_id, by=by, at=timezone.now(), why=form.cleaned_data["why"]),
        said=gettext("Refused; whoever asked for it reads why."),
    )


@require_POST
def credit_cancel(request: HttpRequest, credit_id: int) -> HttpResponse:
    """It was a mistake, and no bill brings it."""
    form = CancelForm(request.POST)
    return _do(
        request,
        credit_id,
        form,
        lambda by: actions.cancel_credit(credit_id=credit_id, by=by, at=timezone.now(), why=form.cleaned_data["why"]),
        said=gettext("Cancelled: it is on no bill, and your limit is as before it."),
    )


@require_POST
def credit_pay_out(request: HttpRequest, credit_id: int) -> HttpResponse:
    """It was given in another way than on a bill."""
    form = PayOutForm(request.POST)
    return _do(
        request,
        credit_id,
        form,
        lambda by: actions.pay_out_credit(credit_id=credit_id, by=by, at=timezone.now(), how=form.cleaned_data["how"]),
        said=gettext("Paid out; the customer is written to, and no bill brings it any more."),
    )


def _do(
    request: HttpRequest, credit_id: int, form: forms.Form, act: Callable[[Actor], object], *, said: str
) -> HttpResponse:
    by = our_own(request).as_actor()
    return acted(request, form, lambda: act(by), said=said, to=_asked()) or _page(request, credit_id, form)


def _page(request: HttpRequest, credit_id: int, sent: forms.Form | None = None) -> HttpResponse:
    """`sent` is the form that could not be done, shown again with why."""
    at, person = timezone.now(), signed_in(request)
    row = credit_row(credit_id, at=at)
    most = limits_of.limits_of(person.as_actor(), currency=row.currency).second_minor
    may_end = ends_of(credit_id, by=person.as_actor(), at=at)
    context = {
        "row": row,
        "form": sent if isinstance(sent, RefuseForm) else RefuseForm(),
        "cancel": sent if isinstance(sent, CancelForm) else CancelForm(),
        "pay_out": sent if isinstance(sent, PayOutForm) else PayOutForm(),
        "is_mine": row.asked_by_id == person.pk,
        "is_too_much": most < row.amount_minor,
        "most": most,
        "may_settle": row.asked_by_id != person.pk and most >= row.amount_minor,
        "may_refuse": limits_of.may_refuse(
            asked_by_id=row.asked_by_id, amount_minor=row.amount_minor, currency=row.currency, by=person.as_actor()
        ),
        "may_end": may_end,
        "no_bill_days": NO_BILL_DAYS,
    }
    return page(request, "billing/credit.html", context, status=UNPROCESSABLE if sent is not None else 200)
