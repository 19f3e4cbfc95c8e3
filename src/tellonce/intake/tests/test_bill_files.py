"""Bills on files for the checks: written from the database, only the months that changed, and what they say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.intake import actions
from tellonce.intake.bulk.bill_files import Written, write_bills
from tellonce.intake.tests.making import ADA, NOW, brought_in
from tellonce.intake.tests.test_bills import MAPPING, ROWS, accounts, bills_file
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of
from tellonce.modules.billing.contracts.identity import bill_id, outside_id
from tellonce.modules.billing.models import Bill
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Account, Customer, Service
from tellonce.modules.staff.models import AccessEntry

pytestmark = pytest.mark.django_db


def written(folder: Path) -> Written:
    return write_bills(folder, at=NOW, by_name="tellonce bills export")


def test_only_what_changed_is_written_anew(tmp_path: Path) -> None:
    first, second = accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    to = tmp_path / "out"
    assert written(to) == Written(months=1, same=0, lines=3)
    assert written(to) == Written(months=0, same=1, lines=0)
    march = [row.replace("2026-02", "2026-03").replace("B1", "M1").replace("B2", "M2") for row in ROWS]
    run = brought_in(bills_file(tmp_path, *[row.replace("03-28", "03-31") for row in march]), MAPPING)
    assert written(to) == Written(months=1, same=1, lines=3)
    assert sorted(path.name for path in (to / "charges").iterdir()) == ["month=2026-02", "month=2026-03"]
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    written(to)
    assert [path.name for path in (to / "charges").iterdir()] == ["month=2026-02"]
    assert AccessEntry.objects.filter(page="export", searched_for="bills").count() == 4
    bills = pq.read_table(to / "bills" / "month=2026-02" / "all.parquet", partitioning=None).to_pylist()
    assert {row["bill"]: row["total_minor"] for row in bills} == {
        outside_id(bill_id(source="billing", number="B1")): 7420,
        outside_id(bill_id(source="billing", number="B2")): 3180,
    }
    assert {row["account"] for row in bills} == {first.pk, second.pk}
    charges = pq.read_table(to / "charges" / "month=2026-02" / "all.parquet", partitioning=None).to_pylist()
    promotion = next(row for row in charges if row["kind"] == "discount")
    assert (promotion["amount_minor"], promotion["line"], promotion["period_until"]) == (-1000, 2, date(2026, 3, 1))
    assert promotion["device"] is None


def test_a_month_whose_bills_changed_in_the_database_is_seen_whatever_changed_them(tmp_path: Path) -> None:
    accounts("70001", "70002")
    brought_in(bills_file(tmp_path), MAPPING)
    written(tmp_path / "out")
    Bill.objects.filter(number="B2").update(state="withdrawn")
    assert written(tmp_path / "out") == Written(months=1, same=0, lines=2)


@pytest.mark.django_db(transaction=True)
def test_an_import_leaves_its_bills_beside_the_database_until_it_is_undone(tmp_path: Path, settings: Any) -> None:
    settings.SETUP = replace(settings.SETUP, home=tmp_path / "home")
    accounts("70001", "70002")
    run = brought_in(bills_file(tmp_path), MAPPING)
    files = sorted((tmp_path / "home" / "bills").rglob("*.parquet"))
    assert [str(file.relative_to(tmp_path / "home" / "bills")) for file in files] == [
        f"{table}/month=2026-02/import-{run.pk}.parquet" for table in ("bills", "charges")
    ]
    beside = [pq.read_table(file, partitioning=None) for file in files]
    write_bills(tmp_path / "out", at=NOW, by_name="tellonce bills export")
    for table, name in zip(beside, ("bills", "charges"), strict=True):
        exported = pq.read_table(tmp_path / "out" / name / "month=2026-02" / "all.parquet", partitioning=None)
        assert table.schema.equals(exported.schema, check_metadata=False)
        order = [(key, "ascending") for key in ("bill", "line") if key in table.column_names]
        assert table.sort_by(order).to_pylist() == exported.sort_by(order).to_pylist()
    actions.undo(run_id=run.pk, by=ADA, at=NOW)
    assert not list((tmp_path / "home" / "bills").rglob("*.parquet"))


def _found(folder: Path) -> list[tuple[str, int]]:
    with engine("duckdb", memory="512MB", threads=1) as backend:
        keep = keeping(backend)
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), since=None, keep=keep)
        rows = all_findings(run).to_pyarrow().to_pylist()
    return sorted((row["kind"], row["amount_minor"]) for row in rows)


def test_the_checks_read_what_is_written_and_find_a_price_that_is_not_the_records(tmp_path: Path) -> None:
    held = accounts("70001", "70002")
    starts = date(2025, 2, 1)
    Account.objects.update(opened_on=starts)
    for account, price in zip(held, (8000, 2500), strict=True):
        Service.objects.filter(account=account).update(since=starts, price_minor=price)
    Service.objects.filter(account=held[0]).update(plan="Fibre 500")
    Service.objects.filter(account=held[1]).update(plan="Fibre 100")
    Customer.objects.update(created_at=datetime(2025, 2, 1, tzinfo=UTC))  # the record learned of the prices then
    brought_in(bills_file(tmp_path), MAPPING)
    written(tmp_path / "out")
    assert _found(tmp_path / "out") == [("wrong_price", 530)]  # with its tax


def test_a_promotion_and_a_change_of_price_are_terms_of_their_own(tmp_path: Path) -> None:
    (held,) = accounts("70001")
    service = Service.objects.get(account=held)
    Service.objects.update(since=date(2025, 2, 1), price_minor=6000)
    Customer.objects.update(created_at=datetime(2025, 2, 1, tzinfo=UTC))
    record.change_service(
        service_id=service.pk,
        price_minor=7000,
        promotion_ends_on=date(2026, 3, 31),
        price_after_minor=9000,
        by=ADA,
        at=datetime(2025, 6, 10, 12, tzinfo=UTC),
    )
    written(tmp_path / "out")
    terms = pq.read_table(tmp_path / "out" / "services.parquet").sort_by("valid_from").to_pylist()
    assert [(term["price_minor"], term["valid_from"], term["valid_until"]) for term in terms] == [
        (6000, date(2025, 2, 1), date(2025, 6, 10)),
        (7000, date(2025, 6, 10), date(2026, 4, 1)),
        (9000, date(2026, 4, 1), None),
    ]
