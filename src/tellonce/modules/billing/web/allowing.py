"""What each role may credit, and what is credited without anybody asking; each currency has its own amounts."""

import re
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from tellonce.modules.billing import actions
from tellonce.modules.billing.queries import limits as queries
from tellonce.modules.billing.web.acting import acted
from tellonce.modules.billing.web.limit_forms import LimitsForm, RulesForm
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, page

_CURRENCY = re.compile(r"[A-Z]{3}")


@require_http_methods(["GET", "HEAD", "POST"])
def admin_credit_limits(request: HttpRequest) -> HttpResponse:
    """What each role and permission set may credit alone and as the second person, and the rules; of one currency."""
    currency = _currency(request)
    sent = request.POST if request.method == "POST" else None
    is_rules = sent is not None and sent.get("what") == "rules"
    limits = LimitsForm(queries.limit_lines(currency=currency), currency=currency, data=None if is_rules else sent)
    rules = RulesForm(queries.rule_lines(currency=currency), currency=currency, data=sent if is_rules else None)
    if sent is not None:
        form, act = (rules, _set_rules) if is_rules else (limits, _set_limits)
        to = f"{reverse('admin_credit_limits')}?currency={currency}"
        answer = acted(request, form, lambda: act(request, form), said=gettext("Kept."), to=to)
        if answer is not None:
            return answer
    return _page(request, limits, rules, currency)


def _page(request: HttpRequest, limits: LimitsForm, rules: RulesForm, currency: str) -> HttpResponse:
    known = queries.currencies(ours=settings.SETUP.currency)
    context: dict[str, Any] = {
        "form": limits,
        "rules": rules,
        "currency": currency,
        "currencies": known if currency in known else [*known, currency],
    }
    is_bad = bool(limits.errors or rules.errors)
    return page(request, "billing/credit_limits.html", context, status=UNPROCESSABLE if is_bad else 200)


def _currency(request: HttpRequest) -> str:
    asked = request.GET.get("currency", "").strip().upper()
    return asked if _CURRENCY.fullmatch(asked) else settings.SETUP.currency


def _set_limits(request: HttpRequest, form: Any) -> None:
    by, at = signed_in(request).as_actor(), timezone.now()
    for who, limits in form.changed():
        actions.set_limits(who=who, currency=form.currency, **asdict(limits), by=by, at=at)


def _set_rules(request: HttpRequest, form: Any) -> None:
    by, at = signed_in(request).as_actor(), timezone.now()
    for reason, rule in form.changed():
        actions.set_rule(reason=reason, currency=form.currency, rule=rule, by=by, at=at)
