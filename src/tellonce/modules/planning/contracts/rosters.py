"""What a roster is asked for by a planner, and what came out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterWish:
    """Who shall work, and in what shifts. Minutes of a day are of the queue's clock.

    `team_id` gives its people by name; without it `people` places that nobody fills yet. A shift lasts `shift_min`
    minutes with one break of `break_min` (0 for none) around its middle, and begins between `first_start_min` and
    `last_start_min`; everybody works `days` days of the week. `seconds` is how long may be searched.
    """

    people: int
    team_id: int | None
    shift_min: int
    break_min: int
    days: int
    first_start_min: int
    last_start_min: int
    seconds: int = 30


@dataclass(frozen=True, slots=True)
class RosterMade:
    """A roster as it came out.

    `kept` is the share of quarter hours that keep the target, `gap` how much better a roster of these people could be
    at most (proven), `gap_people` the same of giving weeks to persons, `seconds` how long it took. `shifts` are rows of
    person id, label, minutes since the week's beginning on the wall clock (from, until), and breaks (after, length).
    """

    kept: float
    gap: float
    gap_people: float | None
    seconds: float
    shifts: tuple[tuple[int | None, str, int, int, tuple[tuple[int, int], ...]], ...]
