"""How quickly the billing system hears which lines of a bill to hold, through the API, among many bills and watches.

Each question is a new bill of ten lines of an account on which twenty charges are watched; one in two bills has one of
them. The limit is the product's promise: an answer in under 100 ms.
Run: python -m benchmarks.bill_asking [--json] [--accounts 20000] [--asked 500]
"""

import json
import sys
import time
from datetime import date

import psycopg

from benchmarks import databases
from benchmarks.importing import AT, use
from benchmarks.report import Figure, quantile, say

LINES, WATCHED, LIMIT_MS = 10, 20, 100.0
DAY = date(2026, 11, 1)
ACCOUNTS = """
INSERT INTO record_customer (kind, name, languages, time_zone, source, external_id, created_at, facts)
  SELECT 'person', '', '{}', '', 'bench', i::text, now(), '{}' FROM generate_series(0, %(accounts)s - 1) i;
INSERT INTO record_account (customer_id, number, currency)
  SELECT id, 'A' || external_id, 'USD' FROM record_customer WHERE source = 'bench'
"""
BILLS = f"""
INSERT INTO billing_bill (customer_id, id, account_id, source, number, state, issued_on, currency, total_minor,
    carried_minor, lines, received_at, checked_at)
  SELECT a.customer_id, md5(a.id || '/' || m)::uuid, a.id, 'billing', a.id || '/' || m, 'issued',
    (DATE '2026-11-01' - m * INTERVAL '1 month')::date, 'USD', 10000, 0, {LINES}, now(), now()
  FROM record_account a, generate_series(1, 12) m;
INSERT INTO billing_charge (customer_id, id, bill_id, account_id, line, kind, code, words, product, service_ref,
    device_serial, amount_minor, tax_minor, currency, issued_on)
  SELECT customer_id, md5(id || '/' || l)::uuid, id, account_id, l, 'recurring', 'C' || l, '', '', '', '', 1000, 0,
    'USD', issued_on
  FROM billing_bill, generate_series(1, {LINES}) l
"""
WATCHES = f"""
INSERT INTO billing_watch (customer_id, account_id, code, product, device_serial, pattern, allowed_lines, words,
    limit_minor, currency, since, began_at, began_by_name, state, clean_bills, came_back, held)
  SELECT customer_id, id, 'W' || w, '', '', '', 0, 'watched', 1000, 'USD', '2026-01-01', now(), '', 'watching', 0, 0, 0
  FROM record_account, generate_series(1, {WATCHED}) w
"""


def wanted(name: str, otherwise: int) -> int:
    """How many are asked for."""
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else otherwise


def body(number: int, account: int) -> str:
    """A bill to ask about; every second one has a charge that is watched."""
    lines = [
        {"line": line, "kind": "recurring", "code": f"C{line}", "amount_minor": 1000, "words": f"Line {line}"}
        for line in range(1, LINES + 1)
    ]
    if number % 2:
        lines[-1]["code"] = "W7"
    head = {"number": f"ask-{number}", "account_number": f"A{account}", "issued_on": DAY.isoformat()}
    return json.dumps(head | {"currency": "USD", "lines": lines})


def main() -> None:
    """Measures and says."""
    accounts, asked = wanted("--accounts", 20_000), wanted("--asked", 500)
    with databases.server() as server:
        url = use(server)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in f"{ACCOUNTS};{BILLS};{WATCHES}".split(";"):
                connection.execute(statement, {"accounts": accounts} if "%(" in statement else None)
            connection.execute("VACUUM ANALYZE")
        from django.test import Client  # noqa: PLC0415 (after setup)

        from tellonce.modules.staff.contracts import SYSTEM  # noqa: PLC0415 (as above)
        from tellonce.openapi.actions import add_key  # noqa: PLC0415 (as above)

        _key, text = add_key(
            name="Billing", source="billing-asks", scopes=["bills:ask"], per_minute=100_000, by=SYSTEM, at=AT
        )
        client, took_ms, held = Client(), [], 0
        for number in range(asked):
            sent = body(number, number * 7919 % accounts)
            began = time.perf_counter()
            answer = client.post(
                "/api/bills/ask",
                sent,
                content_type="application/json",
                headers={"Authorization": f"Bearer {text}", "Host": "localhost"},
            )
            took_ms.append((time.perf_counter() - began) * 1000)
            held += len(answer.json()["hold"])
        if held != asked // 2:
            sys.exit(f"{held} lines were held of {asked // 2}")
        for name, share in (("median", 0.5), ("p99", 0.99)):
            say(Figure(f"asking about a bill, {name}", quantile(took_ms, share), "ms", "limit", LIMIT_MS))


if __name__ == "__main__":
    main()
