"""Pages in the language that the person chose, or that the browser asks for, and in the time of their site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from tellonce.modules.staff.models import Person


class LanguageMiddleware:
    """Activates the language of the person who has signed in, when they chose one, and the time where they sit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        person = request.user
        with timezone.override(_zone_of(person)):
            return self._in_their_language(request, person.language)

    def _in_their_language(self, request: HttpRequest, chosen: str) -> HttpResponse:
        if not chosen:
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response.headers["Content-Language"] = chosen
        return response


def _zone_of(person: Person) -> str | None:
    """The time zone of the person's site, else of their team's; None for the installation's."""
    site = person.site or (person.team.site if person.team is not None else None)
    return site.time_zone if site is not None else None
