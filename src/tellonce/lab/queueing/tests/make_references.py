"""Makes references.csv: values of the closed forms to 30 digits, and the condition number of each, by mpmath.

Run: python src/tellonce/lab/queueing/tests/make_references.py (many minutes, fewer with gmpy2). The way is another one
than the product's: states summed one by one with 60 digits or more, the wait by the number of stages that fit into the
time. The condition number is the sum over the real arguments of |d ln value / d ln argument|, from arguments moved by
1e-20.
"""

import csv
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import mpmath as mp

FILE = Path(__file__).with_name("references.csv")
MEASURES = (
    "p_wait", "service_level", "asa_s", "answered_wait_s", "abandonment", "blocked", "occupancy", "mean_queue",
)  # fmt: skip
ARGUMENTS = ("calls_per_hour", "aht_s", "people", "patience_s", "lines", "answer_within_s")
SHIFT = mp.mpf(10) ** -20
DIGITS = (60, 160, 640)
LARGE = 1_000

Case = dict[str, float]


def states(rate: mp.mpf, service: mp.mpf, people: int, leaving: mp.mpf, places: float) -> tuple[mp.mpf, list[mp.mpf]]:
    """Relative to all busy and nobody waiting: somebody free, and each number waiting."""
    free, inverse, negligible = mp.mpf(0), mp.mpf(1), mp.mpf(10) ** (10 - mp.mp.dps)
    for k in range(1, people + 1):
        free = inverse * k * service / rate
        inverse = 1 + free
    above, j = [mp.mpf(1)], 0
    while j < places:
        j += 1
        step = rate / (people * service + j * leaving)
        above.append(above[-1] * step)
        if math.isinf(places) and step < 1 and above[-1] < negligible * (1 - step):
            break
    return free, above


def stages_left(count: int, base: mp.mpf, leaving: mp.mpf, within: mp.mpf) -> list[mp.mpf]:
    """P(at least j + 1 stages in the time), j = 0..count - 1: a pure birth process of rates base + i * leaving."""
    spread = (1 - mp.exp(-leaving * within)) / leaving if leaving else within
    term, fewer, tails = mp.exp(-base * within), mp.mpf(0), []
    for i in range(count):
        fewer += term
        tails.append(1 - fewer)
        term = term * spread * (base + leaving * i) / (i + 1)
    return tails


def values(case: Case, moved: dict[str, mp.mpf]) -> dict[str, mp.mpf]:
    """All measures; `moved` multiplies arguments."""
    exact = {name: mp.mpf(case[name]) * moved.get(name, 1) for name in ARGUMENTS}
    rate, service, people = exact["calls_per_hour"] / 3600, 1 / exact["aht_s"], int(case["people"])
    leaving = mp.mpf(0) if math.isinf(case["patience_s"]) else 1 / exact["patience_s"]
    free, above = states(rate, service, people, leaving, case["lines"] - people)
    last = above.pop() if math.isfinite(case["lines"]) else mp.mpf(0)
    if math.isinf(case["patience_s"]) and math.isinf(case["lines"]):
        return erlang_c(free, rate, service, people, exact["answer_within_s"])
    entered, everyone = free + mp.fsum(above), free + mp.fsum(above) + last
    queue = mp.fsum(j * weight for j, weight in enumerate(above)) + len(above) * last * (last > 0)
    busy = people * service
    weighed = [weight * busy / (busy + (j + 1) * leaving) for j, weight in enumerate(above)]
    mean, waited = mp.mpf(0), mp.mpf(0)
    for j, weight in enumerate(weighed):
        mean += 1 / (busy + (j + 1) * leaving)
        waited += weight * mean
    early = stages_left(len(above), busy + leaving, leaving, exact["answer_within_s"])
    answered = free + mp.fsum(weighed)
    return {
        "p_wait": mp.fsum(above) / entered,
        "service_level": (free + mp.fsum(w * t for w, t in zip(weighed, early, strict=True))) / entered,
        "asa_s": queue / (rate * entered),
        "answered_wait_s": waited / answered,
        "abandonment": leaving * queue / (rate * entered),
        "blocked": last / everyone,
        "occupancy": answered / everyone * rate / busy,
        "mean_queue": queue / everyone,
    }


def exact_values(case: Case) -> dict[str, mp.mpf]:
    """With as many digits as a small service level needs: it is a difference where hardly anybody is answered."""
    for digits in DIGITS:
        mp.mp.dps = digits
        at = values(case, {})
        if at["service_level"] > mp.mpf(10) ** (-digits // 2):
            break
    return at


def erlang_c(free: mp.mpf, rate: mp.mpf, service: mp.mpf, people: int, within: mp.mpf) -> dict[str, mp.mpf]:
    """The formula, for lines and patience without end."""
    load = rate / service
    waits = people / (people - load)
    p_wait = waits / (free + waits)
    asa = p_wait / (people * service - rate)
    return {
        "p_wait": p_wait,
        "service_level": 1 - p_wait * mp.exp(-(people * service - rate) * within),
        "asa_s": asa, "answered_wait_s": asa, "abandonment": mp.mpf(0), "blocked": mp.mpf(0),
        "occupancy": load / people, "mean_queue": asa * rate,
    }  # fmt: skip


def conditions(case: Case, at: dict[str, mp.mpf]) -> dict[str, mp.mpf]:
    """Of each measure: by how many times the relative error of the arguments it is off."""
    total = dict.fromkeys(MEASURES, mp.mpf(0))
    for name in ("calls_per_hour", "aht_s", "patience_s", "answer_within_s"):
        if math.isinf(case[name]) or not case[name]:
            continue
        there = values(case, {name: 1 + SHIFT})
        for measure in MEASURES:
            if at[measure]:
                total[measure] += abs(there[measure] / at[measure] - 1) / SHIFT
    return total


def cases() -> Iterator[Case]:
    """From 0.01 to 100,000 erlangs, from far too few people to far too many; C, A, and both with bounded lines."""
    for load in (0.01, 0.7, 10.0, 100.0, 733.3, 10_000.0, 100_000.0):
        root = math.sqrt(load)
        offsets: tuple[float, ...] = (-0.5 * load, -2 * root, -0.3 * root, 0.01 * root, root, 4 * root, load)
        if load > LARGE:
            offsets = (-2 * root, 0.01 * root, 2 * root)
        counts = sorted({max(1, round(load + offset)) for offset in offsets})
        for people in counts:
            yield from around(load, people, aht_s=180.0)


def around(load: float, people: int, *, aht_s: float) -> Iterator[Case]:
    """The models at one load and one number of people."""
    base = {"calls_per_hour": load * 3600 / aht_s, "aht_s": aht_s, "people": people, "answer_within_s": 20.0}
    is_large = load > LARGE
    if people > base["calls_per_hour"] * aht_s / 3600:
        yield base | {"patience_s": math.inf, "lines": math.inf}
    for patience_s in (120.0,) if is_large else (0.5, 120.0, 20_000.0):
        yield base | {"patience_s": patience_s, "lines": math.inf}
    for waiting in (50,) if is_large else (0, 3, 150):
        yield base | {"patience_s": math.inf, "lines": people + waiting}
        yield base | {"patience_s": 120.0, "lines": people + waiting}
    if not is_large:
        yield base | {"patience_s": 120.0, "lines": math.inf, "answer_within_s": 0.0}
        yield base | {"patience_s": 60.0, "lines": math.inf, "answer_within_s": 300.0}
        yield base | {"patience_s": 60.0, "lines": people + 20, "answer_within_s": 1_000.0}


def main() -> None:
    """Writes the file, a row for each queue."""
    least = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*ARGUMENTS, *MEASURES, *(f"condition_{measure}" for measure in MEASURES)])
        for case in cases():
            if case["calls_per_hour"] * case["aht_s"] / 3600 < least:
                continue
            at = exact_values(case)
            by = conditions(case, at)
            row = [repr(case[name]) for name in ARGUMENTS]
            row += [mp.nstr(at[measure], 30, min_fixed=0, max_fixed=0) for measure in MEASURES]
            writer.writerow([*row, *(mp.nstr(by[measure], 3) for measure in MEASURES)])


if __name__ == "__main__":
    main()
