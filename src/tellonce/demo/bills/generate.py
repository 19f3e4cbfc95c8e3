"""Makes the bills of a provider with so many accounts and months, part by part, and the truth about them apart."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tellonce.demo.bills import tables
from tellonce.demo.bills.book import draw_book
from tellonce.demo.bills.faults.kinds import number_of
from tellonce.demo.bills.faults.planting import plant
from tellonce.demo.bills.files import Files
from tellonce.demo.bills.frame import Calendar, Chance
from tellonce.demo.bills.settling import settle
from tellonce.demo.bills.world import draw_part
from tellonce.kernel.errors import DomainError

_CELLS: Final = 240_000  # accounts by months that are made at once
_BOOK, _WORLD, _FAULTS, _MONEY = range(4)
MOST_MONTHS: Final = 120


class TruthInsideError(DomainError):
    """The truth would lie where the checks look."""

    code = "truth_inside"


class NotEmptyError(DomainError):
    """The folder holds something already."""

    code = "not_empty"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made; `oddities` and `faults` are how many more or fewer than usual."""

    accounts: int
    months: int
    seed: int
    oddities: float = 1.0
    faults: float = 1.0


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    accounts: int
    bills: int
    lines: int
    faults: int


def generate_bills(
    wanted: Wanted, out: Path, truth: Path, *, progress: Callable[[float], None] = lambda _: None
) -> Written:
    """Writes the tables to `out` and the truth to `truth`; the same seed writes the same bytes."""
    _check_folders(out, truth)
    calendar = Calendar.of(wanted.months)
    book = draw_book(_rng(wanted, _BOOK, 0), calendar)
    step = max(500, _CELLS // wanted.months)
    written = Written(0, 0, 0, 0)
    with Files(out) as files, Files(truth) as truths:
        tables.write_book(files, book, calendar)
        for number, first in enumerate(range(0, wanted.accounts, step)):
            count = min(step, wanted.accounts - first)
            part = draw_part(_chance(wanted, _WORLD, number), calendar, book, first=first, count=count)
            plant(_chance(wanted, _FAULTS, number), part, wanted.faults)
            settled = settle(_chance(wanted, _MONEY, number), part, number_of("wrong_total"))
            lines = tables.write_bills(files, part, settled)
            tables.write_record(files, part)
            tables.write_agreed(files, part)
            faults = tables.write_truth(truths, part, settled)
            bills = int(part.accounts.exists.sum())
            written = Written(
                written.accounts + count, written.bills + bills, written.lines + lines, written.faults + faults
            )
            progress(written.accounts / wanted.accounts)
    return written


def _check_folders(out: Path, truth: Path) -> None:
    inside, outer = truth.resolve(), out.resolve()
    if inside == outer or outer in inside.parents or inside in outer.parents:
        raise TruthInsideError("The truth must lie apart from the bills, neither inside nor around their folder.")
    for folder in (out, truth):
        if folder.exists() and any(folder.iterdir()):
            raise NotEmptyError(f"{folder} is not empty: name a new folder.")


def _rng(wanted: Wanted, what: int, number: int) -> np.random.Generator:
    return np.random.default_rng([wanted.seed, what, number])


def _chance(wanted: Wanted, what: int, number: int) -> Chance:
    return Chance(_rng(wanted, what, number), wanted.oddities)
