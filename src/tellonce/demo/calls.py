"""The phone of the made-up provider: its queues, and what became of every call of its history."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from tellonce.demo import rates
from tellonce.demo.history import History
from tellonce.demo.households import SOURCE
from tellonce.demo.provider import EAST, SITES
from tellonce.demo.reasons import REASON_OF, REASONS
from tellonce.modules.care.contracts import NewContact
from tellonce.modules.care.queries import matter_ids
from tellonce.modules.care.queries.for_learning import CallOver, calls_over_since
from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import CallOutcome, NewCall, QueueTerms
from tellonce.modules.phone.queries import queues
from tellonce.modules.phone.queries.filed import SOURCE as SWITCHBOARD
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import SYSTEM

_BATCH: Final = 10_000
# Code, name, skill, seconds within which 80% shall be answered: two, for a line that few call needs as many people. Who
# would wait longer may be called back.
_CARE, _TECH = "care", "tech"
_QUEUES: Final = ((_CARE, "Customer care", _CARE, 60), (_TECH, "Technical help", _TECH, 60))
_PATIENCE_MEDIAN_S: Final = 45.0
_MENU_MEDIAN_S, _MENU_SIGMA = 24.0, 0.5
_UNKNOWN_CALLERS: Final = 9_000
_MENU_S_NOW: Final = 15
_UNHEARD: Final = (
    (CallOutcome.SOLVED_IN_MENU, rates.SOLVED_IN_MENU),
    (CallOutcome.LEFT_MENU, rates.LEFT_MENU),
    (CallOutcome.ABANDONED, rates.ABANDONED_UNHEARD),
)


def lay_queues(*, at: datetime) -> dict[str, int]:
    """The queues by their codes, added where they are missing.

    None ever closes: at night and on holidays the partner answers. Their days are those of the east, where most live.
    """
    ids = {line.code: line.id for line in queues(with_retired=True)}
    open_always = next((site.pk for site in staff.sites() if site.name == SITES[2][0]), None)
    for code, name, skill, within_s in _QUEUES:
        if code not in ids:
            terms = QueueTerms(
                name,
                skill,
                target_within_s=within_s,
                callback_above_s=within_s,
                site_id=open_always,
                time_zone=EAST,
            )
            ids[code] = phone.add_queue(code=code, terms=terms, by=SYSTEM, at=at).pk
    return ids


def load_calls(history: History, contacts: Sequence[NewContact], contact_ids: Sequence[int], *, at: datetime) -> None:
    """One call for each call among the contacts that is over, and those that left before they became a contact."""
    calls = list(_calls(history, contacts, contact_ids, lay_queues(at=history.world.span.first)))
    calls.extend(list(_never_contacts(history, calls)))
    for start in range(0, len(calls), _BATCH):
        phone.load_calls(calls[start : start + _BATCH], by=SYSTEM, at=at)


def _calls(
    history: History, contacts: Sequence[NewContact], contact_ids: Sequence[int], queue_ids: dict[str, int]
) -> Iterator[NewCall]:
    rng = history.world.streams["calls"]
    menu = _in_menu(rng, len(contacts))
    for number, (row, contact, contact_id) in enumerate(zip(history.rows, contacts, contact_ids, strict=True)):
        if contact.channel != "call" or contact.ended_at is None:
            continue
        call = _call(contact, queue_ids[queue_about(history.reason[row.place])], menu[number])
        yield replace(call, contact_id=contact_id)


def _call(over: NewContact | CallOver, queue_id: int, menu_s: int) -> NewCall:
    """What the phone knows of a contact that is over: it asked for a person when the contact began."""
    ended_at = over.ended_at or over.began_at
    answered_at = over.answered_at
    waited = (answered_at or ended_at) - over.began_at
    return NewCall(
        queue_id=queue_id,
        source=SOURCE,
        external_id=over.external_id,
        customer_id=over.customer_id or 0,
        matter_id=over.matter_id,
        arrived_at=over.began_at - timedelta(seconds=menu_s),
        queued_at=over.began_at,
        menu_s=menu_s,
        wait_s=max(0, round(waited.total_seconds())),
        outcome=CallOutcome.ABANDONED if answered_at is None else CallOutcome.ANSWERED,
        handle_s=None if answered_at is None else max(0, round((ended_at - answered_at).total_seconds())),
        answered_by_id=None if answered_at is None else over.taken_by_id,
        transfers=over.transfers,
    )


def _never_contacts(history: History, calls: Sequence[NewCall]) -> Iterator[NewCall]:
    """Calls that no colleague ever heard of: solved or left in the menu, or given up in the queue. Near the others."""
    rng, now = history.world.streams["calls"], history.world.span.moment(history.world.span.now)
    for outcome, share in _UNHEARD:
        count = int(rng.binomial(len(calls), share)) if calls else 0
        near: list[int] = rng.integers(0, max(len(calls), 1), count).tolist()
        apart: list[int] = rng.integers(-1200, 1200, count).tolist()
        patience = _PATIENCE_MEDIAN_S * np.exp(rng.standard_normal(count))
        waits: list[int] = np.clip(np.round(patience), 1, 900).astype(np.int64).tolist()
        callers: list[int] = rng.integers(0, _UNKNOWN_CALLERS, count).tolist()
        menu = _in_menu(rng, count)
        for number in range(count):
            of = calls[near[number]]
            arrived_at = of.arrived_at + timedelta(seconds=apart[number])
            queued_at = arrived_at + timedelta(seconds=menu[number])
            is_queued = outcome == CallOutcome.ABANDONED
            if queued_at + timedelta(seconds=waits[number]) < now:
                yield NewCall(
                    queue_id=of.queue_id,
                    source=SOURCE,
                    external_id=f"{history.mark}{outcome.value}-{number}",
                    caller_code=f"unknown-{callers[number]}",
                    arrived_at=arrived_at,
                    queued_at=queued_at if is_queued else None,
                    menu_s=menu[number],
                    wait_s=waits[number] if is_queued else None,
                    outcome=outcome,
                )


def _in_menu(rng: np.random.Generator, count: int) -> list[int]:
    seconds = np.clip(_MENU_MEDIAN_S * np.exp(_MENU_SIGMA * rng.standard_normal(count)), 4, 180)
    whole: list[int] = np.round(seconds).astype(np.int64).tolist()
    return whole


def note_calls_since(since: datetime, *, at: datetime) -> int:
    """Keeps the calls that ended since then, whoever ended them; how many are new. Those that are kept stay so."""
    over = list(calls_over_since(since, but_of=SWITCHBOARD))
    if not over:
        return 0
    queue_ids = lay_queues(at=at)
    matters = {pk: code for code, pk in matter_ids().items()}
    calls = []
    for each in over:
        code = queue_about(REASON_OF.get(matters.get(each.matter_id or 0, "")))
        call = _call(each, queue_ids[code], _MENU_S_NOW + each.id % _MENU_S_NOW)
        calls.append(replace(call, contact_id=each.id, external_id=each.external_id or f"C{each.id}"))
    return phone.load_calls(calls, by=SYSTEM, at=at).added


def queue_about(reason: int | None) -> str:
    """The code of the queue that calls about this come to."""
    return _TECH if reason is not None and REASONS[reason].skill == _TECH else _CARE


def other_queue(code: str) -> str:
    """Where a caller of this queue is passed on to, "" from none of ours."""
    return {_CARE: _TECH, _TECH: _CARE}.get(code, "")
