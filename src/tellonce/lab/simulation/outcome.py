"""What came out of a simulation: counts and waits of every replication, stream and interval."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.simulation.errors import ScenarioError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]

# columns of `counts`; a contact counts in the interval in which it entered the queue (or the menu, for those it kept)
(
    ENTERED, ANSWERED, IN_TIME, ABANDONED, SHORT, CALLBACKS, UNANSWERED, REDIALS, PASSED_ON, REPEATS, MENU_SOLVED,
    MENU_LOST, UNSOLVED, WAITING, LEFT_LEG,
) = range(15)  # fmt: skip
COLUMNS = 15
HOUR_S = 3600.0

# how a contact ended, in the record of contacts
WAS_ANSWERED, HUNG_UP, DID_NOT_PICK_UP, STILL_WAITING = range(4)

# bins of waits: none at all; up to the first edge; then each 3% wider, up to more than a day
FIRST_EDGE_S, WIDENING, BINS = 0.25, 1.03, 436


@dataclass(frozen=True, slots=True)
class Contacts:
    """Every contact that entered a queue, in no order; arrays of one length.

    Attributes:
        replication: its number.
        stream: place of the stream.
        entered_s: when it entered the queue.
        left_s: when it was answered or hung up; nan if still waiting at the end.
        person: place of the person who answered, -1 for none.
        ended: WAS_ANSWERED, HUNG_UP, DID_NOT_PICK_UP (a callback) or STILL_WAITING.
        efforts: redials, repeats and passing on before it.
        is_leg: whether it was passed on (its earlier part is a row of its own).
        told_s: (n, 3) the estimate on entering: 10%, 50% and 90% quantile of the wait; 0 when somebody was free.
    """

    replication: Ints
    stream: Ints
    entered_s: Floats
    left_s: Floats
    person: Ints
    ended: Ints
    efforts: Ints
    is_leg: NDArray[np.bool_]
    told_s: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """R replications of S streams over T intervals.

    Attributes:
        streams: names, S.
        sites: names of site and partner, one for each pair that has people, P.
        people: names, N.
        interval_s: length of an interval.
        seed: of the random numbers.
        replications: (R,) their numbers.
        counts: (R, S, T, COLUMNS) see the names of the columns: ENTERED (not those passed on, who entered before),
            ANSWERED by a person, IN_TIME of these, ABANDONED later than short, SHORT ones, CALLBACKS accepted,
            UNANSWERED ones of these, REDIALS and REPEATS among those who entered or met the menu, PASSED_ON,
            MENU_SOLVED, MENU_LOST, UNSOLVED conversations, WAITING still at the end,
            LEFT_LEG who were passed on and not answered again.
        waited_s: (R, S, T, 2) sums of the waits of the answered, and of all who left.
        histogram: (R, S, BINS) waits of the answered, bins as `bin_edges`.
        hourly: (S, hours, BINS) the same by hour of entering, all replications together.
        busy_s: (R, P, T) seconds on conversations and wrap-up.
        staffed_s: (R, P, T) seconds at work, breaks apart, overtime for what was begun included.
        contacts: every contact, if asked for.
    """

    streams: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    interval_s: float
    seed: int
    replications: Ints
    counts: Counts
    waited_s: Floats
    histogram: Counts
    hourly: Ints
    busy_s: Floats
    staffed_s: Floats
    contacts: Contacts | None = None

    def joined(self, other: "Outcome") -> "Outcome":
        """Both together, in the order of the replications' numbers: ten and then ninety are a hundred.

        Raises:
            ScenarioError: they are not of one scenario and seed, or share a replication.
        """
        same = self.streams == other.streams and self.sites == other.sites and self.seed == other.seed
        if not same or self.counts.shape[1:] != other.counts.shape[1:]:
            raise ScenarioError("replications", "of one scenario and one seed can be joined, these are of two.")
        if np.intersect1d(self.replications, other.replications).size:
            raise ScenarioError("replications", "are in both outcomes.")
        numbers = np.concatenate((self.replications, other.replications))
        order = np.argsort(numbers)
        stacked: dict[str, Any] = {
            name: np.concatenate((getattr(self, name), getattr(other, name)))[order]
            for name in ("counts", "waited_s", "histogram", "busy_s", "staffed_s")
        }
        contacts = None
        if self.contacts is not None and other.contacts is not None:
            contacts = stack_contacts([self.contacts, other.contacts])
        return replace(
            self, replications=numbers[order], hourly=self.hourly + other.hourly, contacts=contacts, **stacked
        )


def stack_contacts(parts: list[Contacts]) -> Contacts:
    """The contacts of all parts, one after the other."""
    return Contacts(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Contacts)))


def bin_edges() -> Floats:
    """(BINS + 1,) upper edge of bin i is `edges[i + 1]`, in seconds; bin 0 holds those who did not wait."""
    widening = FIRST_EDGE_S * WIDENING ** np.arange(BINS - 1)
    return np.concatenate(([0.0, 0.0], widening))
