"""How honest the told waits are: busy months through the real engine, every told wait beside the actual one.

Simulated months calibrated on AnonymousBank (Technion, 1999), as in benchmarks.august: calls by quarter hour, kind and
priority and people at work as seen in the month; patience, talk times, wrap-up and the head start of priorities as
learned on January and February. Talks and patience are drawn (tellonce/switchboard/drawn), the switchboard's engine
decides, tells, tells again and calibrates itself from what it told, from the first call on, with nothing learnt before.

The actual wait is the one from the telling until a person would have answered: of who hung up too, exactly ("virtual":
at each later decision the engine's own routing is asked whether that caller, still there, would have been chosen).
Coverage counts all of these; beside it stands that of the answered alone. Errors count waits up to an hour, for all
three alike: a few would have waited for the next morning. Where nobody is at work nothing is told, and nothing counted.

The usual formulas are told the same: people at work who take the call, the mean handle time of the last 500 contacts.
Of each two readings are measured, with the position or the last one served among all or in the caller's own queue; the
better one over all is the peer.

Run: python -m benchmarks.told_waits [--json] [--seed=1] [--seeds=2] [--as-estimated] [--plans-told]
"""

import os
import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.anonymous_bank import FILE, read_calls
from benchmarks.august import given, mean_patience_s, option
from benchmarks.harness import ROOT
from benchmarks.report import Figure, say
from tellonce.lab.fitting import Fitted, fit, scenario
from tellonce.lab.simulation import Scenario, simulate
from tellonce.switchboard.days import settings_of
from tellonce.switchboard.decisions import Offered, WaitTold
from tellonce.switchboard.drawn import DrawnDay, callers
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import Calibrated, Configured, Fact, WrappedUp
from tellonce.switchboard.folding import Event
from tellonce.switchboard.learning import WaitLearner
from tellonce.switchboard.promise_hours import promise_hour
from tellonce.switchboard.promises import WaitPromise, WaitPromises

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MONTHS = {"January": (1,), "February": (2,), "August": (8,)}
LEARNED = (1, 2)
RECENT_CONTACTS, LONGEST_S, HOUR_S = 500, 3_600.0, 3_600.0
LEAST_HELD, MOST_HELD = 0.75, 0.85
FORMULAS = (
    "position among all", "position in the queue", "last served of all", "last served of the queue",
)  # fmt: skip
LEAST_TOLD = 100


class Usual:
    """What the usual formulas need, as it is known at each time; `said` are their waits by contact and time."""

    def __init__(self, handle_s: float) -> None:
        self.handled: deque[float] = deque([handle_s] * 20, RECENT_CONTACTS)
        self.total_s = sum(self.handled)
        self.last: dict[str, float] = {}
        self.began: dict[int, float] = {}
        self.said: dict[tuple[str, float], tuple[float, ...]] = {}

    def take(self, engine: Engine, event: Event) -> None:
        """Learns from what happened; says a wait wherever the engine tells one."""
        match event:
            case WaitTold():
                self.said[event.contact, event.at] = self._waits(engine, event.contact)
            case Offered():
                contact = engine.board.contacts[event.contact]
                self.last[""] = self.last[contact.queue] = event.at - contact.entered
                self.began[event.person] = event.at
            case WrappedUp():
                oldest = self.handled[0] if len(self.handled) == RECENT_CONTACTS else 0.0
                self.handled.append(event.at - self.began[event.person])
                self.total_s += self.handled[-1] - oldest

    def _waits(self, engine: Engine, contact_id: str) -> tuple[float, ...]:
        board = engine.board
        contact, waiting, plan = board.contacts[contact_id], board.waiting, board.lines.plan
        order = waiting.entered - plan.credit[waiting.line]
        ahead = int((order < contact.entered - plan.credit[contact.line]).sum())
        own = int(((waiting.line == contact.line) & (waiting.entered < contact.entered)).sum())
        people = float(board.at_work[plan.fit[contact.line] > -np.inf].sum())
        each_s = self.total_s / len(self.handled) / max(people, 1.0)
        of_all = self.last.get("", 0.0)
        return (ahead + 1) * each_s, (own + 1) * each_s, of_all, self.last.get(contact.queue, of_all)


@dataclass
class Month:
    """One played month: what was told, and all that came of it."""

    promises: list[WaitPromise] = field(default_factory=list)
    calibrations: list[Calibrated] = field(default_factory=list)
    virtual: dict[str, float] = field(default_factory=dict)
    usual: dict[tuple[str, float], tuple[float, ...]] = field(default_factory=dict)


def play(made: Scenario, *, seed: int, handle_s: float, leaving: float, learns: bool, plans: bool) -> Month:
    """A month through the engine, which calibrates itself if it `learns`."""
    contacts = simulate(made, seed=seed, replications=1, record=True).contacts
    assert contacts is not None
    engine, fold, learner, month, usual = Engine(), WaitPromises(), WaitLearner(), Month(), Usual(handle_s)

    def take(fact: Fact) -> Result:
        result, due, is_opening = engine.take(fact), None, False
        for event in result.events:
            usual.take(engine, event)
            is_opening = is_opening or isinstance(event, Configured)
            month.promises.extend(fold.take(event))
            due = learner.take(event) or due
        if is_opening and plans:
            day.tell_plans(take)
        if due is not None and learns:
            month.calibrations.append(due)
            take(due)
        return result

    day = DrawnDay(made, callers(made, contacts, seed=seed), engine)
    day.play(day.watching(take), settings=settings_of(made, wrap_s=1e6, handle_s=handle_s, leaving=leaving))
    month.virtual, month.usual = day.watched.answered_at, usual.said
    return month


@dataclass(frozen=True)
class Told:
    """Arrays (n,) of told waits that were known; `told` (n, 3) and the formulas' `usual` (n, 4)."""

    told: Floats
    actual: Floats
    usual: Floats
    answered: Flags
    again: Flags
    told_again: Flags
    said_until: Floats
    hour: NDArray[np.int64]
    priority: NDArray[np.int64]
    kind: NDArray[np.str_]

    @property
    def held(self) -> Flags:
        return (self.told[:, 0] <= self.actual) & (self.actual <= self.told[:, 2])

    def error(self, waits: Floats) -> float:
        return float(np.abs(np.minimum(waits, LONGEST_S) - np.minimum(self.actual, LONGEST_S)).mean())


def told_in(months: list[Month]) -> Told:
    """All that was told in these months."""
    rows = [(month, each) for month in months for each in month.promises if each.is_known]
    actual = [
        each.waited_s if each.is_over else month.virtual.get(each.contact, np.inf) - each.told_at
        for month, each in rows
    ]
    return Told(
        told=np.array([(each.low_s, each.median_s, each.high_s) for _, each in rows]),
        actual=np.array(actual),
        usual=np.array([month.usual[each.contact, each.told_at] for month, each in rows]),
        answered=np.array([each.is_over for _, each in rows]),
        again=np.array([each.is_again for _, each in rows]),
        told_again=np.array([each.again_s < np.inf for _, each in rows]),
        said_until=np.array([each.said_until_s for _, each in rows]),
        hour=np.array([int(each.told_at // HOUR_S) % 24 for _, each in rows]),
        priority=np.array([int(each.queue.split("/")[2]) for _, each in rows]),
        kind=np.array([each.queue.split("/")[0] for _, each in rows]),
    )


def tell(name: str, told: Told) -> None:
    """The figures of some told waits."""
    held = told.held
    say(Figure(f"{name}: told waits", len(held), ""))
    say(Figure(f"{name}: within the 80% interval, all by virtual wait", float(held.mean()), "", "least", LEAST_HELD))
    say(Figure(f"{name}: within it, the answered alone", float(held[told.answered].mean()), ""))
    say(Figure(f"{name}: told first, within it", float(held[~told.again].mean()), ""))
    say(Figure(f"{name}: told again, within it", float(held[told.again].mean()), ""))
    ours = told.error(told.told[:, 1])
    errors = [told.error(told.usual[:, i]) for i in range(len(FORMULAS))]
    for i, kind in ((0, "position times handle time over people"), (2, "wait of the last served")):
        best = i if errors[i] <= errors[i + 1] else i + 1
        other = 2 * i + 1 - best
        say(Figure(f"{name}: mean absolute error of the median", ours, "s", f"{kind} ({FORMULAS[best]})", errors[best]))
        say(Figure(f"{name}: {kind} ({FORMULAS[other]}), its error", errors[other], "s"))
    off = np.minimum(told.told[:, 1], LONGEST_S) - np.minimum(told.actual, LONGEST_S)
    say(Figure(f"{name}: told median less actual, median", float(np.median(off)), "s"))
    say(Figure(f"{name}: told median less actual, mean", float(off.mean()), "s"))
    kept = (told.actual <= told.said_until)[np.isfinite(told.said_until)]
    say(Figure(f"{name}: kept, actual within the longest said", float(kept.mean()), ""))
    say(Figure(f"{name}: told another wait later", float(told.told_again.mean()), ""))
    say(Figure(f"{name}: mean width of the interval", float((told.told[:, 2] - told.told[:, 0]).mean()), "s"))


def tell_parts(told: Told) -> None:
    """By hour of the day, by priority, and by kind of call: a figure each with --json, else a table."""
    parts = [(f"hour {hour}", told.hour == hour) for hour in np.unique(told.hour)]
    parts += [(f"priority {place}", told.priority == step) for place, step in enumerate(np.unique(told.priority))]
    parts += [(f"kind {kind}", told.kind == kind) for kind in np.unique(told.kind)]
    if "--json" not in sys.argv:
        print("| part | told | within 80% | of the answered | error | position | last served | median off | kept |")
        print("|" + " --- |" * 9)
    for name, mine in parts:
        if mine.sum() < LEAST_TOLD:
            continue
        some = Told(*(getattr(told, each)[mine] for each in Told.__dataclass_fields__))
        held, held_answered = float(some.held.mean()), float(some.held[some.answered].mean())
        usual = [some.error(some.usual[:, i]) for i in range(len(FORMULAS))]
        if "--json" in sys.argv:
            say(Figure(f"{name}: within the 80% interval", held, "", "least", LEAST_HELD))
            say(Figure(f"{name}: error", some.error(some.told[:, 1]), "s", "best usual formula", min(usual)))
            continue
        off, kept = np.median(some.told[:, 1] - some.actual), (some.actual <= some.said_until).mean()
        print(
            f"| {name} | {mine.sum():,} | {held:.1%} | {held_answered:.1%} | {some.error(some.told[:, 1]):.0f} s "
            f"| {min(usual[:2]):.0f} s | {min(usual[2:]):.0f} s | {off:+.0f} s | {kept:.1%} |"
        )


def tell_floor(months: list[Month]) -> None:
    """What the floor can know, where nobody tells when who hung up would have been answered."""
    hour = promise_hour([each for month in months for each in month.promises], queue="", hour=0)
    say(Figure("as the floor sees it (Kaplan and Meier): within the 80% interval", hour.covered, ""))
    say(Figure("as the floor sees it: kept", hour.kept, ""))
    say(Figure("as the floor sees it: actual less told median, median", hour.bias_s, "s"))
    say(Figure("told that the wait is not known", hour.not_known, ""))


def learned() -> tuple[Fitted, float, float]:
    """What January and February teach: all, the mean handle time, and the rate of hanging up."""
    log = read_calls(_path(), months=LEARNED)
    fitted = fit(log)
    talked = log.service_s[log.answered & np.isfinite(log.service_s)]
    return fitted, float(talked.mean()) + fitted.wrap_up.mean_s, 1.0 / mean_patience_s(log)


def _path() -> Path:
    return Path(os.environ.get("TELLONCE_DATA", ROOT.parent / "shared" / "data")) / FILE


def main() -> None:
    """Learns, plays the months, compares."""
    fitted, handle_s, leaving = learned()
    played: list[Month] = []
    for name, months in MONTHS.items():
        seen = given(read_calls(_path(), months=months), fitted)
        made = scenario(fitted, expected=seen.expected, people=seen.people, counted=True)
        for seed in range(option("seed", 1), option("seed", 1) + option("seeds", 2)):
            plans = "--plans-told" in sys.argv
            learns = "--as-estimated" not in sys.argv
            month = play(made, seed=seed, handle_s=handle_s, leaving=leaving, learns=learns, plans=plans)
            played.append(month)
            one = told_in([month])
            say(
                Figure(f"{name}, seed {seed}: within the 80% interval", float(one.held.mean()), "", "least", LEAST_HELD)
            )
            best = min(one.error(one.usual[:, i]) for i in range(len(FORMULAS)))
            say(Figure(f"{name}, seed {seed}: error", one.error(one.told[:, 1]), "s", "best usual formula", best))
            say(Figure(f"{name}, seed {seed}: calibrations", len(month.calibrations), ""))
    told = told_in(played)
    tell("all months", told)
    tell_floor(played)
    tell_parts(told)
    if not LEAST_HELD <= told.held.mean() <= MOST_HELD:
        raise SystemExit("The 80% intervals do not hold 75% to 85%.")


if __name__ == "__main__":
    main()
