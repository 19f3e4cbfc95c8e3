"""The demo exported and checked as an installation does it: how many findings are right, and what is found at all.

Found can be what the record tells: the demo's record has no orders, and rents and packages only in the price book. A
wrong line of which nothing that is recorded tells counts for nobody; a finding that names a right line is wrong.
Run: python -m benchmarks.demo_findings [--json] [--customers 5000]
The provider is made anew each time, in a database of its own.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command

from benchmarks import databases
from benchmarks.planted_faults import option
from benchmarks.report import Figure, say

NAME = "tellonce_bench_demo_findings"
RECALL, PRECISION = 98.0, 95.0
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def main() -> None:
    """Makes the provider, exports and checks it, and says the figures."""
    with databases.server() as server:
        server.drop(NAME)
        server.make(NAME)
        os.environ["DATABASE_URL"] = server.at(NAME)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        with tempfile.TemporaryDirectory(prefix="tellonce-demo-bills-") as folder:
            measure(Path(folder), customers=int(option("--customers", "5000")))


def measure(folder: Path, *, customers: int) -> None:
    """One demo, one export, one run of all checks."""
    from tellonce.datakit.engines import engine, keeping, parquet_tables  # noqa: PLC0415 (after setup)
    from tellonce.demo.billed.truth import planted, score  # noqa: PLC0415 (after setup)
    from tellonce.demo.generate import generate  # noqa: PLC0415 (after setup)
    from tellonce.intake.bulk.bill_files import write_bills  # noqa: PLC0415 (after setup)
    from tellonce.lab.billing import NAMES, all_findings, record_of, run_of  # noqa: PLC0415 (after setup)

    truth = planted(generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=customers))
    began = time.perf_counter()
    written = write_bills(folder, at=NOW, by_name="a benchmark")
    exported = time.perf_counter()
    with engine("duckdb", memory="4GB", threads=2) as backend:
        run = run_of(record_of(parquet_tables(backend, folder, NAMES)), keep=keeping(backend))
        findings = all_findings(run).to_pyarrow().to_pylist()
    counted = score(truth, findings)
    title = f"the demo's bills, {customers:,} customers"
    say(Figure(f"{title}: lines", written.lines, "lines"))
    say(Figure(f"{title}: export of all months", exported - began, "s"))
    say(Figure(f"{title}: all checks of all bills", time.perf_counter() - exported, "s"))
    say(Figure(f"{title}: wrong lines that the record can tell", counted.known.total(), "lines"))
    say(Figure(f"{title}: recall of these", 100 * counted.recall, "%", "limit", RECALL))
    say(Figure(f"{title}: findings", counted.said.total(), "findings"))
    say(Figure(f"{title}: precision of findings", 100 * counted.precision, "%", "limit", PRECISION))
    if "--json" not in sys.argv:
        print("by what they can be known:", dict(counted.known), "found:", dict(counted.found))
        print("findings:", dict(counted.said), "right:", dict(counted.right))


if __name__ == "__main__":
    main()
