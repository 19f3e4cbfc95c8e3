"""What queries of care give to other modules: frozen, with plain ids."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact as a list shows it. `customer_id` and `customer_name` are empty while it is not matched."""

    id: int
    channel: str
    direction: str
    state: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    customer_id: int | None
    customer_name: str
    said_name: str
    said: str
    reached_from: str
    matter_id: int | None
    matter: str
    taken_by_id: int | None
    taken_by_name: str
    told_again_at: datetime | None
    hand_over_id: int | None = None
    hand_over_line: str = ""
    hand_over_from: str = ""


@dataclass(frozen=True, slots=True)
class ContactsAbout:
    """Which contacts are about one thing: these, those on these cases, and those with these matters (by code).

    Of those by their matter the ones that are named as about something else are none of it.
    """

    matters: frozenset[str] = frozenset()
    contact_ids: frozenset[int] = frozenset()
    case_ids: frozenset[int] = frozenset()
    but_contact_ids: frozenset[int] = frozenset()
    but_case_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it; `owner` is the name of a person, team or department."""

    id: int
    title: str
    state: str
    waiting_on: str
    waiting_until: datetime | None
    customer_id: int | None
    customer_name: str
    matter_id: int | None
    matter: str
    owner: str
    owner_person_id: int | None
    owner_team_id: int | None
    owner_department_id: int | None
    asked_by: str
    opened_at: datetime
    solved_at: datetime | None
    reopened: int
    parent_id: int | None
    contacts: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be solved."""
        return self.solved_at is None


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise as a list shows it; `to` is the customer's or the department's name."""

    id: int
    kind: str
    what: str
    state: str
    customer_id: int | None
    to: str
    case_id: int | None
    contact_id: int | None
    made_at: datetime
    made_by_name: str
    owner: str
    owner_person_id: int | None
    owner_team_id: int | None
    due_at: datetime
    broken_at: datetime | None
    owned_up_at: datetime | None
    done_late_at: datetime | None
    settled_at: datetime | None
    settled_by_name: str
    reminded_at: datetime | None = None
    last_words: str = ""

    @property
    def is_to_own_up(self) -> bool:
        """Whether it was broken and whom it was made to has not been told so."""
        return self.broken_at is not None and self.owned_up_at is None

    @property
    def is_to_do(self) -> bool:
        """Whether it still has to be done, in time or late."""
        return self.settled_at is None or (self.broken_at is not None and self.done_late_at is None)


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A hand-over that waits to be taken, with its written line."""

    id: int
    contact_id: int | None
    case_id: int | None
    customer_id: int | None
    customer_name: str
    from_name: str
    to: str
    line: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TeamAsks:
    """What other departments ask of somebody's team and department."""

    cases: tuple[CaseLine, ...]
    promises: tuple[PromiseLine, ...]
    hand_overs: tuple[HandOverLine, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.cases) + len(self.promises) + len(self.hand_overs)


@dataclass(frozen=True, slots=True)
class Cost:
    """What being our customer cost over a period.

    `contacts`: conversations that the customer started. `minutes_waited`: whole minutes from beginning to answer (or
    to giving up). `repeat_contacts`: contacts with an earlier one on the same matter in the 30 days before.
    `same_matter`: how many were about the matter most often raised, `same_matter_id`.
    """

    contacts: int
    minutes_waited: int
    told_again: int
    transfers: int
    broken_promises: int
    repeat_contacts: int
    same_matter: int = 0
    same_matter_id: int | None = None
    same_matter_name: str = ""


@dataclass(frozen=True, slots=True)
class MatterNode:
    """A matter in the tree. `name` is in the reader's language, `path` names its ancestors and itself."""

    id: int
    code: str
    name: str
    level: int
    path: str
    retired: bool
    children: tuple["MatterNode", ...] = ()


@dataclass(frozen=True, slots=True)
class ViewerLine:
    """Somebody else who has the case open."""

    person_id: int
    name: str
    is_writing: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class CannedLine:
    """Words that are often needed; `body` may hold placeholders such as {customer}."""

    id: int
    title: str
    body: str
    matter_id: int | None
    language: str


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file as a list shows it."""

    id: int
    name: str
    content_type: str
    size: int
    added_at: datetime
    added_by_name: str
    customer_id: int | None
    contact_id: int | None
    case_id: int | None


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case with everything about it that is not in the story."""

    line: CaseLine
    parent: CaseLine | None
    children: tuple[CaseLine, ...]
    linked: tuple[tuple[str, CaseLine], ...]
    contacts: tuple[ContactLine, ...]
    promises: tuple[PromiseLine, ...]
    hand_overs: tuple[HandOverLine, ...]
    attachments: tuple[AttachmentLine, ...]
    merged_into_id: int | None
    split_from_id: int | None
    words: str = ""
