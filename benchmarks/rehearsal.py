"""How long a decision is rehearsed: four weeks of 300 people and about half a million calls, on two cores.

A provider with six skills, two areas, two sites and a partner, menus, callbacks and an outage
(lab/simulation/examples), and a policy of six people more on weekday mornings. Ten
replications are the first answer, a hundred the whole.

Run: python -m benchmarks.rehearsal [--json]
"""

import sys
import time
from dataclasses import replace

from benchmarks.report import Figure, say
from tellonce.lab.rehearsal import Base, PeopleChange, Seen, rehearse
from tellonce.lab.simulation.examples import provider

PEOPLE, DAYS, CALLS_A_DAY = 300, 28, 17_900.0
CORES, FIRST, ALL = 2, 10, 100
FIRST_LIMIT_S, ALL_LIMIT_S = 6.0, 60.0
POLICY = (PeopleChange(6, 8, 12, (0, 1, 2, 3, 4)),)


def took(base: Base, *, replications: int, first: int = 0) -> tuple[float, Seen]:
    """Seconds, and what came out."""
    began = time.perf_counter()
    seen = rehearse(base, POLICY, replications=replications, first=first, target_share=0.8, workers=CORES)
    assert seen is not None
    return time.perf_counter() - began, seen


def main() -> None:
    """The first answer, then the rest of a hundred."""
    made = provider(people=PEOPLE, days=DAYS, contacts_a_day=CALLS_A_DAY)
    rehearse(Base(replace(made, intervals=1, streams=tuple(
        replace(stream, arrivals=stream.arrivals[:1]) for stream in made.streams
    )), 0), (), replications=1, target_share=0.8)  # fmt: skip  # the kernels are compiled before
    base = Base(made, 0)
    first_s, first = took(base, replications=FIRST)
    rest_s, rest = took(base, replications=ALL - FIRST, first=FIRST)
    whole = first.joined(rest)
    calls = float(whole.estimate("calls").mean)
    say(Figure("calls of one replication", calls, "calls"))
    say(Figure("first answer, 10 replications", first_s, "s", "limit", FIRST_LIMIT_S))
    say(Figure("a policy, 100 replications", first_s + rest_s, "s", "limit", ALL_LIMIT_S))
    say(Figure("calls a second on two cores", ALL * calls / (first_s + rest_s), "calls/s"))
    width = [float(each.high - each.low) for each in (first.estimate("kept"), whole.estimate("kept"))]
    say(Figure("width of the interval of quarter hours kept, 10 replications", width[0], ""))
    say(Figure("width of the interval of quarter hours kept, 100 replications", width[1], "", "of 10", width[0]))


if __name__ == "__main__":
    sys.exit(main())
