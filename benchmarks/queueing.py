"""How right and how fast the closed forms of queues are: beside 30-digit references, pyworkforce, and a plain loop.

The peer is installed in an environment of its own under tmp/pyworkforce.
Run: python -m benchmarks.queueing [--json]
"""

import json
import math
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ROOT
from benchmarks.report import Figure, say
from tellonce.lab.queueing import people_needed, queue_measures
from tellonce.lab.queueing.tests.references import LIMIT, MEASURES, Comparison, comparisons

PEER_PIN = "pyworkforce==0.5.1"
PEER_HOME = ROOT / "tmp" / "pyworkforce"
SCRIPT = Path(__file__).parent / "peers" / "pyworkforce_staff.py"
AHT_S, WITHIN_S, TARGET, PATIENCE_S = 240.0, 20.0, 0.8, 120.0
CALLS = np.linspace(15.0, 4_500.0, 2_000)  # 1 to 300 erlangs
ROUNDS = 3


def accuracy() -> None:
    """The largest error of each measure, and the largest share of its limit."""
    references = comparisons()
    say(Figure("reference queues, 0.01 to 100,000 erlangs", len(references.rows), "queues"))
    for measure in MEASURES:
        found = references.of(measure)
        plain = [each for each in found if each.limit == LIMIT]
        say(Figure(f"largest relative error: {measure}", max(c.error for c in plain), "", "limit", LIMIT))
        hard = [each for each in found if each.limit > LIMIT]
        if hard:
            worst = max(hard, key=Comparison.share_of_limit)
            name = f"error nearest to its limit of 16 conditions: {measure} ({len(hard)} values)"
            say(Figure(name, worst.error, "", "limit", worst.limit))


def peer_python() -> Path:
    """The interpreter of the peer's environment, made at first use."""
    python = PEER_HOME / "bin" / "python"
    if not python.exists():
        venv.create(PEER_HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER_PIN], check=True)
    return python


def ask_peer(calls: list[float]) -> dict[str, Any]:
    """What pyworkforce says, and how long it took without starting up."""
    asked = {"calls": calls, "aht_s": AHT_S, "within_s": WITHIN_S, "target": TARGET}
    command = [peer_python(), SCRIPT]
    ran = subprocess.run(command, input=json.dumps(asked), check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the best of some rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def people_c(patience_s: float = math.inf) -> Any:
    """Our answer for all numbers of calls."""
    return people_needed(
        calls_per_hour=CALLS, aht_s=AHT_S, patience_s=patience_s, answer_within_s=WITHIN_S, service_level=TARGET
    )


def plain_people(calls: float) -> int:
    """Erlang C as it is usually written: a recursion for each number of people, one after the other."""
    load = calls * AHT_S / 3600
    people = math.floor(load) + 1
    while True:
        inverse = 1.0
        for k in range(1, people + 1):
            inverse = 1.0 + inverse * k / load
        waits = people / (people - load * (1 - 1 / inverse)) / inverse
        if 1.0 - waits * math.exp(-(people - load) * WITHIN_S / AHT_S) >= TARGET:
            return people
        people += 1


def comparison() -> None:
    """People for the same target, and the time for them."""
    ours = people_c()
    peers = [ask_peer(CALLS.tolist()) for _ in range(ROUNDS)]
    more = np.array(peers[0]["people"]) - ours.people
    peer = "pyworkforce 0.5.1"
    say(Figure("Erlang C: queues with more people than the least", 0, "queues", peer, int((more > 0).sum())))
    say(Figure("Erlang C: queues with fewer people than needed", 0, "queues", peer, int((more < 0).sum())))
    fewer = queue_measures(
        calls_per_hour=CALLS, aht_s=AHT_S, people=np.maximum(ours.people - 1, 1), answer_within_s=WITHIN_S
    )
    missed = (fewer.service_level >= TARGET) & (ours.people > 1)
    say(Figure("Erlang C: our answers that one person less would meet", int(missed.sum()), "queues"))
    level = queue_measures(calls_per_hour=CALLS, aht_s=AHT_S, people=peers[0]["people"], answer_within_s=WITHIN_S)
    apart = np.abs(np.array(peers[0]["levels"]) / level.service_level - 1).max()
    say(Figure("Erlang C: largest difference of service levels, same people", float(apart), "", peer))
    speed(quickest(people_c), min(each["seconds"] for each in peers), peer)


def speed(ours_s: float, peer_s: float, peer: str) -> None:
    """Queues a second, each way."""
    count = len(CALLS)
    plain_s = quickest(lambda: [plain_people(float(calls)) for calls in CALLS])
    say(Figure("people by Erlang C", count / ours_s, "queues/s", peer, count / peer_s))
    say(Figure("people by Erlang C", count / ours_s, "queues/s", "a plain loop", count / plain_s))
    say(Figure("people by Erlang A", count / quickest(lambda: people_c(PATIENCE_S)), "queues/s"))
    a = quickest(lambda: queue_measures(calls_per_hour=CALLS, aht_s=AHT_S, people=320, patience_s=PATIENCE_S))
    say(Figure("all measures by Erlang A", count / a, "queues/s"))


def hundred_erlangs() -> None:
    """100 erlangs, patience 120 s, 80% in 20 s: pyworkforce's Erlang A looks from the load upwards only."""
    found = people_needed(calls_per_hour=1_500, aht_s=240, patience_s=120, answer_within_s=20, service_level=0.8)
    peer = "pyworkforce's Erlang A (unreleased), as stated"
    say(Figure("people at 100 erlangs by Erlang A", float(found.people), "people", peer, 100))


def main() -> None:
    """Says accuracy, the comparison, the speed."""
    accuracy()
    hundred_erlangs()
    comparison()


if __name__ == "__main__":
    sys.exit(main())
