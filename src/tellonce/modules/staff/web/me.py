"""One's own page: language, theme, password, second factors, sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.modules.staff import actions
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.forms import PersonalForm
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import page

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One place where a person is signed in."""

    browser: str
    ip: str
    since: datetime
    is_here: bool


def browser_of(user_agent: str) -> str:
    """What people call the browser and the machine that call themselves so."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return gettext("{browser} on {system}").format(browser=browser, system=system)
    return browser or system or user_agent[:60] or gettext("a browser that does not say its name")


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Shows the page, and keeps language and theme."""
    person = signed_in(request)
    initial = {"language": person.language, "theme": person.theme}
    form = PersonalForm(request.POST or None, initial=initial, languages=settings.LANGUAGES)
    if request.method == "POST" and form.is_valid():
        chosen = actions.change_own_settings(person_id=person.pk, **form.cleaned_data)
        response = HttpResponseRedirect(request.path, status=303)
        if chosen.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen.language, httponly=True, samesite="Lax")
        else:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        messages.success(request, gettext("Kept."))
        return response
    return page(request, "staff/me.html", {"form": form, **_sign_in_state(request, person)})


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Signs the person out everywhere else."""
    count = actions.end_sessions(person_id=signed_in(request).pk, but_session_key=request.session.session_key or "")
    words = ngettext("Signed out in {n} other place.", "Signed out in {n} other places.", count)
    messages.success(request, words.format(n=count))
    return redirect("me")


@require_safe
def back_to_me(request: HttpRequest) -> HttpResponse:
    """Where allauth would show a page of its own, we show ours."""
    return redirect("me")


def _sign_in_state(request: HttpRequest, person: Person) -> dict[str, Any]:
    factors = list(Authenticator.objects.filter(user_id=person.pk))
    sessions = sorted(UserSession.objects.purge_and_list(person), key=lambda each: each.created_at, reverse=True)
    here = request.session.session_key
    return {
        "app": next((each for each in factors if each.type == Authenticator.Type.TOTP), None),
        "passkeys": [each for each in factors if each.type == Authenticator.Type.WEBAUTHN],
        "recovery": next((each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None),
        "sessions": [
            SessionLine(browser_of(each.user_agent), each.ip, each.created_at, each.session_key == here)
            for each in sessions
        ],
        "has_password": person.has_usable_password(),
    }
