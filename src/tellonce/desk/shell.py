"""What stands around every page: navigation for the person's role, theme, the clock, the stream of live events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as LazyWords
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open_named


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `key` is pressed after g."""

    label: str
    address: str
    icon: str
    key: str
    is_current: bool
    on_phone: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    label: str | LazyWords
    icon: str
    key: str = ""
    on_phone: bool = True
    begins: tuple[str, ...] = ()


_NAV = (
    _Entry("desk", _("Desk"), "desk", "d", begins=("/contacts",)),
    _Entry("today", _("My day"), "day", "t"),
    _Entry("floor", _("Floor"), "floor", "f"),
    _Entry("missed", _("Missed calls"), "call", "m", on_phone=False),
    _Entry("bills", _("Bills"), "account", "b", on_phone=False),
    _Entry("customers", _("Customers"), "customers", "c"),
    _Entry("cases", _("Cases"), "cases", "k"),
    _Entry("stories", _("Stories"), "stories", "s", on_phone=False),
    _Entry("plan", pgettext_lazy("page", "Plan"), "day", "p", on_phone=False),
    _Entry("decisions", _("Decisions"), "check", "e", on_phone=False),
)
_ADMIN = (
    _Entry("admin_people", _("People"), "person", begins=("/admin/people",)),
    _Entry("admin_places", _("Teams and sites"), "place"),
    _Entry("admin_matters", _("Matters"), "cases"),
    _Entry("admin_queues", _("Queues"), "call"),
    _Entry("admin_credit_limits", _("Credit limits"), "account"),
    _Entry("admin_answers", _("Answers"), "letter"),
    _Entry("admin_access", _("Access log"), "lock"),
    _Entry("admin_reasons", _("Likely reasons"), "heart"),
    _Entry("admin_retention", _("How long things are kept"), "clock"),
    _Entry("admin_imports", _("Imports"), "up"),
    _Entry("admin_keys", pgettext_lazy("API", "Keys"), "link"),
    _Entry("outages", _("Outages"), "act"),
)
_ME = (_Entry("me", _("You and your sign-in"), "person"), _Entry("kit", _("The kit"), "desk"))


def _items(request: HttpRequest, person: Person, entries: Sequence[_Entry]) -> list[NavItem]:
    items = []
    for entry in entries:
        if not may_open_named(entry.name, person):
            continue
        address = reverse(entry.name)
        here = request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
        is_current = here or any(request.path.startswith(start) for start in entry.begins)
        items.append(NavItem(str(entry.label), address, entry.icon, entry.key, is_current, entry.on_phone))
    return items


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    around: dict[str, Any] = {
        "now": timezone.now(),
        "languages": settings.LANGUAGES,
        "provider": settings.SETUP.provider,
    }
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return around
    return around | {
        "person": person,
        "theme": person.theme,
        "nav": _items(request, person, _NAV),
        "me_links": _items(request, person, (*_ADMIN, *_ME)),
        "find_address": reverse("find") if may_open_named("find", person) else "",
    }
