"""People at work: who is free, since when, and how long they were there."""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.routing.choices import choose_group, continues, may_take, person_worth, tight_skills
from tellonce.lab.routing.plans import CONTINUITY_S
from tellonce.lab.simulation.chains import append, unlink
from tellonce.lab.simulation.records import AWAY, BUSY, FREE


@compiled_lean
def set_free(w: Any, now: float, place: int) -> None:
    """The person is the last of their group to get a contact."""
    person = w.people[place]
    group = w.groups[person.group]
    person.where, person.free_since = FREE, now
    if group.head < 0:
        w.free_since[person.group] = now
    append(w.people, group, place)
    w.state[0].free += 1
    if w.setting[0].reserve:
        _count_free(w, person.group, 1)


@compiled_lean
def take_away(w: Any, place: int) -> None:
    """The free person is free no more."""
    person = w.people[place]
    group = w.groups[person.group]
    unlink(w.people, group, place)
    if person.previous < 0:
        w.free_since[person.group] = w.people[group.head].free_since if group.head >= 0 else np.inf
    w.state[0].free -= 1
    if w.setting[0].reserve:
        _count_free(w, person.group, -1)


@compiled_lean
def _count_free(w: Any, group: int, by: int) -> None:
    bits = w.bits[group]
    for skill in range(len(w.free)):
        if (bits >> skill) & 1:
            w.free[skill] += by


@compiled_lean
def next_person(w: Any, now: float, slot: int) -> int:
    """Which free person takes a contact, -1 for none."""
    contact = w.contacts[slot]
    tight = tight_skills(w, w.free, 0) if w.setting[0].reserve else 0
    group, most = choose_group(w, now, contact.line, w.free_since, w.lag, tight)
    chosen = w.groups[group].head if group >= 0 else -1
    last = contact.last_person
    if w.setting[0].continuity and last >= 0 and w.people[last].where == FREE:
        person = w.people[last]
        if continues(w, now, contact.last_at) and may_take(w, contact.line, person.group, tight):
            worth = person_worth(w, now, contact.line, person.group, person.free_since, w.lag)
            if worth + w.weights[CONTINUITY_S] >= most:
                chosen = last
    return int(chosen)


@compiled_lean
def add_span(seconds: Any, interval_s: float, begin: float, end: float) -> None:
    """Adds the time from begin to end to the intervals (T,) that it touches."""
    i = int(begin / interval_s)
    while begin < end and i < len(seconds):
        until = min(end, (i + 1) * interval_s)
        seconds[i] += until - begin
        begin = until
        i += 1


@compiled_lean
def go_away(w: Any, now: float, place: int) -> None:
    """The person leaves, for a break or for the day."""
    person = w.people[place]
    person.where = AWAY
    add_span(w.staffed_s[person.pair], w.setting[0].interval_s, person.since, now)


@compiled_lean
def occupy(w: Any, now: float, place: int, seconds: float) -> None:
    """The person is busy for so long."""
    person = w.people[place]
    person.where, person.began = BUSY, now
    add_span(w.busy_s[person.pair], w.setting[0].interval_s, now, now + seconds)
