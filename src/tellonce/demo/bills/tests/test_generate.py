"""The made-up bills: honest ones obey every rule, and what is wrong stands in the truth, there and nowhere else."""

from collections import Counter, defaultdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tellonce.demo.bills.faults.kinds import NAMED, OWN, TRUTHS
from tellonce.demo.bills.generate import NotEmptyError, TruthInsideError, Wanted, generate_bills
from tellonce.demo.bills.tests.oracle import Oracle
from tellonce.demo.bills.tests.reading import rows_of


@cache
def made(accounts: int = 1600, seed: int = 3, oddities: float = 1.0, faults: float = 1.0, months: int = 14) -> Path:
    """A folder with bills in `out` and the truth in `truth`."""
    folder = Path(mkdtemp(prefix="tellonce-bills-"))
    wanted = Wanted(accounts, months, seed, oddities, faults)
    generate_bills(wanted, folder / "out", folder / "truth")
    return folder


def truth_of(folder: Path) -> set[tuple[int, int, int | None]]:
    return {(row["account"], row["bill"], row["line"]) for row in rows_of(folder / "truth", "truth")}


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.parquet")}


@pytest.mark.parametrize("oddities", [1.0, 2.0])
def test_honest_bills_obey_every_rule(oddities: float) -> None:
    folder = made(accounts=700, oddities=oddities, faults=0.0)
    assert Oracle(folder / "out").wrong == set()
    assert rows_of(folder / "truth", "truth") == []


@pytest.mark.parametrize(("accounts", "seed", "oddities"), [(1600, 3, 1.0), (800, 8, 2.0)])
def test_what_breaks_a_rule_is_what_the_truth_says(accounts: int, seed: int, oddities: float) -> None:
    folder = made(accounts=accounts, seed=seed, oddities=oddities)
    assert Oracle(folder / "out").wrong == truth_of(folder)


def test_every_kind_is_there_and_each_line_has_one_fault() -> None:
    truth = rows_of(made() / "truth", "truth")
    assert set(TRUTHS) == {row["kind"] for row in truth}
    assert len(NAMED) == 21
    assert len(OWN) >= 5
    places = Counter((row["account"], row["bill"], row["line"]) for row in truth)
    assert set(places.values()) == {1}
    assert all(row["amount_minor"] != 0 for row in truth)


def test_few_bills_are_wrong() -> None:
    folder = made()
    bills = len(rows_of(folder / "out", "bills"))
    wrong = len({bill for _, bill, _ in truth_of(folder)})
    assert 0.01 < wrong / bills < 0.03


def test_the_same_seed_makes_the_same_bytes_and_another_seed_another_provider() -> None:
    small = {"accounts": 600, "months": 6}
    first = digests(made(seed=5, **small))
    assert digests(made.__wrapped__(seed=5, **small)) == first
    other = digests(made(seed=6, **small))
    assert other.keys() == first.keys()
    assert all(other[name] != first[name] for name in first)


def test_more_parts_than_one_keep_ids_apart() -> None:
    folder = made(accounts=1100, months=120, faults=0.5)
    bills = rows_of(folder / "out", "bills")
    assert len({row["bill"] for row in bills}) == len(bills)
    owners = defaultdict(set)
    for row in rows_of(folder / "out", "services"):
        owners[row["service"]].add(row["account"])
    assert {len(found) for found in owners.values()} == {1}
    devices = rows_of(folder / "out", "devices")
    assert len({row["device"] for row in devices}) == len(devices)


def test_what_is_carried_over_is_what_was_not_paid() -> None:
    folder = made(accounts=700, oddities=1.0, faults=0.0)
    paid = defaultdict(list)
    for row in rows_of(folder / "out", "payments"):
        paid[row["account"]].append((row["on"], row["amount_minor"]))
    asked: dict[int, int] = defaultdict(int)
    for bill in sorted(rows_of(folder / "out", "bills"), key=lambda row: row["issued_on"]):
        account = bill["account"]
        came = sum(amount for on, amount in paid[account] if on < bill["issued_on"])
        assert bill["carried_minor"] == asked[account] - came
        asked[account] += bill["total_minor"]


def test_the_truth_lies_apart_and_nothing_is_written_over(tmp_path: Path) -> None:
    wanted = Wanted(100, 3, 1)
    with pytest.raises(TruthInsideError):
        generate_bills(wanted, tmp_path / "out", tmp_path / "out" / "truth")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("mine")
    with pytest.raises(NotEmptyError):
        generate_bills(wanted, tmp_path / "full", tmp_path / "truth")
