"""Lab takes time, chance and data as arguments: nothing in it asks the clock, the disk, or a random stream of all."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.trees import SOURCE, product_files, shown, tree

REACHES_OUT = {"time", "random", "secrets", "os", "socket", "subprocess", "urllib", "tempfile", "shutil", "logging"}
ASKS = {"now", "today", "utcnow", "open", "print", "input", "getenv"}
COMPILER = "compiled.py"  # keeps compiled code on disk, by a digest of its sources
ALLOWED = {
    ("src/tellonce/lab/rostering/tours.py", "time"),  # what its clock is when none is passed in
    ("src/tellonce/lab/simulation/running.py", "os"),  # how many cores there are when nobody says how many to use
}


def lab_files() -> list[Path]:
    lab = SOURCE / "lab"
    return [path for path in product_files() if path.is_relative_to(lab) and path.name != COMPILER]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def called(path: Path) -> Iterator[str]:
    """What is called, as written."""
    return (ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def is_shared_chance(name: str) -> bool:
    """A function of numpy's one stream for everybody: `np.random.normal`, and not `np.random.default_rng`."""
    stream, _, what = name.rpartition(".")
    return stream in {"np.random", "numpy.random"} and what[0].islower() and what != "default_rng"


def test_lab_imports_nothing_that_reaches_outside() -> None:
    found = {(shown(path), name) for path in lab_files() for name in imported(path) if name in REACHES_OUT}
    assert found == ALLOWED


def test_lab_asks_neither_clock_nor_disk() -> None:
    assert [(shown(path), name) for path in lab_files() for name in called(path) if name.split(".")[-1] in ASKS] == []


def test_lab_draws_only_from_streams_that_were_passed_in() -> None:
    assert [(shown(path), name) for path in lab_files() for name in called(path) if is_shared_chance(name)] == []
