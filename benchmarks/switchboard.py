"""How many queue events the engine decides on in a second, how late a decision is, and how fast a day is rebuilt.

First a busy day of 300 people and about 18,000 calls with six skills, two sites, a partner, priorities, agreed shares
and a reserve (lab/simulation/examples), told to the engine as if it were live. Then 1,000 people who all talk and 500
who wait: every second a call ends and a new one comes. An event is a fact (somebody arrives, a phone is answered, a
caller hangs up, a person comes, time is up) with all that is decided on it. Events a second are of the engine's own
time on one core; how late a decision is, is by the clock on the wall, other programs on the machine included.

Run: python -m benchmarks.switchboard [--json]
"""

import gc
import sys
import time
from dataclasses import replace

from benchmarks.report import Figure, quantile, say
from tellonce.lab.routing import Rules
from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.examples import provider
from tellonce.switchboard.days import Day
from tellonce.switchboard.engine import Engine, Result, rebuild
from tellonce.switchboard.facts import Answered, Arrived, Configured, Fact, HungUp, PersonSet, Presence, TimePassed
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Member, Queue, Settings

PEOPLE, CALLS_A_DAY = 300, 17_900.0
MANY_PEOPLE, MANY_WAITING, DECISIONS = 1_000, 500, 20_000
LEAST_A_SECOND, LATEST_S, REBUILD_S = 10_000.0, 0.005, 5.0


class Watch:
    """An engine, how long each fact took it, and what it would have journalled."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.took: list[float] = []
        self.busy_s = 0.0
        self.events: list[Event] = []

    def take(self, fact: Fact) -> Result:
        """As the engine does."""
        began, busy = time.perf_counter(), time.thread_time()
        result = self.engine.take(fact)
        self.busy_s += time.thread_time() - busy
        self.took.append(time.perf_counter() - began)
        self.events.extend(result.events)
        return result


def a_day() -> Watch:
    """A day of the provider, played."""
    scenario = provider(people=PEOPLE, days=1, contacts_a_day=CALLS_A_DAY)
    scenario = replace(scenario, callbacks=None, menus=())
    contacts = simulate(scenario, replications=1, record=True).contacts
    assert contacts is not None
    watch = Watch()
    Day(scenario, contacts, watch.engine).play(watch.take)
    return watch


def a_full_floor() -> Watch:
    """A thousand people who talk and five hundred who wait, in ten queues of five skills, with everything turning."""
    queues = tuple(
        Queue(f"queue {i}", f"skill {i % 5}", priority=i // 5, handle_s=float(MANY_PEOPLE)) for i in range(10)
    )
    members = tuple(
        Member(i, {f"skill {i % 5}": 1, f"skill {(i + 1) % 5}": 1 + i % 2}, f"site {i % 4}") for i in range(MANY_PEOPLE)
    )
    watch = Watch()
    watch.take(Configured(0.0, Settings(queues, members, rules=Rules(priority_s=60.0))))
    for member in members:
        watch.take(PersonSet(0.0, member.person, Presence.AVAILABLE))
    number, at = 0, 0.0
    while len(watch.engine.board.waiting) < MANY_WAITING:
        number, at = number + 1, at + 0.01
        _come(watch, number, at)
    watch.took.clear()
    watch.busy_s = 0.0
    talking = [contact.id for contact in watch.engine.board.contacts.values() if contact.person >= 0]
    for turn in range(DECISIONS // 3):
        number, at = number + 1, at + 1.0
        while (due := watch.engine.next_due) is not None and due <= at:
            watch.take(TimePassed(due))
        gone = talking[turn % len(talking)]
        watch.take(HungUp(at, gone))
        talking[turn % len(talking)] = _answer(watch, at) or gone
        _come(watch, number, at)
    return watch


def _come(watch: Watch, number: int, at: float) -> None:
    watch.take(Arrived(at, str(number), queue=f"queue {number % 10}"))
    _answer(watch, at)


def _answer(watch: Watch, at: float) -> str:
    """Whoever rings is answered; the contact, if any."""
    contact = getattr(watch.events[-1], "contact", "")
    person = getattr(watch.events[-1], "person", -1)
    if type(watch.events[-1]).__name__ == "Offered":
        watch.take(Answered(at, contact, person))
        return str(contact)
    return ""


def main() -> None:
    """The day, its rebuilding, and the full floor."""
    day = a_day()
    say(Figure("events of the day", len(day.took), "events"))
    say(Figure("events journalled, with what was decided", len(day.events), "events"))
    on_day = len(day.took) / day.busy_s
    say(Figure("events a second of one core, the day", on_day, "events/s", "least", LEAST_A_SECOND))
    say(Figure("decision on the day, p50", quantile(day.took, 0.5), "s"))
    say(Figure("decision on the day, p99", quantile(day.took, 0.99), "s", "limit", LATEST_S))
    gc.collect()
    began = time.perf_counter()
    rebuild(day.events)
    say(Figure("rebuilding the day, fold only", time.perf_counter() - began, "s", "limit", REBUILD_S))
    full = a_full_floor()
    say(Figure("waiting on the full floor", len(full.engine.board.waiting), "contacts"))
    say(Figure("decision with 1,000 people and 500 waiting, p50", quantile(full.took, 0.5), "s"))
    say(Figure("decision with 1,000 people and 500 waiting, p99", quantile(full.took, 0.99), "s", "limit", LATEST_S))
    on_full = len(full.took) / full.busy_s
    say(Figure("events a second of one core, full floor", on_full, "events/s", "least", LEAST_A_SECOND))


if __name__ == "__main__":
    sys.exit(main())
