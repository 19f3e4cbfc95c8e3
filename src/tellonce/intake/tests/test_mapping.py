"""A mapping is refused by key and line; its cells turn text into typed values or say what does not fit."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tellonce.intake.contracts import BadMappingError, ImportKind, UnreadableFileError
from tellonce.intake.mapping import find_mapping, mapping_from, shipped_mappings
from tellonce.intake.mapping.cells import Cell, Slot
from tellonce.intake.mapping.compiling import Header, compile_cell
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.intake.tests.making import CONTACTS, CUSTOMERS
from tellonce.modules.care.contracts.first_matters import first_codes

HEADER = Header(columns=("a", "b"), as_of=date(2024, 3, 31), currency="USD", country="US")


def _take(row: Sequence[str], kind: str = "text", **cell: Any) -> Any:
    return compile_cell(Cell.model_validate({"column": "a"} | cell), Slot(kind), HEADER)(row)  # type: ignore[arg-type]  # a Kind


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        (CUSTOMERS.replace("since = ", "sinse = "), 10, "there is no key “sinse”.*Did you mean “since”"),
        (CUSTOMERS.replace('price = "price"', 'price = { colum = "price" }'), 23, "there is no key “colum”"),
        (CUSTOMERS + '\n[[service]]\nplan = "b"\n', 25, "the key “kind” is missing"),
        (CUSTOMERS.replace('of = "customers"', 'of = "cats"'), 4, "it is one of: customers"),
        (CUSTOMERS + '\n[contact]\nexternal_id = "x"\n', 25, "channel"),
        (
            CUSTOMERS.replace('since = "since"', 'since = { column = "since", as = "money" }'),
            7,
            "takes a date, not a money",
        ),
        (CUSTOMERS.replace('"account"', '{ column = "x", constant = "y" }'), 13, "exactly one of"),
    ],
)
def test_a_bad_mapping_is_refused_by_key_and_line(broken: str, line: int, says: str) -> None:
    with pytest.raises(BadMappingError, match=rf"mine.toml, line {line}: .*{says}"):
        mapping_from(broken, called="mine.toml")


def test_a_mapping_of_another_kind_or_name_is_refused() -> None:
    with pytest.raises(BadMappingError, match="is of customers, not of contacts"):
        find_mapping("ibm-telco", of=ImportKind.CONTACTS)
    with pytest.raises(
        BadMappingError, match="comes with the product: anonymousbank, fcc-complaints, ibm-telco, maven-telecom"
    ):
        find_mapping("nobody")


def test_the_shipped_mappings_are_sound_and_name_real_matters() -> None:
    assert [mapping.name for mapping in shipped_mappings()] == [
        "anonymousbank",
        "fcc-complaints",
        "ibm-telco",
        "maven-telecom",
        "tmf678",
    ]
    matters = {rule.matter for rule in find_mapping("fcc-complaints").rule}
    assert matters <= set(first_codes())


@pytest.mark.parametrize(
    ("text", "kind", "cell", "value"),
    [
        ("2024-02-29", "date", {}, date(2024, 2, 29)),
        ("29.02.2024", "date", {"format": ["%Y/%m/%d", "%d.%m.%Y"]}, date(2024, 2, 29)),
        ("1", "date", {"as": "months_before"}, date(2024, 2, 29)),
        ("13", "date", {"as": "months_before"}, date(2023, 2, 28)),
        ("$1,234.50", "money", {}, 123450),
        ("1.234,5 €", "money", {"decimal": ","}, 123450),
        ("-4", "money", {"negative": "empty"}, None),
        ("1,23,456.5", "number", {}, 123456.5),
        ("-1.234.567", "money", {"decimal": ","}, -123456700),
        ("A4-83-E7-01-02-03", "mac", {}, "a4:83:e7:01:02:03"),
        ("(303) 555-0100", "phone", {}, "+13035550100"),
        ("Maria@Example.NET", "mail", {}, "maria@example.net"),
        ("Y", "yes_no", {}, True),
        ("fiber", "text", {"values": {"Fiber": "internet"}}, "internet"),
        ("cable", "text", {"values": {"Fiber": "internet"}, "keep_others": True}, "cable"),
        ("cable", "text", {"values": {"Fiber": "internet"}, "otherwise": "tv"}, "tv"),
        ("None", "text", {"empty": "None"}, None),
        ("324xx", "text", {"prefixes": {"32": "broad", "324": "narrow"}}, "narrow"),
    ],
)
def test_cells_turn_text_into_values(text: str, kind: str, cell: dict[str, Any], value: Any) -> None:
    assert _take([text, ""], kind, **cell) == value


@pytest.mark.parametrize(
    ("text", "kind", "cell", "says"),
    [
        ("31.12.2024", "date", {}, "not a date"),
        ("0024-01-01", "date", {}, "year"),
        ("19.999", "money", {}, "smallest coin"),
        ("NaN", "number", {}, "not a number"),
        ("59,90", "money", {}, "not a number"),
        ("1.234.5", "money", {"decimal": ","}, "not a number"),
        ("1,2.345,6", "number", {}, "not a number"),
        ("a4:83", "mac", {}, "not a MAC"),
        ("1e999", "whole", {}, "not a whole number"),
        ("12", "phone", {}, "not a phone number"),
        ("+1 202 555 01", "phone", {}, "not a phone number"),
        ("maria@", "mail", {}, "not a mail address"),
        ("maybe", "yes_no", {}, "not a yes or no"),
        ("dsl", "text", {"values": {"Fiber": "internet"}}, "does not know"),
        ("", "text", {"required": True}, "empty"),
    ],
)
def test_what_does_not_fit_says_column_value_and_why(text: str, kind: str, cell: dict[str, Any], says: str) -> None:
    with pytest.raises(UnfitError, match=says) as unfit:
        _take([text, ""], kind, **cell)
    assert (unfit.value.column, unfit.value.value) == ("a", text)
    assert unfit.value.do


def test_times_stand_in_the_zone_that_the_mapping_finds() -> None:
    near = {"column": "b", "prefixes": {"79": "America/Denver"}, "otherwise": ""}
    cell = {"as": "time", "format": "%d-%m-%Y %I:%M:%S %p", "zone": {"first_of": [near, {"constant": "UTC"}]}}
    at = _take(["07-04-2015 3:53:50 PM", "79901"], "time", **cell)
    assert at == datetime(2015, 4, 7, 21, 53, 50, tzinfo=UTC)


def test_a_column_that_the_file_lacks_is_refused_unless_it_is_optional() -> None:
    with pytest.raises(UnreadableFileError, match="no column “x” / “y”"):
        _take(["", ""], column=["x", "y"])
    assert _take(["", ""], column="x", optional=True) is None


def test_a_rule_finds_beginnings_of_words_only() -> None:
    mapping = mapping_from(CONTACTS, called="calls.toml")
    assert mapping.rule[0].none == ("speed dial",)
