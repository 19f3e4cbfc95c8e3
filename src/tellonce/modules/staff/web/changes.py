"""The audit of staff, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import StaffChange
from tellonce.webkit import times

_WHAT = {
    "added": _("Added"),
    "brought back": _("In use again"),
    "changed": _("Changed"),
    "ended": _("Ended"),
    "holiday added": _("Holiday added"),
    "holiday removed": _("Holiday taken away"),
    "hours set": _("Hours set"),
    "let in": _("Let in again"),
    "link made": _("Link made to choose a password"),
    "menu set": _("Menu set"),
    "moved": _("Moved"),
    "password set": _("Password set"),
    "reported": _("Reported"),
    "retired": _("Retired"),
    "rules set": _("Rules set"),
    "second factors reset": _("Second factors taken away"),
    "shut out": _("Shut out"),
    "skills": _("Skills set"),
    "staffed": _("Staffed"),
    "taken back": _("Taken back"),
}
_NAMES = {
    "answer_within_s": _("answer within seconds"),
    "days": _("days"),
    "day": _("day"),
    "below": _("below"),
    "body": _("text"),
    "cause": _("cause"),
    "ended_at": _("works again since"),
    "expected_until": _("expected until"),
    "kind": _("how bad"),
    "matter": _("matter"),
    "place": _("place"),
    "title": _("title"),
    "department": _("department"),
    "email": _("mail address"),
    "hours": _("hours"),
    "is_active": _("may sign in"),
    "kinds": _("second factors"),
    "language": _("language"),
    "name": _("name"),
    "partner": _("works for"),
    "permission_sets": _("may also"),
    "role": _("role"),
    "site": _("site"),
    "skill": _("skill"),
    "supervisor": _("supervisor"),
    "target_share": _("share of calls"),
    "team": _("team"),
    "time_zone": _("time zone"),
    "callback_above_s": _("a callback is offered above seconds"),
    "breadth_s": _("each other skill"),
    "continuity_s": _("whoever talked with them last"),
    "continuity_within_s": _("that counts for seconds"),
    "effort_s": _("each effort already caused"),
    "home": _("answered at"),
    "level": _("least level"),
    "levels": _("levels"),
    "menu": _("menu"),
    "numbers": _("numbers"),
    "overflow_after_s": _("they help after seconds"),
    "overflow_to": _("helped by"),
    "level_s": _("each level above what is asked"),
    "people": _("people"),
    "priority": _("priority"),
    "priority_s": _("each step of priority"),
    "promise_s": _("waited past what they were told"),
    "reserve": _("kept free"),
    "ring_s": _("a person is rung for seconds"),
    "shares": _("agreed shares"),
    "shares_s": _("behind an agreed share"),
    "wrap_s": _("wrap-up of at most seconds"),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change; `differences` are name, before, after."""

    at: datetime
    by_name: str
    what: str
    differences: tuple[tuple[str, str, str], ...]


def change_lines(changes: Iterable[StaffChange], *, named: bool = False) -> list[ChangeLine]:
    """The changes as they are shown; `named` says what each is about, where a page shows those of many things."""
    return [
        ChangeLine(
            at=change.at,
            by_name=change.by_name,
            what=f"{change.about_name}: {_said_what(change)}" if named else _said_what(change),
            differences=tuple(_differences(change)),
        )
        for change in changes
    ]


def _said_what(change: StaffChange) -> str:
    return str(_WHAT.get(change.what, change.what))


def _differences(change: StaffChange) -> Iterator[tuple[str, str, str]]:
    for name in {**change.before, **change.after}:
        before, after = _said(name, change.before.get(name)), _said(name, change.after.get(name))
        if before or after:
            yield str(_NAMES.get(name, name)), before, after


def _said(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case list() if name == "hours":
            return ", ".join(f"{WEEKDAYS_ABBR[int(each[0])]} {each[2:]}" for each in value)
        case list():
            return ", ".join(str(each) for each in value)
        case str():
            return _said_text(name, value)
        case _:
            return str(value)


def _said_text(name: str, value: str) -> str:
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if value and name in {"ended_at", "expected_until"}:
        return times.exact(datetime.fromisoformat(value))
    return value
