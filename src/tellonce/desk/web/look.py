"""A person's own theme and language, chosen from the menu on any page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tellonce.desk.asking import person_of
from tellonce.modules.staff import actions as staff


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keeps what was chosen and returns to the page it was chosen on."""
    person = person_of(request)
    chosen = staff.change_own_settings(
        person_id=person.pk,
        language=request.POST.get("language", person.language),
        theme=request.POST.get("theme", person.theme),
    )
    address = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    response = HttpResponseRedirect(address if is_ours else "/", status=303)
    if chosen.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen.language, httponly=True, samesite="Lax")
    return response
