"""How fast files come in: new, unchanged and changed rows, by the clock and by processor time; and how fast back out.

Peers, in the same run: for new rows psycopg's COPY of the same rows of the same file into one table of the same columns
with a primary key, which no import can beat; for unchanged rows Python's csv.reader over the file, which is all that is
left to do when nothing is other. A customer is an account, a person, a phone, a place, a service, what they are found
by, and their story. The night is the whole file once more, one row in twenty at another price. The calls are those of
AnonymousBank (107,021, packed as they were published), where the file is here (TELLONCE_DATA).
Run: python -m benchmarks.importing [--json] [--rows 200000] [--only-calls]
"""

import csv
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psycopg

from benchmarks import databases
from benchmarks.people import People
from benchmarks.report import Figure, say
from tests.shared import DATA

if TYPE_CHECKING:
    from tellonce.intake.models import ImportRun

T = TypeVar("T")
NAME = "tellonce_bench_importing"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE_IN = 20
MOST_CHANGED = 10_000
PRICE = "59.00"
CHUNK = 20_000
CUSTOMER_COLUMNS = ("id", "name", "since", "account", "phone", "street", "town", "zip", "plan", "price")
CONTACT_COLUMNS = ("id", "at", "channel", "customer", "said")
CALLS = DATA / "callcentre" / "anonymousbank_calls_1999_jan_feb_aug.csv.gz"
CUSTOMERS = """
name = "bench"
title = "Benchmark"
of = "customers"
source = "bench"

[customer]
external_id = "id"
name = "name"
since = "since"

[[account]]
number = "account"

[[person]]
name = "name"
phone = "phone"

[[premise]]
line = "street"
town = "town"
postcode = "zip"

[[service]]
kind = { constant = "internet" }
plan = "plan"
price = "price"
since = "since"
"""
CONTACTS = """
name = "bench-contacts"
title = "Benchmark"
of = "contacts"
source = "bench-contacts"

[contact]
external_id = "id"
began_at = { column = "at", as = "time" }
channel = "channel"
customer_external_id = "customer"
customer_source = "bench"
said = "said"

[[rule]]
matter = "internet.slow"
any = ["slow"]
"""


def wanted() -> int:
    """How many rows are asked for."""
    return int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else 200_000


def use(server: databases.Server) -> str:
    """A fresh database, with Django pointed at it; its address."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    server.make(NAME)
    os.environ["DATABASE_URL"] = server.at(NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
    import django  # noqa: PLC0415 (settings are read at import)
    from django.core.management import call_command  # noqa: PLC0415 (as above)

    django.setup()
    call_command("migrate", verbosity=0)
    from tellonce.modules.care import actions as care  # noqa: PLC0415 (after setup)

    care.lay_first_matters()
    return server.at(NAME)


def write_customers(path: Path, number: int) -> None:
    """A file of customers."""
    people = People()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CUSTOMER_COLUMNS)
        for first in range(0, number, CHUNK):
            for new in people.customers(first=first, count=min(CHUNK, number - first)):
                place = new.premises[0]
                writer.writerow(
                    (
                        *(new.external_id, new.name, "2021-05-01", f"{new.external_id}-1", new.people[0].phones[0]),
                        *(place.line, place.town, place.postcode, "Fibre 500", PRICE),
                    )
                )


def write_changed(path: Path, customers: Path, price: str, *, one_in: int, most: int | None = None) -> int:
    """The customers of a file, one in so many at another price (the first `most` only); how many those are."""
    changed = 0
    with path.open("w", newline="", encoding="utf-8") as file, customers.open(newline="", encoding="utf-8") as known:
        rows = csv.reader(known)
        writer = csv.writer(file)
        writer.writerow(next(rows))
        for number, row in zip(range(most) if most else count(), rows, strict=False):
            is_other = number % one_in == 0
            changed += is_other
            writer.writerow([*row[:-1], price] if is_other else row)
    return changed


def write_contacts(path: Path, customers: Path, most: int) -> None:
    """A file of contacts, one of each customer."""
    with path.open("w", newline="", encoding="utf-8") as file, customers.open(newline="", encoding="utf-8") as known:
        writer = csv.writer(file)
        writer.writerow(CONTACT_COLUMNS)
        for number, row in zip(range(most), csv.DictReader(known), strict=False):
            at = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T{number % 24:02}:30:00Z"
            said = "It is slow in the evening" if number % 3 else "A question about the bill"
            writer.writerow((f"c{number}", at, ("call", "mail", "chat")[number % 3], row["id"], said))


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What the work gave, and its seconds by the clock and of this process's processor time."""
    began, worked = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - began, time.process_time() - worked


def copied(url: str, path: Path, columns: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of a plain COPY of the file's rows into a table of these columns, by the clock and of processor time."""
    with psycopg.connect(url) as connection:
        names = ", ".join(f"{name} text" for name in columns[1:])
        connection.execute(f"CREATE TEMP TABLE peer (id text PRIMARY KEY, {names})")

        def copy() -> None:
            with (
                path.open(newline="", encoding="utf-8") as file,
                connection.cursor().copy("COPY peer FROM STDIN") as copy,
            ):
                rows = csv.reader(file)
                next(rows)
                for row in rows:
                    copy.write_row(row)
            connection.commit()

        _nothing, took, worked = timed(copy)
        connection.execute("DROP TABLE peer")
        return took, worked


def read(path: Path) -> tuple[float, float]:
    """Seconds of reading the file's rows and doing nothing."""

    def through() -> None:
        with path.open(newline="", encoding="utf-8") as file:
            for _row in csv.reader(file):
                pass

    _nothing, took, worked = timed(through)
    return took, worked


def tell(name: str, rows: int, seconds: Sequence[float], *, peer: str = "", beside: Sequence[float] = ()) -> None:
    """Rows a second by the clock, and by this process's processor time; `beside` are the peer's seconds."""
    for how, place in (("", 0), (", by processor time", 1)):
        against = rows / beside[place] if beside else None
        say(Figure(f"import: {name}{how}", rows / seconds[place], "rows/s", peer, against))


def bring_in(path: Path, mapping: str) -> tuple["ImportRun", float, float]:
    """Imports a file: the import, and its seconds; a refusal ends it all."""
    from tellonce.intake.actions.bringing import bring_in_file  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (after setup)

    run, took, worked = timed(lambda: bring_in_file(path=path, mapping_text=mapping, as_of=None, by=SYSTEM, at=AT))
    if run.state != "done":
        sys.exit(f"refused: {run.report['problems'][:3]}")
    return run, took, worked


def undone(run: "ImportRun") -> tuple[int, float, float]:
    """Undoes an import of changed customers: how many things are as before, and the seconds."""
    from tellonce.intake import actions  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (after setup)

    done, took, worked = timed(lambda: actions.undo(run_id=run.pk, by=SYSTEM, at=AT))
    return done.given_back, took, worked


def measure_customers(url: str, folder: Path, customers: Path) -> None:
    """New, unchanged and changed ones, a night, and the undo of a change."""
    copy, reading = copied(url, customers, CUSTOMER_COLUMNS), read(customers)
    run, *seconds = bring_in(customers, CUSTOMERS)
    tell("new customers", run.added, seconds, peer="COPY of the file", beside=copy)
    run, *seconds = bring_in(customers, CUSTOMERS)
    tell("unchanged customers", run.unchanged, seconds, peer="csv.reader", beside=reading)
    changed = folder / "changed.csv"
    write_changed(changed, customers, "64.00", one_in=1, most=MOST_CHANGED)
    run, *seconds = bring_in(changed, CUSTOMERS)
    tell("changed customers", run.changed, seconds)
    back, *seconds = undone(run)
    tell("changed customers given back by undo", back, seconds)
    write_changed(changed, customers, "69.00", one_in=ONE_IN)
    run, *seconds = bring_in(changed, CUSTOMERS)
    tell(f"a night, 1 in {ONE_IN} changed", run.rows, seconds, peer="csv.reader", beside=reading)


def measure_calls(url: str, folder: Path) -> None:
    """AnonymousBank's calls, new and once more; the peer reads them unpacked, with an id of one column."""
    from tellonce.intake.mapping.loading import mapping_text  # noqa: PLC0415 (after setup)

    if not CALLS.exists():
        print(f"{CALLS.name} is not here: no calls are measured", file=sys.stderr)
        return
    plain = folder / "calls.csv"
    with gzip.open(CALLS, "rt", newline="") as packed, plain.open("w", newline="", encoding="utf-8") as file:
        rows, writer = csv.reader(packed), csv.writer(file)
        columns = tuple(f"c{number}" for number, _name in enumerate(next(rows)))
        writer.writerow(("id", *columns))
        writer.writerows((f"{row[0]}-{row[1]}", *row) for row in rows)
    copy, reading = copied(url, plain, ("id", *columns)), read(plain)
    run, *seconds = bring_in(CALLS, mapping_text("anonymousbank"))
    tell("new calls", run.added, seconds, peer="COPY of the file", beside=copy)
    say(Figure(f"import: all {run.added:,} calls", seconds[0], "s", "limit", 20.0))
    run, *seconds = bring_in(CALLS, mapping_text("anonymousbank"))
    tell("unchanged calls", run.unchanged, seconds, peer="csv.reader", beside=reading)


def main() -> None:
    """Measures and says."""
    rows = wanted()
    with databases.server() as server, tempfile.TemporaryDirectory() as temporary:
        url, folder = use(server), Path(temporary)
        measure_calls(url, folder)
        if "--only-calls" in sys.argv:
            return
        customers, contacts = folder / "customers.csv", folder / "contacts.csv"
        write_customers(customers, rows)
        write_contacts(contacts, customers, rows)
        measure_customers(url, folder, customers)
        copy = copied(url, contacts, CONTACT_COLUMNS)
        run, *seconds = bring_in(contacts, CONTACTS)
        tell("new contacts, matched", run.added, seconds, peer="COPY of the file", beside=copy)
        run, *seconds = bring_in(contacts, CONTACTS)
        tell("unchanged contacts", run.unchanged, seconds, peer="csv.reader", beside=read(contacts))


if __name__ == "__main__":
    main()
