"""Contacts that wait: in their line, and with the person who had their matter last."""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.routing.choices import choose_line, contact_worth, continues, may_take, tight_skills
from tellonce.lab.routing.plans import CONTINUITY_S
from tellonce.lab.simulation.chains import append, unlink


@compiled_lean
def join(w: Any, slot: int) -> None:
    """The contact is the last of its line."""
    contact = w.contacts[slot]
    line = w.lines[contact.line]
    if line.head < 0:
        w.oldest[contact.line], w.due[contact.line] = contact.entered, contact.due
    append(w.contacts, line, slot)
    line.count += 1
    line.entered += contact.entered
    w.state[0].waiting += 1
    if w.setting[0].continuity and contact.last_person >= 0:
        _hold(w, slot)


@compiled_lean
def quit_line(w: Any, slot: int) -> None:
    """The contact waits no more."""
    contact = w.contacts[slot]
    line = w.lines[contact.line]
    unlink(w.contacts, line, slot)
    if contact.previous < 0:
        _show_head(w, contact.line)
    line.count -= 1
    line.entered = line.entered - contact.entered if line.count > 0 else 0.0
    w.state[0].waiting -= 1
    contact.serial += 1
    if contact.is_held:
        _let_go(w, slot)


@compiled_lean
def _show_head(w: Any, place: int) -> None:
    head = w.lines[place].head
    if head >= 0:
        w.oldest[place], w.due[place] = w.contacts[head].entered, w.contacts[head].due
    else:
        w.oldest[place] = w.due[place] = np.inf


@compiled_lean
def _hold(w: Any, slot: int) -> None:
    contact = w.contacts[slot]
    person = w.people[contact.last_person]
    contact.held_before, contact.held_after = -1, person.held
    if person.held >= 0:
        w.contacts[person.held].held_before = slot
    person.held = slot
    contact.is_held = 1


@compiled_lean
def _let_go(w: Any, slot: int) -> None:
    contact = w.contacts[slot]
    if contact.held_before >= 0:
        w.contacts[contact.held_before].held_after = contact.held_after
    else:
        w.people[contact.last_person].held = contact.held_after
    if contact.held_after >= 0:
        w.contacts[contact.held_after].held_before = contact.held_before
    contact.is_held = 0


@compiled_lean
def next_contact(w: Any, now: float, place: int) -> int:
    """Which waiting contact a person takes, -1 for none."""
    person = w.people[place]
    group = person.group
    tight = tight_skills(w, w.free, w.bits[group]) if w.setting[0].reserve else 0
    line, most = choose_line(w, now, group, w.oldest, w.due, w.lag, tight)
    chosen = w.lines[line].head if line >= 0 else -1
    slot = person.held
    while slot >= 0:
        contact = w.contacts[slot]
        if continues(w, now, contact.last_at) and may_take(w, contact.line, group, tight):
            worth = contact_worth(w, now, contact.line, group, contact.entered, contact.due, w.lag)
            if worth + w.weights[CONTINUITY_S] >= most:
                most = worth + w.weights[CONTINUITY_S]
                chosen = slot
        slot = contact.held_after
    return int(chosen)
