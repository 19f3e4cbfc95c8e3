"""How long the checks of one billing run take, and how much memory, over millions of made-up bill lines.

One billing run is the newest month's bills, with the history that the checks need. The bills are made by
`tellonce bills generate` (seed 11, 14 months), once, and kept in a folder. Measured: the whole command as a process of
its own, with its peak memory; the same on a tenth of the lines, for growth; each check alone, from the files, beside
one plain scan; and with --spark the same findings from Spark's local mode, compared row for row, of at most 5 million
lines.

A plain scan reads, once and over all rows, each column that any step of the check reads from the files, and hashes
every value, so that nothing can be skipped. The check is measured with all that it shares with others (the run's bills
and lines, the terms, the days without charge), reckoned for it alone; what it reads twice stands in the scan once.
Run: python -m benchmarks.bill_checks [--json] [--lines 5] [--folder tmp/bills] [--spark]
`--lines` is in millions; 50 makes the full size, with 5 beside it for growth. Bills that are in the folder already are
taken as they are.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow.compute as pc
import pyarrow.dataset as ds
from ibis.util import gen_name

from benchmarks.harness import ROOT
from benchmarks.report import Figure, say
from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.lab.billing import NAMES, Checks, record_of, run_of

SEED, MONTHS, LINES_AN_ACCOUNT = 11, 14, 52
SPARK_MILLIONS = 5
LIMIT_S, LIMIT_GIB, LIMIT_OF_SCAN, LIMIT_GROWTH = 60, 8, 4, 11
GIB = 1024**3
MEMORY, THREADS = "6GB", 2
EPOCH = date(1970, 1, 1)


def option(name: str, usual: str) -> str:
    """The word after an option of the command line."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else usual


def made(folder: Path, *, millions: float) -> Path:
    """A folder with about so many lines; made where it is missing."""
    target = folder / f"{millions:g}m"
    if not target.exists():
        accounts = int(millions * 1e6 / LINES_AN_ACCOUNT)
        words = ["--accounts", str(accounts), "--months", str(MONTHS), "--seed", str(SEED), "--out", str(target)]
        subprocess.run([sys.executable, "-m", "tellonce.cli", "bills", "generate", *words], check=True, cwd=ROOT)
    return target


def files(folder: Path, table: str) -> Path:
    """Where a table's rows are: a file, or a folder of files."""
    return file if (file := folder / f"{table}.parquet").exists() else folder / table


def newest(folder: Path) -> date:
    """The day from which on bills are of the newest run: a month before the last one was issued."""
    issued = ds.dataset(files(folder, "bills")).to_table(columns=["issued_on"])["issued_on"]
    return pc.max(issued).as_py() - timedelta(days=30)


def check(folder: Path, *, since: date, on: str = "duckdb") -> tuple[float, float, list[str]]:
    """The command as a process: its seconds, the most memory (GiB) that any process here took so far, its findings."""
    words = ["--json", "--since", since.isoformat(), "--on", on, "--memory", MEMORY, "--threads", str(THREADS)]
    command = [sys.executable, "-m", "tellonce.cli", "bills", "check", str(folder), *words]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    took = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / GIB
    return took, most, done.stdout.splitlines()


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a plan that has run says of each reading of files."""
    told = plan.get("extra_info", {})
    if told.get("Function") == "READ_PARQUET":
        yield told
    for child in plan.get("children", []):
        yield from scans(child)


def table_of(told: dict[str, Any], folder: Path) -> str:
    """The table that one reading reads: its file, or the folder of its files."""
    return Path(told["Filename(s)"]).relative_to(folder).parts[0].removesuffix(".parquet")


def columns_of(told: dict[str, Any], held: set[str]) -> set[str]:
    """Of the columns that the files hold, those that one reading takes, with those that it only compares."""
    taken = told.get("Projections", [])
    words = re.findall(r"\w+", f"{told.get('Filters', '')} {told.get('Dynamic Filters', '')}")
    return held & (({taken} if isinstance(taken, str) else set(taken)) | set(words))


def one_check(backend: Any, folder: Path, name: str, *, since_day: int, keep: Callable[[ir.Table], ir.Table]) -> None:
    """Reckons one check out, from the files."""
    run = run_of(record_of(parquet_tables(backend, folder, NAMES)), since=since_day, keep=keep)
    rows = Checks(run).by_name()[name]()
    if rows is not None:
        keep(rows)


def columns_read(folder: Path, name: str, since_day: int) -> dict[str, set[str]]:
    """By table, the columns that the steps of a check read from the files."""
    read: dict[str, set[str]] = defaultdict(set)
    with engine("duckdb", memory=MEMORY, threads=THREADS) as backend, tempfile.TemporaryDirectory() as place:
        written = Path(place) / "plan.json"
        backend.con.execute("SET enable_profiling = 'json'")
        backend.con.execute(f"SET profiling_output = '{written}'")

        def keep(table: ir.Table) -> ir.Table:
            name = gen_name("seen")
            backend.con.execute(f'CREATE TEMP TABLE "{name}" AS {backend.compile(table)}')
            for told in scans(json.loads(written.read_text())):
                table = table_of(told, folder)
                read[table] |= columns_of(told, set(ds.dataset(files(folder, table), partitioning=None).schema.names))
            return backend.table(name)

        one_check(backend, folder, name, since_day=since_day, keep=keep)
    return read


def scan(backend: Any, folder: Path, columns: dict[str, set[str]]) -> None:
    """Reads these columns of all rows once."""
    for table, names in columns.items():
        hashed = ", ".join(f'"{name}"' for name in sorted(names))
        where = files(folder, table)
        read = where if where.suffix else where / "**" / "*.parquet"
        backend.con.execute(
            f"SELECT bit_xor(hash({hashed})) FROM read_parquet('{read}', hive_partitioning=false)"
        ).fetchall()


def timed(step: Callable[[], None]) -> tuple[float, float]:
    """Seconds that pass, and seconds of processor time, which other work on the machine changes less."""
    began, worked = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - began, time.process_time() - worked


def each_check(folder: Path, small: Path, since: date) -> None:
    """Each check alone, from the files, beside a plain scan of what it reads (seen on the smaller bills)."""
    since_day = (since - EPOCH).days
    with engine("duckdb", memory=MEMORY, threads=THREADS) as backend:
        names = list(Checks(run_of(record_of(parquet_tables(backend, folder, NAMES)))).by_name())
    for name in names:
        columns = columns_read(small, name, since_day)
        with engine("duckdb", memory=MEMORY, threads=THREADS) as backend:
            plain, plain_work = timed(partial(scan, backend, folder, columns))
            keep = keeping(backend)
            took, work = timed(partial(one_check, backend, folder, name, since_day=since_day, keep=keep))
        say(Figure(f"check alone: {name}", took, "s", f"{LIMIT_OF_SCAN} plain scans", LIMIT_OF_SCAN * plain))
        limit = LIMIT_OF_SCAN * plain_work
        say(Figure(f"check alone: {name}: processor time", work, "s", f"{LIMIT_OF_SCAN} plain scans", limit))


def beside_spark(folder: Path, since: date) -> None:
    """The findings of Spark's local mode beside DuckDB's, row for row and in their order."""
    took, _, found = check(folder, since=since)
    spark_took, _, on_spark = check(folder, since=since, on="spark")
    lines = ds.dataset(files(folder, "charges")).count_rows()
    say(Figure(f"Spark's local mode on {lines / 1e6:.1f} million lines", spark_took, "s", "DuckDB", took))
    differ = sum(one != other for one, other in zip_longest(found, on_spark))
    say(Figure(f"of {len(found)} findings on DuckDB, Spark's that differ", differ, "findings"))


def main() -> None:
    """Makes the bills where they are missing, and measures."""
    millions = float(option("--lines", "5"))
    folder = Path(option("--folder", "tmp/bills")).absolute()
    small = made(folder, millions=millions / 10)
    small_took, _, _ = check(small, since=newest(small))
    big = made(folder, millions=millions)
    since = newest(big)
    took, most, found = check(big, since=since)
    lines = ds.dataset(files(big, "charges")).count_rows()
    say(
        Figure(
            f"one billing run of {lines / 1e6:.1f} million lines, {len(found)} findings", took, "s", "limit", LIMIT_S
        )
    )
    say(Figure("memory of that run, at most", most, "GiB", "limit", LIMIT_GIB))
    say(Figure("growth from a tenth of the lines", took / small_took, "times", "limit", LIMIT_GROWTH))
    each_check(big, small, since)
    if "--spark" in sys.argv:
        of_spark = made(folder, millions=min(millions, SPARK_MILLIONS))
        beside_spark(of_spark, newest(of_spark))


if __name__ == "__main__":
    main()
