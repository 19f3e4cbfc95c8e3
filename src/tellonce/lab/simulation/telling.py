"""The wait that a contact is told on entering, from what the queue looks like and what happened of late."""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.routing.leaving import count_wait
from tellonce.lab.routing.recent import LEAST_AHEAD, RECENT_CONTACTS, RECENT_S
from tellonce.lab.routing.waits import Z_80, wait_at, work_left
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
    count_wait(w.left, w.exposure_s, waited_s, float(has_left))


@compiled_lean
def note_handled(w: Any, place: int, seconds: float) -> None:
    """Counts a time busy to the mean of the group."""
    group = w.groups[place]
    group.handled = min(group.handled + 1.0, RECENT_CONTACTS)
    group.handle_s += (seconds - group.handle_s) / group.handled


@compiled_lean
def _handle_s(w: Any, place: int) -> float:
    """Of the people at work who can take the line; of the groups that can, if nobody is there."""
    people, a_second, total, count = 0, 0.0, 0.0, 0
    for i in range(w.takers.shape[1]):
        group = w.takers[place, i]
        if group < 0:
            break
        people += w.groups[group].people
        a_second += w.groups[group].people / w.groups[group].handle_s
        total += w.groups[group].handle_s
        count += 1
    return people / a_second if people > 0 else total / count


@compiled_lean
def _others(w: Any, now: float, place: int) -> tuple[float, float]:
    """Contacts that will be answered before one that enters the line now, and how long they have waited on average.

    Notes in `late` those that will come and overtake it.
    """
    ahead, waited_s, credit, later = 0.0, 0.0, w.credit[place], 0
    for other in range(len(w.lines)):
        part = w.overlap[place, other]
        line, start = w.lines[other], w.credit[other] - credit
        if start > 0.0 and part * line.rate > 0.0:
            w.late[0, later] = part * line.rate * np.exp((line.rate_at - now) / RECENT_S)
            w.late[1, later] = start
            later += 1
        if part <= 0.0 or line.count == 0 or w.oldest[other] > now + start:
            continue
        if start < 0.0:
            oldest_s = max(now - w.oldest[other], 1e-9)
            some = part * line.count * (oldest_s + start) / oldest_s
            waited_s += some * (oldest_s - start) / 2.0
        else:
            some = part * line.count
            waited_s += some * (now - line.entered / line.count)
        ahead += some
    w.late[1, later] = 0.0
    return ahead, max(waited_s, 0.0) / max(ahead, LEAST_AHEAD)


@compiled_lean
def tell_wait(w: Any, now: float, slot: int) -> float:
    """Estimates the wait of a contact that enters its line; notes it in the record, and its promise; the median."""
    contact, setting = w.contacts[slot], w.setting[0]
    planned = w.planned[contact.line]
    ahead, age_s = _others(w, now, contact.line)
    handle_s = _handle_s(w, contact.line)
    work = work_left(ahead, age_s, planned, setting.cell_s, now, handle_s, w.left, w.exposure_s, w.late)
    median = wait_at(0.0, planned, setting.cell_s, now, work)
    latest = wait_at(Z_80, planned, setting.cell_s, now, work)
    contact.due = now + latest
    if setting.records:
        earliest = wait_at(-Z_80, planned, setting.cell_s, now, work)
        w.rows[contact.row, TOLD] = earliest
        w.rows[contact.row, TOLD + 1] = median
        w.rows[contact.row, TOLD + 2] = latest
    return float(median)
