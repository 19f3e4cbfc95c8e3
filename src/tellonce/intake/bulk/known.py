"""What the record and billing know of what the file names, asked for some thousands at a time, into the store."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from tellonce.intake.bulk.store import append, lists
from tellonce.intake.bulk.told import bill_id
from tellonce.modules.billing import queries as billing
from tellonce.modules.record.queries import outside

_WHOLE = pa.int64()
_TEXT = pa.string()


def ask_accounts(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Makes `accounts`: number, account_id, customer_id, currency of those that `table` names."""
    con.execute("CREATE TABLE accounts (number VARCHAR, account_id BIGINT, customer_id BIGINT, currency VARCHAR)")
    ask(
        con,
        "accounts",
        f"SELECT DISTINCT account_number FROM {table}",
        outside.accounts_by_number,
        (_TEXT, _WHOLE, _WHOLE, _TEXT),
    )


def ask_bills(con: duckdb.DuckDBPyConnection, source: str, numbers: str) -> None:
    """Makes `known`: the bills of this source that are here, of those whose `number` the statement gives."""
    con.execute(f"CREATE TABLE asked AS SELECT number, {bill_id(source, 'number')} AS id FROM ({numbers})")
    con.execute(
        "CREATE TABLE known_bills (id UUID, customer_id BIGINT, account_id BIGINT, state VARCHAR, digest UUID,"
        " lines_digest UUID, total BIGINT, currency VARCHAR, issued_on DATE, period_from DATE, period_until DATE)"
    )
    kinds = (_TEXT, _WHOLE, _WHOLE, _TEXT, _TEXT, _TEXT, _WHOLE, _TEXT, *(pa.date32() for _ in range(3)))
    ask(con, "known_bills", "SELECT CAST(id AS VARCHAR) FROM asked", billing.known_bills, kinds)
    con.execute("CREATE TABLE known AS SELECT a.number, k.* FROM asked a JOIN known_bills k USING (id)")


def ask_services(con: duckdb.DuckDBPyConnection, customers: str) -> None:
    """Makes `services`: the customers' services by the id that other systems give them."""
    con.execute("CREATE TABLE services (customer_id BIGINT, ref VARCHAR, service_id BIGINT)")
    ask(con, "services", customers, outside.services_of, (_WHOLE, _TEXT, _WHOLE))
    con.execute(
        "CREATE OR REPLACE TABLE services AS"
        " SELECT customer_id, ref, max(service_id) AS service_id FROM services GROUP BY customer_id, ref"
    )


def ask_devices(con: duckdb.DuckDBPyConnection, customers: str) -> None:
    """Makes `devices`: the customers' devices by their serial numbers."""
    con.execute("CREATE TABLE devices (customer_id BIGINT, serial VARCHAR, device_id BIGINT)")
    ask(con, "devices", customers, outside.devices_of, (_WHOLE, _TEXT, _WHOLE))


def ask(
    con: duckdb.DuckDBPyConnection,
    table: str,
    keys: str,
    query: Callable[..., Iterable[Sequence[Any]]],
    kinds: Sequence[pa.DataType],
) -> None:
    """Asks for what the statement `keys` names (a list of each of its columns), and puts it into the table."""
    for some in lists(con, keys):
        found = list(query(*some))
        if found:
            cells = zip(*found, strict=True)
            append(con, table, [pa.array(cell, kind) for cell, kind in zip(cells, kinds, strict=True)])
