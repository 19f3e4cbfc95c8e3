"""What came out of a rehearsed policy, replication by replication: small enough to keep, enough to compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.simulation import Outcome, Scenario, measures
from tellonce.lab.simulation.measures import Estimate, difference, estimate
from tellonce.lab.simulation.outcome import BINS, CALLBACKS, ENTERED, IN_TIME, REDIALS, SHORT, bin_edges

Floats = NDArray[np.float64]

HOURS, DAYS = 24, 7
GROUPS = ("matter", "area", "segment")
_EACH = 4  # bins of the simulator taken together: 12.5% wide
_COARSE = -(-BINS // _EACH)
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """R replications of a policy.

    Attributes:
        replications: their numbers.
        rows: measure to a list over replications, None where nothing was to be measured. `kept` share of quarter hours
            that met the target; `in_time`, `abandoned`, `repeats` shares of contacts; `p50`, `p90` waits of those
            answered, in seconds; `occupancy`; `hours` at work; `calls`, `redials` and
            `callbacks`, their numbers; `hourly_in_time` a share by hour of the day;
            `slots_kept` and `slots` quarter hours that met the target, and with contacts, by hour of the week;
            `matter/NAME/in_time`, `/abandoned`, `/p90`, `/calls` (also area, segment).
        waits: (24, bins) waits of the answered by hour of the day.
    """

    replications: tuple[int, ...]
    rows: Mapping[str, list[Any]]
    waits: tuple[tuple[int, ...], ...]

    def joined(self, other: "Seen") -> "Seen":
        """Both together; replications that both have are taken once."""
        new = [place for place, number in enumerate(other.replications) if number not in self.replications]
        if len(new) < len(other.replications):
            return self if not new else self.joined(_without_waits(other, new))
        rows = {name: [*values, *other.rows[name]] for name, values in self.rows.items()}
        waits = np.array(self.waits) + np.array(other.waits)
        return Seen((*self.replications, *other.replications), rows, tuple(map(tuple, waits.tolist())))

    def values(self, name: str) -> Floats:
        """A measure over replications, nan for None."""
        return np.array(self.rows[name], dtype=np.float64)

    def estimate(self, name: str) -> Estimate:
        """Its mean and 95% interval."""
        return estimate(self.values(name))

    def beside(self, other: "Seen", name: str) -> Estimate:
        """How much more this one has than the other, replication by replication (those that both have)."""
        both = min(len(self.replications), len(other.replications))
        return difference(other.values(name)[:both], self.values(name)[:both])

    def kept_in(self, slots: Iterable[int]) -> Floats:
        """Share of the quarter hours of some hours of the week (0 to 167) that met the target, over replications."""
        chosen = list(slots)
        kept, counted = (self.values(name)[:, chosen].sum(axis=1) for name in ("slots_kept", "slots"))
        return np.asarray(kept / np.where(counted > 0, counted, np.nan))

    def wait_by_hour(self, share: float) -> Floats:
        """The wait that this share of those answered did not exceed, by hour of the day (24,), nan for none."""
        edges = np.append(bin_edges()[:-1:_EACH], bin_edges()[-1])
        reached = np.cumsum(np.array(self.waits, dtype=np.float64), axis=1)
        wanted = share * reached[:, -1:]
        place = np.minimum((reached < wanted).sum(axis=1), _COARSE - 1)
        before = np.where(place > 0, np.take_along_axis(reached, np.maximum(place - 1, 0)[:, None], 1)[:, 0], 0.0)
        inside = np.maximum(np.take_along_axis(reached, place[:, None], 1)[:, 0] - before, 1e-9)
        part = (wanted[:, 0] - before) / inside
        return np.where(reached[:, -1] > 0, edges[place] + (edges[place + 1] - edges[place]) * part, np.nan)

    def names(self, group: str) -> tuple[str, ...]:
        """The matters, areas or segments that were told apart."""
        return tuple(dict.fromkeys(name.split("/")[1] for name in self.rows if name.startswith(f"{group}/")))


def _without_waits(seen: Seen, places: list[int]) -> Seen:
    rows = {name: [values[place] for place in places] for name, values in seen.rows.items()}
    zeros = tuple(tuple(0 for _ in row) for row in seen.waits)
    return Seen(tuple(seen.replications[place] for place in places), rows, zeros)


def seen_in(outcome: Outcome, scenario: Scenario, *, first_weekday: int, target_share: float) -> Seen:
    """What an outcome of the scenario shows, with at most `target_share` asked of a quarter hour."""
    rows: dict[str, list[Any]] = {
        "kept": _listed(measures.intervals_kept(outcome, target=target_share)),
        "in_time": _listed(measures.service_level(outcome)),
        "abandoned": _listed(measures.abandonment(outcome)),
        "repeats": _listed(measures.repeats(outcome)),
        "p50": _listed(measures.wait_quantile(outcome, 0.5)),
        "p90": _listed(measures.wait_quantile(outcome, 0.9)),
        "occupancy": _listed(measures.occupancy(outcome)),
        "hours": _listed(outcome.staffed_s.sum(axis=(1, 2)) / 3600.0),
        "calls": _listed(measures.totals(outcome, ENTERED)),
        "redials": _listed(measures.totals(outcome, REDIALS)),
        "callbacks": _listed(measures.totals(outcome, CALLBACKS)),
    }
    rows |= _by_time(outcome, first_weekday=first_weekday, target_share=target_share)
    for group, names in _groups(scenario).items():
        for name, streams in names.items():
            at = f"{group}/{name}"
            rows[f"{at}/in_time"] = _listed(measures.service_level(outcome, streams=streams))
            rows[f"{at}/abandoned"] = _listed(measures.abandonment(outcome, streams=streams))
            rows[f"{at}/p90"] = _listed(measures.wait_quantile(outcome, 0.9, streams=streams))
            rows[f"{at}/calls"] = _listed(measures.totals(outcome, ENTERED, streams=streams))
    return Seen(tuple(outcome.replications.tolist()), rows, _waits(outcome))


def _groups(scenario: Scenario) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {group: {} for group in GROUPS}
    for stream in scenario.streams:
        for group, name in zip(GROUPS, (stream.skill, stream.area, stream.segment), strict=True):
            if name:
                found[group].setdefault(name.replace("/", "-"), []).append(stream.name)
    return {group: names for group, names in found.items() if len(names) > 1}


def _by_time(outcome: Outcome, *, first_weekday: int, target_share: float) -> dict[str, list[Any]]:
    counts = outcome.counts.sum(axis=1, dtype=np.int64)
    came, in_time = counts[..., ENTERED] - counts[..., SHORT], counts[..., IN_TIME]
    starts = np.arange(came.shape[1]) * outcome.interval_s
    hour = (starts % 86_400 // 3600).astype(np.int64)
    slot = (first_weekday + starts // 86_400).astype(np.int64) % DAYS * HOURS + hour
    kept = (came > 0) & (in_time >= target_share * np.maximum(came, 1))
    with np.errstate(invalid="ignore"):
        shares = _summed(in_time, hour, HOURS) / _summed(came, hour, HOURS)
    return {
        "hourly_in_time": _listed(shares),
        "slots_kept": _summed(kept, slot, HOURS * DAYS).astype(int).tolist(),
        "slots": _summed(came > 0, slot, HOURS * DAYS).astype(int).tolist(),
    }


def _summed(values: NDArray[Any], place: NDArray[np.int64], places: int) -> Floats:
    """Along the second axis by place: (R, places)."""
    made = np.zeros((places, len(values)))
    np.add.at(made, place, values.T)
    return made.T


def _waits(outcome: Outcome) -> tuple[tuple[int, ...], ...]:
    """By hour of the day, some bins together."""
    by_hour = outcome.hourly.sum(axis=0)
    hours = np.zeros((HOURS, BINS), dtype=np.int64)
    np.add.at(hours, np.arange(len(by_hour)) % HOURS, by_hour)
    padded = np.pad(hours, ((0, 0), (0, _COARSE * _EACH - BINS)))
    return tuple(map(tuple, padded.reshape(HOURS, _COARSE, _EACH).sum(axis=2).tolist()))


def _listed(values: Floats) -> list[Any]:
    """As JSON takes it: None for nan."""
    if values.ndim > 1:
        return [_listed(row) for row in values]
    return [None if np.isnan(value) else round(float(value), _DIGITS) for value in values]
