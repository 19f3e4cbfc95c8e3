"""A story as a page shows it: filtered, grouped by day, with the way to what is older."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise as LazyWords
from django.utils.translation import gettext_lazy as _

from tellonce.desk.entries import Entry, entries_of
from tellonce.desk.known import STORY_LENGTH
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Group, ToldMoment

MOST_REFRESHED = 400

FILTERS: tuple[tuple[str, str | LazyWords], ...] = (
    ("", _("All")),
    (Group.CONTACTS, _("Contacts")),
    (Group.PROMISES, _("Promises")),
    (Group.NETWORK, _("Network")),
    (Group.RECORD, _("Record")),
)
PERIODS: tuple[tuple[str, str | LazyWords], ...] = (
    ("", _("any time")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("365", _("a year")),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a story is asked for."""

    group: str = ""
    words: str = ""
    days: str = ""
    before: tuple[datetime, UUID] | None = None
    oldest: datetime | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out."""
        return bool(self.group or self.words or self.days)


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day, newest first."""

    at: datetime
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a story; `older` is the mark of its last moment where more follow."""

    wanted: Wanted
    days: tuple[Day, ...]
    older: str
    oldest: str
    count: int


def wanted_of(request: HttpRequest) -> Wanted:
    """What the address asks for; nonsense counts as nothing asked."""
    values = request.GET
    group = values.get("group", "")
    days = values.get("days", "")
    return Wanted(
        group=group if group in list(Group) else "",
        words=values.get("words", "").strip()[:200],
        days=days if days in dict(PERIODS) else "",
        before=_mark(values.get("before", "")),
        oldest=_instant(values.get("oldest", "")),
    )


def _mark(text: str) -> tuple[datetime, UUID] | None:
    instant, _comma, name = text.partition(",")
    at = _instant(instant)
    try:
        return (at, UUID(name)) if at else None
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def story_of(customer_id: int, wanted: Wanted, *, now: datetime) -> StoryPage:
    """The page of the story that is wanted: one read, and one to learn whether more follow."""
    since = now - timedelta(days=int(wanted.days)) if wanted.days else None
    limit = STORY_LENGTH + 1
    if wanted.oldest:
        since, limit = wanted.oldest, MOST_REFRESHED
    told = record.story_page(
        customer_id, group=wanted.group or None, since=since, words=wanted.words, before=wanted.before, limit=limit
    )
    return story_page_of(told, wanted)


def story_page_of(told: Sequence[ToldMoment], wanted: Wanted = Wanted()) -> StoryPage:
    """The page out of moments that were read already; one more than its length says that more follow."""
    shown = told if wanted.oldest else told[:STORY_LENGTH]
    more = len(told) > len(shown)
    last = shown[-1] if shown else None
    return StoryPage(
        wanted=wanted,
        days=days_of(entries_of(shown)),
        older=f"{last.at.isoformat()},{last.id}" if more and last else "",
        oldest=last.at.isoformat() if last else "",
        count=len(shown),
    )


def days_of(entries: Sequence[Entry]) -> tuple[Day, ...]:
    """The entries by day here."""

    def day_of(entry: Entry) -> date:
        return timezone.localtime(entry.at).date()

    groups = [tuple(group) for _day, group in groupby(entries, key=day_of)]
    return tuple(Day(at=group[0].at, entries=group) for group in groups)
