"""/bills: which fixes are watched and what came back; disputes by their term, credits, causes and findings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise as LazyWords
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tellonce.kernel.errors import NotAllowedError
from tellonce.modules.billing.contracts import CLEAN_BILLS, TERM_DAYS
from tellonce.modules.billing.queries import pages_causes as causes
from tellonce.modules.billing.queries import pages_credits as credits_of
from tellonce.modules.billing.queries import pages_disputes as disputes
from tellonce.modules.billing.queries import pages_findings as findings
from tellonce.modules.billing.queries import pages_fixes as fixes
from tellonce.modules.billing.queries.causes import suspected
from tellonce.modules.billing.queries.scope import ALL, Scope
from tellonce.modules.billing.queries.told import told_in_time
from tellonce.modules.billing.web.choosing import ScopeForm
from tellonce.modules.billing.web.pictures import back_picture
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open_named, signed_in
from tellonce.modules.staff.web.listening import live_url
from tellonce.webkit.page import page

BILLS = "bills"
PAGE_LENGTH = 50
_LONGEST = 100
_MOST_DIGITS = 8

Choice = tuple[str, str | LazyWords]
_TABS: tuple[Choice, ...] = (
    ("back", _("Came back")),
    ("watched", _("Watched")),
    ("disputes", _("Disputes")),
    ("credits", _("Credits")),
    ("causes", _("Causes")),
    ("findings", _("Findings")),
)
_SCOPED = ("back", "watched", "disputes", "credits")
_LISTS: dict[str, tuple[Choice, ...]] = {
    "back": (
        ("", _("All")),
        ("came_back", _("The customer had the bill")),
        ("held", _("Held before it was sent")),
        (fixes.UNTOLD, _("Not told yet")),
    ),
    "watched": (("", _("Watched now")), ("back", _("Came back once or more")), ("over", _("12 clean bills"))),
    "disputes": (
        ("", _("To be decided")),
        ("overdue", _("Overdue")),
        ("soon", _("Due within 7 days")),
        ("decided", _("Decided")),
    ),
    "credits": (
        ("", _("Wait for a second person")),
        ("missed", _("Missing on the bill")),
        ("stuck", _("No more bills")),
        ("due", _("Due on the next bill")),
        ("all", _("All")),
    ),
    "causes": (("", _("Open")), ("settled", _("Settled"))),
    "findings": (("", _("To be looked at")), ("case", _("Confirmed")), ("dismissed", _("No error"))),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    tab: str
    show: str
    words: str
    kind: str
    offset: int
    scope: Scope
    carry: str
    is_backwards: bool

    @property
    def is_scoped(self) -> bool:
        """Whether the list may be narrowed to a period and an area."""
        return self.tab in _SCOPED


@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    """What came back, what is watched, disputes by their term, credits, causes and findings: `tab` says which."""
    person, now = our_own(request), timezone.now()
    today = timezone.localdate(now)
    form = ScopeForm(request.GET)
    wanted = _wanted(request, form)
    shown = {} if wanted.is_backwards else _around(wanted, today=today) | _LOOK_AT[wanted.tab](wanted, today)
    if wanted.tab == "credits":
        shown |= {"may": credits_of.may_decide(shown.get("rows", []), by=person.as_actor())}
    context = (
        {"wanted": wanted, "tabs": [(*each, None) for each in _TABS], "lists": _LISTS[wanted.tab]}
        | shown
        | {
            "now": now,
            "person_id": person.pk,
            "scope_form": form,
            "may_set_limits": may_open_named("admin_credit_limits", person),
            "topics": (BILLS,),
            "live_url": live_url(request, (BILLS, f"person:{person.pk}")),
        }
    )
    return page(request, "billing/bills.html", context, parts={"bills": "billing/bills_list.html"})


def our_own(request: HttpRequest) -> Person:
    """Who looks; lists over all customers are for the provider's own people."""
    person = signed_in(request)
    if person.partner_id is not None:
        raise NotAllowedError(gettext("These pages show all customers; open the bills of one on their page."))
    return person


def _wanted(request: HttpRequest, form: ScopeForm) -> Wanted:
    tab = request.GET.get("tab", "")
    tab = tab if tab in _LISTS else "back"
    is_scoped = tab in _SCOPED
    scope = form.scope() if is_scoped else ALL
    is_backwards = is_scoped and form.is_backwards
    show = request.GET.get("show", "")
    return Wanted(
        tab=tab,
        show=show if show in dict(_LISTS[tab]) else "",
        words=request.GET.get("words", "").strip()[:_LONGEST],
        kind=request.GET.get("kind", "")[:_LONGEST],
        offset=offset_of(request),
        scope=scope,
        carry=form.carry() if is_backwards or not scope.is_all else "",
        is_backwards=is_backwards,
    )


def offset_of(request: HttpRequest) -> int:
    """Where the list goes on: `from` of the address."""
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() and len(asked) <= _MOST_DIGITS else 0


def _around(wanted: Wanted, *, today: date) -> dict[str, Any]:
    """What stands above every list: the measure, and what waits."""
    waiting = disputes.disputes_now(today=today, scope=wanted.scope)
    credit_counts, cause_counts = credits_of.credit_counts(wanted.scope, at=timezone.now()), causes.cause_counts()
    found = findings.waiting_findings()
    counts = {
        "disputes": waiting.open,
        "credits": credit_counts["asked"] + credit_counts["failed"],
        "causes": cause_counts["open"],
        "findings": found,
    }
    return {
        "tabs": [(name, label, counts.get(name)) for name, label in _TABS],
        "fixed": fixes.stays_fixed(wanted.scope),
        "waiting": waiting,
        "credit_counts": credit_counts,
        "clean_bills": CLEAN_BILLS,
        "term_days": TERM_DAYS,
    }


def _came_back(wanted: Wanted, today: date) -> dict[str, Any]:
    scope = wanted.scope
    rows = fixes.came_back(outcome=wanted.show, scope=scope, limit=PAGE_LENGTH + 1, offset=wanted.offset)
    months = fixes.back_by_month(today=today, scope=scope)
    has_any = any(month.out or month.held for month in months)
    return _paged(rows, wanted) | {
        "picture": back_picture(months) if has_any else None,
        "told": told_in_time(scope, at=timezone.now()),
    }


def _watched(wanted: Wanted, _today: date) -> dict[str, Any]:
    rows = fixes.watched(
        show=wanted.show, words=wanted.words, scope=wanted.scope, limit=PAGE_LENGTH + 1, offset=wanted.offset
    )
    return _paged(rows, wanted)


def _disputes(wanted: Wanted, today: date) -> dict[str, Any]:
    show = wanted.show or "open"
    rows = disputes.disputes_listed(
        show=show,
        today=today,
        words=wanted.words,
        scope=wanted.scope,
        limit=PAGE_LENGTH + 1,
        offset=wanted.offset,
    )
    return _paged(rows, wanted) | {"today": today, "is_decided": show == "decided"}


def _credits(wanted: Wanted, _today: date) -> dict[str, Any]:
    show = wanted.show or "asked"
    rows = credits_of.credits_listed(
        show=show, at=timezone.now(), scope=wanted.scope, limit=PAGE_LENGTH + 1, offset=wanted.offset
    )
    return _paged(rows, wanted)


def _causes(wanted: Wanted, _today: date) -> dict[str, Any]:
    rows = causes.causes_listed(show=wanted.show or "open")
    return _paged(rows, wanted) | {"alike": suspected(at=timezone.now()) if not wanted.show else []}


def _findings(wanted: Wanted, _today: date) -> dict[str, Any]:
    rows = findings.findings_listed(
        kind=wanted.kind, show=wanted.show or "open", limit=PAGE_LENGTH + 1, offset=wanted.offset
    )
    kinds = findings.kinds_found()
    return _paged(rows, wanted) | {
        "kinds": kinds,
        "kind_label": next((each.label for each in kinds if each.kind == wanted.kind), ""),
    }


def _paged(rows: list[Any], wanted: Wanted) -> dict[str, Any]:
    return {
        "rows": rows[:PAGE_LENGTH],
        "earlier": max(wanted.offset - PAGE_LENGTH, 0) if wanted.offset else None,
        "later": wanted.offset + PAGE_LENGTH if len(rows) > PAGE_LENGTH else None,
    }


_LOOK_AT = {
    "back": _came_back,
    "watched": _watched,
    "disputes": _disputes,
    "credits": _credits,
    "causes": _causes,
    "findings": _findings,
}
