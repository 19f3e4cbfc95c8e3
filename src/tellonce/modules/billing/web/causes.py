"""A cause: every account on which it stands, the correction for all of them, and whether it helped."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.billing import actions, tasks
from tellonce.modules.billing.contracts import CauseState, CorrectionState
from tellonce.modules.billing.queries import causes as found_causes
from tellonce.modules.billing.queries import pages_causes as queries
from tellonce.modules.billing.queries.causes import SuspectedCause
from tellonce.modules.billing.queries.limits import limits_of
from tellonce.modules.billing.queries.pages_causes import CauseRead
from tellonce.modules.billing.queries.proofs import proof as proof_of
from tellonce.modules.billing.web.acting import acted, tried
from tellonce.modules.billing.web.bills import BILLS, offset_of, our_own
from tellonce.modules.billing.web.forms import CorrectForm, NewCauseForm, OwnCauseForm, RefuseForm
from tellonce.modules.billing.web.pictures import proof_picture, proof_words
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import signed_in
from tellonce.modules.staff.web.listening import live_url
from tellonce.webkit.page import UNPROCESSABLE, done, page

_SHOW = ("", "waiting", "corrected", "complained", "silent", "out")
_ACCOUNTS = 25
_PARTS = {"correction": "billing/cause_correction.html"}


@require_safe
def cause(request: HttpRequest, cause_id: int) -> HttpResponse:
    """One cause: where it stands, whom it concerns, its correction and its proof; `show` narrows the accounts."""
    our_own(request)
    return _page(request, cause_id)


@require_http_methods(["GET", "HEAD", "POST"])
def cause_new(request: HttpRequest) -> HttpResponse:
    """A cause for disputes with something in common: `code`, `product`, `currency`, `since` and `price` say which."""
    person = our_own(request)
    alike = _alike(request)
    first = {"title": alike.words, "owner": person.pk}
    form = NewCauseForm(request.POST or None, initial=first, alike=alike)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_cause(
                title=form.cleaned_data["title"],
                rule=form.rule(),
                by=person.as_actor(),
                at=timezone.now(),
                owner_id=form.cleaned_data["owner"],
                words=form.cleaned_data["words"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return done(request, reverse("cause", args=[opened.pk]))
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "billing/cause_new.html", {"alike": alike, "form": form}, status=status)


@require_POST
def cause_own(request: HttpRequest, cause_id: int) -> HttpResponse:
    """Who finds out and mends it, and what is known of how it came about."""
    person, form = our_own(request), OwnCauseForm(request.POST)

    def act() -> None:
        actions.set_cause(
            cause_id=cause_id,
            by=person.as_actor(),
            at=timezone.now(),
            owner_id=form.cleaned_data["owner"],
            words=form.cleaned_data["words"],
            title=form.cleaned_data["title"],
        )

    return acted(request, form, act, said=gettext("Kept."), to=_at(cause_id)) or _page(request, cause_id, own=form)


@require_POST
def cause_settle(request: HttpRequest, cause_id: int) -> HttpResponse:
    """It is an error, is mended at its source, or was none."""
    state = request.POST.get("state", "")
    return _do(
        request,
        cause_id,
        lambda by: actions.settle_cause(cause_id=cause_id, state=state, by=by, at=timezone.now()),
        said=gettext("Kept."),
    )


@require_POST
def cause_look(request: HttpRequest, cause_id: int) -> HttpResponse:
    """The accounts on which it stands are looked for anew."""
    return _do(
        request,
        cause_id,
        lambda _by: actions.look_for_accounts(cause_id=cause_id, at=timezone.now()),
        said=gettext("Looked for anew: these are the accounts on which it stands now."),
    )


@require_POST
def cause_account(request: HttpRequest, cause_id: int, account_id: int) -> HttpResponse:
    """One account is left out of the correction, with the reason, or taken in again."""
    why = request.POST.get("why", "")

    def act(by: Actor) -> object:
        at = timezone.now()
        if "back" in request.POST:
            return actions.take_in(cause_id=cause_id, account_id=account_id, by=by, at=at)
        return actions.leave_out(cause_id=cause_id, account_id=account_id, why=why, by=by, at=at)

    return _do(request, cause_id, act, said=gettext("Kept."))


@require_POST
def cause_correct(request: HttpRequest, cause_id: int) -> HttpResponse:
    """The correction for everybody is asked for; another person has to approve it."""
    person, form = our_own(request), CorrectForm(request.POST)
    answer = acted(
        request,
        form,
        lambda: actions.ask_correction(
            cause_id=cause_id, words=form.cleaned_data["words"], by=person.as_actor(), at=timezone.now()
        ),
        said=gettext("Asked for: another person approves it."),
        to=_at(cause_id),
    )
    return answer or _page(request, cause_id, correct=form)


@require_POST
def correction_approve(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Another person approves it, and it begins."""
    cause_id = queries.cause_of(correction_id)

    def act(by: Actor) -> None:
        actions.approve_correction(correction_id=correction_id, by=by, at=timezone.now())
        tasks.correct_soon(correction_id)

    return _do(request, cause_id, act, said=gettext("Approved: all of them are being credited now."))


@require_POST
def correction_refuse(request: HttpRequest, correction_id: int) -> HttpResponse:
    """It is not done, and why."""
    person, form = our_own(request), RefuseForm(request.POST)
    cause_id = queries.cause_of(correction_id)
    answer = acted(
        request,
        form,
        lambda: actions.refuse_correction(
            correction_id=correction_id, by=person.as_actor(), at=timezone.now(), why=form.cleaned_data["why"]
        ),
        said=gettext("Not done; why stands beside it."),
        to=_at(cause_id),
    )
    return answer or _page(request, cause_id, refuse=form)


def _at(cause_id: int) -> str:
    return reverse("cause", args=[cause_id])


def _do(request: HttpRequest, cause_id: int, act: Callable[[Actor], object], *, said: str) -> HttpResponse:
    by = our_own(request).as_actor()
    return tried(request, lambda: act(by), said=said, to=_at(cause_id))


def _alike(request: HttpRequest) -> SuspectedCause:
    """The disputes that the address names by what they share."""
    asked = tuple(request.GET.get(name, "") for name in ("code", "product", "currency", "since", "price"))
    for each in found_causes.suspected(least=1, at=timezone.now()):
        price = each.price_changed_on.isoformat() if each.price_changed_on else ""
        if asked == (each.code, each.product, each.currency, each.first_on.isoformat(), price):
            return each
    raise Http404(asked[0])


def _page(
    request: HttpRequest,
    cause_id: int,
    *,
    own: OwnCauseForm | None = None,
    correct: CorrectForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    read, person = queries.cause_read(cause_id), signed_in(request)
    show = request.GET.get("show", "")
    show = show if show in _SHOW else ""
    start = offset_of(request)
    rows = queries.accounts_of_cause(cause_id, show=show, limit=_ACCOUNTS + 1, offset=start)
    first = {"title": read.row.title, "owner": read.owner_id, "words": read.words}
    proof = proof_of(read, at=timezone.now())
    correction = _current(read)
    context = _approving(read, correction, person) | {
        "now": timezone.now(),
        "person_id": person.pk,
        "cause": read,
        "row": read.row,
        "correction": correction,
        "past": [each for each in read.corrections if each.state in (CorrectionState.DONE, CorrectionState.REFUSED)],
        "proof": proof,
        "proof_words": proof_words(proof) if proof else "",
        "picture": proof_picture(proof) if proof and proof.weeks else None,
        "counts": queries.account_counts(cause_id),
        "show": show,
        "rows": rows[:_ACCOUNTS],
        "earlier": max(start - _ACCOUNTS, 0) if start else None,
        "later": start + _ACCOUNTS if len(rows) > _ACCOUNTS else None,
        "own": own or OwnCauseForm(initial=first),
        "correct": correct or CorrectForm(),
        "refuse": refuse or RefuseForm(),
        "states": _states(read.row.state),
        "topics": (BILLS,),
        "live_url": live_url(request, (BILLS, f"person:{person.pk}")),
    }
    bad = any(form is not None and form.errors for form in (own, correct, refuse))
    return page(request, "billing/cause.html", context, parts=_PARTS, status=UNPROCESSABLE if bad else 200)


def _approving(read: CauseRead, correction: queries.CorrectionRead | None, person: Person) -> dict[str, Any]:
    """Whether this person may approve the correction that waits, and up to what they may."""
    limits, owed = limits_of(person.as_actor(), currency=read.row.currency), queries.owed_for(read.row.id)
    is_other = correction is not None and correction.asked_by_id != person.pk
    within = owed.highest <= limits.second_minor and owed.total <= limits.together_minor
    return {
        "may_approve": is_other and within,
        "most_second": limits.second_minor,
        "most_together": limits.together_minor,
    }


def _current(read: CauseRead) -> queries.CorrectionRead | None:
    waiting = (CorrectionState.ASKED, CorrectionState.RUNNING)
    return next((each for each in read.corrections if each.state in waiting), None)


def _states(now: str) -> list[tuple[str, str]]:
    """What may be said of the cause next."""
    words = {
        CauseState.CONFIRMED: gettext("It is an error"),
        CauseState.FIXED: gettext("Mended at its source"),
        CauseState.DISMISSED: gettext("It is no error"),
    }
    return [(str(state), label) for state, label in words.items() if state != now]
