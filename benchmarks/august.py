"""How well a real August is foreseen: waits, abandonment and service level by hour, beside Erlang C and Erlang A.

The calls are AnonymousBank's (Technion, 1999). Learned on January and February: patience by kind and priority, talk
times by kind, person and hour, the time between calls while calls wait, the head start of priorities. Taken from
August: the calls that came by quarter hour, kind and priority (as far as the record says it), the seconds that each
person was at work in each quarter hour (seen from who talked when, see lab/fitting/attendance), and which kinds each
person takes. Foreseen: everything about waiting. What had to be chosen (what counts as a
break, from how many waiting the time between calls is learned) was chosen by learning on January and foreseeing
February; August had been looked at before, so it is no blind test.

Erlang C and A get the same calls and people by quarter hour, the mean talk and wrap-up of those people, and the mean
patience of January and February; between two whole numbers of people their answers are mixed. Waits are counted up to
an hour: where Erlang C has more load than people it says that they grow for ever.

With --talk-as-seen the talk times are scaled to the mean seen in the month foreseen: not a forecast any more, but it
tells how much of the error is that people talk shorter or longer than they did.

Run: python -m benchmarks.august [--json] [--february] [--talk-as-seen] [--replications=10]
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.anonymous_bank import DAY_S, FILE, read_calls
from benchmarks.harness import ROOT
from benchmarks.report import Figure, say
from tellonce.lab.fitting import (
    Arrivals,
    AtWork,
    CallLog,
    Fitted,
    at_work,
    expected_calls,
    fit,
    scenario,
    seconds_at_work,
    spells_from,
)
from tellonce.lab.queueing import waits_after
from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.outcome import WAS_ANSWERED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED = 1999
QUARTER_S, HOUR_S = 900.0, 3600.0
OPEN_HOURS = range(7, 24)
WITHIN_S = (20.0, 60.0)
LONGEST_S = 3600.0
GRID_S = np.concatenate(([0.0], np.geomspace(1.0, LONGEST_S, 160)))
LEAST_CALLS = 30
MEASURES = ("median wait", "90% wait", "abandonment", "answered in 20 s", "answered in 60 s")
UNITS = ("s", "s", "", "", "")


@dataclass(frozen=True)
class Month:
    """What is given of the month that is foreseen: calls by kind, priority and quarter hour, and who is at work."""

    log: CallLog
    expected: Floats
    seconds: Floats
    people: AtWork

    @property
    def quarters(self) -> int:
        return self.seconds.shape[1]


def given(log: CallLog, fitted: Fitted) -> Month:
    """The inputs, and nothing else, of a month."""
    quarters = int(np.ceil(log.over_s.max() / DAY_S)) * 96
    seen = at_work(log)
    seconds = seconds_at_work(seen, quarters=quarters)
    people = spells_from(seconds, people=seen.people, takes=seen.takes)
    expected = expected_calls(fitted, Arrivals.seen_in(log), intervals=quarters)
    return Month(log, expected, seconds, people)


def summary(waits: Floats, answered: NDArray[np.bool_]) -> Floats:
    """The measures of some calls."""
    levels = [(answered & (waits <= within)).mean() for within in WITHIN_S]
    return np.array([np.quantile(waits, 0.5), np.quantile(waits, 0.9), 1.0 - answered.mean(), *levels])


def by_group(group: Ints, waits: Floats, answered: NDArray[np.bool_], groups: Ints) -> Floats:
    """The measures of each group, shape (groups, measures); nan where a group has no calls."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], [groups, groups + 1])
    rows = np.full((len(groups), len(MEASURES)), np.nan)
    for place, (low, high) in enumerate(edges.T):
        if high > low:
            rows[place] = summary(waits[order[low:high]], answered[order[low:high]])
    return rows


def simulated(month: Month, fitted: Fitted, *, replications: int) -> tuple[Floats, Floats, NDArray[np.bool_], Ints]:
    """When each simulated call came, how long it waited, whether it was answered, and its replication."""
    made = scenario(
        fitted, expected=month.expected, people=month.people, answer_within_s=WITHIN_S[0], counted=True
    )  # fmt: skip
    contacts = simulate(made, seed=SEED, replications=replications, record=True).contacts
    assert contacts is not None
    left = np.where(np.isfinite(contacts.left_s), contacts.left_s, month.quarters * QUARTER_S)
    return contacts.entered_s, left - contacts.entered_s, contacts.ended == WAS_ANSWERED, contacts.replication


@dataclass(frozen=True)
class ByErlang:
    """For each quarter hour: calls, and the shares answered and gone by each time of GRID_S."""

    calls: Floats
    answered: Floats
    over: Floats

    def measures(self, chosen: NDArray[np.bool_]) -> Floats:
        """The measures of all calls of some quarter hours."""
        weights = self.calls[chosen] / self.calls[chosen].sum()
        answered, over = weights @ self.answered[chosen], weights @ self.over[chosen]
        waits = [float(np.interp(share, over, GRID_S, right=LONGEST_S)) for share in (0.5, 0.9)]
        levels = [float(np.interp(within, GRID_S, answered)) for within in WITHIN_S]
        return np.array([*waits, 1.0 - answered[-1] if over[-1] > 1 - 1e-9 else over[-1] - answered[-1], *levels])


def erlang(month: Month, fitted: Fitted, *, patience_s: float) -> ByErlang:
    """Erlang A (or C, with endless patience) for each quarter hour by itself."""
    calls = month.expected.sum(axis=(0, 1))
    pace = dict(zip(fitted.people, fitted.service.by_person, strict=True))
    paces = np.array([pace.get(name, 1.0) for name in month.people.people])
    people = month.seconds.sum(axis=0) / QUARTER_S
    pace_there = paces @ month.seconds / np.maximum(month.seconds.sum(axis=0), 1.0)
    hour = (np.arange(month.quarters) // 4) % 24
    talk = fitted.service.mean_s @ month.expected.sum(axis=1) / np.maximum(calls, 1e-9)
    aht = np.maximum(talk * fitted.service.by_hour[hour] * pace_there + fitted.wrap_up.mean_s, 1.0)
    shares = []
    for whole in (np.floor(people), np.floor(people) + 1):
        waits = waits_after(
            after_s=GRID_S[None, :], calls_per_hour=calls[:, None] * 4, aht_s=aht[:, None],
            people=np.maximum(whole, 1)[:, None], patience_s=patience_s,
        )  # fmt: skip
        shares.append((waits.answered, waits.gave_up))
    part = (people - np.floor(people))[:, None]
    answered, gone = (shares[0][i] * (1 - part) + shares[1][i] * part for i in (0, 1))
    return ByErlang(calls, answered, answered + gone)


def mean_patience_s(log: CallLog) -> float:
    """Time waited by all over the number who gave up: the maximum likelihood mean of an exponential patience."""
    stood = log.where(log.in_queue)
    return float(stood.wait_s.sum() / (~stood.answered).sum())


def show(calls: Floats, tables: dict[str, Floats]) -> None:
    """The table by hour of the day, as Markdown."""
    print("| hour | calls | " + " | ".join(f"{measure}: {' / '.join(tables)}" for measure in MEASURES) + " |")
    print("|" + " --- |" * (len(MEASURES) + 2))
    for place, hour in enumerate(OPEN_HOURS):
        cells = []
        for column, unit in enumerate(UNITS):
            form = "{:.0f}" if unit == "s" else "{:.1%}"
            cells.append(" / ".join(form.format(table[place, column]) for table in tables.values()))
        print(f"| {hour} | {calls[place]:,.0f} | " + " | ".join(cells) + " |")


def tell_errors(name: str, truth: Floats, weights: Floats, models: dict[str, Floats]) -> None:
    """The mean absolute error of each model, weighted by calls; each Erlang is named as the peer in turn."""
    errors = {
        model: np.average(np.abs(np.minimum(table, LONGEST_S) - truth), axis=0, weights=weights)
        for model, table in models.items()
    }
    ours = errors.pop("simulated")
    for column, (measure, unit) in enumerate(zip(MEASURES, UNITS, strict=True)):
        for peer, error in errors.items():
            say(Figure(f"{name}: mean absolute error of {measure}", float(ours[column]), unit, peer, error[column]))


def option(name: str, default: int) -> int:
    """A whole number given as --name=number."""
    said = [each.split("=")[1] for each in sys.argv if each.startswith(f"--{name}=")]
    return int(said[0]) if said else default


def compare(month: Month, fitted: Fitted, *, patience_s: float, replications: int) -> None:
    """Says the errors by hour of the day and by single hour; without --json the table too."""
    came = month.log.where(month.log.in_queue)
    entered, waits, answered, _ = simulated(month, fitted, replications=replications)
    models = {
        "Erlang C": erlang(month, fitted, patience_s=np.inf),
        "Erlang A": erlang(month, fitted, patience_s=patience_s),
    }
    quarter_hour = np.arange(month.quarters) // 4

    def tables(of: Callable[[NDArray[np.int64]], Ints], groups: Ints) -> dict[str, Floats]:
        found = {
            "seen": by_group(of((came.queued_s // HOUR_S).astype(np.int64)), came.wait_s, came.answered, groups),
            "simulated": by_group(of((entered // HOUR_S).astype(np.int64)), waits, answered, groups),
        }
        for name, model in models.items():
            found[name] = np.array([model.measures(of(quarter_hour) == group) for group in groups])
        return found

    hours = (came.queued_s // HOUR_S).astype(np.int64)
    days = np.array(list(OPEN_HOURS))
    calls = np.bincount(hours % 24, minlength=24)[days].astype(np.float64)
    daily = tables(lambda hour: hour % 24, days)
    if "--json" not in sys.argv:
        show(calls, daily)
    tell_errors("by hour of the day", daily.pop("seen"), calls, daily)
    counted = np.bincount(hours)
    single = np.flatnonzero((counted >= LEAST_CALLS) & (np.arange(len(counted)) % 24 >= OPEN_HOURS[0]))
    hourly = tables(lambda hour: hour, single)
    tell_errors(
        f"by single hour of at least {LEAST_CALLS} calls ({len(single)})",
        hourly.pop("seen"), counted[single].astype(np.float64), hourly,
    )  # fmt: skip


def talking_as_in(log: CallLog, fitted: Fitted) -> Fitted:
    """The same people and kinds, their talk times scaled to the mean of another log."""
    talked = log.where(log.answered & (log.person >= 0))
    pace = dict(zip(fitted.people, fitted.service.by_person, strict=True))
    paces = np.array([pace.get(name, 1.0) for name in log.people])
    hour = (talked.began_s // HOUR_S).astype(np.int64) % 24
    usual = fitted.service.mean_s[talked.kind] * paces[talked.person] * fitted.service.by_hour[hour]
    level = float(talked.service_s.sum() / usual.sum())
    say(Figure("talk times over those learned", level, ""))
    service = replace(fitted.service, mean_s=fitted.service.mean_s * level, table=fitted.service.table * level)
    return replace(fitted, service=service)


def main() -> None:
    """Learns, foresees, compares."""
    path = Path(os.environ.get("TELLONCE_DATA", ROOT.parent / "shared" / "data")) / FILE
    learnt, foreseen = ((1,), (2,)) if "--february" in sys.argv else ((1, 2), (8,))
    log = read_calls(path, months=learnt)
    fitted = fit(log)
    coming = read_calls(path, months=foreseen)
    if "--talk-as-seen" in sys.argv:
        fitted = talking_as_in(coming, fitted)
    month = given(coming, fitted)
    say(Figure("calls learned from", len(log), "calls"))
    say(Figure("calls foreseen", int(month.log.in_queue.sum()), "calls"))
    compare(month, fitted, patience_s=mean_patience_s(log), replications=option("replications", 10))


if __name__ == "__main__":
    main()
