"""The tests that are run once more on another PostgreSQL are those that say something new."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests.noted import Noting, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM b WHERE id IN (%s)", "SELECT a FROM b WHERE id IN (%s, %s, %s)"),
        ("INSERT INTO b (a, c) VALUES (%s, %s)", "INSERT INTO b (a, c) VALUES (%s, %s), (%s, %s), (%s, %s)"),
        ('SAVEPOINT "s1404_x2"', b'SAVEPOINT "s99_x13"'),
    ],
)
def test_neither_numbers_nor_how_many_make_another_statement(one: str, other: str | bytes) -> None:
    assert shape(one) == shape(other)


@pytest.mark.parametrize("other", ["SELECT a FROM b WHERE c > %s", "SELECT a FROM b WHERE c = %s ORDER BY a"])
def test_whatever_else_differs_makes_another(other: str) -> None:
    assert shape("SELECT a FROM b WHERE c = %s") != shape(other)


def test_who_only_repeats_what_others_said_is_not_noted(tmp_path: Path) -> None:
    noting = Noting(tmp_path / "noted")
    commits = pytest.mark.django_db(transaction=True).mark
    tests = (("first", {"a"}), ("repeats", {"a"}), ("silent", set()), ("adds", {"a", "b"}), ("commits", {"a"}))
    for test, said in tests:
        mark = commits if test == "commits" else None
        item: Any = SimpleNamespace(nodeid=test, keywords=(), get_closest_marker=lambda _name, mark=mark: mark)
        runs = noting.pytest_runtest_protocol(item)
        next(runs)
        noting.said |= said
        with pytest.raises(StopIteration):
            runs.send("done")
    assert (tmp_path / "noted").read_text().split() == ["first", "adds", "commits"]


@pytest.mark.django_db
def test_whatever_a_cursor_sends_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noting = Noting(tmp_path / "noted")
    noting.listen(monkeypatch)
    with connection.cursor() as cursor, cursor.copy("COPY (SELECT 1 AS copied) TO STDOUT") as rows:
        list(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 AS executed")
    assert {"COPY (SELECT 0 AS copied) TO STDOUT", "SELECT 0 AS executed"} <= noting.said
