"""Contacts arrive, are taken, matched and entered by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tellonce.desk.asking import number, person_of
from tellonce.desk.deeds.base import long_words
from tellonce.desk.finding import customers_for, matches_of
from tellonce.desk.hands import topics_of
from tellonce.desk.live import live_url
from tellonce.kernel.errors import ConflictError, DomainError, NotAllowedError
from tellonce.modules.care import actions, queries
from tellonce.modules.record.actions import add_customer
from tellonce.modules.record.contracts import Channel, Direction
from tellonce.modules.staff.contracts import Role
from tellonce.webkit.page import UNPROCESSABLE, done, page

PAGE_LENGTH = 50
_TRIES = 5
_MAY_STEP_IN = frozenset({Role.SUPERVISOR, Role.MANAGER})


def _at_contact(contact_id: int) -> str:
    return f"{reverse('desk')}?{urlencode({'contact': contact_id})}"


@require_POST
def take_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Takes one waiting contact and opens it."""
    actions.take_contact(contact_id=contact_id, by=person_of(request).as_actor(), at=timezone.now())
    return done(request, _at_contact(contact_id))


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Takes whoever waits longest; when somebody is faster, the one after."""
    by = person_of(request).as_actor()
    for line in queries.waiting_contacts(limit=_TRIES):
        try:
            actions.take_contact(contact_id=line.id, by=by, at=timezone.now())
        except ConflictError:
            continue
        return done(request, _at_contact(line.id))
    messages.info(request, gettext("Nobody is waiting any more."))
    return done(request, reverse("desk"))


@require_POST
def take_over(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """Takes what was handed over, and opens it."""
    person = person_of(request)
    if person.role not in _MAY_STEP_IN and not queries.is_handed_to(person, hand_over_id):
        raise NotAllowedError(gettext("This was handed over to somebody else. Ask them, or a supervisor."))
    passed = actions.take_over(hand_over_id=hand_over_id, by=person.as_actor(), at=timezone.now())
    if passed.contact_id is not None:
        return done(request, _at_contact(passed.contact_id))
    return done(request, reverse("case", args=[passed.case_id]))


class NewContactForm(forms.Form):
    """A contact entered by hand."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.CALL)
    direction = forms.ChoiceField(
        label=_("Who began"),
        choices=((Direction.FROM, _("The customer")), (Direction.TO, _("We did"))),
        widget=forms.RadioSelect,
        initial=Direction.FROM,
    )
    reached_from = forms.CharField(
        label=_("Number, mail address or account"), max_length=300, required=False, help_text=_("Finds the customer.")
    )
    said_name = forms.CharField(label=_("Their name"), max_length=200, required=False)
    said = long_words(label=_("What they say"), required=False)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False)


def new_contact(request: HttpRequest) -> HttpResponse:
    """A contact by hand: matched where one customer fits, chosen where several do, else not matched yet."""
    initial = {
        name: request.GET.get(name, "") for name in ("customer", "channel", "reached_from") if name in request.GET
    }
    form = NewContactForm(request.POST or None, initial=initial)
    form.fields["said"].widget.attrs.update({"data-draft": "new-contact:said", "data-draft-address": reverse("draft")})
    if request.method != "POST":
        return _show_new(request, form)
    if not form.is_valid():
        return _show_new(request, form, status=UNPROCESSABLE)
    values = form.cleaned_data
    fitting = customers_for(values["reached_from"])
    customer_id = values["customer"] or (fitting[0] if len(fitting) == 1 else None)
    try:
        contact_id = _begin_and_take(request, values, customer_id)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_new(request, form, status=error.status)
    actions.drop_draft(person_id=person_of(request).pk, place="new-contact:said")
    return done(request, _at_contact(contact_id))


def _begin_and_take(request: HttpRequest, values: dict[str, Any], customer_id: int | None) -> int:
    by, now = person_of(request).as_actor(), timezone.now()
    contact = actions.begin_contact(
        channel=values["channel"],
        direction=values["direction"],
        at=now,
        by=by,
        customer_id=customer_id,
        reached_from=values["reached_from"],
        said_name=values["said_name"],
        said=values["said"],
    )
    actions.take_contact(contact_id=contact.pk, by=by, at=now)
    return contact.pk


def _show_new(request: HttpRequest, form: NewContactForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "live_url": live_url(request, topics_of(person_of(request)))}
    return page(request, "desk/new_contact.html", context, status=status)


def match(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Whose contact is this: found by number, mail, account, name; or somebody new."""
    person, now = person_of(request), timezone.now()
    contact = queries.contact(contact_id)
    if request.method == "POST":
        customer_id = number(request, "customer") or _new_customer(request, contact.said_name)
        actions.match_contact(contact_id=contact_id, customer_id=customer_id, by=person.as_actor(), at=now)
        messages.success(request, gettext("Matched; what they said is in the story, with its own time."))
        return done(request, _at_contact(contact_id))
    words = request.GET.get("q", "").strip()
    context = {"contact": contact, "words": words, "found": matches_of(person, contact, words, at=now)}
    return page(request, "desk/match.html", context, parts={"match-found": "desk/match_found.html"})


def _new_customer(request: HttpRequest, said_name: str) -> int:
    name = request.POST.get("name", "").strip() or said_name
    return add_customer(name=name, by=person_of(request).as_actor(), at=timezone.now(), since=None).pk


def unmatched(request: HttpRequest) -> HttpResponse:
    """Contacts that name no customer yet, newest first; a partner's people see those that they took."""
    words = request.GET.get("words", "").strip()[:200]
    offset = number(request, "from") or 0
    partner_id = person_of(request).partner_id
    lines = queries.unmatched_contacts(PAGE_LENGTH, offset=offset, words=words, partner_id=partner_id)
    count = queries.unmatched_count(words=words, partner_id=partner_id)
    context = {
        "lines": lines,
        "count": count,
        "words": words,
        "earlier": offset - PAGE_LENGTH if offset else None,
        "later": offset + PAGE_LENGTH if offset + PAGE_LENGTH < count else None,
        "first": offset + 1,
        "last": offset + len(lines),
    }
    return page(request, "desk/unmatched.html", context, parts={"unmatched": "desk/unmatched_list.html"})
