"""The same bills from every kind of file: other delimiters and encodings, packed, JSON Lines, Parquet, TMF678."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tellonce.intake.contracts import RunState
from tellonce.intake.mapping.loading import mapping_text
from tellonce.intake.tests.making import brought_in
from tellonce.intake.tests.test_bills import HEADER, MAPPING, ROWS, accounts, bills_file
from tellonce.modules.billing.models import Bill, Charge

pytestmark = pytest.mark.django_db
_SAYS = ("code", "words", "amount_minor", "tax_minor", "period_from", "period_until", "line")


def _table() -> list[dict[str, str]]:
    return list(csv.DictReader([HEADER, *ROWS]))


def _said() -> list[tuple[Any, ...]]:
    return list(Charge.objects.order_by("bill_id", "line").values_list(*_SAYS))


@pytest.fixture
def plain(tmp_path: Path) -> list[tuple[Any, ...]]:
    """What the plain file says; then it is gone again."""
    accounts("70001", "70002")
    assert brought_in(bills_file(tmp_path), MAPPING).added == 3
    said = _said()
    Bill.objects.all().delete()
    Charge.objects.all().delete()
    return said


def _semicolons(path: Path) -> None:
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_table()[0])
        writer.writerows({**row, "plan": "Café"}.values() for row in _table())


def _packed(path: Path) -> None:
    path.write_bytes(gzip.compress("\n".join((HEADER, *ROWS)).encode()))


def _with_blank_lines(path: Path) -> None:
    path.write_text("\n" + "\n\n".join((HEADER, *ROWS)) + "\n\n", encoding="utf-8-sig")


def _json_lines(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in _table()), encoding="utf-8")


def _parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(_table()), path)


def _typed_parquet(path: Path) -> None:
    table = pa.Table.from_pylist(_table())
    days, money = ("day", "from", "to", "line_from", "line_to"), ("total", "net", "tax")
    for name in table.column_names:
        kind = pa.date32() if name in days else pa.decimal128(12, 2) if name in money else pa.string()
        at = table.column_names.index(name)
        table = table.set_column(at, name, table[name].cast(kind))
    pq.write_table(table, path)


@pytest.mark.parametrize("write", [_semicolons, _packed, _with_blank_lines, _json_lines, _parquet, _typed_parquet])
def test_bills_say_the_same_from_every_kind_of_file(tmp_path: Path, plain: list[tuple[Any, ...]], write: Any) -> None:
    path = tmp_path / "bills.any"
    write(path)
    run = brought_in(path, MAPPING)
    assert (run.state, run.rows, run.added) == (RunState.DONE, 3, 3), run.report
    assert _said() == plain


def _bill(number: str, account: str, *, taxed: str) -> dict[str, Any]:
    return {
        "id": f"id-{number}",
        "billNo": number,
        "billDate": "2026-02-01T00:00:00Z",
        "billingAccount": {"id": account},
        "billingPeriod": {"startDateTime": "2026-02-01T00:00:00Z", "endDateTime": "2026-03-01T00:00:00Z"},
        "taxIncludedAmount": {"unit": "USD", "value": float(taxed)},
        "amountDue": {"unit": "USD", "value": 99.0},
        "@type": "CustomerBill",
    }


def _rate(number: str, kind: str, name: str, net: float, gross: float) -> dict[str, Any]:
    return {
        "id": f"{number}-{name}",
        "name": name,
        "description": f"{name} in words",
        "type": kind,
        "bill": {"id": f"id-{number}"},
        "product": {"id": "net", "name": "Fibre"},
        "periodCoverage": {"startDateTime": "2026-02-01T00:00:00Z", "endDateTime": "2026-03-01T00:00:00Z"},
        "taxExcludedAmount": {"unit": "USD", "value": net},
        "taxIncludedAmount": {"unit": "USD", "value": gross},
        "characteristic": [{"name": "chargeCode", "value": f"C-{name}"}],
        "@type": "AppliedCustomerBillingRate",
    }


TMF = [
    _bill("B1", "70001", taxed="74.20"),
    _rate("B1", "recurringCharge", "INT500", 80.00, 84.80),
    _rate("B1", "discount", "PROMO", -10.00, -10.60),
    _bill("B2", "70002", taxed="31.80"),
    _rate("B2", "recurringCharge", "INT100", 30.00, 31.80),
]


@pytest.mark.parametrize("is_list", [True, False])
def test_bills_come_as_tm_forum_has_them(tmp_path: Path, is_list: bool) -> None:
    accounts("70001", "70002")
    path = tmp_path / "bills.json"
    path.write_text(json.dumps(TMF) if is_list else "\n".join(json.dumps(each) for each in TMF))
    run = brought_in(path, mapping_text("tmf678"))
    assert (run.state, run.added) == (RunState.DONE, 3), run.report
    assert [(bill.number, bill.total_minor) for bill in Bill.objects.order_by("number")] == [("B1", 7420), ("B2", 3180)]
    line = Charge.objects.get(code="C-INT500")
    assert (line.words, line.product, line.amount_minor, line.tax_minor) == ("INT500 in words", "Fibre", 8000, 480)
    assert line.service_id is not None
    assert brought_in(path, mapping_text("tmf678")).unchanged == 3


def test_what_is_wrong_in_tm_forums_json_is_told(tmp_path: Path) -> None:
    accounts("70001", "70002")
    path = tmp_path / "bills.json"
    path.write_text(json.dumps(TMF)[:-40])
    cut = brought_in(path, mapping_text("tmf678"))
    assert (cut.state, cut.report["problems"][0]["do"]) == (RunState.REFUSED, "It may be cut: get it once more.")
    path.write_text(json.dumps(TMF[1:]))
    lost = brought_in(path, mapping_text("tmf678"))
    assert [each["what"] for each in lost.report["problems"]] == ["The bill of this rate is not in the file."] * 2
