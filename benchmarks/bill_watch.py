"""How fast bills are checked against what is watched, and how fast the billing system is answered.

100,000 bills of four lines come in for as many accounts, a fifth of which are watched (one watch in a hundred finds its
line again). Peer, in the same run: PostgreSQL reading the lines of all of these bills once. Then one bill at a time, as
the billing system asks before it sends it (limit: 100 ms at the 99th of 100), what it takes to answer a bill on which
something came back (credit, case, letter), and an account of a mass correction.
Run: python -m benchmarks.bill_watch [--json] [--bills 100000]
"""

import os
import sys
import time
from datetime import UTC, datetime

import django
from django.core.management import call_command
from django.db import connection

from benchmarks import databases
from benchmarks.report import Figure, quantile, say

NAME = "tellonce_bench_watch"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKED, CORRECTED = 500, 300
LIMIT_MS = 100.0
_EMPTY = """
TRUNCATE billing_bill, billing_charge, billing_watchcheck, billing_watch, billing_credit, billing_billingorder,
  billing_causeaccount, billing_correction, billing_cause, record_moment, record_outboxrow, record_delivery,
  record_account, record_customer RESTART IDENTITY CASCADE
"""
_CUSTOMERS = """
INSERT INTO record_customer (kind, name, languages, time_zone, source, external_id, created_at, facts)
  SELECT 'person', '', '{}', '', 'bench', i::text, now(), '{}' FROM generate_series(1, %(bills)s) i;
INSERT INTO record_account (customer_id, number, currency) SELECT id, 'A' || id, 'USD' FROM record_customer
"""
_BILLS = """
INSERT INTO billing_bill (customer_id, id, account_id, source, number, state, issued_on, currency, total_minor,
                          carried_minor, lines, received_at)
  SELECT a.customer_id, md5('bill' || %(month)s || a.id)::uuid, a.id, 'bench', 'B' || %(month)s || '-' || a.id,
    %(state)s, %(month)s::date, 'USD', 8000, 0, 4, %(at)s FROM record_account a WHERE a.id <= %(some)s;
INSERT INTO billing_charge (customer_id, id, bill_id, account_id, line, kind, code, words, product, service_ref,
                            device_serial, amount_minor, tax_minor, currency, issued_on)
  SELECT a.customer_id, md5('line' || %(month)s || a.id || '-' || n)::uuid, md5('bill' || %(month)s || a.id)::uuid,
    a.id, n, 'recurring', CASE WHEN n = 4 AND a.id %% 500 = 0 THEN 'WRONG' ELSE 'C' || (a.id + n) %% 400 END,
    'What it is for', '', '', '', 2000, 0, 'USD', %(month)s::date
  FROM record_account a CROSS JOIN generate_series(1, 4) n WHERE a.id <= %(some)s
"""
_WATCHES = """
INSERT INTO billing_watch (customer_id, account_id, code, product, device_serial, pattern, allowed_lines, words,
                           limit_minor, currency, since, began_at, began_by_name, state, clean_bills, came_back, held)
  SELECT customer_id, id, 'WRONG', '', '', '', 0, 'Wrong fee', 2000, 'USD', '2026-10-01', %(at)s, '', 'watching',
    0, 0, 0
  FROM record_account WHERE id %% 5 = 0
"""
_PEER = """
SELECT count(*), sum(c.amount_minor) FROM billing_bill b
JOIN billing_charge c ON c.customer_id = b.customer_id AND c.bill_id = b.id WHERE b.issued_on = %(month)s
"""


def wanted() -> int:
    """How many bills are asked for."""
    return int(sys.argv[sys.argv.index("--bills") + 1]) if "--bills" in sys.argv else 100_000


def use(server: databases.Server) -> None:
    """Points Django at the benchmark's database."""
    server.make(NAME)
    os.environ["DATABASE_URL"] = server.at(NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
    django.setup()
    call_command("migrate", verbosity=0)


def run_sql(statements: str, **values: object) -> float:
    """Seconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in statements.split(";\n"):
            cursor.execute(statement, values)
    return time.perf_counter() - began


def seed(bills: int) -> None:
    """Accounts, watches, and the bills of November that nobody checked; statistics as a running database has them."""
    run_sql(_EMPTY)
    run_sql(_CUSTOMERS, bills=bills)
    run_sql(_WATCHES, at=AT)
    run_sql(_BILLS, month="2026-11-01", at=AT, state="issued", some=bills)
    for table in ("billing_bill", "billing_charge", "billing_watch", "record_account"):
        run_sql(f"ANALYZE {table}")


def check(bills: int) -> None:
    """All new bills, then what came back on them."""
    from tellonce.modules.billing import actions  # noqa: PLC0415 (after setup)

    peer = min(run_sql(_PEER, month="2026-11-01") for _ in range(3))
    began = time.perf_counter()
    checked = actions.check_bills(at=AT)
    took = time.perf_counter() - began
    if checked != bills:
        raise SystemExit(f"{checked} bills were checked")
    say(Figure(f"{bills:,} bills checked", took, "s", peer="reading their lines once", against=peer))
    began = time.perf_counter()
    answered = actions.answer_what_came_back(at=AT)
    if answered != bills // 500:
        raise SystemExit(f"{answered} bills were answered")
    each = (time.perf_counter() - began) / answered * 1000
    say(Figure(f"each of {answered} bills answered: credit, case, letter", each, "ms"))


def ask(bills: int) -> None:
    """The billing system asks about bills of December, one at a time; one in a hundred has a line to hold."""
    from tellonce.modules.billing import actions  # noqa: PLC0415 (after setup)
    from tellonce.modules.billing.models import Bill  # noqa: PLC0415 (after setup)

    run_sql(_BILLS, month="2026-12-01", at=AT, state="asked", some=bills // 10)
    asked = Bill.objects.filter(state="asked", account_id__gt=bills // 10 - ASKED * 5).order_by("account_id")
    took, held = [], 0
    for bill in [each for each in asked if each.account_id % 5 == 0][:ASKED]:
        began = time.perf_counter()
        held += bool(actions.check_bill(bill_id=bill.id, customer_id=bill.customer_id, at=AT))
        took.append((time.perf_counter() - began) * 1000)
    say(Figure(f"p50 of asking about a watched bill ({held} of {len(took)} held)", quantile(took, 0.5), "ms"))
    say(Figure("p99 of asking about a watched bill", quantile(took, 0.99), "ms", peer="limit", against=LIMIT_MS))


def correct() -> None:
    """A cause on 300 accounts that nobody watched: credited, watched, told."""
    from tellonce.modules.billing import actions  # noqa: PLC0415 (after setup)
    from tellonce.modules.billing.models import Charge  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff import actions as staff  # noqa: PLC0415 (after setup)
    from tellonce.modules.staff.models import Person  # noqa: PLC0415 (after setup)

    ids = list(range(1, CORRECTED + 1))
    Charge.objects.filter(account_id__in=ids, line=1, issued_on="2026-11-01").update(code="EVERYBODY")
    people = [
        Person.objects.filter(email=mail).first() or staff.add_person(email=mail, name=mail, role="manager", at=AT)
        for mail in ("ada@example.net", "bo@example.net")
    ]
    first, second = (person.as_actor() for person in people)
    rule = actions.CauseRule(code="EVERYBODY", first_on=AT.date().replace(day=1), currency="USD")
    cause = actions.open_cause(title="Everybody's fee", rule=rule, by=first, at=AT)
    asked = actions.ask_correction(cause_id=cause.pk, words="We charged it in error.", by=first, at=AT)
    actions.approve_correction(correction_id=asked.pk, by=second, at=AT)
    began = time.perf_counter()
    done = actions.run_correction(correction_id=asked.pk, now=lambda: AT)
    if done != CORRECTED:
        raise SystemExit(f"{done} accounts were corrected")
    say(Figure(f"{done} accounts corrected", time.perf_counter() - began, "s"))


def main() -> None:
    """All of it."""
    bills = wanted()
    with databases.server() as server:
        use(server)
        seed(bills)
        check(bills)
        ask(bills)
        correct()


if __name__ == "__main__":
    main()
