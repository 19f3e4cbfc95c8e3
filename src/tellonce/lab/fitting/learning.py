"""Everything that a call log teaches, learned in one go."""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.fitting.attendance import WrapUp, at_work, wrap_up
from tellonce.lab.fitting.choices import HeadStarts, learn_head_starts
from tellonce.lab.fitting.contracts import AtWork, CallLog, Ending, Flags, Floats
from tellonce.lab.fitting.patience import Patience, learn_patience
from tellonce.lab.fitting.returns import Returns, learn_returns
from tellonce.lab.fitting.service import ServiceTimes, learn_service

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Menu:
    """What happens before the queue: quantiles of the seconds in the menu (65,), shares lost and solved (kinds,)."""

    seconds: Floats
    lost: Floats
    solved: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a log taught: how callers wait and call again, how people talk, and which call is next.

    `priority_mix` (kinds, priorities) is the share of each priority among the calls of a kind that say it; `takes`
    (people, kinds) says who takes what. `redial` and `repeat` are None where callers cannot be followed.
    """

    kinds: tuple[str, ...]
    people: tuple[str, ...]
    patience: Patience
    service: ServiceTimes
    wrap_up: WrapUp
    head_starts: HeadStarts
    takes: Flags
    priority_mix: Floats
    redial: Returns | None
    repeat: Returns | None
    menu: Menu

    @property
    def priorities(self) -> int:
        """How many priorities there are."""
        return self.patience.priorities


def fit(log: CallLog, *, routing_days: int = 28) -> Fitted:
    """Learns from a log; rules of routing change, so they are learned from its last `routing_days` days only.

    Raises:
        FittingInputError: nobody waited, nobody was answered, or the log does not name who answered.
    """
    work = at_work(log)
    recent = log.queued_s >= log.queued_s.max(initial=0.0) - routing_days * _DAY_S
    return Fitted(
        kinds=log.kinds,
        people=log.people,
        patience=learn_patience(log),
        service=learn_service(log),
        wrap_up=wrap_up(log),
        head_starts=learn_head_starts(log.where(recent), _work_of(log.where(recent), fallback=work)),
        takes=work.takes,
        priority_mix=_priority_mix(log),
        redial=learn_returns(log, after=log.ended_as(Ending.ABANDONED)),
        repeat=learn_returns(log, after=log.answered),
        menu=_menu(log),
    )


def _work_of(log: CallLog, *, fallback: AtWork) -> AtWork:
    return at_work(log) if (log.answered & (log.person >= 0)).any() else fallback


def _priority_mix(log: CallLog) -> Floats:
    """Among calls that waited: a log may leave out who called where nobody had to wait."""
    said = log.waited & (log.priority >= 0)
    counts = np.zeros((len(log.kinds), log.priorities))
    np.add.at(counts, (log.kind[said], log.priority[said]), 1)
    total = counts.sum(axis=0)
    counts[counts.sum(axis=1) == 0] = total if total.sum() else np.eye(log.priorities)[0]
    mix: Floats = counts / counts.sum(axis=1, keepdims=True)
    return mix


def _menu(log: CallLog) -> Menu:
    spent = (log.queued_s - log.arrived_s)[log.in_queue]
    came = np.maximum(np.bincount(log.kind, minlength=len(log.kinds)), 1)
    lost, solved = (
        np.bincount(log.kind[log.ended_as(ending)], minlength=len(log.kinds)) / came
        for ending in (Ending.LEFT_IN_MENU, Ending.SOLVED_IN_MENU)
    )
    return Menu(np.quantile(spent, np.linspace(0, 1, 65)) if len(spent) else np.zeros(65), lost, solved)
