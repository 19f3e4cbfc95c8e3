"""The wait that a contact is told on entering, from what the queue looks like and what happened of late."""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.routing.recent import RECENT_CONTACTS, RECENT_S
from tellonce.lab.routing.waits import Z_80, gamma_factor, time_for, work_ahead
from tellonce.lab.simulation.records import TOLD


@compiled_lean
def note_arrival(w: Any, now: float, place: int) -> None:
    """Counts an arrival to the line's rate, which fades with time."""
    line = w.lines[place]
    line.rate = line.rate * np.exp((line.rate_at - now) / RECENT_S) + 1.0 / RECENT_S
    line.rate_at = now


@compiled_lean
def note_end(w: Any, waited_s: float, has_left: int) -> None:
    """Counts a wait that is over to the rate of leaving."""
    state = w.state[0]
    fade = 1.0 - 1.0 / RECENT_CONTACTS
    state.exposure_s = state.exposure_s * fade + waited_s
    state.left = state.left * fade + has_left


@compiled_lean
def note_handled(w: Any, place: int, seconds: float) -> None:
    """Counts a time busy to the mean of the group."""
    group = w.groups[place]
    group.handle_s += (seconds - group.handle_s) / RECENT_CONTACTS


@compiled_lean
def _handle_s(w: Any, place: int) -> float:
    """Of the groups that can take the line, on average."""
    total, count = 0.0, 0
    for i in range(w.takers.shape[1]):
        group = w.takers[place, i]
        if group < 0:
            break
        total += w.groups[group].handle_s
        count += 1
    return total / count


@compiled_lean
def _others(w: Any, now: float, place: int) -> tuple[float, float]:
    """Contacts that will be answered before one that enters the line now, and those a second that will come so."""
    ahead, overtaking, credit = 0.0, 0.0, w.credit[place]
    for other in range(len(w.lines)):
        part = w.overlap[place, other]
        if part <= 0.0:
            continue
        line, start = w.lines[other], w.credit[other] - credit
        if start > 0.0:
            rate = line.rate * np.exp((line.rate_at - now) / RECENT_S)
            overtaking += part * rate * start / (start + RECENT_S)
        if line.count == 0 or w.oldest[other] > now + start:
            continue
        share = 1.0
        if start < 0.0:
            share = (now + start - w.oldest[other]) / max(now - w.oldest[other], 1e-9)
        ahead += part * line.count * share
    return ahead, overtaking


@compiled_lean
def tell_wait(w: Any, now: float, slot: int) -> float:
    """Estimates the wait of a contact that enters its line; notes it in the record, and its promise; the median."""
    contact, setting = w.contacts[slot], w.setting[0]
    planned = w.planned[contact.line]
    ahead, overtaking = _others(w, now, contact.line)
    leaving = w.state[0].left / w.state[0].exposure_s
    handle_s = _handle_s(w, contact.line)
    work, shape = work_ahead(ahead, planned, setting.cell_s, now, handle_s, leaving, overtaking)
    median = time_for(planned, setting.cell_s, now, work * gamma_factor(shape, 0.0))
    latest = time_for(planned, setting.cell_s, now, work * gamma_factor(shape, Z_80))
    contact.due = now + latest
    if setting.records:
        earliest = time_for(planned, setting.cell_s, now, work * gamma_factor(shape, -Z_80))
        w.rows[contact.row, TOLD] = earliest
        w.rows[contact.row, TOLD + 1] = median
        w.rows[contact.row, TOLD + 2] = latest
    return float(median)
