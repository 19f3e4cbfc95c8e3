"""What the checks say of an installation's own export: nothing of an honest one, and what is wrong of another."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.intake.bulk.bill_files import write_bills
from tellonce.intake.tests.billed_house import Line, Other, the_house
from tellonce.intake.tests.making import NOW
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import NewDeviceEvent, NewPrice
from tellonce.modules.billing.models import Bill, Charge
from tellonce.modules.record.models import Account, Device

pytestmark = pytest.mark.django_db


def checked(folder: Path) -> list[tuple[int, str, int | None, int]]:
    write_bills(folder, at=NOW, by_name="a test")
    with engine("duckdb", memory="512MB", threads=1) as backend:
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), keep=keeping(backend))
        rows = all_findings(run).to_pyarrow().to_pylist()
    return sorted((row["account"], row["kind"], row["line"] or 0, row["amount_minor"]) for row in rows)


def test_nothing_is_said_of_an_honest_house(tmp_path: Path) -> None:
    the_house(tmp_path)
    assert checked(tmp_path / "out") == []
    known = {path.name.split(".")[0] for path in (tmp_path / "out").iterdir() if path.suffix == ".parquet"}
    assert known == {"accounts", "services", "promotions", "devices", "device_events", "upheld"}


def test_nothing_is_said_of_an_honest_house_whose_prices_are_known(tmp_path: Path) -> None:
    the_house(tmp_path)
    monthly = {"NET": 4000, "VOICE-MAIL": 200, "RENT": 750, "CARE": 999}
    rows = [NewPrice(code, amount, "USD", date(2020, 1, 1), unit="month") for code, amount in monthly.items()]
    billing.set_prices([*rows, NewPrice("PAPER", 300, "USD", date(2020, 1, 1), unit="once")])
    assert checked(tmp_path / "out") == []


def test_nothing_is_said_of_lines_whose_days_nobody_tells(tmp_path: Path) -> None:
    the_house(tmp_path)
    Charge.objects.update(period_from=None, period_until=None)
    assert checked(tmp_path / "of the bill") == []
    Bill.objects.update(period_from=None, period_until=None)
    assert checked(tmp_path / "of no day") == []


def _without(code: str) -> Other:
    return lambda lines: [line for line in lines if line[1] != code]


def _at(code: str, amount: float) -> Other:
    return lambda lines: [(*line[:4], amount) if line[1] == code else line for line in lines]


def _and(*more: Line) -> Other:
    return lambda lines: [*lines, *more]


def test_what_is_wrong_with_a_house_is_said(tmp_path: Path) -> None:
    wrong = {
        (1, date(2025, 12, 1)): _without("PROMO"),
        (2, date(2025, 12, 1)): _at("TV", 45.0),
        (3, date(2026, 3, 1)): _at("INT100", 50.0),
        (4, date(2026, 2, 1)): _and(("recurring", "INT100-OLD", "n4", "", 40.0)),
        (6, date(2026, 1, 1)): _and(("recurring", "WIFI-PLUS", "n6", "", 5.0)),
        (9, date(2025, 11, 1)): _and(("recurring", "SPORTS", "n9", "", 10.0)),
        (9, date(2026, 3, 1)): _and(("recurring", "SPORTS", "n9", "", 10.0)),
        (10, date(2026, 2, 1)): _without("INT100"),
    }
    ids = the_house(tmp_path, other=wrong)
    billing.note_device_events([NewDeviceEvent("S1", "returned", date(2026, 2, 20))])
    assert checked(tmp_path / "out") == sorted(
        [
            (ids[1], "promotion_missing", 0, 2000),
            (ids[2], "early_rise", 1, 1500),
            (ids[3], "wrong_price", 1, 700),
            (ids[4], "after_end", 1, 4000),
            (ids[6], "charged_twice", 4, 500),
            (ids[8], "returned_device", 2, 750),
            (ids[9], "came_back", 3, 1000),
            (ids[10], "not_of_record", 0, -4000),
        ]
    )


def test_a_device_that_becomes_known_later_reaches_the_months_that_name_it(tmp_path: Path) -> None:
    the_house(tmp_path)
    out = tmp_path / "out"
    Device.objects.filter(serial="S1", until=None).delete()
    write_bills(out, at=NOW, by_name="a test")
    owner = Account.objects.get(number="70008")
    late = Device.objects.create(customer_id=owner.customer_id, kind="box", serial="S1", since=date(2026, 1, 1))
    again = write_bills(out, at=NOW, by_name="a test")
    assert again.months == 5  # from two months before it came on: a bill may name it in advance
    rows = pq.read_table(out / "charges" / "month=2026-02" / "all.parquet", partitioning=None).to_pylist()
    assert [row["device"] for row in rows if row["code"] == "RENT"] == [late.pk]
    assert write_bills(out, at=NOW, by_name="a test").months == 0
