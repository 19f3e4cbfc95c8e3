"""Outages and noise of the made-up network; noise is hidden, an outage is what the network reported."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo.calendar import Floats, Ints, Span
from tellonce.demo.customers import Places

_CAUSES: Final = {
    "lost": (
        "Fibre cut by roadworks", "Power lost at the cabinet", "Amplifier failed", "Car hit a pole", "Line card failed",
        "Storm damage", "Water in a splice", "Rodent damage to the trunk", "Node power supply failed",
    ),
    "degraded": (
        "Noise coming back from a home", "Upstream errors above the limit", "A congested link to the node",
        "A loose connector at the tap", "Ageing amplifier, levels drifting",
    ),
    "planned": ("Node split", "Software upgrade of the head end", "Fibre moved for a new road", "Battery replacement"),
}  # fmt: skip


# Kind, town, node, and the days on which it began, was expected to end and ended.
_Row = tuple[str, int, int, float, float, float]


@dataclass(frozen=True, slots=True)
class _Sort:
    """A kind of outage: how many a year each place has, and how many minutes they last (median, spread of the log)."""

    kind: str
    a_year: float
    minutes: float
    spread: float


_SORTS: Final = (_Sort("lost", 1.5, 85, 0.7), _Sort("degraded", 0.5, 260, 0.8), _Sort("planned", 0.4, 150, 0.4))
_LONGEST_SEARCH_DAYS: Final = 4.0  # until the source of noise is found
_OF_A_TOWN: Final = _Sort("lost", 0.3, 70, 0.6)


@dataclass(frozen=True, slots=True)
class Outages:
    """One row an outage: the town (or -1) and node (or -1) it is reported for, and the nodes it touches.

    `ended` is NaN while it lasts; `really_ended` is then when it will. `noise` has node, first day and days.
    """

    kind: tuple[str, ...]
    town: tuple[int, ...]
    node: tuple[int, ...]
    nodes: tuple[Ints, ...]
    began: Floats
    expected: Floats
    ended: Floats
    really_ended: Floats
    cause: tuple[str, ...]
    noise: tuple[Ints, Floats, Floats]

    def __len__(self) -> int:
        """How many outages."""
        return len(self.kind)


def draw_outages(rng: np.random.Generator, *, span: Span, places: Places, since: float = 0.0) -> Outages:
    """All of them that began after `since`; one of last night on the second node, and one that is not over yet."""
    nodes = len(places.node_town)
    nights = -span.offsets.mean(axis=1) / 24
    rows = [
        _row(rng, span, sort, node=int(node), night=float(nights[places.town_region[places.node_town[node]]]))
        for sort in _SORTS
        for node in np.repeat(np.arange(nodes), rng.poisson(sort.a_year * span.now / 365, nodes))
    ]
    towns = np.arange(len(places.town_names))
    rows += [
        _row(rng, span, _OF_A_TOWN, town=int(town))
        for town in np.repeat(towns, rng.poisson(_OF_A_TOWN.a_year * span.now / 365, len(towns)))
    ]
    noise = _noise(rng, span, nodes)
    for node, begins, lasts in zip(*noise, strict=True):
        if rng.random() < 0.45 and begins + lasts * 0.5 < span.now - 1:
            seen = float(begins + lasts * rng.uniform(0.2, 0.5))
            found = min(lasts * 0.3, _LONGEST_SEARCH_DAYS * float(rng.uniform(0.3, 1.0)))
            rows.append(("degraded", -1, int(node), seen, seen + found * float(rng.uniform(0.7, 1.3)), seen + found))
    rows += _present(span)
    rows = _one_at_a_time(sorted((row for row in rows if since <= row[3] < span.now), key=lambda row: row[3]), places)
    return _columns(rng, span, places, rows, noise)


def _one_at_a_time(rows: list[_Row], places: Places) -> list[_Row]:
    """Nothing breaks where nothing works: of two that overlap on a node the first stays."""
    until = np.full(len(places.node_town), -1.0)
    kept = []
    for row in rows:
        _, town, node, began, _, ended = row
        nodes = _touched(places, town, node)
        if (until[nodes] < began).all():
            until[nodes] = ended
            kept.append(row)
    return kept


def _touched(places: Places, town: int, node: int) -> Ints:
    return np.nonzero(places.node_town == town)[0] if town >= 0 else np.array([node])


def _row(
    rng: np.random.Generator, span: Span, sort: _Sort, *, night: float = 0.0, town: int = -1, node: int = -1
) -> _Row:
    """One outage; `night` is the fraction of a UTC day at which it is midnight there."""
    began = float(rng.uniform(0, span.now - 1.2))
    if sort.kind == "planned":  # at night, where it is
        began = float(np.floor(began) + rng.uniform(1.1, 3.0) / 24) + night
    lasts = float(sort.minutes * np.exp(sort.spread * rng.standard_normal()) / 1440)
    expected = lasts * float(rng.uniform(0.6, 1.6))
    return sort.kind, town, node, began, began + expected, min(began + lasts, span.now - 0.3)


def _present(span: Span) -> list[_Row]:
    """Last night at 1:26 in Eastmoor, and trouble in Sereno that began within the hour."""
    offset = float(span.offset(np.array([span.now]), np.array([0]))[0])
    midnight = np.floor(span.now + offset) - offset
    night = midnight + 86 / 1440
    if night > span.now - 0.05:
        night -= 1.0
    return [
        ("lost", -1, 1, night, night + 60 / 1440, night + 38 / 1440),
        ("degraded", -1, 50, span.now - 50 / 1440, span.now + 100 / 1440, span.now + 130 / 1440),
    ]


def _noise(rng: np.random.Generator, span: Span, nodes: int) -> tuple[Ints, Floats, Floats]:
    node = np.repeat(np.arange(nodes), rng.poisson(0.9 * span.now / 365, nodes))
    return node, rng.uniform(-10, span.now, len(node)), rng.gamma(3.0, 8.0, len(node))


def _columns(
    rng: np.random.Generator,
    span: Span,
    places: Places,
    rows: list[_Row],
    noise: tuple[Ints, Floats, Floats],
) -> Outages:
    kinds, towns, nodes, began, expected, ended = zip(*rows, strict=True)
    touched = [_touched(places, town, node) for town, node in zip(towns, nodes, strict=True)]
    really = np.array(ended)
    return Outages(
        kind=kinds,
        town=towns,
        node=nodes,
        nodes=tuple(touched),
        began=np.array(began),
        expected=np.array(expected),
        ended=np.where(really > span.now, np.nan, really),
        really_ended=really,
        cause=tuple(str(rng.choice(np.array(_CAUSES[kind]))) for kind in kinds),
        noise=noise,
    )
