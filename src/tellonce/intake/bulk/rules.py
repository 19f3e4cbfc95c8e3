"""What must hold of a file as a whole and beside what is here already: each rule is one statement over all rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from tellonce.intake.bulk.shaping import Shape
from tellonce.intake.contracts import PROBLEM_LIMIT, Problem
from tellonce.kernel.money import Money

Words = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `sql` gives the rows that break it as (n, value, told); `letter` and `field` say which column is meant.

    `what` may hold %(told)s. With `is_money` value and told are minor units; with `tells_row` told is the place of
    another row, and `what` holds %(line)d. One that `needs_all` rows says nothing of a file with rows that do not fit.
    """

    sql: str
    letter: str
    field: str
    what: Words
    do: Words
    is_money: bool = False
    tells_row: bool = False
    needs_all: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks a rule: its place, the problem, and the place of the row that the problem's words name."""

    place: int
    problem: Problem
    other: int | None = None


def broken(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule], shape: Shape) -> list[Broken]:
    """The first rows that break a rule, in the order of the file."""
    found = [one for rule in rules for one in _of(con, rule, shape)]
    return sorted(found, key=lambda one: one.place)[: PROBLEM_LIMIT + 1]


def _of(con: duckdb.DuckDBPyConnection, rule: Rule, shape: Shape) -> Iterator[Broken]:
    first = f"SELECT n, value, told FROM ({rule.sql}) ORDER BY n LIMIT {PROBLEM_LIMIT + 1}"
    for place, value, told in con.execute(first).fetchall():
        shown, named = (_shown(each, rule, shape) for each in (value, told))
        what = rule.what() if rule.tells_row else rule.what() % {"told": named}
        problem = Problem(line=0, column=shape.shown(rule.letter, rule.field), value=shown, what=what, do=rule.do())
        yield Broken(place, problem, int(told) if rule.tells_row else None)


def _shown(value: Any, rule: Rule, shape: Shape) -> str:
    if value is None:
        return ""
    return str(Money(int(value), shape.header.currency)) if rule.is_money else str(value)
