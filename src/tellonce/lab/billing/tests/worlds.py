"""Small worlds of bills, written by hand: homes with a service and a rented modem each, billed every month of 2025."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from tellonce.lab.billing import NAMES, all_findings, columns_of, record_of, run_of

_ARROW = {
    "id": pa.int64(),
    "money": pa.int64(),
    "use": pa.int64(),
    "day": pa.date32(),
    "word": pa.string(),
    "flag": pa.bool_(),
}
MONTHS = 6
TAX_PPM = 100_000
Row = dict[str, Any]
Rows = dict[str, list[Row]]


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(number: int) -> date:
    """The first day of a month of 2025, counted from 1; of the year after it beyond 12."""
    return date(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def empty() -> Rows:
    """A world with the price book and the rates, and nobody in it."""
    rows: Rows = {name: [] for name in NAMES}
    always = {"valid_from": day("2020-01-01"), "valid_until": None}
    rows["taxes"] += [
        {"area": None, "code": None, "rate_ppm": TAX_PPM, **always},
        {"area": "south", "code": "SURCHARGE", "rate_ppm": 0, **always},
    ]
    rows["prices"] += [
        {"code": "VISIT", "area": None, "amount_minor": 6000, "unit": "once", **always},
        {"code": "VISIT", "area": "south", "amount_minor": 7000, "unit": "once", **always},
        {"code": "CALLS", "area": None, "amount_minor": 5, "unit": "use", **always},
        {"code": "CALLS", "area": "south", "amount_minor": 9, "unit": "use", **always},
        {"code": "PORTAL", "area": None, "amount_minor": 150, "unit": "month", **always},
    ]
    return rows


@dataclass
class Home:
    """One account of a world: its ids are all its number, or made of it. The methods add rows, or change them."""

    rows: Rows
    number: int

    def settle(self) -> None:
        """An account, a service for 3000 and a modem for 500, each billed on the first of the month in advance."""
        self.add("accounts", account=self.number, customer=self.number, area="north", opened_on=day("2024-01-01"),
                 closed_on=None, currency="USD", cycle_day=1, is_tax_exempt=False)  # fmt: skip
        self.serve()
        self.lend()
        for number in range(1, MONTHS + 1):
            self.add("bills", account=self.number, bill=self.bill(number), issued_on=month(number),
                     period_from=month(number), period_until=month(number + 1), currency="USD")  # fmt: skip
            self.charge(number, 1)
            self.rent(number)

    def bill(self, number: int) -> int:
        return self.number * 100 + number

    def add(self, table: str, **row: Any) -> Row:
        self.rows[table].append(row)
        return row

    def serve(self, **given: Any) -> Row:
        usual = {
            "service": self.number, "account": self.number, "premise": self.number, "product": "tv", "code": "TV",
            "price_minor": 3000, "valid_from": day("2024-01-01"), "valid_until": None,
        }  # fmt: skip
        return self.add("services", **(usual | given))

    def lend(self, **given: Any) -> Row:
        usual = {
            "device": self.number, "account": self.number, "service": self.number, "code": "RENT", "rent_minor": 500,
            "is_ours": True, "since": day("2024-01-01"), "until": None,
        }  # fmt: skip
        return self.add("devices", **(usual | given))

    def charge(self, number: int, line: int, **given: Any) -> Row:
        """A line on the bill of this month; by default the service's charge for it."""
        usual = {
            "account": self.number, "bill": self.bill(number), "line": line, "kind": "recurring", "code": "TV",
            "product": "tv", "service": self.number, "device": None, "period_from": month(number),
            "period_until": month(number + 1), "amount_minor": 3000, "currency": "USD",
        }  # fmt: skip
        return self.add("charges", **(usual | given))

    def rent(self, number: int, line: int = 2, **given: Any) -> Row:
        usual = {"code": "RENT", "product": "modem", "device": self.number, "amount_minor": 500}
        return self.charge(number, line, **(usual | given))

    def once(self, number: int, line: int = 3, **given: Any) -> Row:
        usual = {"kind": "one_off", "code": "VISIT", "product": None, "service": None, "period_until": None}
        return self.charge(number, line, **(usual | {"amount_minor": 6000} | given))

    def use(self, number: int, line: int = 3, *, of: int | None = None, **given: Any) -> Row:
        """A charge for the calls of a month: of the one before the bill's, unless `of` says another."""
        used = number - 1 if of is None else of
        usual = {"kind": "usage", "code": "CALLS", "period_from": month(used), "period_until": month(used + 1)}
        return self.charge(number, line, **(usual | {"amount_minor": 500} | given))

    def event(self, kind: str, on: str) -> Row:
        return self.add("device_events", device=self.number, kind=kind, on=day(on))

    def line(self, number: int, line: int) -> Row:
        """A line that stands already, to be changed."""
        return next(row for row in self._lines() if (row["bill"], row["line"]) == (self.bill(number), line))

    def drop(self, number: int, line: int) -> None:
        self.rows["charges"].remove(self.line(number, line))

    def drop_after(self, number: int, line: int) -> None:
        """Takes this line off all bills after that of this month."""
        for later in range(number + 1, MONTHS + 1):
            self.drop(later, line)

    def only(self, table: str) -> Row:
        """The one row that this home has in a table."""
        key = {"devices": "account", "services": "account", "accounts": "account"}[table]
        (row,) = (row for row in self.rows[table] if row[key] == self.number)
        return row

    def bill_row(self, number: int) -> Row:
        return next(row for row in self.rows["bills"] if row["bill"] == self.bill(number))

    def _lines(self) -> list[Row]:
        return [row for row in self.rows["charges"] if row["account"] == self.number]


def half_away(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, half away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def finished(rows: Rows) -> Rows:
    """With taxes, totals and what is carried over where these are not given; each bill is paid ten days after it."""
    exempt = {each["account"] for each in rows["accounts"] if each["is_tax_exempt"]}
    sums: dict[int, int] = {}
    for charge in rows["charges"]:
        ppm = 0 if charge["account"] in exempt else TAX_PPM
        charge.setdefault("tax_minor", half_away((charge["amount_minor"] or 0) * ppm, 1_000_000))
        total = (charge["amount_minor"] or 0) + (charge["tax_minor"] or 0)
        sums[charge["bill"]] = sums.get(charge["bill"], 0) + total
    for bill in rows["bills"]:
        bill.setdefault("total_minor", sums.get(bill["bill"], 0))
        bill.setdefault("carried_minor", 0)
        if bill.pop("is_paid", True):
            paid = bill["issued_on"] + timedelta(days=10)
            rows["payments"].append(
                {
                    "account": bill["account"],
                    "on": paid,
                    "amount_minor": bill["total_minor"],
                    "currency": bill["currency"],
                }
            )
    return rows


def arrow(name: str, rows: list[Row]) -> pa.Table:
    """One table of a world as Arrow, in the format of the files."""
    columns = columns_of(name)
    schema = pa.schema([(column.name, _ARROW[column.holds]) for column in columns])
    return pa.Table.from_pylist([{column.name: row.get(column.name) for column in columns} for row in rows], schema)


def write_by_month(rows: Rows, folder: Path) -> None:
    """The world as files: bills and charges in a folder for each month in which a bill was issued, as exports write."""
    issued = {row["bill"]: row["issued_on"] for row in rows["bills"]}
    for name in NAMES:
        if name not in {"bills", "charges"}:
            pq.write_table(arrow(name, rows[name]), folder / f"{name}.parquet")
            continue
        by_month: dict[str, list[Row]] = defaultdict(list)
        for row in rows[name]:
            by_month[f"{issued[row['bill']]:%Y-%m}"].append(row)
        for each, theirs in by_month.items():
            (folder / name / f"month={each}").mkdir(parents=True)
            pq.write_table(arrow(name, theirs), folder / name / f"month={each}" / "all.parquet")


def tables(rows: Rows, connection: Any, *, without: tuple[str, ...] = ()) -> dict[str, ir.Table]:
    """The world as tables of a backend; those of `without` are missing."""
    names = [name for name in NAMES if name not in without]
    return {name: connection.create_table(f"world_{name}", arrow(name, rows[name]), overwrite=True) for name in names}


def found_in(given: dict[str, ir.Table], *, since: date | None = None) -> list[Row]:
    """The findings in a world, as rows."""
    first = None if since is None else since.toordinal() - date(1970, 1, 1).toordinal()
    run = run_of(record_of(given), since=first, keep=lambda table: table.cache())
    return list(all_findings(run).to_pyarrow().to_pylist())
