"""What a file tells of bills and their lines, as two tables: `bills` (one row each) and `charges`."""

from collections.abc import Sequence

import duckdb

from tellonce.intake.bulk.shaping import Shape
from tellonce.intake.bulk.store import quoted
from tellonce.intake.mapping.billed import ChargePart
from tellonce.modules.billing.contracts.identity import BILL_SAYS, LINE_SAYS, MARK, SEPARATOR

BILL, CHARGE = "b", "c"
_HEADER = (
    *("b_account_number", "b_issued_on", "b_due_on", "b_period_from", "b_period_until", "b_period_to"),
    *("b_currency", "b_total", "b_carried", "b_lines", "b_state"),
)


def bill_id(source: str, number: str) -> str:
    """The id of a bill, in SQL: see contracts.identity."""
    return f"CAST(md5({quoted(source + MARK)} || {number}) AS UUID)"


def charge_id(source: str, number: str, line: str) -> str:
    """The id of a line of a bill, in SQL."""
    return f"CAST(md5({quoted(source + MARK)} || {number} || {quoted(MARK)} || {line}) AS UUID)"


def tell_charges(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Makes `charges` of the rows that fit, and `sums`: what the lines of each bill come to together."""
    part = shape.parts[CHARGE]
    assert isinstance(part, ChargePart)
    number = "b_number" if BILL in shape.parts else "c_bill"
    line = "c_line" if part.line is not None else f"row_number() OVER (PARTITION BY {number} ORDER BY n)"
    turned = "CASE WHEN c_kind IN ('discount', 'credit') THEN -{} ELSE {} END" if part.turn_discounts else "{}"
    amount, with_tax, tax = (turned.replace("{}", f"c_{name}") for name in ("amount", "amount_with_tax", "tax"))
    con.execute(f"""
        CREATE TABLE charges AS SELECT n, {number} AS bill, CAST({line} AS INTEGER) AS line, c_kind AS kind,
          c_code AS code, coalesce(c_words, '') AS words, coalesce(c_product, '') AS product,
          coalesce(c_service, '') AS service_ref, coalesce(c_device, '') AS device_serial, c_period_from AS period_from,
          coalesce(c_period_until, c_period_to + 1) AS period_until, {amount} AS amount,
          coalesce({tax}, {with_tax} - {amount}, 0) AS tax, upper(c_currency) AS currency
        FROM shaped WHERE NOT bad""")
    con.execute(f"""
        CREATE TABLE sums AS SELECT bill, min(n) AS n, count(*) AS lines, CAST(sum(amount + tax) AS BIGINT) AS total,
          CAST(md5(count(*) || '/' || sum(md5_number_lower({_said(LINE_SAYS)}))) AS UUID) AS lines_digest
        FROM charges GROUP BY bill""")


def tell_bills(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Makes `bills`: where the lines stand in the file too, rows of one number are one bill; else each row is one."""
    with_lines = CHARGE in shape.parts
    told = f"""
        SELECT n, b_number AS number, b_account_number AS account_number, coalesce(b_state, 'issued') AS state,
          b_issued_on AS issued_on, b_due_on AS due_on, b_period_from AS period_from,
          coalesce(b_period_until, b_period_to + 1) AS period_until,
          coalesce(upper(b_currency), {quoted(shape.header.currency)}) AS currency, b_total AS total,
          b_carried AS carried, b_lines AS lines_told, hash({", ".join(_HEADER)}) AS said
        FROM shaped WHERE NOT bad"""
    if not with_lines:
        con.execute(f"""
            CREATE TABLE bills AS SELECT t.*, 1 AS rows, said AS first_said, false AS differs, 0 AS lines,
              total AS sum, CAST(NULL AS UUID) AS lines_digest FROM ({told}) t""")
    else:
        con.execute(f"""
            CREATE TABLE bills AS SELECT s.n, h.number, h.account_number, h.state, h.issued_on, h.due_on, h.period_from,
              h.period_until, h.currency, coalesce(h.total, s.total) AS total, h.carried, h.lines_told,
              s.lines AS rows, h.first_said, h.differs, s.lines, s.total AS sum, s.lines_digest
            FROM (SELECT number, min(account_number) AS account_number, min(state) AS state,
                    min(issued_on) AS issued_on, min(due_on) AS due_on, min(period_from) AS period_from,
                    min(period_until) AS period_until, min(currency) AS currency, min(total) AS total,
                    min(carried) AS carried, min(lines_told) AS lines_told, arg_min(said, n) AS first_said,
                    min(said) <> max(said) AS differs
                  FROM ({told}) GROUP BY number) h JOIN sums s ON s.bill = h.number""")
    con.execute("ALTER TABLE bills ADD COLUMN digest UUID")
    says = [f"coalesce({name}, 0)" if name == "carried" else name for name in BILL_SAYS]
    con.execute(f"UPDATE bills SET digest = CAST(md5({_said(says)}) AS UUID)")


def rows_that_differ() -> str:
    """The rows that say something else of their bill than its first row, as SQL (n, number)."""
    return f"""
        SELECT s.n, s.b_number AS number FROM shaped s JOIN bills b ON b.number = s.b_number
        WHERE b.differs AND NOT s.bad AND hash({", ".join(f"s.{name}" for name in _HEADER)}) <> b.first_said"""


def _said(names: Sequence[str]) -> str:
    """The text whose digest tells whether a thing says the same: see contracts.identity."""
    cells = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in names)
    return f"concat_ws({quoted(SEPARATOR)}, {cells})"
