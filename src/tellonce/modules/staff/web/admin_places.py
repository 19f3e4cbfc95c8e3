"""The administrator's pages of teams, departments, sites with their hours, and partners."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.models import Site
from tellonce.modules.staff.web.admin_forms import (
    DepartmentForm,
    HolidayForm,
    HoursForm,
    PartnerForm,
    SiteForm,
    TeamForm,
)
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import done, page


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All of them on one page: a provider has dozens, not thousands."""
    context = {
        "teams": queries.teams_with_sizes(),
        "departments": queries.departments(),
        "sites": queries.sites(),
        "partners": queries.partners(),
        "tab": "places",
    }
    return page(request, "staff/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request: HttpRequest) -> HttpResponse:
    """A new team."""
    return _edit(request, TeamForm(request.POST or None), gettext("A new team"), _ids(actions.add_team))


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team."""
    known = queries.team(team_id)
    initial = {"name": known.name, "department": known.department_id, "site": known.site_id}
    form = TeamForm(request.POST or None, initial=initial | {"supervisor": known.supervisor_id})
    return _edit(request, form, known.name, _ids(actions.change_team, team_id=known.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def department_add(request: HttpRequest) -> HttpResponse:
    """A new department."""
    form = DepartmentForm(request.POST or None)
    return _edit(request, form, gettext("A new department"), _ids(actions.add_department))


@require_http_methods(["GET", "HEAD", "POST"])
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    """One department."""
    known = queries.department(department_id)
    form = DepartmentForm(request.POST or None, initial={"name": known.name, "site": known.site_id})
    return _edit(request, form, known.name, _ids(actions.change_department, department_id=known.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def partner_add(request: HttpRequest) -> HttpResponse:
    """A new partner."""
    form = PartnerForm(request.POST or None)
    return _edit(request, form, gettext("A new partner"), _ids(actions.add_partner))


@require_http_methods(["GET", "HEAD", "POST"])
def site_add(request: HttpRequest) -> HttpResponse:
    """A new site."""
    return _edit(request, SiteForm(request.POST or None), gettext("A new site"), _ids(actions.add_site))


@require_http_methods(["GET", "HEAD", "POST"])
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    """One site: name, time zone, hours, holidays."""
    known = queries.site(site_id)
    initial = {"name": known.name, "time_zone": known.time_zone, "partner": known.partner_id}
    form = SiteForm(request.POST or None, initial=initial)
    if request.method == "POST" and _kept(request, form, _ids(actions.change_site, site_id=known.pk)):
        return done(request, request.path)
    return _show_site(request, known, form=form)


@require_POST
def site_hours(request: HttpRequest, site_id: int) -> HttpResponse:
    """The hours of the week, all at once."""
    known = queries.site(site_id)
    hours = HoursForm(request.POST)

    def keep(**by_and_at: Any) -> None:
        actions.set_open_hours(site_id=known.pk, hours=hours.hours(), by=by_and_at["by"], at=by_and_at["at"])

    if _kept(request, hours, keep):
        return done(request, reverse("admin_site", args=[known.pk]))
    return _show_site(request, known, hours=hours)


@require_POST
def site_holiday(request: HttpRequest, site_id: int) -> HttpResponse:
    """One more holiday, or (with `remove`) one less."""
    known = queries.site(site_id)
    by, at = signed_in(request).as_actor(), timezone.now()
    remove = request.POST.get("remove", "")
    if remove.isascii() and remove.isdigit():
        actions.remove_holiday(holiday_id=int(remove), by=by, at=at)
        return done(request, reverse("admin_site", args=[known.pk]))
    holiday = HolidayForm(request.POST)

    def keep(*, hours: Any, **fields: Any) -> None:
        actions.add_holiday(site_id=known.pk, span=hours, **fields)

    if _kept(request, holiday, keep):
        return done(request, reverse("admin_site", args=[known.pk]))
    return _show_site(request, known, holiday=holiday)


def _ids(action: Callable[..., Any], **known: Any) -> Callable[..., Any]:
    """The action, with the forms' chosen rows as the ids that it takes."""

    def act(**said: Any) -> Any:
        rows = ("department", "site", "supervisor", "partner")
        plain = {name: value for name, value in said.items() if name not in rows}
        chosen = {f"{name}_id": said[name].pk if said[name] else None for name in rows if name in said}
        return action(**plain, **chosen, **known)

    return act


def _kept(request: HttpRequest, form: forms.Form, action: Callable[..., Any]) -> bool:
    """Whether the action took what was entered; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        action(**form.cleaned_data, by=signed_in(request).as_actor(), at=timezone.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, gettext("Kept."))
    return True


def _edit(request: HttpRequest, form: forms.Form, title: str, action: Callable[..., Any]) -> HttpResponse:
    if request.method == "POST" and _kept(request, form, action):
        return done(request, reverse("admin_places"))
    status = 422 if form.errors else 200
    return page(request, "staff/place.html", {"form": form, "title": title, "tab": "places"}, status=status)


def _show_site(
    request: HttpRequest,
    known: Site,
    *,
    form: SiteForm | None = None,
    hours: HoursForm | None = None,
    holiday: HolidayForm | None = None,
) -> HttpResponse:
    initial = {"name": known.name, "time_zone": known.time_zone, "partner": known.partner_id}
    shown = {
        "form": form or SiteForm(initial=initial),
        "hours": hours or HoursForm.of(known),
        "holiday": holiday or HolidayForm(),
    }
    context = {
        **shown,
        "site": known,
        "holidays": queries.holidays_from(known.pk, timezone.localdate()),
        "changes": change_lines(queries.changes_about(about="site", about_id=known.pk)),
        "tab": "places",
    }
    status = 422 if any(each.errors for each in shown.values()) else 200
    return page(request, "staff/site.html", context, status=status)
