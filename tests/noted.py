"""Which tests a second database is worth: those that say something to the first that none before them said.

`--note FILE` writes down who these are, and `--only-noted FILE` runs them alone. What another version of PostgreSQL may
take in another way is a statement, and hundreds of tests only repeat those of others. Who commits is noted always: it
may be about locks, and about what connections see of each other.
"""

import re
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from psycopg._cursor_base import BaseCursor  # what all cursors are; psycopg has no public place to listen at

_SENT_BY = ("_start_query", "_start_copy_gen")  # whatever a cursor is asked for goes through one of these
_ALIKE = (
    (re.compile(r"\d+"), "0"),
    (re.compile(r"(%[sbt])(?:, ?%[sbt])+"), r"\1"),
    (re.compile(r"(\([^()]*\))(?:, ?\1)+"), r"\1"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--note", metavar="FILE", help="writes down who says something new to the database")
    parser.addoption("--only-noted", metavar="FILE", help="runs whom --note wrote down")


def pytest_configure(config: pytest.Config) -> None:
    if name := config.getoption("note"):
        file = Path(name).absolute()
        if not hasattr(config, "workerinput"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("")
        noting = Noting(file)
        noting.listen(pytest.MonkeyPatch())
        config.pluginmanager.register(noting)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if file := config.getoption("only_noted"):
        noted = set(Path(file).read_text().splitlines())
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in noted])
        items[:] = [item for item in items if item.nodeid in noted]


class Noting:
    """Writes a test into the file if it says something that is not yet known: `said` is what it has said."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: set[str] = set()
        self.said: set[str] = set()

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """From now on whatever is sent by this process is said."""
        for name in _SENT_BY:
            patch.setattr(BaseCursor, name, self._listening(getattr(BaseCursor, name)))

    def _listening(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(cursor: Any, query: Any = None, *more: Any) -> Any:
            if query is not None:
                self.said.add(shape(query if isinstance(query, str | bytes) else query.as_string(cursor)))
            return send(cursor, query, *more)

        return sent

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.said = set()
        result = yield
        if _commits(item) or not self.said <= self._known:
            self._known |= self.said
            with self._file.open("a") as file:
                file.write(f"{item.nodeid}\n")
        return result


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return "database" in item.keywords or (mark is not None and mark.kwargs.get("transaction", False))


@cache
def shape(query: str | bytes) -> str:
    """The statement without its numbers, and what is repeated once: the same for each length of a list."""
    said = query if isinstance(query, str) else query.decode()
    for repeated, once in _ALIKE:
        said = repeated.sub(once, said)
    return said
