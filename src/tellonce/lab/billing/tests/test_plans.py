"""No check compares every row of one table with every row of another: the plans of DuckDB are looked at."""

from typing import Any

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing import all_findings, record_of, run_of
from tellonce.lab.billing.tests.cases import world
from tellonce.lab.billing.tests.worlds import tables

EVERY_WITH_EVERY = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT", "PIECEWISE_MERGE_JOIN", "IE_JOIN")


def plan_of(connection: Any, table: ir.Table) -> str:
    rows = connection.con.execute(f"EXPLAIN {connection.compile(table)}").fetchall()
    return "\n".join(text for _, text in rows)


def test_every_join_of_every_check_hashes() -> None:
    connection = ibis.duckdb.connect()
    given = tables(world(), connection)
    seen: list[str] = []
    slow: list[str] = []

    def keep(table: ir.Table) -> ir.Table:
        plan = plan_of(connection, table)
        seen.append(plan)
        slow.extend(f"{name} in\n{plan}" for name in EVERY_WITH_EVERY if name in plan)
        return connection.create_table(f"plan_{len(seen)}", table, temp=True)

    keep(all_findings(run_of(record_of(given), since=20_000, keep=keep)))
    assert slow == []
    assert sum("HASH_JOIN" in plan for plan in seen) > 10
