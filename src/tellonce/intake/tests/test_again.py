"""The export of every night: rows that say what they said are left alone, and nothing that is other is missed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellonce.intake import actions
from tellonce.intake.contracts import RunState
from tellonce.intake.mapping.customers import CustomerShape
from tellonce.intake.tests.making import ADA, CUSTOMERS, HEADER, NOW, a_file, brought_in
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Customer, Moment

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
ROWS = tuple(f"{n},Name {n},2020-01-31,A-{n},{n} Elm St,Ely,Net,59.00" for n in range(1, 21))
UNUSED = HEADER + ",balance"


def _counts(path: Path, mapping: str = CUSTOMERS) -> tuple[int, int, int]:
    run = brought_in(path, mapping, at=LATER)
    assert run.state == RunState.DONE, run.report
    return run.added, run.changed, run.unchanged


@pytest.fixture
def shaped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the rows of which something was made."""
    seen: list[str] = []
    make = CustomerShape.__call__

    def spy(self: CustomerShape, row: list[str], unfit: list[object]) -> object:
        seen.append(row[0])
        return make(self, row, unfit)  # type: ignore[arg-type]  # the same as the shape's own

    monkeypatch.setattr(CustomerShape, "__call__", spy)
    return seen


def test_of_rows_that_say_the_same_only_the_shown_ones_are_read(tmp_path: Path, shaped: list[str]) -> None:
    brought_in(a_file(tmp_path, *ROWS))
    shaped.clear()
    told = Moment.objects.count()
    other = (*ROWS[:9], ROWS[9].replace("59.00", "64.00"), *ROWS[10:])
    assert _counts(a_file(tmp_path, *other)) == (0, 1, 19)
    assert shaped == ["1", "2", "3", "4", "5", "10"]
    assert Moment.objects.count() == told + 1


def test_columns_that_nobody_reads_and_their_order_make_no_difference(tmp_path: Path, shaped: list[str]) -> None:
    brought_in(a_file(tmp_path, *(f"{row},1" for row in ROWS), header=UNUSED))
    shaped.clear()
    rows = (",".join(["2", *row.split(",")[::-1]]) for row in ROWS)
    header = ",".join(UNUSED.split(",")[::-1])
    assert _counts(a_file(tmp_path, *rows, header=header)) == (0, 0, 20)
    assert len(shaped) == 5


def test_a_word_of_the_mapping_makes_no_difference_and_another_reading_does(tmp_path: Path) -> None:
    path = a_file(tmp_path, *ROWS)
    brought_in(path)
    pk = Customer.objects.get(external_id="7").pk
    record.rename_customer(customer_id=pk, name="By hand", by=ADA, at=LATER)
    assert _counts(path, CUSTOMERS.replace("A small file", "A file") + "# one comment more\n") == (0, 0, 20)
    assert record_queries.card(pk).name == "By hand"
    other = CUSTOMERS + '\n[facts]\nstreet = "street"\n'
    assert _counts(path, other) == (0, 20, 0)
    assert record_queries.card(pk).facts == {"street": "7 Elm St"}
    assert _counts(path, other) == (0, 0, 20)


def test_whoever_was_erased_does_not_come_back_and_whoever_was_hidden_does(tmp_path: Path) -> None:
    path = a_file(tmp_path, *ROWS)
    run = brought_in(path)
    erased = Customer.objects.get(external_id="7").pk
    record.erase_customer(customer_id=erased, by=ADA, at=LATER)
    assert _counts(path) == (0, 0, 20)
    actions.undo(run_id=run.pk, by=ADA, at=LATER)
    assert _counts(path) == (0, 19, 1)
    assert Customer.objects.get(pk=erased).name == ""


def test_a_row_that_stands_twice_is_told_though_it_is_skipped(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *ROWS))
    run = brought_in(a_file(tmp_path, *ROWS, ROWS[12]), at=LATER)
    assert run.state == RunState.REFUSED
    assert [(problem["line"], problem["value"]) for problem in run.report["problems"]] == [(22, "13")]


def test_unchanged_rows_cost_one_query_for_all_of_them(tmp_path: Path) -> None:
    many = tuple(f"{n},Name {n},2020-01-31,A-{n},{n} Elm St,Ely,Net,59.00" for n in range(1, 301))
    brought_in(a_file(tmp_path, *many))
    counts = []
    for some in (many[:20], many):
        path = a_file(tmp_path, *some)
        with CaptureQueriesContext(connection) as captured:
            _counts(path)
        counts.append(len(captured))
    assert counts[0] == counts[1]
