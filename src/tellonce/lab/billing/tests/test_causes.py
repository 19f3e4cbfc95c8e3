"""Disputes are grouped by what they share, and only where enough accounts share it."""

from datetime import date

import ibis
import pytest

from tellonce.lab.billing.causes import alike
from tellonce.lab.billing.tests.disputes import CHANGED, disputes
from tellonce.lab.billing.tests.worlds import Row

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def grouped(least: int) -> list[Row]:
    backend = ibis.duckdb.connect()
    return list(alike(backend.create_table("disputes", disputes()), least=least).to_pyarrow().to_pylist())


def test_what_disputes_share_makes_them_a_group() -> None:
    said = [(row["code"], row["currency"], row["first_on"], row["price_changed_on"]) for row in grouped(2)]
    assert said == [
        ("FEE", "USD", MAY, None),
        ("BOX", "USD", MAY, None),
        ("FEE", "CAD", MAY, None),
        ("FEE", "USD", JUNE, None),
        ("BOX", "USD", MAY, CHANGED),
    ]


def test_a_group_is_counted_and_its_first_dispute_named() -> None:
    first = grouped(2)[0]
    counted = {name: first[name] for name in ("disputes", "accounts", "open_disputes", "asked_minor", "first_dispute")}
    assert counted == {"disputes": 5, "accounts": 5, "open_disputes": 2, "asked_minor": 1500, "first_dispute": 1}


@pytest.mark.parametrize(
    ("place", "area", "areas"), [(0, None, 2), (1, None, 0), (2, None, 1), (3, 7, 1), (4, None, 0)]
)
def test_an_area_is_given_only_where_all_are_in_it(place: int, area: int | None, areas: int) -> None:
    found = grouped(2)[place]
    assert (found["area"], found["areas"]) == (area, areas)


def test_accounts_count_and_not_disputes() -> None:
    assert "ALONE" not in {row["code"] for row in grouped(2)}
    assert [row["accounts"] for row in grouped(3)] == [5, 3, 3, 3]
    assert [row["disputes"] for row in grouped(1) if row["code"] == "ALONE"] == [3]
