"""What came in can be taken away again, and opened in a spreadsheet without running anything."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.exporting import ExportFormat, ExportKind, export
from tellonce.intake.tests.making import ADA, CONTACTS, NOW, a_file, brought_in
from tellonce.modules.care import actions as care
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.models import AccessEntry

pytestmark = pytest.mark.django_db
ROWS = (
    '1,"=HYPERLINK(""http://evil"")",2020-01-31,A-1,-5 Elm St,Ely,Net,59.00',
    "2,Ben,2021-05-01,A-2,,Ely,Tele,19.90",
)


def _lines(kind: ExportKind, form: ExportFormat = ExportFormat.JSONL) -> str:
    text = io.StringIO()
    export(kind=kind, to=text, at=NOW, by_name="Ada Reyes", form=form)
    return text.getvalue()


def _objects(kind: ExportKind) -> list[dict[str, object]]:
    return [json.loads(line) for line in _lines(kind).splitlines()]


def test_everything_comes_out_as_json_lines(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *ROWS))
    calls = a_file(tmp_path, "c1,2025-07-04T21:00:00,Speed is low,1", header="call,at,said,customer", name="c.csv")
    brought_in(calls, CONTACTS)
    ben = Customer.objects.get(external_id="2")
    care.make_promise(customer_id=ben.pk, kind="call", what="Call", due_at=NOW + timedelta(days=1), by=ADA, at=NOW)
    care.open_case(customer_id=ben.pk, matter_id=None, title="Slow", by=ADA, at=NOW)
    customers = _objects(ExportKind.CUSTOMERS)
    assert [customer["external_id"] for customer in customers] == ["1", "2"]
    assert customers[1]["accounts"] == ["A-2"]
    assert [contact["matter_code"] for contact in _objects(ExportKind.CONTACTS)] == ["internet.slow"]
    assert [promise["what"] for promise in _objects(ExportKind.PROMISES)] == ["Call"]
    assert [case["title"] for case in _objects(ExportKind.CASES)] == ["Slow"]
    assert {"care.contact_began", "record.customer_added"} <= {str(m["kind"]) for m in _objects(ExportKind.STORIES)}
    assert AccessEntry.objects.filter(page="export", person_name="Ada Reyes").count() == 5


def test_a_cell_that_looks_like_a_formula_is_text_in_csv(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *ROWS))
    rows = list(csv.DictReader(io.StringIO(_lines(ExportKind.CUSTOMERS, ExportFormat.CSV), newline="")))
    assert rows[0]["name"] == '\'=HYPERLINK("http://evil")'
    assert rows[0]["places"].startswith("'-5 Elm St")
    assert rows[1]["name"] == "Ben"


def test_what_was_undone_does_not_come_out(tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, *ROWS))
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert _lines(ExportKind.CUSTOMERS) == ""
    assert _lines(ExportKind.STORIES) == ""
