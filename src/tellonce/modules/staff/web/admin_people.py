"""The administrator's pages of people: who is on staff, what they may do, and how they come in."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.admin_forms import PersonForm
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import done, page

PAGE_LENGTH = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody on staff, found by words, role and whether they may come in."""
    asked = {name: request.GET.get(name, "") for name in ("words", "role", "active")}
    found = Paginator(queries.people_found(**asked), PAGE_LENGTH).get_page(request.GET.get("page"))
    factors = queries.second_factors([person.pk for person in found])
    rows = [(person, factors.get(person.pk, [])) for person in found]
    context = {"rows": rows, "found": found, "asked": asked, "roles": Role.choices, "tab": "people"}
    return page(request, "staff/people.html", context, parts={"people": "staff/people_table.html"})


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """A new person."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(**form.cleaned_data, by=signed_in(request).as_actor(), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("{name} is on staff.").format(name=person.name))
            return done(request, reverse("admin_person", args=[person.pk]))
    status = 422 if form.errors else 200
    return page(request, "staff/person_add.html", {"form": form, "tab": "people"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: what they are, how they come in, what was changed."""
    who = queries.person(person_id)
    form = PersonForm.of(who, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, who, form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept."))
            return done(request, request.path)
    return _show(request, who, form)


@require_POST
def person_deed(request: HttpRequest, person_id: int, deed: str) -> HttpResponse:
    """Letting in or out, second factors, sessions, and a link to choose a password."""
    who, by, at = queries.person(person_id), signed_in(request).as_actor(), timezone.now()
    match deed:
        case "shut-out":
            actions.set_active(person_id=who.pk, is_active=False, by=by, at=at)
        case "let-in":
            actions.set_active(person_id=who.pk, is_active=True, by=by, at=at)
        case "reset-factors":
            actions.reset_second_factors(person_id=who.pk, by=by, at=at)
        case "sign-out":
            actions.end_sessions(person_id=who.pk)
        case "link":
            return _give_link(request, who, actions.new_sign_in_key(person_id=who.pk, by=by, at=at))
        case _:
            raise Http404(deed)
    messages.success(request, gettext("Done."))
    return done(request, reverse("admin_person", args=[who.pk]))


def _change(request: HttpRequest, who: Person, form: PersonForm) -> None:
    said = form.cleaned_data
    fields = actions.PersonFields(
        email=said["email"],
        name=said["name"],
        role=said["role"],
        team_id=said["team"].pk if said["team"] else None,
        site_id=said["site"].pk if said["site"] else None,
        partner_id=said["partner"].pk if said["partner"] else None,
        permission_sets=tuple(said["permission_sets"]),
        language=said["language"],
    )
    actions.change_person(person_id=who.pk, fields=fields, by=signed_in(request).as_actor(), at=timezone.now())


def _give_link(request: HttpRequest, who: Person, key: str) -> HttpResponse:
    """By mail where there is a mail server; else shown once, to be handed over in another way."""
    adapter = get_adapter(request)
    link = adapter.get_reset_password_from_key_url(key)
    if settings.SETUP.smtp_url:
        adapter.send_password_reset_mail(who, who.email, {"user": who, "password_reset_url": link})
        messages.success(request, gettext("The link is on its way to {mail}.").format(mail=who.email))
        return done(request, reverse("admin_person", args=[who.pk]))
    return _show(request, who, PersonForm.of(who), link=link)


def _show(request: HttpRequest, who: Person, form: PersonForm, *, link: str = "") -> HttpResponse:
    context = {
        "who": who,
        "form": form,
        "link": link,
        "factors": queries.second_factors([who.pk]).get(who.pk, []),
        "sessions": queries.session_count(who.pk),
        "changes": change_lines(queries.changes_about(about="person", about_id=who.pk)),
        "tab": "people",
    }
    return page(request, "staff/person.html", context, status=422 if form.errors else 200)
