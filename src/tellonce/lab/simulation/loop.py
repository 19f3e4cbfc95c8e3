"""The loop over events: people come and go, contacts end or come again, contacts arrive."""

import math
from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.simulation import draws
from tellonce.lab.simulation.draws import mixed, uniform
from tellonce.lab.simulation.events import arrive, close_day, come, freed, leave, turn
from tellonce.lab.simulation.heap import pop
from tellonce.lab.simulation.outcome import LEFT_LEG, STILL_WAITING, WAITING
from tellonce.lab.simulation.records import FREED, KIND_BITS, LEAVES, LEG, PLACE_BITS
from tellonce.lab.simulation.tally import close_row, count

_ROOM = 8  # more places than one event takes


@compiled_lean
def next_counted(w: Any, source: Any) -> None:
    """The next of as many contacts as the segment counts: the least of so many times in what is left of it."""
    while source.segment < source.last:
        until, rate = w.segments[source.segment, 0], w.segments[source.segment, 1]
        if source.due < 0:
            by_chance = uniform(mixed(source.key, source.segment), draws.COUNT)
            source.due = int(rate * (until - source.raw) + by_chance)
        if source.due > 0:
            share = uniform(mixed(source.key, source.count), draws.GAP)
            source.raw += (until - source.raw) * (1.0 - share ** (1.0 / source.due))
            source.due -= 1
            source.next = source.raw + w.streams[source.stream].menu_takes_s
            return
        source.raw, source.due = until, -1
        source.segment += 1
    source.next = np.inf


@compiled_lean
def next_arrival(w: Any, source: Any) -> None:
    """Draws when the source's next contact comes, inf after its last."""
    source.count += 1
    if w.setting[0].counted:
        next_counted(w, source)
        return
    left = -math.log(uniform(mixed(source.key, source.count), draws.GAP))
    at = source.raw
    while source.segment < source.last:
        until, rate = w.segments[source.segment, 0], w.segments[source.segment, 1]
        room = rate * (until - at)
        if left <= room and rate > 0.0:
            source.raw = at + left / rate
            source.next = source.raw + w.streams[source.stream].menu_takes_s
            return
        left -= room
        at = max(at, until)
        source.segment += 1
    source.next = np.inf


@compiled_lean
def start_sources(w: Any) -> None:
    """The first arrival of each source, all with keys of this replication."""
    key = mixed(w.setting[0].seed, w.setting[0].replication)
    for i in range(len(w.sources)):
        w.sources[i].key = mixed(key, w.sources[i].key)
        next_arrival(w, w.sources[i])


@compiled_lean
def first_source(sources: Any) -> int:
    """The source whose next contact is the first of all."""
    first = 0
    for i in range(1, len(sources)):
        if sources[i].next < sources[first].next:
            first = i
    return first


@compiled_lean
def happen(w: Any, now: float, event: int) -> None:
    """An event of the heap."""
    kind = event & ((1 << KIND_BITS) - 1)
    place = (event >> KIND_BITS) & ((1 << (PLACE_BITS - KIND_BITS)) - 1)
    if kind == FREED:
        freed(w, now, place)
    elif kind == LEAVES:
        if w.contacts[place].serial == event >> PLACE_BITS:
            leave(w, now, place)
    else:
        come(w, now, place)


@compiled_lean
def count_waiting(w: Any) -> None:
    """Those who wait at the end."""
    for place in range(len(w.lines)):
        slot = w.lines[place].head
        while slot >= 0:
            contact = w.contacts[slot]
            count(w, contact.stream, contact.entered, LEFT_LEG if contact.cause == LEG else WAITING)
            if w.setting[0].records:
                close_row(w, slot, np.nan, -1, STILL_WAITING)
            slot = contact.next


@compiled_lean
def run(w: Any) -> bool:
    """One replication, from the first arrival until all is over; False if the arrays are too small for it."""
    start_sources(w)
    source, turns = first_source(w.sources), 0
    state = w.state[0]
    while True:
        if state.unused < _ROOM or state.heap + _ROOM > len(w.times) or state.rows + _ROOM > len(w.rows):
            return False
        arrival = w.sources[source].next
        soonest = w.times[0] if state.heap > 0 else np.inf
        if turns < len(w.turns) and w.turns[turns].time <= min(arrival, soonest):
            turn(w, w.turns[turns].time, w.turns[turns].person, w.turns[turns].on)
            turns += 1
        elif soonest <= arrival:
            if soonest == np.inf:
                break
            event = w.events[0]
            state.heap = pop(w.times, w.events, state.heap)
            happen(w, soonest, event)
        else:
            row = w.sources[source]
            key = mixed(row.key, row.count)
            stream = row.stream
            next_arrival(w, row)
            source = first_source(w.sources)
            arrive(w, arrival, stream, key)
    close_day(w)
    count_waiting(w)
    return True
