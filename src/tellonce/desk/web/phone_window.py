"""The phone in the browser: a small window of its own, which stays while its person walks through pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tellonce.desk.asking import person_of
from tellonce.desk.live import live_url
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.web.audio import audio_place
from tellonce.webkit.page import done, page


@require_GET
def phone_window(request: HttpRequest) -> HttpResponse:
    """Microphone and loudspeaker, and the calls."""
    person = person_of(request)
    mine = queries.my_phone(person.pk)
    context = {
        "phone": mine,
        "is_possible": settings.SETUP.phone == "embedded",
        "live_url": live_url(request, [f"person:{person.pk}"]),
    }
    return page(request, "desk/phone_window.html", context)


@require_POST
def phone_choice(request: HttpRequest) -> HttpResponse:
    """In the browser, or a SIP phone, and how that is picked up."""
    person, now = person_of(request), timezone.now()
    is_here, picks_up = request.POST.get("in") == "browser", request.POST.get("picks-up")
    choose = actions.take_calls_in_browser if is_here else actions.take_calls_on_phone
    choose(person_id=person.pk, by=person.as_actor(), at=now)
    if picks_up is not None:
        actions.let_phone_pick_up(person_id=person.pk, picks_up=picks_up == "1", by=person.as_actor(), at=now)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)  # pages hear of it live
    return done(request, reverse("phone_window" if is_here else "desk"))


@require_GET
def phone_audio(request: HttpRequest) -> JsonResponse:
    """Where the phone is, with a fresh ticket."""
    return JsonResponse(audio_place(request))
