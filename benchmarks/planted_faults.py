"""How many planted faults the checks of bills find, and how many of their findings are right, by kind.

For each seed a provider's bills are made with faults at known places, and `tellonce bills check` is run on them as a
process that sees the bills and the record alone. A fault is found where a finding names its account, bill and line;
whether it also has the same word for it is said apart, and so are the kinds that the checks' guide does not name. Of
two lines that are the same to the letter nobody can say which is the one too many: either counts. A second finding on
the same line counts as a wrong one. Then the same with what is odd but right doubled.
Run: python -m benchmarks.planted_faults [--json] [--accounts 20000] [--months 14] [--seeds 71,172,273]
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from benchmarks.harness import ROOT
from benchmarks.report import Figure, say
from tellonce.demo.bills.faults.kinds import NAMED, OWN

RECALL, PRECISION = 98.0, 95.0
Place = tuple[int, int, int | None]
TWIN = ("kind", "code", "service", "device", "period_from", "period_until", "amount_minor")


@dataclass
class Score:
    """Counts by kind: what was planted, what of it was found, with the same word; what was said, and rightly."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    same_word: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    bills: int = 0
    check_s: float = 0.0

    def add(self, truth: dict[Place, str], findings: Iterable[dict[str, Any]], twins: dict[Place, Place]) -> None:
        """Counts the findings of one world."""
        self.planted.update(truth.values())
        seen: set[Place] = set()
        for finding in findings:
            place = (finding["account"], finding["bill"], finding["line"])
            place = place if place in truth else twins.get(place, place)
            kind = str(finding["kind"])
            self.said[kind] += 1
            if place not in truth or place in seen:
                continue
            seen.add(place)
            self.right[kind] += 1
            self.found[truth[place]] += 1
            self.same_word[truth[place]] += kind == truth[place]


def option(name: str, usual: str) -> str:
    """An option of the command line."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else usual


def run(*words: str) -> str:
    """A command of ours, as somebody types it."""
    command = [sys.executable, "-m", "tellonce.cli", "bills", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def truth_of(folder: Path) -> dict[Place, str]:
    """What was planted, by place."""
    rows = pq.read_table(folder / "truth.parquet").to_pylist()
    return {(row["account"], row["bill"], row["line"]): row["kind"] for row in rows}


def twins_of(folder: Path, truth: dict[Place, str]) -> dict[Place, Place]:
    """For the lines that are the same to the letter as one planted by `charged_twice`: that one."""
    places = {place for place, kind in truth.items() if kind == "charged_twice"}
    charges = pq.read_table(folder / "charges", partitioning=None)
    wanted = pa.array(sorted({bill for _, bill, _ in places}), pa.int64())
    mine = charges.filter(pc.is_in(charges["bill"], value_set=wanted)).to_pylist()
    planted = {
        (row["bill"], *(row[key] for key in TWIN)): (row["account"], row["bill"], row["line"])
        for row in mine if (row["account"], row["bill"], row["line"]) in places
    }  # fmt: skip
    found: dict[Place, Place] = {}
    for row in mine:
        twin = planted.get((row["bill"], *(row[key] for key in TWIN)))
        if twin is not None:
            found[row["account"], row["bill"], row["line"]] = twin
    return found


def one_world(score: Score, seed: str, oddities: float) -> None:
    """Makes a world and has it checked."""
    size = ("--accounts", option("--accounts", "20000"), "--months", option("--months", "14"))
    with (
        tempfile.TemporaryDirectory(prefix="tellonce-bills-") as bills,
        tempfile.TemporaryDirectory(prefix="tellonce-kept-") as kept,
    ):
        out = Path(bills)
        run("generate", *size, "--seed", seed, "--oddities", str(oddities), "--out", bills, "--truth", kept)
        truth = truth_of(Path(kept))
        began = time.perf_counter()
        said = run("check", str(out), "--json")
        score.check_s += time.perf_counter() - began
        findings = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        score.add(truth, findings, twins_of(out, truth))
        score.lines += ds.dataset(out / "charges").count_rows()
        score.bills += ds.dataset(out / "bills").count_rows()


def share(part: int, of: int) -> float:
    """Percent; of nothing it is all."""
    return 100.0 * part / of if of else 100.0


def tell(score: Score, title: str) -> None:
    """The table by kind, unless figures alone are wanted."""
    if "--json" in sys.argv:
        return
    print(f"\n{title}: {score.bills:,} bills, {score.lines:,} lines, checked in {score.check_s:.1f} s")
    print(f"{'kind':<26}{'planted':>9}{'found':>8}{'recall':>9}{'same word':>11}{'said':>8}{'precision':>11}")
    for kind in (*NAMED, *OWN, "not_of_record"):
        planted, found = score.planted[kind], score.found[kind]
        recall = f"{share(found, planted):8.1f}%" if planted else f"{'':>9}"
        word = f"{share(score.same_word[kind], found):10.1f}%" if planted and kind in NAMED else f"{'':>11}"
        said = score.said[kind]
        precision = f"{share(score.right[kind], said):10.1f}%" if said else f"{'':>11}"
        print(f"{kind:<26}{planted:>9,}{found:>8,}{recall}{word}{said:>8,}{precision}")
    for kind in sorted(set(score.said) - {*NAMED, *OWN, "not_of_record"}):
        print(f"{kind:<26}{'':>37}{score.said[kind]:>8,}{share(score.right[kind], score.said[kind]):10.1f}%")


def figures(score: Score, title: str) -> None:
    """The figures of all worlds of a kind together."""
    for name, kinds in (("named kinds", NAMED), ("kinds the guide does not name", OWN)):
        planted, found = (sum(counts[kind] for kind in kinds) for counts in (score.planted, score.found))
        worst = min(kinds, key=lambda kind: share(score.found[kind], score.planted[kind]))
        least = share(score.found[worst], score.planted[worst])
        say(Figure(f"planted faults: {title}: recall of {name}", share(found, planted), "%", "limit", RECALL))
        say(Figure(f"planted faults: {title}: least recall of {name}, {worst}", least, "%", "limit", RECALL))
    said, right = score.said.total(), score.right.total()
    say(Figure(f"planted faults: {title}: precision of all findings", share(right, said), "%", "limit", PRECISION))
    said_kinds = [kind for kind in score.said if score.said[kind]]
    if said_kinds:
        worst = min(said_kinds, key=lambda kind: share(score.right[kind], score.said[kind]))
        least = share(score.right[worst], score.said[worst])
        say(Figure(f"planted faults: {title}: least precision, {worst}", least, "%", "limit", PRECISION))
    named_found = sum(score.found[kind] for kind in NAMED)
    agreed = share(sum(score.same_word[kind] for kind in NAMED), named_found)
    say(Figure(f"planted faults: {title}: found ones of named kinds that have the same word", agreed, "%"))


def main() -> None:
    """Measures and says."""
    for title, oddities in (("usual oddities", 1.0), ("oddities doubled", 2.0)):
        score = Score()
        for seed in option("--seeds", "71,172,273").split(","):
            one_world(score, seed, oddities)
        tell(score, title)
        figures(score, title)


if __name__ == "__main__":
    main()
