"""`tellonce demo` for half an hour at ten times its pace: memory, stuck contacts, accounts at every minute.

The demo runs as its users start it (pages, live streams, worker, switchboard, phone gateway, callers and colleagues),
and is watched from outside: every ten seconds /metrics, every minute the memory of each process, at the end its log. A
supervisor who is signed in opens the floor, the desk and what was missed all the while.

Stuck is a contact that has been in one stage for longer than anything lasts there at this pace. A process grows when
its memory does, with 95% certainty, after ten minutes in which everything has been used once; the database's is its
processes' own, without the pages that they share. What is found decides how it ends (1 for a fault).
`benchmarks/switchboard_soak.py` soaks the switchboard alone, under more load than it has people for.
Run: python -m benchmarks.soak [--json] [--minutes 30] [--pace 10] [--customers 20000] [--home DIR] [--log FILE]
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.growth import Slope, slope_of
from benchmarks.harness import free_port
from benchmarks.report import Figure, say, tell, unheard
from benchmarks.watched_demo import ACCOUNTS, OURS, Demo, Phone, Visitor, running

LOOK_EVERY_S = 10.0
WARM_MINUTES = 10
MOST_GROWTH_MB = 0.25  # a minute: a tenth of it at the demo's own pace, which is 36 MB a day
SLACK_S = 60.0
# At the demo's pace: callers bear 900 s, conversations last 700 s, with what is held before and noted after.
LIVED_S = {"waiting": 900.0, "callback": 1800.0, "talking": 1000.0}
# What the switchboard's own times end, at any pace: keys, ringing, dialling.
TIMED_S = {"front": 70.0, "offered": 25.0, "dialling": 60.0}


@dataclass
class Seen:
    """What was seen until now."""

    pace: float
    minutes: list[float] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    stuck: Counter[str] = field(default_factory=Counter)
    phone: Phone | None = None
    looks: int = 0
    latest_s: float = 0.0
    failed: int = 0
    bad_pages: list[str] = field(default_factory=list)

    def look(self, phone: Phone) -> None:
        """One look at the figures."""
        self.looks += 1
        self.wrong += phone.wrong
        self.stuck.update(stuck_in(phone, pace=self.pace))
        self.latest_s = max(self.latest_s, phone.outbox_oldest_s)
        self.failed += max(0, phone.jobs_failed - self.phone.jobs_failed) if self.phone else 0
        self.phone = phone

    def weigh(self, minute: float, memory: dict[str, float]) -> None:
        """The memory of a minute; of those processes that are there in every one."""
        self.minutes.append(minute)
        for name, mb in memory.items():
            self.memory.setdefault(name, []).append(mb)

    def slopes(self) -> dict[str, Slope]:
        """MB a minute, of each process that was always there."""
        warm = len(self.minutes) - sum(minute > WARM_MINUTES for minute in self.minutes)
        if len(self.minutes) - warm < 2:
            return {}
        always = {name: each for name, each in self.memory.items() if len(each) == len(self.minutes)}
        return {name: slope_of(self.minutes[warm:], each[warm:]) for name, each in always.items()}


def stuck_in(phone: Phone, *, pace: float) -> list[str]:
    """Stages in which somebody has been for too long; how long a callback may be agreed for is not ours to say."""
    limits = TIMED_S | {stage: seconds / pace for stage, seconds in LIVED_S.items()}
    return [stage for stage, most in limits.items() if phone.oldest_s.get(stage, 0.0) > most + SLACK_S]


def watch(demo: Demo, seen: Seen, *, minutes: int) -> None:
    """Looks, until the minutes are over."""
    visitor, began = Visitor(demo.url), time.monotonic()
    for minute in range(1, minutes + 1):
        while time.monotonic() < began + minute * 60.0:
            seen.look(demo.phone())
            visitor.look()
            time.sleep(max(0.0, min(LOOK_EVERY_S, began + minute * 60.0 - time.monotonic())))
        seen.weigh((time.monotonic() - began) / 60.0, demo.memory_mb())
        tell(line_of(minute, seen))
    seen.bad_pages = visitor.bad


def line_of(minute: int, seen: Seen) -> str:
    """What was seen in a minute, for who waits for the end."""
    assert seen.phone is not None
    accounts = " ".join(f"{name} {seen.phone.total(name)}" for name in ("entered", *ACCOUNTS))
    oldest = " ".join(f"{stage} {seconds:.0f} s" for stage, seconds in seen.phone.oldest_s.items())
    memory = " ".join(f"{name} {each[-1]:.1f}" for name, each in seen.memory.items())
    faults = f"wrong {seen.wrong} stuck {dict(seen.stuck)}"
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"minute {minute}: {accounts} | oldest {oldest} | MB {memory} | {faults} | {load}"


def say_all(seen: Seen, troubles: list[str], *, entered: int) -> None:
    """The figures."""
    slopes = seen.slopes()
    figures = [
        Figure("contacts that entered a queue of the demo", entered, "contacts"),
        Figure("looks at which an account did not add up", len(seen.wrong), "looks", "of", seen.looks),
        Figure("looks at which a contact was stuck", seen.stuck.total(), "looks", "of", seen.looks),
        Figure("the latest that a moment was told", seen.latest_s, "s"),
        Figure("errors in the log", len(troubles), "lines"),
    ]
    for name, slope in slopes.items():
        figures += [
            Figure(f"memory of {name} at the end", seen.memory[name][-1], "MB"),
            Figure(f"its growth after {WARM_MINUTES} minutes", slope.median, "MB/min", "at most", MOST_GROWTH_MB),
            Figure("the least of it (95%)", slope.least, "MB/min"),
            Figure("the most of it (95%)", slope.most, "MB/min"),
        ]
    with unheard():
        for figure in figures:
            say(figure)


def faults_in(seen: Seen, troubles: list[str], *, entered: int, missing: list[str]) -> list[str]:
    """What is wrong with it."""
    found = [f"{name} grows" for name, slope in seen.slopes().items() if slope.least > MOST_GROWTH_MB]
    found += [f"the account of {queue} did not add up at {looks} looks" for queue, looks in Counter(seen.wrong).items()]
    found += [f"{page}, {times} times" for page, times in Counter(seen.bad_pages).items()]
    found += [f"stuck {stage} at {looks} looks" for stage, looks in seen.stuck.items()]
    found += [f"{name} is not what it was" for name in missing]
    found += [f"{seen.failed} jobs failed"] if seen.failed else []
    found += [] if entered else ["nobody entered a queue"]
    return found + troubles[:20]


def asked() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON line for each figure")
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--pace", type=float, default=10.0)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--home", type=Path, help="of a demo that was made before; else one is made, and thrown away")
    parser.add_argument("--log", type=Path, help="where the demo's log is kept")
    return parser.parse_args()


def main() -> None:
    """Starts the demo, watches it, and says what was seen."""
    options = asked()
    with tempfile.TemporaryDirectory(prefix="tellonce-soak-") as temporary:
        Path(temporary).chmod(0o755)  # the database may run as a user of its own
        home, log = options.home or Path(temporary) / "home", options.log or Path(temporary) / "log"
        seen = Seen(options.pace)
        with running(home, port=free_port(), pace=options.pace, customers=options.customers, log=log) as demo:
            tell("the demo answers")
            time.sleep(SLACK_S)  # its callers come
            before, lived = demo.phone(), demo.lives()
            watch(demo, seen, minutes=options.minutes)
            after = demo.lives()
            troubles = demo.troubles()
    assert seen.phone is not None
    entered = seen.phone.total("entered") - before.total("entered")
    say_all(seen, troubles, entered=entered)
    missing = [name for name in OURS if not lived.get(name) or lived.get(name) != after.get(name)]
    if found := faults_in(seen, troubles, entered=entered, missing=missing):
        raise SystemExit("the soak found what it should not:\n" + "\n".join(found))


if __name__ == "__main__":
    main()
