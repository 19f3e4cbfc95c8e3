"""What happens to contacts and people, event by event."""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean
from tellonce.lab.routing.choices import count_share
from tellonce.lab.simulation import draws
from tellonce.lab.simulation.draws import length, mixed, patience, uniform
from tellonce.lab.simulation.heap import push
from tellonce.lab.simulation.outcome import (
    ABANDONED,
    CALLBACKS,
    DID_NOT_PICK_UP,
    ENTERED,
    HUNG_UP,
    LEFT_LEG,
    MENU_LOST,
    MENU_SOLVED,
    PASSED_ON,
    REDIALS,
    REPEATS,
    SHORT,
    UNANSWERED,
    UNSOLVED,
    WAS_ANSWERED,
)
from tellonce.lab.simulation.people import add_span, go_away, next_person, occupy, set_free, take_away
from tellonce.lab.simulation.queues import join, next_contact, quit_line
from tellonce.lab.simulation.records import (
    AWAY,
    COMES,
    FIRST,
    FREE,
    FREED,
    KIND_BITS,
    LEAVES,
    LEG,
    PLACE_BITS,
    REDIAL,
    REPEAT,
)
from tellonce.lab.simulation.tally import close_row, count, count_answered, open_row
from tellonce.lab.simulation.telling import note_arrival, note_end, note_handled, tell_wait


@compiled_lean
def schedule(w: Any, time: float, place: int, kind: int, serial: int) -> None:
    """Something will happen to a person or contact; a serial other than the contact's then makes it void."""
    event = (serial << PLACE_BITS) | (place << KIND_BITS) | kind
    w.state[0].heap = push(w.times, w.events, w.state[0].heap, time, event)


@compiled_lean
def release(w: Any, slot: int) -> None:
    """The contact is over: its place may be used again."""
    w.unused[w.state[0].unused] = slot
    w.state[0].unused += 1


@compiled_lean
def arrive(w: Any, now: float, stream: int, key: Any) -> None:
    """A contact comes for the first time."""
    w.state[0].unused -= 1
    slot = w.unused[w.state[0].unused]
    contact = w.contacts[slot]
    contact.stream, contact.key = stream, key
    contact.cause, contact.efforts = FIRST, 0
    contact.last_person, contact.last_at = -1, 0.0
    contact.is_callback, contact.is_held = 0, 0
    meet_menu(w, now, slot)


@compiled_lean
def come(w: Any, now: float, slot: int) -> None:
    """A contact comes again, or is passed on."""
    contact = w.contacts[slot]
    if contact.cause == LEG:
        enter(w, now, slot)
        return
    count(w, contact.stream, now, REDIALS if contact.cause == REDIAL else REPEATS)
    meet_menu(w, now, slot)


@compiled_lean
def meet_menu(w: Any, now: float, slot: int) -> None:
    """The menu solves it, loses it or lets it through."""
    contact = w.contacts[slot]
    stream = w.streams[contact.stream]
    if stream.menu_solved + stream.menu_lost > 0.0:
        u = uniform(contact.key, draws.MENU)
        if u < stream.menu_solved:
            count(w, contact.stream, now, MENU_SOLVED)
            release(w, slot)
            return
        if u < stream.menu_solved + stream.menu_lost:
            count(w, contact.stream, now, MENU_LOST)
            maybe_redial(w, now, slot)
            return
    enter(w, now, slot)


@compiled_lean
def come_again(w: Any, at: float, slot: int, cause: int) -> None:
    """The contact will come again at a time, if that is within the scenario."""
    contact = w.contacts[slot]
    if cause != LEG:
        at += w.streams[contact.stream].menu_takes_s
        if at >= w.setting[0].end_s:
            release(w, slot)
            return
    contact.cause = cause
    contact.efforts += 1
    contact.is_callback = 0
    contact.key = mixed(contact.key, draws.AGAIN)
    schedule(w, at, slot, COMES, 0)


@compiled_lean
def maybe_redial(w: Any, now: float, slot: int) -> None:
    """Who has been lost may call again."""
    contact = w.contacts[slot]
    stream = w.streams[contact.stream]
    if stream.redials > 0.0 and uniform(contact.key, draws.REDIALS) < stream.redials:
        after = length(w.lengths, w.quantiles, stream.redial_after, contact.key, draws.REDIAL_AFTER)
        come_again(w, now + after, slot, REDIAL)
    else:
        release(w, slot)


@compiled_lean
def enter(w: Any, now: float, slot: int) -> None:
    """The contact enters the queue: somebody free takes it, or it waits."""
    contact, setting = w.contacts[slot], w.setting[0]
    stream = w.streams[contact.stream]
    first = stream.leg_line if contact.cause == LEG else stream.line
    contact.entered, contact.due = now, np.inf
    contact.line = first + min(contact.efforts, setting.efforts - 1)
    if contact.cause != LEG:
        count(w, contact.stream, now, ENTERED)
    if setting.records:
        open_row(w, slot)
    if setting.estimates:
        note_arrival(w, now, contact.line)
    if w.state[0].free > 0:
        person = next_person(w, now, slot)
        if person >= 0:
            take_away(w, person)
            begin(w, now, slot, person)
            return
    wait(w, now, slot)


@compiled_lean
def wait(w: Any, now: float, slot: int) -> None:
    """The contact waits in its line, on the phone or for a callback."""
    contact, setting = w.contacts[slot], w.setting[0]
    stream = w.streams[contact.stream]
    if setting.estimates:
        told = tell_wait(w, now, slot)
        is_offered = told > stream.offered_above_s and contact.cause != LEG
        if is_offered and uniform(contact.key, draws.ACCEPTS) < setting.accepted:
            contact.is_callback = 1
            count(w, contact.stream, now, CALLBACKS)
    join(w, slot)
    if contact.is_callback == 0:
        for_s = patience(w.hazards, stream.hazards, contact.key)
        if for_s < np.inf:
            schedule(w, now + for_s, slot, LEAVES, contact.serial)


@compiled_lean
def leave(w: Any, now: float, slot: int) -> None:
    """The contact hangs up."""
    contact = w.contacts[slot]
    waited_s = now - contact.entered
    quit_line(w, slot)
    if w.setting[0].records:
        close_row(w, slot, now, -1, HUNG_UP)
    if w.setting[0].estimates:
        note_end(w, waited_s, 1)
    if contact.cause == LEG:
        count(w, contact.stream, contact.entered, LEFT_LEG)
    else:
        interval = min(int(contact.entered / w.setting[0].interval_s), w.counts.shape[1] - 1)
        w.counts[contact.stream, interval, SHORT if waited_s < w.setting[0].short_s else ABANDONED] += 1
        w.waited_s[contact.stream, interval, 1] += waited_s
    maybe_redial(w, now, slot)


@compiled_lean
def begin(w: Any, now: float, slot: int, place: int) -> None:
    """The person takes the contact."""
    contact, setting = w.contacts[slot], w.setting[0]
    if setting.shares:
        count_share(w, w.lag, w.given, w.skill[contact.line], w.people[place].group)
    if contact.is_callback == 1 and uniform(contact.key, draws.PICKS_UP) < setting.unanswered:
        count(w, contact.stream, contact.entered, UNANSWERED)
        if setting.records:
            close_row(w, slot, now, place, DID_NOT_PICK_UP)
        release(w, slot)
        busy_s = setting.dial_s
    else:
        if contact.cause != LEG:
            count_answered(w, contact.stream, contact.entered, now - contact.entered)
        if setting.records:
            close_row(w, slot, now, place, WAS_ANSWERED)
        busy_s = talk(w, now, slot, place)
    occupy(w, now, place, busy_s)
    schedule(w, now + busy_s, place, FREED, 0)


@compiled_lean
def talk(w: Any, now: float, slot: int, place: int) -> float:
    """How long the person is busy with the contact, which may be passed on, come again or be over."""
    contact, person, setting = w.contacts[slot], w.people[place], w.setting[0]
    matter = w.matters[w.streams[contact.stream].matter]
    factor = person.pace * setting.service
    talk_s = factor * length(w.lengths, w.quantiles, matter.service, contact.key, draws.SERVICE)
    after_s = factor * length(w.lengths, w.quantiles, matter.wrap_up, contact.key, draws.WRAP_UP)
    if matter.passed_on > 0.0 and contact.cause != LEG and uniform(contact.key, draws.PASSED_ON) < matter.passed_on:
        count(w, contact.stream, contact.entered, PASSED_ON)
        contact.last_person = -1
        come_again(w, now + talk_s, slot, LEG)
    elif (matter.solved >= 1.0 and person.solving * setting.solved >= 1.0) or uniform(
        contact.key, draws.SOLVED
    ) < matter.solved * person.solving * setting.solved:
        release(w, slot)
    else:
        count(w, contact.stream, contact.entered, UNSOLVED)
        if uniform(contact.key, draws.RETURNS) < matter.returns:
            contact.last_person, contact.last_at = place, now + talk_s
            after = length(w.lengths, w.quantiles, matter.return_after, contact.key, draws.RETURN_AFTER)
            come_again(w, now + talk_s + after, slot, REPEAT)
        else:
            release(w, slot)
    return float(talk_s + after_s)


@compiled_lean
def freed(w: Any, now: float, place: int) -> None:
    """The person has finished."""
    person = w.people[place]
    if w.setting[0].estimates:
        note_handled(w, person.group, now - person.began)
    if person.on:
        look_for_contact(w, now, place)
    else:
        go_away(w, now, place)


@compiled_lean
def look_for_contact(w: Any, now: float, place: int) -> None:
    """The person takes the next contact, or is free."""
    if w.state[0].waiting > 0:
        slot = next_contact(w, now, place)
        if slot >= 0:
            quit_line(w, slot)
            if w.setting[0].estimates:
                note_end(w, now - w.contacts[slot].entered, 0)
            begin(w, now, slot, place)
            return
    set_free(w, now, place)


@compiled_lean
def turn(w: Any, now: float, place: int, on: int) -> None:
    """The person comes to work, or should go."""
    person = w.people[place]
    person.on = on
    w.groups[person.group].people += 1 if on else -1
    if on and person.where == AWAY:
        person.since = now
        look_for_contact(w, now, place)
    elif not on and person.where == FREE:
        take_away(w, place)
        go_away(w, now, place)


@compiled_lean
def close_day(w: Any) -> None:
    """Those still at work are counted to the end."""
    for place in range(len(w.people)):
        person = w.people[place]
        if person.where != AWAY:
            add_span(w.staffed_s[person.pair], w.setting[0].interval_s, person.since, w.setting[0].end_s)
