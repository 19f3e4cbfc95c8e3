"""Payments from one file: all of them or none, and what came before once only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _

from tellonce.intake.bulk.bill_rules import rules_of_accounts
from tellonce.intake.bulk.known import ask, ask_accounts
from tellonce.intake.bulk.placing import blocks
from tellonce.intake.bulk.rules import Broken, Rule, broken
from tellonce.intake.bulk.shaping import Shape
from tellonce.intake.bulk.store import quoted
from tellonce.intake.bulk.told import BILL
from tellonce.intake.contracts import Counts
from tellonce.modules.billing import actions as billing
from tellonce.modules.billing import queries
from tellonce.modules.billing.contracts.identity import MARK
from tellonce.modules.staff.contracts import Actor


@dataclass(slots=True)
class Payments:
    """The payments of one file, in the store."""

    con: duckdb.DuckDBPyConnection
    shape: Shape
    source: str
    has_marks: bool
    import_id: int | None
    by: Actor
    at: datetime
    counts: Counts = field(default_factory=Counts)

    def check(self, *, is_whole: bool) -> list[Broken]:
        """Makes the table, and says what does not hold in the file itself."""
        self.con.execute(f"""
            CREATE TABLE payments AS SELECT n, b_number AS number, b_account_number AS account_number, b_on AS on_day,
              b_amount AS amount, coalesce(b_method, '') AS method,
              coalesce(upper(b_currency), {quoted(self.shape.header.currency)}) AS currency,
              CAST(md5({quoted(self.source + MARK + "payment" + MARK)} || b_number) AS UUID) AS id
            FROM shaped WHERE NOT bad""")
        twice = Rule(
            "SELECT n, number AS value, CAST(first AS VARCHAR) AS told FROM (SELECT n, number,"
            " min(n) OVER (PARTITION BY number) AS first FROM payments WHERE number IN"
            " (SELECT number FROM payments GROUP BY number HAVING count(*) > 1)) WHERE n > first",
            *(BILL, "number"),
            what=lambda: _("This payment stands on line %(line)d already."),
            do=lambda: _("Keep one of the two rows."),
            tells_row=True,
        )
        return broken(self.con, [twice], self.shape)

    def compare(self) -> list[Broken]:
        """Finds accounts and payments that are here, and says what does not fit them."""
        ask_accounts(self.con, "payments")
        self.con.execute("CREATE TABLE known (id UUID, account_id BIGINT, on_day DATE, amount BIGINT)")
        kinds = (pa.string(), pa.int64(), pa.date32(), pa.int64())
        keys = (
            "SELECT a.customer_id, CAST(p.id AS VARCHAR) FROM payments p JOIN accounts a ON a.number = p.account_number"
        )
        ask(self.con, "known", keys, queries.known_payments, kinds)
        changed = Rule(
            "SELECT p.n, p.number AS value, NULL AS told FROM payments p JOIN known k USING (id)"
            " JOIN accounts a ON a.number = p.account_number"
            " WHERE k.account_id <> a.account_id OR k.on_day <> p.on_day OR k.amount <> p.amount",
            *(BILL, "number"),
            what=lambda: _("This payment came before and said something else."),
            do=lambda: _("A payment does not change: what went back is a payment below zero with its own number."),
        )
        return broken(self.con, [*rules_of_accounts(BILL, "payments"), changed], self.shape)

    def load(self) -> None:
        """Brings in what is new, in the caller's transaction."""
        row = self.con.execute("SELECT count(*), count(k.id) FROM payments p LEFT JOIN known k USING (id)").fetchone()
        rows, here = row or (0, 0)
        self.counts = Counts(rows=rows, added=rows - here, unchanged=here)
        if rows > here:
            billing.copy_payments(self._blocks())

    def older(self) -> int:
        """Payments may come in any order."""
        return 0

    def _blocks(self) -> Iterator[memoryview]:
        values = {
            "customer_id": "a.customer_id",
            "id": "p.id",
            "account_id": "a.account_id",
            "source": quoted(self.source),
            "number": "p.number",
            "on": "p.on_day",
            "method": "p.method",
            "amount_minor": "p.amount",
            "currency": "p.currency",
            "import_id": "NULL" if self.import_id is None else str(self.import_id),
        }
        rest = (
            "FROM payments p JOIN accounts a ON a.number = p.account_number ANTI JOIN known k USING (id)"
            " ORDER BY a.customer_id, p.id"
        )
        columns = {name: values[name] for name in billing.PAYMENT_COLUMNS}
        return blocks(self.con, columns, rest, texts=frozenset({"source", "number", "method"}))
