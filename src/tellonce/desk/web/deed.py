"""One deed: its form as a panel on the page or as a page of its own, and the doing of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from tellonce.desk.asking import number, person_of
from tellonce.desk.deeds import CASE_DEEDS, CONTACT_DEEDS, DEEDS, PROMISE_DEEDS, AskDepartment, DeedForm, Place
from tellonce.desk.deeds.base import OnceForm
from tellonce.desk.opening import open_record
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries
from tellonce.modules.record import queries as record
from tellonce.webkit.page import UNPROCESSABLE, done, page

PARTS = {"action": "desk/deed_form.html"}


def deed(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """Something done to a customer."""
    kind = DEEDS.get(name)
    if kind is None:
        raise Http404(name)
    now = timezone.now()
    opened = open_record(request, customer_id, page="deed", at=now)
    place = Place(
        person=person_of(request),
        at=now,
        customer_id=opened.customer_id,
        contact=opened.contact,
        case_id=opened.case_id,
        thing_id=number(request, "thing"),
        chosen=request.GET.get("chosen", ""),
    )
    return _shown_or_done(request, kind, place)


def contact_deed(request: HttpRequest, contact_id: int, name: str) -> HttpResponse:
    """Something done in a contact that names no customer yet."""
    kind = CONTACT_DEEDS.get(name)
    contact = queries.contact(contact_id)
    if kind is None or contact.customer_id is not None:
        raise Http404(name)
    place = Place(person=person_of(request), at=timezone.now(), customer_id=0, contact=contact)
    return _shown_or_done(request, kind, place)


def case_deed(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """A step of a case."""
    kind = CASE_DEEDS.get(name)
    if kind is None:
        raise Http404(name)
    now, case = timezone.now(), queries.case(case_id).line
    if case.customer_id is not None:
        open_record(request, case.customer_id, page="case", at=now, case_id=case_id)
    place = Place(person=person_of(request), at=now, customer_id=case.customer_id or 0, case_id=case_id)
    return _shown_or_done(request, kind, place)


def promise_deed(request: HttpRequest, promise_id: int, name: str) -> HttpResponse:
    """Something done with a promise: to those who may see its customer; between departments, to those who owe it."""
    kind, person, now = PROMISE_DEEDS.get(name), person_of(request), timezone.now()
    if kind is None:
        raise Http404(name)
    promise = queries.promise(promise_id)
    if promise.customer_id is not None:
        opened = open_record(request, promise.customer_id, page="deed", at=now)
        place = Place(person, now, opened.customer_id, opened.contact, opened.case_id, thing_id=promise_id)
        return _shown_or_done(request, kind, place)
    if not queries.may_settle(person, promise_id):
        raise Http404(promise_id)
    return _shown_or_done(request, kind, Place(person, now, 0, thing_id=promise_id))


def ask_department(request: HttpRequest) -> HttpResponse:
    """Something asked of another department, or promised to it, that is about no customer."""
    return _shown_or_done(request, AskDepartment, Place(person_of(request), timezone.now(), 0))


def _shown_or_done(request: HttpRequest, kind: type[DeedForm], place: Place) -> HttpResponse:
    """GET shows the form, POST does it; an expected error stands in the form with what was written."""
    if request.method != "POST":
        return _show(request, kind(place), status=200)
    form = kind(place, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=UNPROCESSABLE)
    try:
        said = form.do()
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, form, status=error.status)
    for mark in form.draft_places:
        care.drop_draft(person_id=place.person.pk, place=mark)
    messages.success(request, said)
    return done(request, _after(request, form))


def _show(request: HttpRequest, form: DeedForm, *, status: int) -> HttpResponse:
    kept = queries.drafts(form.place.person.pk) if form.draft_places else {}
    for field in form.fields.values():
        mark = field.widget.attrs.get("data-draft")
        if mark:
            field.widget.attrs["data-draft-address"] = _draft_address(form.place)
        if mark and kept.get(mark) and not form.is_bound:
            field.initial = kept[mark]
            form.initial.update({name: kept[mark] for name, each in form.fields.items() if each is field})
    context: dict[str, Any] = {
        "form": form,
        "place": form.place,
        "asks_nothing": isinstance(form, OnceForm),
        "back": _back(request, form.place),
        "deed_address": request.get_full_path(),
        "deed_path": request.path,
        "deed_query": _kept_query(request),
    }
    if form.place.customer_id and request.headers.get("HX-Request") != "true":
        context["card"] = record.card(form.place.customer_id, at=form.place.at)
    return page(request, "desk/deed.html", context, parts=PARTS, status=status)


def _kept_query(request: HttpRequest) -> str:
    """What else the address holds, to be added to another `thing`."""
    kept = {name: str(value) for name, value in request.GET.items() if name not in {"thing", "chosen"}}
    return f"&{urlencode(kept)}" if kept else ""


def _draft_address(place: Place) -> str:
    """Where drafts go; it says whom they are about, so that they are erased and handed out with the customer."""
    ids = {"customer": place.customer_id, "contact": place.contact_id, "case": place.case_id}
    return f"{reverse('draft')}?{urlencode({name: pk for name, pk in ids.items() if pk})}"


def _after(request: HttpRequest, form: DeedForm) -> str:
    return reverse("desk") if form.ends_contact else _back(request, form.place)


def _back(request: HttpRequest, place: Place) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    if place.contact is not None:
        return f"{reverse('desk')}?{urlencode({'contact': place.contact.id})}"
    if place.case_id is not None:
        return reverse("case", args=[place.case_id])
    return reverse("customer", args=[place.customer_id]) if place.customer_id else reverse("today")
