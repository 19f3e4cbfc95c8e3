"""What a moment is: its registered kinds, how it is told and how it is read."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from django.utils.translation import gettext

from tellonce.modules.record.contracts.words import Direction
from tellonce.modules.staff.contracts import Actor


class Group(StrEnum):
    """The filters above a story."""

    CONTACTS = "contacts"
    VISITS = "visits"
    BILLS = "bills"
    NETWORK = "network"
    PROMISES = "promises"
    RECORD = "record"


class Tone(StrEnum):
    """How a moment's mark looks: shape and colour both say it."""

    PLAIN = "plain"
    FROM_CUSTOMER = "in"
    BAD = "bad"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Headline:
    """A moment in one line: `lead` is set in bold, `rest` follows it."""

    lead: str
    rest: str = ""


class MomentData(Protocol):
    """Small typed data of one kind of moment: a frozen dataclass of strings, numbers, dates and None."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def headline(self) -> Headline:
        """The moment in the reader's language."""
        ...


_SET_BY_KIND = frozenset({"kind", "group", "tone"})
_KINDS: dict[str, type[Any]] = {}
_KindClass = TypeVar("_KindClass", bound=type[Any])


def moment_kind(kind: str, *, group: Group, tone: Tone = Tone.PLAIN) -> Callable[[_KindClass], _KindClass]:
    """Registers a frozen dataclass as the data of moments of `kind` (`module.verb_past`)."""

    def register(cls: _KindClass) -> _KindClass:
        if kind in _KINDS:
            raise ValueError(f"moment kind {kind} is declared twice")
        cls.kind, cls.group, cls.tone = kind, group, tone
        _KINDS[kind] = cls
        return cls

    return register


def kinds_of(group: Group) -> list[str]:
    """The kinds that a story's filter `group` shows."""
    return sorted(kind for kind, cls in _KINDS.items() if cls.group is group)


def as_json(data: MomentData) -> dict[str, Any]:
    """The data as JSON values: dates in ISO 8601, empty fields left out."""
    values = ((name, getattr(data, name)) for name in data.__dataclass_fields__ if name not in _SET_BY_KIND)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values
        if value is not None and value != ""
    }


def from_json(kind: str, values: dict[str, Any]) -> MomentData | None:
    """The typed data of a stored moment; None for a kind or a shape that this version does not know."""
    cls = _KINDS.get(kind)
    if cls is None:
        return None
    known = {field.name: field.type for field in fields(cls)}
    try:
        data: MomentData = cls(**{name: _typed(known[name], value) for name, value in values.items() if name in known})
    except (TypeError, ValueError):
        return None
    return data


def _typed(annotation: Any, value: Any) -> Any:
    named = str(annotation)
    if isinstance(value, str) and "datetime" in named:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and "date" in named:
        return date.fromisoformat(value)
    return value


@dataclass(frozen=True, slots=True)
class About:
    """What a moment belongs to: plain ids, none of them a foreign key. `about` is a type such as 'promise'."""

    about: str = ""
    about_id: int | None = None
    contact_id: int | None = None
    case_id: int | None = None
    matter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A moment to be told: see `story.tell` for the meaning of its fields."""

    customer_id: int
    what: MomentData
    at: datetime
    by: Actor
    words: str = ""
    channel: str = ""
    direction: str = Direction.INSIDE
    about: About = About()
    corrects: UUID | None = None
    import_id: int | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldMoment:
    """A moment as it is read: `data` is None where the kind is unknown or the moment was erased.

    A correction carries the headline and words of what it corrects; what was corrected names its (latest) correction.
    """

    customer_id: int
    id: UUID
    at: datetime
    kind: str
    channel: str
    direction: str
    by_kind: str
    by_id: int | None
    by_name: str
    about: About
    data: MomentData | None
    words: str
    corrects: UUID | None
    erased: bool
    delivery: str = ""
    corrected: Headline | None = None
    corrected_words: str = ""
    corrected_by: UUID | None = None

    @property
    def tone(self) -> Tone:
        """How the moment's mark looks."""
        return self.data.tone if self.data else Tone.PLAIN

    @property
    def headline(self) -> Headline:
        """The moment in one line; a kind that this version does not know is named by its kind."""
        if self.erased and self.data is None:
            return Headline(gettext("Erased"))
        return self.data.headline() if self.data else Headline(self.kind.replace(".", " ").replace("_", " "))
