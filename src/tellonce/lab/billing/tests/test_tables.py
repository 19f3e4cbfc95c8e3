"""Tables that cannot be checked are refused in one line; what may be missing and is, is unknown: no finding."""

from typing import Any

import ibis
import pytest

from tellonce.lab.billing import NEEDED, TablesError, record_of
from tellonce.lab.billing.tests.cases import world
from tellonce.lab.billing.tests.worlds import found_in, tables

FACTS = (
    "promotions",
    "pauses",
    "device_events",
    "traffic",
    "prices",
    "orders",
    "waivers",
    "credits",
    "taxes",
    "upheld",
)


@pytest.fixture(scope="module")
def connection() -> Any:
    return ibis.duckdb.connect()


def test_a_missing_table_and_a_missing_column_are_named(connection: Any) -> None:
    given = tables(world(), connection, without=("devices",))
    given["charges"] = given["charges"].drop("tax_minor")
    with pytest.raises(TablesError) as refused:
        record_of(given)
    assert "the table devices is missing" in str(refused.value)
    assert "charges: the column tax_minor (int64) is missing" in str(refused.value)
    assert "bill-files.md" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_column_of_another_type_is_named(connection: Any) -> None:
    given = tables(world(), connection)
    given["bills"] = given["bills"].mutate(issued_on=given["bills"].issued_on.cast("string"))
    with pytest.raises(TablesError, match="bills: the column issued_on is string, it should be date"):
        record_of(given)


def test_a_column_of_nulls_alone_will_do_where_it_may_be_empty(connection: Any) -> None:
    given = tables(world(), connection)
    given["accounts"] = given["accounts"].mutate(closed_on=ibis.null())
    assert record_of(given).accounts.closed_on.type().is_integer()


def test_without_what_may_be_missing_nothing_is_found_that_needs_it() -> None:
    given = tables(world(), ibis.duckdb.connect(), without=(*FACTS, "payments"))
    found = {each["kind"] for each in found_in(given)}
    needs_facts = {
        "returned_device", "never_activated", "broken_device", "no_traffic", "in_a_pause", "promotion_missing",
        "credit_missing", "waived", "not_ordered", "usage_over", "wrong_tax", "came_back",
    }  # fmt: skip
    assert found & needs_facts == set()
    assert {"charged_twice", "billed_again", "wrong_total"} <= found


def test_of_lines_without_known_days_or_money_nothing_is_found() -> None:
    rows = world()
    for charge in rows["charges"]:
        charge["amount_minor"] = None
    found = found_in(tables(rows, ibis.duckdb.connect()))
    assert {each["kind"] for each in found if each["line"] is not None} == set()


def test_all_that_is_needed_is_named() -> None:
    assert set(NEEDED) == {"bills", "charges", "accounts", "services", "devices"}
