"""The worked example in the guide is run as it stands."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from tellonce.intake.contracts import RunState
from tellonce.intake.mapping import mapping_from
from tellonce.intake.mapping.cells import Cell, Kind
from tellonce.intake.mapping.model import (
    CallPart,
    ContactPart,
    CustomerPart,
    OutagePart,
    PremisePart,
    QueuePart,
    ServicePart,
)
from tellonce.intake.tests.making import brought_in
from tellonce.modules.phone.contracts import CallOutcome
from tellonce.modules.phone.models import Call
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Customer
from tellonce.modules.record.queries import DEFAULT_DAYS

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guide" / "importing.md"


def _block(language: str, number: int = 0) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return found[number]


@pytest.mark.django_db
def test_the_worked_example_comes_in_as_the_guide_says(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(_block("csv"), encoding="utf-8")
    run = brought_in(path, _block("toml"))
    assert (run.state, run.added) == (RunState.DONE, 3), run.report
    assert not [note for note in run.report["notes"] if "does not use" in note]
    maria = record_queries.card(Customer.objects.get(source="billing", external_id="70001").pk)
    assert maria.phones[0].value == "+13035550100"
    assert [step.name for step in maria.premises[0].areas] == ["Front Range", "Eastmoor", "EM-14"]
    assert [(s.plan, s.price_minor, s.promotion_ends_on) for s in maria.services] == [
        ("Fibre 500", 5900, date(2026, 11, 30)),
        ("TV Family", None, None),
    ]
    jo = record_queries.card(Customer.objects.get(source="billing", external_id="70003").pk)
    assert (jo.left_on, jo.services[0].status) == (date(2026, 2, 28), "ended")


@pytest.mark.django_db
def test_the_example_of_calls_comes_in_as_the_guide_says(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(_block("csv", 1), encoding="utf-8")
    run = brought_in(path, _block("toml", 1))
    assert (run.state, run.added, run.report["notes"]) == (RunState.DONE, 3, ["1 queue is new."]), run.report
    calls = Call.objects.order_by("external_id")
    assert [(call.outcome, call.wait_s, call.handle_s, call.person_code, call.caller_code) for call in calls] == [
        ("answered", 40, 270, "ana", "a9f3"),
        ("abandoned", 30, None, "", "77b0"),
        ("solved_in_menu", None, None, "", "a9f3"),
    ]
    assert set(CallOutcome.values) <= set(re.findall(r"`(\w+)`", GUIDE.read_text(encoding="utf-8")))


def test_the_example_uses_every_column_and_the_guide_names_every_field() -> None:
    header = _block("csv").splitlines()[0].split(";")
    assert set(header) <= mapping_from(_block("toml"), called="guide").columns()
    text = GUIDE.read_text(encoding="utf-8")
    for part in (CustomerPart, ContactPart, PremisePart, ServicePart, OutagePart, CallPart, QueuePart):
        assert [name for name in part.model_fields if name not in text] == []


def test_every_retention_period_is_in_the_administrators_guide() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\| (\d+) \|$", GUIDE.with_name("administrators.md").read_text(), re.MULTILINE
    )
    assert {kind: int(days) for kind, days in rows} == {kind.value: days for kind, days in DEFAULT_DAYS.items()}


def test_the_guide_names_every_kind_of_value_and_every_key_of_a_field() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [kind for kind in get_args(Kind) if f"`{kind}`" not in text and f'"{kind}"' not in text] == []
    assert [
        field.alias or name for name, field in Cell.model_fields.items() if f"`{field.alias or name}" not in text
    ] == []
