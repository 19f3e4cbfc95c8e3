"""How fast search answers among a million customers, kind by kind, and how long it takes to load them.

The customers come in by the product's own bulk path into a database of their own, kept for the next run.
Run: python -m benchmarks.search [--json] [--customers 1000000]
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks import databases
from benchmarks.people import People
from benchmarks.report import Figure, quantile, say
from tellonce.modules.record.contracts import NewCustomer

NAME = "tellonce_bench_search"
LIMIT_MS = 50.0
LOAD_LIMIT_S = 600.0
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHUNK = 20_000
TIMES = 160
WARM = 10


def wanted() -> int:
    """How many customers are asked for."""
    return int(sys.argv[sys.argv.index("--customers") + 1]) if "--customers" in sys.argv else 1_000_000


def use(server: databases.Server) -> None:
    """Points Django at the benchmark's database, made and migrated where it is missing."""
    server.make(NAME)
    os.environ["DATABASE_URL"] = server.at(NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
    import django  # noqa: PLC0415 (settings are read at import)
    from django.core.management import call_command  # noqa: PLC0415 (as above)

    django.setup()
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Loads the customers that are missing, and says how long it took when all of them were."""
    from django.db import connection  # noqa: PLC0415 (after setup)

    from tellonce.modules.record import actions  # noqa: PLC0415 (after setup)
    from tellonce.modules.record.models import Customer  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (after setup)

    have = Customer.objects.count()
    people = People()
    wall = cpu = 0.0
    for first in range(have, count, CHUNK):
        batch = list(people.customers(first=first, count=min(CHUNK, count - first)))
        began, began_cpu = time.perf_counter(), time.process_time()
        actions.load_customers(batch, by=SYSTEM, at=AT)
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - began_cpu
        print(f"  {first + len(batch):,} customers, {wall:.0f} s", file=sys.stderr)
    if have < count:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    if have == 0:
        say(Figure(f"load {count:,} customers by COPY", wall, "s", "limit", LOAD_LIMIT_S))
        say(Figure("  of it processor time of the loading process", cpu, "s"))


def misspelt(chance: random.Random, name: str) -> str:
    """A name with one mistake: two letters exchanged, one dropped, one doubled, or another vowel."""
    place = chance.randrange(1, len(name) - 1)
    match chance.randrange(4):
        case 0:
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        case 1:
            return name[:place] + name[place + 1 :]
        case 2:
            return name[:place] + name[place] + name[place:]
        case _:
            return name[:place] + chance.choice("aeiou") + name[place + 1 :]


def phone_of(one: NewCustomer) -> str:
    """The ten national digits."""
    return one.people[0].phones[0][2:]


KINDS: dict[str, Callable[[random.Random, NewCustomer], str]] = {
    "two letters": lambda _c, one: one.name[:2],
    "three letters": lambda _c, one: one.name[:3],
    "two and two letters": lambda _c, one: f"{one.name[:2]} {one.name.split()[-1][:2]}",
    "full name": lambda _c, one: one.name,
    "last name first": lambda _c, one: " ".join(reversed(one.name.split())),
    "first name and a letter": lambda _c, one: f"{one.name.split()[0]} {one.name.split()[-1][0]}",
    "last name": lambda _c, one: one.name.split()[-1],
    "very common names": lambda c, _o: (
        f"{c.choice(('James', 'Mary', 'John', 'Maria'))} {c.choice(('Smith', 'Garcia'))}"
    ),
    "misspelt name": lambda c, one: misspelt(c, one.name),
    "misspelt last name": lambda c, one: misspelt(c, one.name.split()[-1]),
    "misspelt common name": lambda c, _o: misspelt(c, c.choice(("Smith", "Garcia Maria", "Johnson", "Rodriguez Jose"))),
    "nobody's name": lambda c, _o: "".join(c.choices("qxzjkvw", k=7)),
    "phone": lambda _c, one: f"({phone_of(one)[:3]}) {phone_of(one)[3:6]}-{phone_of(one)[6:]}",
    "phone, three digits": lambda _c, one: phone_of(one)[:3],
    "phone, six digits": lambda _c, one: phone_of(one)[:6],
    "phone, last four": lambda _c, one: phone_of(one)[-4:],
    "phone, five inside": lambda _c, one: phone_of(one)[3:8],
    "mail": lambda _c, one: one.people[0].mails[0][:12],
    "house and street": lambda _c, one: " ".join(one.premises[0].line.split()[:2]),
    "street": lambda _c, one: one.premises[0].line.split()[1],
    "name and street": lambda _c, one: f"{one.name.split()[-1]} {one.premises[0].line.split()[1]}",
    "beginnings of name and street": lambda _c, one: f"{one.name[:3]} {one.premises[0].line.split()[1][:3]}",
    "account": lambda _c, one: one.accounts[0].number,
    "account, five digits": lambda _c, one: one.accounts[0].number[:5],
    "serial, last five": lambda _c, one: one.devices[0].serial[-5:],
    "MAC, last three bytes": lambda _c, one: ":".join(one.devices[0].mac[i : i + 2] for i in (6, 8, 10)),
}


def processor_s(backend: int) -> float:
    """The processor's time of this process and of its database connection (where that runs on this machine)."""
    stat = Path(f"/proc/{backend}/stat")
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return time.process_time()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(count: int) -> None:
    """Every kind of query, each time for another customer; the first few of each kind are not counted.

    Beside the wall's time stands the processor's, the mean of a kind: other work on the machine does not change it.
    """
    from django.db import connection  # noqa: PLC0415 (after setup)

    from tellonce.modules.record import queries  # noqa: PLC0415 (after setup)

    chance = random.Random(7)
    people = People()
    known = [
        one
        for start in range(0, count, CHUNK * 5)
        for one in islice(people.customers(first=start, count=min(CHUNK, count - start)), 100)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    for kind, typed in KINDS.items():
        texts = [typed(chance, chance.choice(known)) for _ in range(TIMES)]
        for text in texts[:WARM]:
            queries.search(text)
        taken: list[float] = []
        busy = processor_s(backend)
        for text in texts[WARM:]:
            began = time.perf_counter()
            queries.search(text)
            taken.append((time.perf_counter() - began) * 1000)
        busy = (processor_s(backend) - busy) / len(taken) * 1000
        say(Figure(f"search, {kind}, p50", quantile(taken, 0.5), "ms", "limit", LIMIT_MS))
        say(Figure(f"search, {kind}, p99", quantile(taken, 0.99), "ms", "limit", LIMIT_MS))
        say(Figure(f"search, {kind}, processor's time", busy, "ms", "limit", LIMIT_MS))


def main() -> None:
    """Loads what is missing, then measures."""
    with databases.server() as server:
        use(server)
        fill(wanted())
        measure(wanted())


if __name__ == "__main__":
    main()
