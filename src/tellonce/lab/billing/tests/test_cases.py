"""Each kind of fault is found where it is, with its money; what only looks like one, and what nobody knows, is not."""

from datetime import date
from typing import Any

import ibis
import pytest

from tellonce.lab.billing.tests.cases import CASES, Said, world
from tellonce.lab.billing.tests.worlds import Row, found_in, tables


def by_home(found: list[Row]) -> dict[int, list[Said]]:
    """The findings of each home, as the cases say them."""
    said: dict[int, list[Said]] = {}
    for each in found:
        month = each["bill"] - 100 * each["account"]
        said.setdefault(each["account"], []).append((month, each["line"], each["kind"], each["amount_minor"]))
    return said


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    return tables(world(), ibis.duckdb.connect())


@pytest.fixture(scope="module")
def found(given: dict[str, Any]) -> dict[int, list[Said]]:
    return by_home(found_in(given))


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=[each.name for each in CASES])
def test_what_is_found_in_a_home(number: int, found: dict[int, list[Said]]) -> None:
    assert found.get(number, []) == sorted(CASES[number - 1].found, key=lambda said: (said[0], said[1] or -1))


@pytest.mark.parametrize("first", [3, 4, 6])
def test_of_a_run_that_begins_later_the_bills_from_then_on_are_found_alike(given: dict[str, Any], first: int) -> None:
    later = [each for each in found_in(given) if each["bill"] - 100 * each["account"] >= first]
    assert later != []
    assert found_in(given, since=date(2025, first, 1)) == later
