"""How fast bills come in, and with how much memory: one file with a row for each line, ten lines a bill.

Peer, in the same run: psycopg's COPY of the same bytes into one table of the same columns with a primary key (bill,
line): no check, no index, no bill, which no import can beat. Beside it what the file and the database alone cost: a
COPY of the lines as they end up into the real table with its real indexes is part of every import. Then the same file
once more (nothing is new), and one with a wrong total in its last bill (refused, nothing came in).
Run: python -m benchmarks.bill_import [--json] [--rows 1000000]
"""

import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg

from benchmarks import databases
from benchmarks.importing import bring_in, timed, use
from benchmarks.report import Figure, say

LINES = 10
CHUNK = 1 << 20
NUMBER = "'A' || lpad(CAST(bill AS VARCHAR), 9, '0')"
COLUMNS = "bill,account,day,until,total,line,kind,code,words,product,service,device,from_day,to_day,amount,tax"
MAPPING = """
name = "bench-bills"
title = "Benchmark"
of = "bills"
source = "bench-bills"
currency = "USD"

[bill]
number = "bill"
account_number = "account"
issued_on = "day"
period_from = "day"
period_until = "until"
total = "total"

[charge]
line = "line"
kind = "kind"
code = "code"
words = "words"
product = "product"
service = "service"
device = "device"
period_from = "from_day"
period_until = "to_day"
amount = "amount"
tax = "tax"
"""
ACCOUNTS = """
INSERT INTO record_customer (kind, name, languages, time_zone, source, external_id, created_at, facts)
  SELECT 'person', '', '{}', '', 'bench', i::text, now(), '{}' FROM generate_series(0, %(bills)s - 1) i;
INSERT INTO record_account (customer_id, number, currency)
  SELECT id, 'A' || lpad(external_id, 9, '0'), 'USD' FROM record_customer WHERE source = 'bench'
"""


def wanted() -> int:
    """How many lines are asked for."""
    return int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else 1_000_000


def write_bills(path: Path, lines: int) -> None:
    """The file: each line with its bill, amounts of every size, a tenth of them discounts."""
    last = "CASE WHEN line % 10 = 9 THEN -1 ELSE 1 END"
    cents = f"({last} * (500 + (bill * 7919 + line * 104729) % 9500))"
    with duckdb.connect() as con:
        con.execute(f"""
            COPY (SELECT 'B' || bill AS bill, {NUMBER} AS account, DATE '2026-11-01' AS day, DATE '2026-12-01' AS until,
              CAST(sum({cents} + {cents} // 20) OVER (PARTITION BY bill) AS DECIMAL(18, 2)) / 100 AS total, line,
              CASE WHEN line % 10 = 9 THEN 'discount' WHEN line % 10 > 5 THEN 'usage' ELSE 'recurring' END AS kind,
              'C' || (bill + line) % 400 AS code, 'What it is for, line ' || line AS words,
              'Plan ' || bill % 40 AS product, 'S' || bill || '-' || line % 3 AS service, '' AS device,
              DATE '2026-11-01' AS from_day, DATE '2026-12-01' AS to_day,
              CAST({cents} AS DECIMAL(18, 2)) / 100 AS amount,
              CAST({cents} // 20 AS DECIMAL(18, 2)) / 100 AS tax
            FROM (SELECT i // {LINES} AS bill, i % {LINES} AS line FROM range({lines}) r (i)) ORDER BY bill, line)
            TO '{path}' (FORMAT csv, HEADER)""")


def with_wrong_total(path: Path, other: Path) -> None:
    """The file once more under another name of each bill, its last line cut off."""
    text = path.read_bytes().rstrip(b"\n")
    other.write_bytes(text[: text.rindex(b"\n") + 1])


def copied(url: str, path: Path) -> tuple[float, float]:
    """Seconds of the COPY of the file as it is."""
    with psycopg.connect(url) as connection:
        names = ", ".join(f"{name} text" for name in COLUMNS.split(","))
        connection.execute(f"CREATE TABLE peer ({names}, PRIMARY KEY (bill, line))")

        def copy() -> None:
            with path.open("rb") as file, connection.cursor().copy("COPY peer FROM STDIN (FORMAT csv, HEADER)") as to:
                while chunk := file.read(CHUNK):
                    to.write(chunk)
            connection.commit()

        _nothing, took, worked = timed(copy)
        connection.execute("DROP TABLE peer")
        connection.commit()
        return took, worked


@contextmanager
def memory() -> Iterator[list[float]]:
    """The most that this process held resident meanwhile, in MiB, looked at ten times a second."""
    most, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            most[0] = max(most[0], pages * resource.getpagesize() / 2**20)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def main() -> None:
    """Measures and says."""
    lines = wanted()
    with databases.server() as server, tempfile.TemporaryDirectory(dir=os.environ["TELLONCE_HOME"]) as temporary:
        url, path = use(server), Path(temporary) / "bills.csv"
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in ACCOUNTS.split(";"):
                connection.execute(statement, {"bills": lines // LINES} if "%(" in statement else None)
            connection.execute("VACUUM ANALYZE")
        write_bills(path, lines)
        took, worked = copied(url, path)
        with memory() as most:
            run, seconds, at_work = bring_in(path, MAPPING)
        say(Figure(f"bills: {run.added:,} new lines", lines / seconds, "lines/s", "COPY of the file", lines / took))
        name = "bills: new lines, by processor time"
        say(Figure(name, lines / at_work, "lines/s", "COPY of the file", lines / worked))
        say(Figure("bills: memory of the import", most[0], "MiB", "limit", 3_072))
        run, seconds, _at_work = bring_in(path, MAPPING)
        say(Figure(f"bills: {run.unchanged:,} lines that are known", lines / seconds, "lines/s"))
        other = Path(temporary) / "cut.csv"
        with_wrong_total(path, other)
        began = time.perf_counter()
        refused(other)
        say(Figure("bills: a cut file is refused", lines / (time.perf_counter() - began), "lines/s"))


def refused(path: Path) -> None:
    """Brings in what must be refused; ends it all where it is not."""
    from benchmarks.importing import AT  # noqa: PLC0415 (as above)
    from tellonce.intake.actions.bringing import bring_in_file  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (after setup)

    run = bring_in_file(path=path, mapping_text=MAPPING, as_of=None, by=SYSTEM, at=AT)
    if run.state != "refused":
        sys.exit("a cut file came in")


if __name__ == "__main__":
    main()
