"""Bills and their lines from one file: all of them or none, and what came before once only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from tellonce.intake.bulk import bill_rules as rule
from tellonce.intake.bulk.beside import keep_beside
from tellonce.intake.bulk.known import ask_accounts, ask_bills, ask_services
from tellonce.intake.bulk.placing import blocks
from tellonce.intake.bulk.rules import Broken, broken
from tellonce.intake.bulk.shaping import Shape
from tellonce.intake.bulk.store import batches, quoted
from tellonce.intake.bulk.told import BILL, CHARGE, bill_id, charge_id, tell_bills, tell_charges
from tellonce.intake.contracts import Counts
from tellonce.kernel.money import exponent
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import BillTold
from tellonce.modules.staff.contracts import Actor

_BILL_TEXTS = frozenset({"number", "source"})
_CHARGE_TEXTS = frozenset({"code", "words", "product", "service_ref", "device_serial"})
_STATUS = """CASE WHEN k.id IS NULL THEN 'new' WHEN k.state = 'asked' THEN 'anew'
  WHEN k.state = 'no_lines' AND {with_lines} THEN 'anew'
  WHEN k.state = 'issued' AND b.state = 'withdrawn' THEN 'withdrawn' ELSE 'same' END"""


@dataclass(slots=True)
class Bills:
    """The bills of one file, in the store; `source` names the system that it comes from."""

    con: duckdb.DuckDBPyConnection
    shape: Shape
    source: str
    has_marks: bool
    import_id: int | None
    by: Actor
    at: datetime
    counts: Counts = field(default_factory=Counts)

    @property
    def with_lines(self) -> bool:
        """Whether the file holds lines."""
        return CHARGE in self.shape.parts

    @property
    def with_bills(self) -> bool:
        """Whether the file holds what is to say of the bills themselves."""
        return BILL in self.shape.parts

    def check(self, *, is_whole: bool) -> list[Broken]:
        """Makes the tables, and says what does not hold in the file itself."""
        rules = []
        if self.with_lines:
            tell_charges(self.con, self.shape)
            rules += rule.rules_of_charges()
        if self.with_bills:
            tell_bills(self.con, self.shape)
            rules += rule.rules_of_bills(self._other_coins(), today=self.at.date())
        return broken(self.con, [each for each in rules if is_whole or not each.needs_all], self.shape)

    def compare(self) -> list[Broken]:
        """Finds accounts, services and bills that are here, and says what does not fit them."""
        if not self.with_bills:
            ask_bills(self.con, self.source, "SELECT bill AS number FROM sums")
            found = broken(self.con, rule.rules_of_bills_of_lines(), self.shape)
        else:
            ask_accounts(self.con, "bills")
            ask_bills(self.con, self.source, "SELECT number FROM bills")
            rules = rule.rules_of_accounts(BILL, "bills") + rule.rules_of_known_bills(with_lines=self.with_lines)
            found = broken(self.con, rules, self.shape)
        if found:
            return found
        self._place()
        return broken(self.con, rule.rules_of_lines_currency(), self.shape) if self.with_lines else []

    def load(self) -> None:
        """Brings in what is new, in the caller's transaction."""
        self._make_room()
        if self.with_bills:
            billing.copy_bills(self._bill_blocks())
        if self.with_lines:
            billing.copy_charges(self._charge_blocks())
        if not self.with_bills:
            billing.complete_bills(self._completed(), at=self.at)
        billing.withdraw_bills(self._ids("withdrawn"), by=self.by, at=self.at, import_id=self.import_id)
        billing.tell_of_bills(self._told(), by=self.by, import_id=self.import_id)
        if self.counts.added or self.counts.changed:
            billing.bills_arrived()
            if self.import_id is not None:
                keep_beside(self.con, import_id=self.import_id, with_bills=self.with_bills, with_lines=self.with_lines)

    def older(self) -> int:
        """How many bills of the file are older than one of the same account that was here before."""
        if not self.with_bills:
            return 0
        new = self.con.execute(
            "SELECT account_id, max(issued_on) FROM placed WHERE status = 'new' GROUP BY account_id"
        ).fetchall()
        return billing.older_than_known(dict(new), but_import=self.import_id)

    def _place(self) -> None:
        if self.with_bills:
            status = _STATUS.format(with_lines=str(self.with_lines).lower())
            self.con.execute(f"""
                CREATE TABLE placed AS SELECT b.*, {bill_id(self.source, "b.number")} AS id, a.customer_id,
                  a.account_id, {status} AS status,
                  CASE WHEN b.state = 'issued' AND NOT {self.with_lines} AND coalesce(b.lines_told, 1) > 0
                    THEN 'no_lines' ELSE b.state END AS stands
                FROM bills b JOIN accounts a ON a.number = b.account_number LEFT JOIN known k ON k.number = b.number""")
        else:
            self.con.execute("""
                CREATE TABLE placed AS SELECT s.n, s.bill AS number, k.id, k.customer_id, k.account_id, k.currency,
                  k.issued_on, k.period_from, k.period_until, s.lines AS rows, s.lines, s.lines_digest, s.total,
                  CASE WHEN k.lines_digest IS NULL THEN 'lines' ELSE 'same' END AS status
                FROM sums s JOIN known k ON k.number = s.bill""")
        if self.with_lines:
            ask_services(
                self.con,
                "SELECT DISTINCT p.customer_id FROM placed p JOIN charges c ON c.bill = p.number"
                " WHERE p.status <> 'same' AND c.service_ref <> ''",
            )
        rows = dict(self.con.execute("SELECT status, CAST(sum(rows) AS BIGINT) FROM placed GROUP BY status").fetchall())
        self.counts = Counts(
            rows=sum(rows.values()),
            added=rows.get("new", 0) + rows.get("lines", 0),
            changed=rows.get("anew", 0) + rows.get("withdrawn", 0),
            unchanged=rows.get("same", 0),
        )

    def _make_room(self) -> None:
        """Bills that were asked about, or came without lines, are written anew."""
        billing.remove_bills(self._ids("anew"))

    def _ids(self, status: str) -> Iterator[tuple[int, str]]:
        which = f"SELECT customer_id, CAST(id AS VARCHAR) AS id FROM placed WHERE status = {quoted(status)}"
        return self._rows(which)

    def _completed(self) -> Iterator[tuple[Any, ...]]:
        return self._rows(
            "SELECT customer_id, CAST(id AS VARCHAR) AS id, lines, CAST(lines_digest AS VARCHAR) AS digest"
            " FROM placed WHERE status = 'lines'"
        )

    def _told(self) -> Iterator[BillTold]:
        if self.with_bills:
            told = (
                "SELECT customer_id, number, issued_on, due_on, total, currency FROM placed"
                " WHERE status IN ('new', 'anew') AND state = 'issued' ORDER BY customer_id"
            )
            for row in self._rows(told):
                yield BillTold(*row)

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        for batch in batches(self.con, sql):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def _other_coins(self) -> list[str]:
        places = exponent(self.shape.header.currency)
        found = self.con.execute("SELECT DISTINCT currency FROM bills").fetchall()
        return [currency for (currency,) in found if exponent(currency) != places]

    def _bill_blocks(self) -> Iterator[memoryview]:
        values = {
            "customer_id": "customer_id",
            "id": "id",
            "account_id": "account_id",
            "source": quoted(self.source),
            "number": "number",
            "state": "stands",
            "issued_on": "issued_on",
            "due_on": "due_on",
            "period_from": "period_from",
            "period_until": "period_until",
            "currency": "currency",
            "total_minor": "total",
            "carried_minor": "carried",
            "lines": "lines",
            "digest": "digest",
            "lines_digest": "lines_digest",
            "received_at": quoted(self.at.isoformat()),
            "import_id": _number(self.import_id),
        }
        rest = "FROM placed WHERE status IN ('new', 'anew') ORDER BY customer_id, id"
        return blocks(self.con, _in_order(values, billing.BILL_COLUMNS), rest, texts=self._marked(_BILL_TEXTS))

    def _charge_blocks(self) -> Iterator[memoryview]:
        values = {
            "customer_id": "p.customer_id",
            "id": charge_id(self.source, "c.bill", "c.line"),
            "bill_id": "p.id",
            "account_id": "p.account_id",
            "line": "c.line",
            "kind": "c.kind",
            "code": "c.code",
            "words": "c.words",
            "product": "c.product",
            "service_id": "s.service_id",
            "service_ref": "c.service_ref",
            "device_serial": "c.device_serial",
            "period_from": "c.period_from",
            "period_until": "c.period_until",
            "amount_minor": "c.amount",
            "tax_minor": "c.tax",
            "currency": "p.currency",
            "issued_on": "p.issued_on",
            "import_id": _number(self.import_id),
        }
        rest = (
            "FROM charges c JOIN placed p ON p.number = c.bill AND p.status IN ('new', 'anew', 'lines')"
            " LEFT JOIN services s ON s.customer_id = p.customer_id AND s.ref = c.service_ref"
            " ORDER BY p.customer_id, p.id, c.line"
        )
        return blocks(self.con, _in_order(values, billing.CHARGE_COLUMNS), rest, texts=self._marked(_CHARGE_TEXTS))

    def _marked(self, names: frozenset[str]) -> frozenset[str]:
        return names if self.has_marks else frozenset({"source"} & names)


def _in_order(values: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: values[name] for name in names}


def _number(value: int | None) -> str:
    return "NULL" if value is None else str(value)
