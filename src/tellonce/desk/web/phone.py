"""Somebody's phone on the desk: what rings, with the brief before the first word; what they have; and the keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellonce.desk.access import Viewing, see_customer
from tellonce.desk.asking import person_of
from tellonce.desk.brief import brief
from tellonce.desk.hands import hands_of
from tellonce.desk.live import live_url
from tellonce.desk.opening import open_record
from tellonce.modules.care import queries as care
from tellonce.modules.phone import queries
from tellonce.modules.phone.actions import telephone
from tellonce.modules.phone.contracts import MyPhone, NotOnPhoneError, OnPhone, PauseReason, QueueLine
from tellonce.modules.phone.queries.filed import contact_of_call
from tellonce.modules.phone.queries.words import refusal_in_words, wait_in_words
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Channel
from tellonce.modules.staff.contracts import OutsidePartnerError, ReasonNeededError
from tellonce.modules.staff.models import Person
from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.facts import NOBODY, Presence
from tellonce.webkit import times
from tellonce.webkit.page import UNPROCESSABLE, done, page

_NOT_BY_HAND = {PauseReason.NOT_ANSWERED, PauseReason.NO_PHONE}
_MOST_MATCHES = 4


@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    """The phone of who is signed in; nothing for those whom no queue offers anything."""
    person = person_of(request)
    mine = queries.my_phone(person.pk)
    if mine is None:
        return HttpResponse(status=204)
    context = _context(request, person, mine)
    if request.headers.get("HX-Request") == "true":  # what stands at the top of the page goes along
        context["hands"] = hands_of(person, at=context["now"])
    response = page(request, "desk/phone.html", context)
    opened = _to_open(request, mine)
    if opened is not None:
        response["HX-Redirect"] = f"{reverse('desk')}?{urlencode({'contact': opened})}"
    return response


def _to_open(request: HttpRequest, mine: MyPhone) -> int | None:
    """The contact of the one call that they have, for a desk that shows none that was asked for."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if here.path != reverse("desk") or "contact" in parse_qs(here.query) or len(mine.talking) != 1:
        return None
    only = mine.talking[0]
    found = care.contact(only.contact_id) if only.contact_id is not None else contact_of_call(only.contact)
    return found.id if found is not None and found.taken_by_id == mine.person_id else None


def _context(request: HttpRequest, person: Person, mine: MyPhone) -> dict[str, Any]:
    here = [each for each in (mine.ringing, *mine.talking) if each is not None]
    matches = {each.contact: _matches(each) for each in here}
    names = record.names_of(sorted({customer for found in matches.values() for customer in found}))
    called = {each.contact: [names[found] for found in matches[each.contact] if found in names] for each in here}
    return {
        "phone": mine,
        "ringing": _caller(mine.ringing, called) if mine.ringing else None,
        "talking": [_caller(each, called) for each in mine.talking],
        "reason": PauseReason(mine.reason).label if mine.reason in PauseReason.values else "",
        "pauses": [choice for choice in PauseReason if choice not in _NOT_BY_HAND],
        "live_url": live_url(request, [f"person:{person.pk}"]),
        "has_browser_phone": settings.SETUP.phone == "embedded",
        "is_demo": settings.SETUP.demo,
        "now": timezone.now(),
    }


def _matches(call: OnPhone) -> tuple[int, ...]:
    """Whose call it is; of a number of several customers, or of nobody, all that it could be."""
    if call.customer_id:
        return (call.customer_id,)
    return record.find_by_phone(call.number)[:_MOST_MATCHES] if call.number else ()


def _caller(call: OnPhone, called: dict[str, list[str]]) -> dict[str, Any]:
    names = called[call.contact]
    waited_s = (timezone.now() - call.entered_at).total_seconds()
    said = care.contact(call.contact_id) if call.contact_id is not None else None
    return {
        "call": call,
        "channel": Channel(call.channel).label if call.channel in Channel.values else "",
        "said": said.said if said else "",
        "said_name": (said.said_name or said.reached_from) if said else "",
        "waited": times.length(max(waited_s, 0.0)),
        "name": names[0] if len(names) == 1 else "",
        "could_be": names if len(names) > 1 else [],
        "told": wait_in_words(call.told_form, call.told_low_min, call.told_high_min),
        "answers_here": queries.is_answered_on_page(call),
    }


@require_GET
def phone_brief(request: HttpRequest, contact: str) -> HttpResponse:
    """Who calls, before it is answered: only while it rings at who asks. The view is logged."""
    person, now = person_of(request), timezone.now()
    mine = queries.my_phone(person.pk)
    ringing = mine.ringing if mine else None
    if ringing is None or ringing.contact != contact or not ringing.customer_id:
        return HttpResponse(status=204)
    viewing = Viewing(person, page="phone", at=now)
    try:
        seen = see_customer(viewing, ringing.customer_id, reason=lambda _id: gettext("Their call rings here."))
    except (ReasonNeededError, OutsidePartnerError) as error:
        return page(request, "desk/phone_brief.html", {"refused": str(error)})
    context = {"brief": brief(seen.card.id, now), "card": seen.card, "now": now}
    return page(request, "desk/phone_brief.html", context)


@require_POST
def phone_presence(request: HttpRequest) -> HttpResponse:
    """Available, paused or away."""
    wished = request.POST.get("presence", "")
    if wished in set(Presence):
        telephone.set_presence(
            person_id=person_of(request).pk,
            presence=Presence(wished),
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )
    return _asked(request)


@require_POST
def phone_ready(request: HttpRequest) -> HttpResponse:
    """Wrapped up."""
    telephone.end_wrap_up(person_id=person_of(request).pk, at=timezone.now())
    return _asked(request)


_DEEDS: dict[str, Callable[..., None]] = {
    "answer": telephone.answer,
    "pick-up": telephone.pick_up,
    "decline": telephone.decline,
    "finish": telephone.finish,
    "hold": telephone.hold,
    "resume": telephone.resume,
    "give": telephone.hand_to_asked,
    "pause-recording": telephone.pause_recording,
    "refuse-recording": telephone.refuse_recording,
    "go-on-recording": telephone.go_on_recording,
}


@require_POST
def phone_deed(request: HttpRequest, contact: str, deed: str) -> HttpResponse:
    """Answer, here or by the phone, let go, hang up, hold, take back, hand on, pause the recording, go on with it."""
    act = _DEEDS.get(deed)
    if act is None:
        return HttpResponse(status=404)
    act(person_id=person_of(request).pk, contact=contact, at=timezone.now())
    return _asked(request)


class PassForm(forms.Form):
    """To whom, and the one line that they must know."""

    to = forms.ChoiceField(label=_("To"))
    line = forms.CharField(label=_("What they must know"), max_length=500)

    def __init__(self, *args: Any, person_id: int, contact: str, **more: Any) -> None:
        super().__init__(*args, **more)
        lines = queries.queues()
        self._closed = queries.closed_queues(lines, at=timezone.now())
        queues = [(f"queue:{each.code}", self._named(each)) for each in lines]
        free = [(f"person:{each.pk}", each.name) for each in queries.colleagues_free(person_id, contact=contact)]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(gettext("Queues"), queues), (gettext("Free colleagues"), free)]

    def _named(self, queue: QueueLine) -> str:
        return gettext("%(name)s (closed now)") % {"name": queue.name} if queue.code in self._closed else queue.name

    def clean_to(self) -> str:
        """Nobody answers in a queue that is closed."""
        to = str(self.cleaned_data["to"])
        kind, _sep, which = to.partition(":")
        if kind == "queue" and which in self._closed:
            raise forms.ValidationError(refusal_in_words(Refusal.CLOSED))
        return to

    def asked(self) -> dict[str, Any]:
        """A queue or a colleague, and the line."""
        kind, _sep, which = self.cleaned_data["to"].partition(":")
        found = {"queue": which, "colleague": NOBODY} if kind == "queue" else {"queue": "", "colleague": int(which)}
        return found | {"line": self.cleaned_data["line"]}


@require_http_methods(["GET", "POST"])
def phone_pass(request: HttpRequest, contact: str, how: str) -> HttpResponse:
    """Passes a call on at once (`on`), or asks a colleague first (`ask`)."""
    person, now = person_of(request), timezone.now()
    form = PassForm(request.POST or None, person_id=person.pk, contact=contact)
    if request.method == "POST" and form.is_valid():
        act = telephone.ask_colleague if how == "ask" else telephone.pass_on
        if _done(form, lambda: act(person_id=person.pk, contact=contact, at=now, **form.asked())):
            return _asked(request)
    context = {"form": form, "contact": contact, "how": how}
    parts = {f"phone-pass-{contact}": "desk/phone_pass.html"}
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "desk/phone_pass_page.html", context, parts=parts, status=status)


def _done(form: forms.Form, act: Callable[[], None]) -> bool:
    try:
        act()
    except NotOnPhoneError as error:
        form.add_error(None, str(error))
        return False
    return True


def _asked(request: HttpRequest) -> HttpResponse:
    """The switchboard answers by a live event: nothing is swapped before."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return done(request, reverse("desk"))


@require_GET
def recording(request: HttpRequest, recording_id: int) -> FileResponse:
    """The sound of a call, to those who may see the customer; the look is logged."""
    found = queries.recording(recording_id)
    if found.customer_id:
        open_record(request, found.customer_id, page="recording", at=timezone.now())
    path = Path(found.file)
    response = FileResponse(path.open("rb"), content_type="audio/wav", filename=f"{found.call}.wav")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
