"""Billing files as they should not be: a clear report, nothing lost, nothing twice."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from django.conf import settings

from tellonce.intake.contracts import RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import NOW, a_file, brought_in
from tellonce.intake.tests.test_bills import B1, B2, HEADER, MAPPING, ROWS, accounts, bills_file, problems
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.models import Bill, Charge, Payment

pytestmark = pytest.mark.django_db
PAYMENTS = """
name = "payments"
title = "Payments"
of = "payments"
source = "bank"
currency = "USD"

[payment]
number = "no"
account_number = "acct"
on = "day"
amount = "sum"
"""


def _known() -> tuple[Sequence[object], Sequence[object]]:
    bills = Bill.objects.order_by("number").values_list("number", "total_minor", "state")
    return list(bills), list(Charge.objects.order_by("bill_id", "line").values_list("code", "amount_minor"))


def test_the_same_file_under_another_name_changes_nothing_and_both_stand_in_the_list(tmp_path: Path) -> None:
    accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    before = _known()
    again = brought_in(bills_file(tmp_path, name="once-more.csv"), MAPPING)
    assert (again.added, again.changed, again.unchanged, _known()) == (0, 0, 3, before)
    assert ImportRun.objects.count() == 2


def test_rows_in_any_order_are_the_same_bills(tmp_path: Path) -> None:
    accounts("70001", "70002")
    mixed = brought_in(bills_file(tmp_path, ROWS[1], ROWS[2], ROWS[0]), MAPPING)
    assert (mixed.state, mixed.added, Bill.objects.count()) == (RunState.DONE, 3, 2), mixed.report
    assert brought_in(bills_file(tmp_path), MAPPING).unchanged == 3


def test_an_older_file_that_comes_later_is_taken_and_said(tmp_path: Path) -> None:
    accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    old = [row.replace("2026-02", "2026-01").replace("B1", "A1").replace("B2", "A2") for row in ROWS]
    late = brought_in(bills_file(tmp_path, *old), MAPPING)
    assert (late.state, late.added) == (RunState.DONE, 3), late.report
    assert late.report["notes"] == [
        "2 accounts have later bills here than the newest of the file: they come out of order."
    ]


@pytest.mark.parametrize("cut", [5, 60, len(ROWS[2]) + 20])
def test_a_cut_file_is_refused_wherever_the_cut_goes_through_a_bill(tmp_path: Path, cut: int) -> None:
    accounts("70001", "70002")
    path = bills_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut])
    run = brought_in(path, MAPPING)
    assert run.state == RunState.REFUSED
    assert run.report["problems"]
    assert not Bill.objects.exists()
    assert brought_in(bills_file(tmp_path), MAPPING).added == 3


def test_after_a_cut_between_two_bills_the_whole_file_brings_the_rest_and_nothing_twice(tmp_path: Path) -> None:
    accounts("70001", "70002")
    assert brought_in(bills_file(tmp_path, *ROWS[:2]), MAPPING).added == 2
    whole = brought_in(bills_file(tmp_path), MAPPING)
    assert (whole.added, whole.unchanged, Charge.objects.count()) == (1, 2, 3)


def test_a_number_of_lines_that_is_told_shows_a_cut_file_too(tmp_path: Path) -> None:
    accounts("70001")
    mapping = MAPPING.replace('total = "total"', 'lines = "total"')
    rows = [row.replace("74.20", "2") for row in ROWS[:2]]
    told = [(2, "total", "The file holds 1 lines of this bill, it says another number.")]
    assert problems(bills_file(tmp_path, rows[0]), mapping) == told
    assert brought_in(bills_file(tmp_path, *rows), mapping).added == 2
    assert Bill.objects.get().total_minor == 7420


def test_every_problem_is_told_with_its_line_and_no_more_than_fifty_of_them(tmp_path: Path) -> None:
    accounts("70001", "70002")
    bad = [B2 + f"F,LATE,Fee {number},,,,-1.00,0" for number in range(80)]
    run = brought_in(bills_file(tmp_path, *ROWS[:2], *bad), MAPPING)
    lines = [each["line"] for each in run.report["problems"]]
    assert len(lines) == 50
    assert lines == sorted(lines)
    assert run.report["more_problems"]


def test_lines_are_told_as_an_editor_counts_them_past_line_breaks_in_quotes(tmp_path: Path) -> None:
    accounts("70001", "70002")
    two_lines = ROWS[0].replace("Fibre 500,Fibre 500", '"Fibre\n500",Fibre 500')
    at = [(line, what) for line, _c, what in problems(bills_file(tmp_path, two_lines, B1 + "F,LATE,Fee,,,,-5,0"))]
    assert (4, "A charge of this kind is below zero.") in at


def test_odd_characters_come_through_whole(tmp_path: Path) -> None:
    accounts("70001")
    words = 'back\\slash\ttab "quote" \\N Straße\n日本'
    quoted = '"' + words.replace('"', '""') + '"'
    row = B1.replace("74.20", "84.80") + f"RC,INT,{quoted},Fibre,,,80.00,4.80"
    run = brought_in(bills_file(tmp_path, row), MAPPING)
    assert run.state == RunState.DONE, run.report
    assert Charge.objects.get().words == words


def test_a_payment_is_kept_once_and_does_not_change(tmp_path: Path) -> None:
    accounts("70001", "70002")
    header = "no,acct,day,sum"
    path = a_file(tmp_path, "P1,70001,2026-02-03,74.20", "P2,70002,2026-02-03,-5", header=header)
    assert brought_in(path, PAYMENTS).added == 2
    assert brought_in(path, PAYMENTS).unchanged == 2
    assert Payment.objects.get(number="P2").amount_minor == -500
    other = a_file(tmp_path, "P1,70001,2026-02-03,75.20", "P1,70001,2026-02-03,75.20", header=header)
    assert [each["what"] for each in brought_in(other, PAYMENTS).report["problems"]] == [
        "This payment stands on line 2 already."
    ]
    changed = brought_in(a_file(tmp_path, "P1,70001,2026-02-03,1", header=header), PAYMENTS)
    assert changed.report["problems"][0]["what"] == "This payment came before and said something else."


def test_what_stops_half_way_leaves_nothing_and_the_store_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts("70001", "70002")

    def broken(*_blocks: object) -> None:
        raise duckdb.OutOfMemoryException("no more memory")

    monkeypatch.setattr(billing, "copy_charges", broken)
    with pytest.raises(duckdb.OutOfMemoryException):
        brought_in(bills_file(tmp_path), MAPPING)
    assert ImportRun.objects.get().state == RunState.STOPPED
    assert not Bill.objects.exists()
    assert not list((settings.SETUP.home / "work").glob("import-*"))
    monkeypatch.undo()
    assert brought_in(bills_file(tmp_path), MAPPING).added == 3


def test_a_withdrawn_bill_changes_its_state_alone(tmp_path: Path) -> None:
    accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    told = MAPPING.replace(
        "[charge]", 'state = { column = "st", values = { W = "withdrawn" }, otherwise = "issued" }\n[charge]'
    )
    rows = [f"{row},{state}" for row, state in zip(ROWS, ("W", "W", "I"), strict=True)]
    run = brought_in(bills_file(tmp_path, *rows, header=f"{HEADER},st"), told)
    assert (run.changed, run.unchanged) == (2, 1), run.report
    assert list(Bill.objects.order_by("number").values_list("state", flat=True)) == ["withdrawn", "issued"]


def test_a_bill_is_dated_at_most_62_days_after_the_import_and_all_wait_for_one_that_is_not(tmp_path: Path) -> None:
    accounts("70001", "70002")
    late = ROWS[2].replace("70002,2026-02-01", "70002,2026-05-04")
    told = [(4, "day", "This bill is dated more than 62 days after today.")]
    assert problems(bills_file(tmp_path, *ROWS[:2], late)) == told
    run = brought_in(bills_file(tmp_path, *ROWS[:2], late.replace("2026-05-04", "2026-05-03")), MAPPING)
    assert (run.state, run.added) == (RunState.DONE, 3), run.report


def test_a_bill_with_a_date_far_ahead_may_be_taken_back(tmp_path: Path) -> None:
    accounts("70002")
    far = ROWS[2].replace("70002,2026-02-01", "70002,2026-12-01")
    brought_in(bills_file(tmp_path, far), MAPPING, at=NOW + timedelta(days=250))
    states = MAPPING.replace("[bill]", '[bill]\nstate = { column = "state", values = { gone = "withdrawn" } }')
    gone = bills_file(tmp_path, f"{far},gone", header=f"{HEADER},state")
    assert brought_in(gone, states).state == RunState.DONE
    assert Bill.objects.get().state == "withdrawn"
