"""The worked example in the guide of bills is run as it stands."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tellonce.intake.contracts import RunState
from tellonce.intake.mapping import mapping_from
from tellonce.intake.mapping.billed import BillPart, ChargePart, DeviceEventPart, PaymentPart, PricePart
from tellonce.intake.tests.making import brought_in
from tellonce.intake.tests.test_bills import accounts
from tellonce.modules.billing.contracts import ChargeKind, DeviceEventKind
from tellonce.modules.billing.models import Bill

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guide" / "bills.md"


def _block(language: str) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return found[0]


@pytest.mark.django_db
def test_the_worked_example_comes_in(tmp_path: Path) -> None:
    accounts("70001", "70002")
    path = tmp_path / "bills.csv"
    path.write_text(_block("csv"), encoding="utf-8")
    run = brought_in(path, _block("toml"), at=datetime(2026, 11, 2, tzinfo=UTC))
    assert (run.state, run.added, run.report["notes"]) == (RunState.DONE, 3, []), run.report
    assert [(bill.number, bill.total_minor) for bill in Bill.objects.order_by("number")] == [
        ("B-4711", 7420),
        ("B-4712", 3180),
    ]


def test_the_guide_names_every_field_and_kind() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text))
    for part in (BillPart, ChargePart, PaymentPart, PricePart, DeviceEventPart):
        assert part.model_fields.keys() - named == set()
    assert {*ChargeKind.values, *DeviceEventKind.values} - named == set()
    assert set(_block("csv").splitlines()[0].split(";")) <= mapping_from(_block("toml"), called="guide").columns()
