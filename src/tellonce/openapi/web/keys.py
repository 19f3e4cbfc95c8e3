"""The administrator's page of keys: who else may use the API, and for what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tellonce.kernel.errors import DomainError
from tellonce.modules.staff.web.gate import signed_in
from tellonce.openapi import actions, queries
from tellonce.openapi.contracts import Scope
from tellonce.webkit.page import UNPROCESSABLE, done, page


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("The system that will use it."))
    source = forms.CharField(
        label=_("Known as"),
        max_length=60,
        required=False,
        help_text=_("Ids that it sends are ids of this source; the name, where nothing is said."),
    )
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple)
    per_minute = forms.IntegerField(label=_("Requests a minute, at most"), initial=600, min_value=1, max_value=100_000)


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """All keys; a new one is shown once, on the answer to the form and nowhere else."""
    form = KeyForm(request.POST or None)
    fresh = _made(request, form) if request.method == "POST" and form.is_valid() else ""
    context: dict[str, Any] = {"form": KeyForm() if fresh else form, "keys": queries.keys(), "fresh": fresh}
    response = page(request, "openapi/keys.html", context, status=UNPROCESSABLE if form.errors else 200)
    if fresh:
        response["Cache-Control"] = "no-store"
    return response


@require_POST
def key_end(request: HttpRequest, key_id: int) -> HttpResponse:
    """Ends a key at once."""
    actions.end_key(key_id=key_id, by=signed_in(request).as_actor(), at=timezone.now())
    messages.success(request, gettext("The key has ended."))
    return done(request, reverse("admin_keys"))


def _made(request: HttpRequest, form: KeyForm) -> str:
    try:
        _key, text = actions.add_key(**form.cleaned_data, by=signed_in(request).as_actor(), at=timezone.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return ""
    return text
