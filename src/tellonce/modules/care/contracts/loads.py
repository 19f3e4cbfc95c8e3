"""What bulk paths take and give back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tellonce.modules.care.contracts.states import CaseState, PromiseKind, PromiseState
from tellonce.modules.record.contracts import Direction


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that happened already, to be loaded in bulk; identified by (source, external_id) where given.

    Without `customer_id` it is not matched yet and tells nothing until it is. Without `ended_at` it is waiting,
    or in hand where `taken_by_id` is given. `said` and `note` are masked for card numbers on the way in.
    """

    channel: str
    began_at: datetime
    customer_id: int | None = None
    direction: str = Direction.FROM
    source: str = ""
    external_id: str = ""
    reached_from: str = ""
    said_name: str = ""
    said: str = ""
    note: str = ""
    matter_id: int | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    taken_by_id: int | None = None
    taken_by_name: str = ""
    team_id: int | None = None
    site_id: int | None = None
    partner_id: int | None = None
    person_of_record_id: int | None = None
    told_again_at: datetime | None = None
    transfers: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was opened (and perhaps solved, reopened, closed) already; at most one owner.

    `contact_ids` are all contacts about it, the first being the one it was opened in. `solved_at` belongs to the
    states solved and closed and to no other.
    """

    customer_id: int
    title: str
    opened_at: datetime
    matter_id: int | None = None
    state: str = CaseState.OPEN
    waiting_on: str = ""
    waiting_until: datetime | None = None
    owner_person_id: int | None = None
    owner_team_id: int | None = None
    owner_department_id: int | None = None
    owner_name: str = ""
    asked_by_id: int | None = None
    opened_by_id: int | None = None
    opened_by_name: str = ""
    solved_at: datetime | None = None
    solved_in_id: int | None = None
    solved_by_id: int | None = None
    solved_by_name: str = ""
    solved_note: str = ""
    closed_at: datetime | None = None
    reopened_at: tuple[datetime, ...] = ()
    team_id: int | None = None
    site_id: int | None = None
    partner_id: int | None = None
    contact_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPromise:
    """A promise that was made already. `settled_at` belongs to every state but due; a broken one broke at `due_at`."""

    customer_id: int
    what: str
    made_at: datetime
    due_at: datetime
    kind: str = PromiseKind.OTHER
    state: str = PromiseState.DUE
    made_by_id: int | None = None
    made_by_name: str = ""
    owner_person_id: int | None = None
    owner_team_id: int | None = None
    owner_name: str = ""
    case_id: int | None = None
    contact_id: int | None = None
    settled_at: datetime | None = None
    settled_by_name: str = ""
    owned_up_at: datetime | None = None
    done_late_at: datetime | None = None
    team_id: int | None = None
    site_id: int | None = None
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a bulk path did: the ids in the order given, and how many were added, changed, found the same."""

    ids: tuple[int, ...]
    added: int
    changed: int = 0
    unchanged: int = 0
