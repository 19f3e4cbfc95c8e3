"""Rows as they were read, and what an undo did, in words: for the page and for the command line."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tellonce.intake.contracts import Undone
from tellonce.modules.record.contracts import Stays
from tellonce.modules.record.queries import names_of

_FIELDS: dict[str, str | LazyText] = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind"),
    "languages": gettext_lazy("language"),
    "time_zone": gettext_lazy("time zone"),
    "since": gettext_lazy("customer since"),
    "left_on": gettext_lazy("left on"),
    "area_id": gettext_lazy("area"),
    "until": gettext_lazy("until"),
    "cycle_day": gettext_lazy("bill day of the month"),
    "closed_on": gettext_lazy("closed"),
    "plan": gettext_lazy("plan"),
    "price_minor": pgettext_lazy("of a service", "price"),
    "status": gettext_lazy("status"),
    "promotion_ends_on": gettext_lazy("promotion ends"),
    "price_after_minor": gettext_lazy("price after the promotion"),
    "external_id": gettext_lazy("id in the source system"),
    "customer_id": gettext_lazy("customer"),
    "channel": gettext_lazy("channel"),
    "direction": gettext_lazy("direction"),
    "reached_from": gettext_lazy("reached from"),
    "said_name": gettext_lazy("name that was said"),
    "said": gettext_lazy("words"),
    "matter_id": gettext_lazy("matter"),
    "began_at": gettext_lazy("began"),
    "facts": gettext_lazy("facts"),
}
_THINGS: dict[str, str | LazyText] = {
    "person": gettext_lazy("person of record"),
    "contact_point": gettext_lazy("phone or mail"),
    "premise": gettext_lazy("place"),
    "stay": gettext_lazy("place"),
    "account": gettext_lazy("account"),
    "service": gettext_lazy("service"),
    "device": gettext_lazy("device"),
    "flag": gettext_lazy("flag"),
    "contact": gettext_lazy("contact"),
}


def in_words(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field of a row as it was read, by its name: lists of things in one line each."""
    for name, value in row.items():
        if name == "line":
            continue
        if isinstance(value, dict):
            yield from in_words(value)
        else:
            yield name.replace("_", " "), _words(value)


def _words(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{name.replace('_', ' ')} {_words(inner)}" for name, inner in value.items())
        case list():
            return "; ".join(_words(inner) for inner in value)
        case bool():
            return _("yes") if value else _("no")
        case _:
            return str(value)


def undone_in_words(report: Mapping[str, Any]) -> Undone:
    """What an undo did; customers are named as they are called now, those who are erased by their number."""
    stays = [Stays(*row) for row in report.get("stays", [])]
    kept = report.get("kept_customers", [])
    names = names_of([*kept, *(one.customer_id for one in stays if one.customer_id is not None)])
    return Undone(
        customers=report.get("customers", 0),
        contacts=report.get("contacts", 0),
        cases=report.get("cases", 0),
        calls=report.get("calls", 0),
        bills=report.get("bills", 0),
        billing=report.get("billing", 0),
        given_back=report.get("given_back", 0),
        kept=(*(names.get(pk, str(pk)) for pk in kept), *report.get("kept_contacts", [])),
        stays=tuple(_stays(one, names) for one in stays),
        more=report.get("more", 0),
    )


def _stays(one: Stays, names: Mapping[int, str]) -> str:
    whose = one.name if one.customer_id is None else names.get(one.customer_id, str(one.customer_id))
    field, _dot, fact = one.field.partition(".")
    words = [_THINGS.get(one.about, ""), fact or _FIELDS.get(field, field)]
    return f"{whose}: {', '.join(str(word) for word in words if word)}"
