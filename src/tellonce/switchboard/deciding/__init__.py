"""What follows from each fact: decisions that are kept, and commands that are carried out."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.deciding import around, callbacks, front, offers, people, talking
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    Calibrated,
    CallbackPromised,
    CallbackWithdrawn,
    Configured,
    ConsultAsked,
    ConsultEnded,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    Held,
    HungUp,
    KeyPressed,
    LineLost,
    NotAnswered,
    OutageBegan,
    OutageEnded,
    PersonSet,
    QueueClosed,
    QueueOpened,
    Resumed,
    ShiftPlanned,
    TimePassed,
    TransferAsked,
    TransferDone,
    WrappedUp,
)

_DECIDES: dict[type, Callable[[Step, Any], None]] = {
    Configured: around.configured,
    Calibrated: around.calibrated,
    QueueClosed: around.queue_closed,
    QueueOpened: around.queue_opened,
    OutageBegan: around.outage_began,
    OutageEnded: around.outage_ended,
    TimePassed: around.time_passed,
    PersonSet: people.person_set,
    ShiftPlanned: people.shift_planned,
    WrappedUp: people.wrapped_up,
    Arrived: front.arrived,
    KeyPressed: front.key_pressed,
    HungUp: talking.hung_up,
    LineLost: callbacks.line_lost,
    Answered: offers.answered,
    NotAnswered: offers.not_answered,
    Finished: talking.finished,
    Held: talking.held,
    Resumed: talking.resumed,
    TransferAsked: talking.transfer_asked,
    ConsultAsked: talking.consult_asked,
    ConsultEnded: talking.consult_ended,
    TransferDone: talking.transfer_done,
    CallbackPromised: callbacks.promised,
    CallbackWithdrawn: callbacks.withdrawn,
    DialAnswered: offers.dial_answered,
    DialFailed: offers.dial_failed,
}


def decide(step: Step, fact: Fact) -> None:
    """Decides on a fact; one that means nothing any more is left out."""
    _DECIDES[type(fact)](step, fact)
