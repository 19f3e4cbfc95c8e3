"""What cannot be rehearsed."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from tellonce.kernel.errors import DomainError

TEXTS: Final[Mapping[str, str]] = {
    "share": "A share is from 0% to 100%.",
    "below_zero": "This cannot be below 0.",
    "not_above_zero": "This must be above 0.",
    "a_week": "This is at most a week.",
    "too_many_people": "At most {most:,} people can be rehearsed.",
    "too_many_times": "At most {most:,g} times can be rehearsed.",
    "nothing_changes": "0 people change nothing.",
    "more_than_all": "What is solved and what is lost are more than all contacts together.",
    "head_start": "A head start is at most a week.",
    "first_day": "The first day is 1.",
    "empty_site": "A site has at least one person.",
    "hour": "An hour is from 0 to 24.",
    "long_shift": "A shift is at most a day long.",
    "ends_first": "This is not after the time it begins.",
    "begins_later": "It begins within the day: from 0 to 24.",
    "no_weekday": "Choose at least one day of the week.",
    "site_known": "A new site has a name of its own.",
    "nobody_has": "Nobody has the skill {name!r}. There are: {known}.",
    "no_call_from": "No call comes from {name!r}. There are: {known}.",
    "nobody_at": "Nobody works at {name!r}. There are: {known}.",
    "nobody_left": "Nobody would be left who can do {skill!r}.",
    "few_can_change": "Only {n} people can change so.",
    "no_scenario": "This cannot be simulated: {why}",
    "far_too_few_people": "There are far too few people: millions of contacts wait at a time.",
}
"""What each reason says; its values stand in `told`."""


class RehearsalInputError(DomainError):
    """Something in a policy that cannot be; `field` names what was said there, as in `from_h`.

    `reason` is one of TEXTS and `told` holds the values in its text, so that a page can say it in another language.
    """

    code: ClassVar[str] = "rehearsal_input"

    def __init__(self, field: str, reason: str, **told: Any) -> None:
        super().__init__(TEXTS[reason].format(**told))
        self.field, self.reason, self.told = field, reason, told
