"""The rules of routing, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from tellonce.kernel.errors import DomainError
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.web.rules_form import RulesForm
from tellonce.modules.staff.queries import changes_about
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page


@require_http_methods(["GET", "HEAD", "POST"])
def admin_rules(request: HttpRequest) -> HttpResponse:
    """What each rule is worth, now and to change."""
    skills = sorted({line.skill_code or line.code for line in queries.queues()})
    form = RulesForm(request.POST or None, rules=queries.routing_rules(), places=queries.places(), skills=skills)
    if request.method == "POST" and _kept(request, form):
        return done(request, reverse("admin_rules"))
    changes = change_lines(changes_about(about="routingrules", about_id=1))
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "phone/rules.html", {"form": form, "changes": changes}, status=status)


def _kept(request: HttpRequest, form: RulesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.set_rules(rules=form.rules(), by=signed_in(request).as_actor(), at=timezone.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, gettext("Kept."))
    return True
