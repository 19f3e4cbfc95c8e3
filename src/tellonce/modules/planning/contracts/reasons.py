"""What cannot be rehearsed, forecast or rostered, in the reader's language.

The lab, and a worker, name a reason and the values in its words; whoever reads it later has their own language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tellonce.kernel.errors import DomainError

Row = dict[str, Any]

_OF_POLICIES = {
    "share": _("A share is from 0% to 100%."),
    "below_zero": _("This cannot be below 0."),
    "not_above_zero": _("This must be above 0."),
    "a_week": _("This is at most a week."),
    "too_many_people": _("At most %(most)s people can be rehearsed."),
    "too_many_times": _("At most %(most)s times can be rehearsed."),
    "nothing_changes": _("0 people change nothing."),
    "more_than_all": _("What is solved and what is lost are more than all contacts together."),
    "head_start": _("A head start is at most a week."),
    "first_day": _("The first day is 1."),
    "empty_site": _("A site has at least one person."),
    "hour": _("An hour is from 0 to 24."),
    "long_shift": _("A shift is at most a day long."),
    "ends_first": _("This is not after the time it begins."),
    "begins_later": _("It begins within the day: from 0 to 24."),
    "no_weekday": _("Choose at least one day of the week."),
    "site_known": _("A new site has a name of its own."),
    "nobody_has": _("Nobody has the skill “%(name)s”. There are: %(known)s."),
    "no_call_from": _("No call comes from “%(name)s”. There are: %(known)s."),
    "nobody_at": _("Nobody works at “%(name)s”. There are: %(known)s."),
    "nobody_left": _("Nobody would be left who can do “%(skill)s”."),
    "few_can_change": _("Only %(n)s people can change so."),
    "no_scenario": _("This policy cannot be simulated."),
    "far_too_few_people": _("There are far too few people: millions of contacts wait at a time."),
}
_OF_CALLS = {
    "no_calls": _("No call of these queues is known yet."),
    "no_week": _("A rehearsal takes at least one whole week of calls."),
    "no_forecast": _("%(queue)s has no forecast yet."),
    "no_talk_times": _("No call of this time says how long it was talked: talk times cannot be learned."),
    "nobody_named": _("No call of this time says who answered: who is at work cannot be learned."),
    "nobody_waited": _("Nobody waited in this time: how long callers wait before they give up cannot be learned."),
    "few_days": _("%(days)s days of calls are known; a forecast takes at least %(least)s. Import older calls."),
    "no_arrival": _("Not one call came in this time."),
    "fitting_input": _("These calls do not hold together: nothing can be learned from them."),
}
_OF_ROSTERS = {
    "impossible": _("No week of all people keeps all rules at once."),
    "stopped": _("No roster was found in the time given; give it more."),
    "roster_input.start_spread_min": _("So long a shift leaves less than 11 hours of rest until the next: shorten it."),
    "roster_input.breaks": _("The break does not lie within its shift."),
    "roster_input.contract": _("No week of such shifts fits the hours in which calls come; change one of them."),
    "roster_input": _("No roster can be made of these shifts, days and hours; change one of them."),
    "no_demand": _("The week has no forecast."),
}
REASONS: Mapping[str, Any] = _OF_POLICIES | _OF_CALLS | _OF_ROSTERS
"""What each reason says."""


def words_of(reason: str, told: Mapping[str, Any]) -> str:
    """A reason in the language of whoever reads now, with the values in it; KeyError for one that is not known."""
    words = str(REASONS[reason])
    return words % {name: _shown(value) for name, value in told.items()} if told else words


def error_words(error: DomainError) -> str:
    """What an error says, in the language of whoever reads now as far as its reason or code is known here."""
    return told_words(error_row(error))


def error_row(error: DomainError) -> Row:
    """The error as a worker notes it."""
    field = getattr(error, "field", "")
    named = next((name for name in (error.reason, f"{error.code}.{field}", error.code) if name in REASONS), "")
    return {"reason": named, "told": dict(error.told), "text": str(error)}


def told_words(row: Row | str | None) -> str:
    """What was noted of an error, in the language of whoever reads now; what has no reason, as it was noted."""
    if not isinstance(row, dict):
        return row or ""
    return words_of(row["reason"], row["told"]) if row.get("reason") else str(row.get("text", ""))


def _shown(value: Any) -> str:
    return f"{value:,g}" if isinstance(value, int | float) else str(value)
