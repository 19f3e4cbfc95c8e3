"""Wait promises: each wait that was told, with what happened, folded from the journal's events.

A wait that is told promises that somebody will be there by then. It is over when a person answers, or when we dial the
customer who took a callback (whether they pick up is theirs). Who hangs up, withdraws or calls again has shown only
that it would have taken longer: such a wait is cut off there, not left out. A wait that is told again is a promise of
its own; the earlier one stays, and is marked. A transfer begins a new wait in another queue, with its own promise.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from tellonce.lab.routing import AS_ESTIMATED, Calibration
from tellonce.switchboard.decisions import CallbackKept, Dialled, Ended, Entered, Form, Outcome, PassedOn, WaitTold
from tellonce.switchboard.facts import Answered, Calibrated, CallbackPromised
from tellonce.switchboard.folding import Event

_MINUTE_S = 60.0


class Became(StrEnum):
    """What became of a wait that was told; ANSWERED and CALLED_BACK are its end, with the others it was cut off."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CALLED_BACK = "called_back"
    ABANDONED = "abandoned"
    LOST = "lost"
    CAME_BACK = "came_back"
    GIVEN_UP = "given_up"


_CUT_OFF = {
    Outcome.ABANDONED: Became.ABANDONED,
    Outcome.LEFT_TRANSFER: Became.ABANDONED,
    Outcome.LOST: Became.LOST,
    Outcome.CAME_BACK: Became.CAME_BACK,
    Outcome.TAKEN: Became.ANSWERED,
}


@dataclass(frozen=True, slots=True)
class WaitPromise:
    """A wait that was told, and what happened.

    Attributes:
        contact, queue, told_at: to whom, where, when.
        low_s, median_s, high_s: the estimate, from `told_at` on; inf if it was not known.
        form, low_min, high_min: what was said.
        is_again: another was told before it.
        calibration: that the estimate was made with.
        became, waited_s: what happened, so many seconds after `told_at`: the actual wait, or where it was cut off.
        again_s: after how many seconds another wait was told, inf if none was.
    """

    contact: str
    queue: str
    told_at: float
    low_s: float
    median_s: float
    high_s: float
    form: Form
    low_min: int
    high_min: int
    is_again: bool
    calibration: Calibration = AS_ESTIMATED
    became: Became = Became.WAITING
    waited_s: float = 0.0
    again_s: float = math.inf

    @property
    def is_over(self) -> bool:
        """Whether the actual wait is known."""
        return self.became in {Became.ANSWERED, Became.CALLED_BACK}

    @property
    def is_known(self) -> bool:
        """Whether a wait was told, not that it is not known."""
        return self.form is not Form.NOT_KNOWN

    @property
    def said_until_s(self) -> float:
        """The longest that was said; inf for more than an hour and for what is not known."""
        return math.inf if self.form in {Form.NOT_KNOWN, Form.MORE_THAN} else self.high_min * _MINUTE_S


class WaitPromises:
    """The fold: told each event in the order of the journal, it gives the promises that the event settled.

    One that begins later than the journal is told the calibration in force then, and first all events so far of the
    contacts that are not over.
    """

    def __init__(self, calibration: Calibration = AS_ESTIMATED) -> None:
        self.calibration = calibration
        self._queues: dict[str, str] = {}
        self._callbacks: set[str] = set()
        self._open: dict[str, list[WaitPromise]] = {}

    def take(self, event: Event) -> tuple[WaitPromise, ...]:
        """Takes an event; what it settled, oldest first."""
        match event:
            case Entered() | PassedOn() | CallbackPromised():
                self._queues[event.contact] = event.queue
            case CallbackKept():
                self._queues[event.contact] = event.queue
                self._callbacks.add(event.contact)
            case Calibrated():
                self.calibration = Calibration(event.scale, event.spread)
            case WaitTold():
                self._tell(event)
            case Answered() if event.contact not in self._callbacks:
                return self._settle(event.contact, Became.ANSWERED, event.at)
            case Dialled():
                self._callbacks.discard(event.contact)
                return self._settle(event.contact, Became.CALLED_BACK, event.at)
            case Ended():
                self._callbacks.discard(event.contact)
                self._queues.pop(event.contact, None)
                return self._settle(event.contact, _CUT_OFF.get(event.outcome, Became.GIVEN_UP), event.at)
        return ()

    def unsettled(self, *, at: float) -> list[WaitPromise]:
        """Those of contacts that still wait, cut off at a time."""
        return [replace(each, waited_s=at - each.told_at) for rows in self._open.values() for each in rows]

    def _tell(self, event: WaitTold) -> None:
        rows = self._open.setdefault(event.contact, [])
        if rows:
            rows[-1] = replace(rows[-1], again_s=event.at - rows[-1].told_at)
        rows.append(
            WaitPromise(event.contact, self._queues.get(event.contact, ""), event.at, event.low_s, event.median_s,
                        event.high_s, event.form, event.low_min, event.high_min, event.is_again, self.calibration)
        )  # fmt: skip

    def _settle(self, contact: str, became: Became, at: float) -> tuple[WaitPromise, ...]:
        rows = self._open.pop(contact, ())
        return tuple(replace(each, became=became, waited_s=at - each.told_at) for each in rows)


def wait_promises(events: Iterable[Event]) -> list[WaitPromise]:
    """All promises of a journal, as they were settled; then those of who waits at its end."""
    fold, at = WaitPromises(), 0.0
    settled: list[WaitPromise] = []
    for event in events:
        settled.extend(fold.take(event))
        at = event.at
    return settled + fold.unsettled(at=at)
