"""The switchboard's engine asks nothing of the world: what happens is told to it, with the time."""

from tests.architecture.test_lab_is_pure import ASKS, REACHES_OUT, called, imported, is_shared_chance
from tests.architecture.trees import SOURCE, product_files, shown

SWITCHBOARD = SOURCE / "switchboard"
WITH_THE_WORLD = {"server.py", "stepping.py", "keeping.py", "remembering.py", "wiring.py", "drivers", "voices"}
READS_CALENDARS = "wording"  # says times that it is given in the words of a time zone, and has no clock
PARTS = ("engine.py", "board.py", "telling.py", "dialling.py", "deciding", "folding")
ENGINE = [
    path
    for path in product_files()
    if path.is_relative_to(SWITCHBOARD) and path.relative_to(SWITCHBOARD).parts[0] not in WITH_THE_WORLD
]


def test_the_parts_of_the_engine_are_looked_at() -> None:
    assert {path.relative_to(SWITCHBOARD).parts[0] for path in ENGINE} >= set(PARTS)


def test_the_engine_imports_nothing_that_reaches_outside() -> None:
    reaching = REACHES_OUT | {"asyncio", "threading", "datetime"}
    found = [(path.relative_to(SWITCHBOARD).parts[0], name) for path in ENGINE for name in imported(path)]
    assert {(part, name) for part, name in found if name in reaching} == {(READS_CALENDARS, "datetime")}


def test_the_engine_asks_neither_clock_nor_disk_nor_chance() -> None:
    found = [
        (shown(path), name)
        for path in ENGINE
        for name in called(path)
        if name.split(".")[-1] in ASKS or is_shared_chance(name)
    ]
    assert found == []
