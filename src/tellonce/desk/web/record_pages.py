"""Keeping a record true: its page, new customers, merge and split with undo, export and erasure."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tellonce.desk.asking import number, person_of
from tellonce.desk.finding import find
from tellonce.desk.hands import topics_of
from tellonce.desk.joins import Thing, joins_of, things_of
from tellonce.desk.live import live_url
from tellonce.desk.opening import Opened, open_record
from tellonce.desk.panels import prices
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import queries as care
from tellonce.modules.record import actions
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import ContactPointKind, CustomerKind
from tellonce.modules.staff.web.reasons import hold_reason
from tellonce.webkit.page import UNPROCESSABLE, done, page

STORY_LENGTH = 100
_LONGEST_REASON = 300


class NewCustomerForm(forms.Form):
    """What is known of a new customer at first."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("They are"), choices=CustomerKind.choices, widget=forms.RadioSelect, initial=CustomerKind.PERSON
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    mail = forms.EmailField(label=_("Mail address"), required=False)
    languages = forms.CharField(label=_("Languages"), max_length=40, required=False, help_text=_("Such as en, es."))
    account = forms.CharField(label=_("Account number"), max_length=60, required=False)


def new_customer(request: HttpRequest) -> HttpResponse:
    """Adds a customer; from a contact that is not matched, it becomes theirs."""
    form = NewCustomerForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        try:
            customer_id = _add(request, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Welcome to a new customer."))
            hold_reason(request, customer_id, gettext("I added this customer just now"), at=timezone.now())
            return done(request, reverse("customer", args=[customer_id]))
    status = UNPROCESSABLE if form.is_bound else 200
    return page(request, "desk/new_customer.html", {"form": form}, status=status)


def _add(request: HttpRequest, values: dict[str, Any]) -> int:
    by, at = person_of(request).as_actor(), timezone.now()
    languages = [word.strip() for word in values["languages"].split(",") if word.strip()]
    customer = actions.add_customer(
        name=values["name"], kind=values["kind"], languages=languages, since=at.date(), by=by, at=at
    )
    for kind, value in ((ContactPointKind.PHONE, values["phone"]), (ContactPointKind.MAIL, values["mail"])):
        if value:
            actions.add_contact_point(customer_id=customer.pk, kind=kind, value=value, by=by, at=at)
    if values["account"]:
        actions.add_account(customer_id=customer.pk, number=values["account"], by=by, at=at)
    return customer.pk


def _context(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    now = timezone.now()
    card = opened.card
    back = f"{reverse('desk')}?contact={opened.contact.id}" if opened.contact else reverse("customer", args=[card.id])
    return {
        "now": now,
        "card": card,
        "customer_id": card.id,
        "contact": opened.contact,
        "back": back,
        "query": f"contact={opened.contact.id}" if opened.contact else "",
        "live_url": live_url(request, topics_of(person_of(request))),
    }


def record_page(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything on the record, each thing with what may be done to it."""
    opened = open_record(request, customer_id, page="record", at=timezone.now())
    context = _context(request, opened)
    today = timezone.localdate(context["now"])
    context |= {"prices": prices(context["card"], today=today), "joins": joins_of(opened.customer_id)}
    return page(request, "desk/record.html", context)


def merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Two customers were one: look for the other, see both side by side, merge; or undo."""
    person, now = person_of(request), timezone.now()
    opened = open_record(request, customer_id, page="merge", at=now)
    if request.method == "POST":
        return _merge_or_undo(request, opened)
    words = request.GET.get("q", "").strip()
    other_id = number(request, "other")
    context = _context(request, opened)
    context |= {
        "words": words,
        "found": [each for each in find(person, words, at=now) if each.customer_id not in context["card"].ids],
        "other": None,
        "join": "merge",
    }
    if other_id is not None:
        context["other"] = open_record(request, other_id, page="merge", at=now, is_the_other=True).card
        context["other_cases"] = care.customer_cases(context["other"].ids)
        context["cases"] = care.customer_cases(context["card"].ids)
    return page(request, "desk/merge.html", context)


def _merge_or_undo(request: HttpRequest, opened: Opened) -> HttpResponse:
    by, at = person_of(request).as_actor(), timezone.now()
    undo = number(request, "undo")
    if undo is not None:
        actions.undo_merge(merge_id=undo, customer_id=opened.customer_id, by=by, at=at)
        messages.success(request, gettext("The two are two again, each with their own story."))
    else:
        other = _open_other(request, number(request, "other") or 0, page="merge")
        actions.merge_customers(loser_id=other, winner_id=opened.customer_id, by=by, at=at)
        messages.success(request, gettext("They are one now, and so is their story. It can be undone."))
    return done(request, f"{reverse('record', args=[opened.customer_id])}{_contact_query(opened)}")


def _open_other(request: HttpRequest, customer_id: int, *, page: str) -> int:
    """The other of two is looked at too, by the same rules: what is read as one is read by whoever may see one."""
    return open_record(request, customer_id, page=page, at=timezone.now(), is_the_other=True).customer_id


def _contact_query(opened: Opened) -> str:
    return f"?contact={opened.contact.id}" if opened.contact else ""


class SplitForm(forms.Form):
    """What goes to the second customer: of what the page offered, nothing else."""

    name = forms.CharField(
        label=_("Name of the second customer"), max_length=200, widget=forms.TextInput(attrs={"id": "split-name"})
    )

    def __init__(self, things: Sequence[Thing], moments: Sequence[UUID], data: Any = None) -> None:
        """`data` is what was sent, None for a fresh form."""
        super().__init__(data)
        self.fields["thing"] = forms.MultipleChoiceField(
            label=_("What belongs to them"), required=False, choices=[(each.value, each.label) for each in things]
        )
        self.fields["moment"] = forms.MultipleChoiceField(
            label=_("What happened to them"), required=False, choices=[(str(each), "") for each in moments]
        )


def split(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer was two: choose what belongs to the second; or undo."""
    opened = open_record(request, customer_id, page="split", at=timezone.now())
    undo = number(request, "undo") if request.method == "POST" else None
    if undo is not None:
        return _undo_split(request, opened, undo)
    things = things_of(opened.card, opened.who)
    moments = record.story_page(opened.customer_id, limit=STORY_LENGTH)
    form = SplitForm(things, [moment.id for moment in moments], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _split(request, opened, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
    context = _context(request, opened) | {"form": form, "things": things, "moments": moments}
    status = UNPROCESSABLE if form.is_bound else 200
    return page(request, "desk/split.html", context, status=status)


def _undo_split(request: HttpRequest, opened: Opened, split_id: int) -> HttpResponse:
    _open_other(request, record.other_side(split_id, opened.who.ids), page="split")
    actions.undo_split(
        split_id=split_id, customer_id=opened.customer_id, by=person_of(request).as_actor(), at=timezone.now()
    )
    messages.success(request, gettext("The two are one again."))
    return done(request, f"{reverse('record', args=[opened.customer_id])}{_contact_query(opened)}")


def _split(request: HttpRequest, opened: Opened, values: dict[str, Any]) -> HttpResponse:
    pairs = (value.partition(":") for value in values["thing"])
    actions.split_customer(
        customer_id=opened.customer_id,
        name=values["name"],
        moments=[UUID(value) for value in values["moment"]],
        others=[(kind, int(pk)) for kind, _colon, pk in pairs],
        by=person_of(request).as_actor(),
        at=timezone.now(),
    )
    messages.success(request, gettext("They are two now. It can be undone."))
    return done(request, f"{reverse('record', args=[opened.customer_id])}{_contact_query(opened)}")


@require_POST
def export(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything about one customer as JSON, for a reason."""
    opened = open_record(request, customer_id, page="export", at=timezone.now())
    data = actions.export_customer(
        customer_id=opened.customer_id,
        by=person_of(request).as_actor(),
        at=timezone.now(),
        reason=request.POST.get("reason", "")[:_LONGEST_REASON],
    )
    response = HttpResponse(json.dumps(data, indent=1, default=str), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="customer-{opened.customer_id}.json"'
    return response


class EraseForm(forms.Form):
    """The name must be written out: nothing brings it back."""

    name = forms.CharField(label=_("Write the customer's name to confirm"), max_length=200)


def erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The person is lost, the counts stay."""
    opened = open_record(request, customer_id, page="erase", at=timezone.now())
    context = _context(request, opened)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["name"].strip() != context["card"].shown_name:
            form.add_error("name", gettext("This is not the name on the account."))
        else:
            actions.erase_customer(
                customer_id=opened.customer_id,
                by=person_of(request).as_actor(),
                at=timezone.now(),
            )
            messages.success(request, gettext("Erased. The counts stay, the person is gone."))
            return done(request, reverse("customers"))
    status = UNPROCESSABLE if form.is_bound else 200
    return page(request, "desk/erase.html", context | {"form": form}, status=status)
