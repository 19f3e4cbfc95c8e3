"""What a provider knows of a customer, with times, so that it can be read as of any moment. Times are days (UTC)."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

NEVER: Final = math.inf
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1)


def day_of(at: datetime | date | None, *, missing: float = NEVER) -> float:
    """An aware datetime, or a date (its midnight, UTC), as days since 1970; `missing` for None."""
    if at is None:
        return missing
    if isinstance(at, datetime):
        return (at - _EPOCH).total_seconds() / 86_400
    return float((at - _EPOCH_DAY).days)


@dataclass(frozen=True, slots=True)
class PastContact:
    """An earlier contact: when it began and ended, and its matter (0 for none or unknown)."""

    began: float
    ended: float
    matter: int


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case on a matter; `changes` are (day, is open) in order of time, the first being its opening."""

    matter: int
    changes: tuple[tuple[float, bool], ...]

    @property
    def opened(self) -> float:
        """When it was opened."""
        return self.changes[0][0]

    def state_at(self, at: float) -> tuple[bool, float]:
        """Whether it is open at `at`, and since when that is so."""
        is_open, since = self.changes[0][1], self.changes[0][0]
        for day, opened in self.changes:
            if day > at:
                break
            is_open, since = opened, day
        return is_open, since


@dataclass(frozen=True, slots=True)
class PastPromise:
    """A promise. `settled` is when it was kept or withdrawn (NEVER: neither); it is broken once `due` passed."""

    kind: str
    made: float
    due: float
    settled: float
    owned_up: float


@dataclass(frozen=True, slots=True)
class PastOutage:
    """An outage at one of the customer's premises; `ended` is NEVER while it lasts."""

    kind: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class PastService:
    """A service; `promotion_ends` is NEVER without one."""

    kind: str
    since: float
    until: float
    promotion_ends: float


@dataclass(frozen=True, slots=True)
class PastDevice:
    """A device, ours or the customer's own."""

    kind: str
    is_ours: bool
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class History:
    """Everything on record that the model may read. `lived_since` are the days on which premises were moved into."""

    kind: str
    since: float
    left: float
    cycle_days: tuple[int, ...] = ()
    lived_since: tuple[float, ...] = ()
    contacts: tuple[PastContact, ...] = ()
    cases: tuple[PastCase, ...] = ()
    promises: tuple[PastPromise, ...] = ()
    outages: tuple[PastOutage, ...] = ()
    services: tuple[PastService, ...] = ()
    devices: tuple[PastDevice, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The contact whose reason is asked for: when it began, the local clock there, and on which channel."""

    at: float
    local: datetime
    channel: str
