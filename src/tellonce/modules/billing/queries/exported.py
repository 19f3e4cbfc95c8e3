"""Bills and what the record knows of them, as statements for COPY: the files that the checks read (bill-files.md).

What nobody told is left out or null: unknown is never a finding. What services cost is in `exported_services`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from tellonce.modules.billing.queries.exported_services import ANY_PROMISED, PROMOTIONS, SERVICES

_BILL = "('x' || right(replace({}::text, '-', ''), 16))::bit(64)::bigint & 9223372036854775807"
"""A bill's id as a whole number: its last 63 bits, as contracts.identity.outside_id says it."""

_ALWAYS = "DATE '1900-01-01'"
_AHEAD_DAYS = 62
"""A bill may name what begins so many days after it: it is charged in advance."""

_SENT = "b.state = 'issued' AND date_trunc('month', b.issued_on)::date = ANY({months}::date[])"
BILLS = f"""
SELECT date_trunc('month', b.issued_on)::date AS month, b.account_id AS account, {_BILL.format("b.id")} AS bill,
  b.issued_on, coalesce(b.period_from, b.issued_on) AS period_from, b.period_until, b.currency, b.total_minor,
  coalesce(b.carried_minor, 0) AS carried_minor
FROM billing_bill b WHERE {_SENT}
"""
CHARGES = f"""
-- What runs from month to month and says no days is for those of its bill; where that has none either, nobody knows.
-- A serial that a customer had twice is that device which was there on the line's first day.
SELECT date_trunc('month', b.issued_on)::date AS month, c.account_id AS account, {_BILL.format("c.bill_id")} AS bill,
  c.line::bigint AS line, c.kind, c.code, nullif(c.product, '') AS product,
  coalesce(c.service_id, s.service) AS service, CASE WHEN d.is_one THEN d.device WHEN d.device IS NOT NULL THEN (
    SELECT x.id FROM record_device x WHERE x.customer_id = c.customer_id AND x.serial = d.serial
    ORDER BY coalesce(c.period_from, c.issued_on) >= coalesce(x.since, {_ALWAYS})
      AND coalesce(c.period_from, c.issued_on) < coalesce(x.until, 'infinity') DESC, x.id DESC LIMIT 1
  ) END AS device,
  coalesce(c.period_from, b.period_from, CASE WHEN c.kind NOT IN ('recurring', 'discount') THEN c.issued_on END)
    AS period_from,
  coalesce(c.period_until, CASE WHEN c.period_from IS NULL THEN b.period_until END) AS period_until,
  c.amount_minor, c.tax_minor, c.currency
FROM billing_bill b JOIN billing_charge c ON c.customer_id = b.customer_id AND c.bill_id = b.id
LEFT JOIN (
  SELECT customer_id, serial, max(id) AS device, count(*) = 1 AS is_one FROM record_device
  WHERE serial <> '' GROUP BY 1, 2
) d ON d.customer_id = c.customer_id AND d.serial = c.device_serial
LEFT JOIN (
  SELECT customer_id, external_id, max(id) AS service FROM record_service WHERE external_id <> '' GROUP BY 1, 2
) s ON s.customer_id = c.customer_id AND s.external_id = c.service_ref AND c.service_id IS NULL
WHERE {_SENT}
"""
"""Both need `months`, first days; rows of several months come in no order, each with its month."""

_FINGERPRINTS = f"""
-- Lines are written with the devices and services that the record knew then: one that it learns of later, or by another
-- name, makes the months other in which it may be named.
WITH named AS (
  SELECT customer_id, coalesce(since, {_ALWAYS}) - {_AHEAD_DAYS} AS since,
    hashtextextended(concat_ws('/', 'device', id, serial), 0)::numeric AS mark
  FROM record_device WHERE serial <> ''
  UNION ALL
  SELECT customer_id, coalesce(since, {_ALWAYS}) - {_AHEAD_DAYS},
    hashtextextended(concat_ws('/', 'service', id, external_id), 0)::numeric
  FROM record_service WHERE external_id <> ''
), known AS (
  SELECT date_trunc('month', b.issued_on)::date AS month, sum(n.mark) AS mark
  FROM billing_bill b JOIN named n ON n.customer_id = b.customer_id AND b.issued_on >= n.since
  WHERE b.state = 'issued' GROUP BY 1
), billed AS (
  SELECT date_trunc('month', issued_on)::date AS month, count(*) AS bills, sum(lines) AS lines,
    max(received_at) AS received,
    sum(hashtextextended(concat_ws('/', id, account_id, digest, lines_digest), 0)::numeric) AS mark
  FROM billing_bill WHERE state = 'issued' GROUP BY 1
)
SELECT b.month, concat_ws(' ', b.bills, b.lines, b.received, b.mark, coalesce(k.mark, 0))
FROM billed b LEFT JOIN known k USING (month)
"""
ACCOUNTS = """
SELECT a.id AS account, a.customer_id AS customer, (
    SELECT r.code FROM record_occupancy o JOIN record_premise p ON p.id = o.premise_id
    JOIN record_area r ON r.id = p.area_id
    WHERE o.customer_id = a.customer_id ORDER BY (o.until IS NULL) DESC, o.since DESC LIMIT 1) AS area,
  coalesce(a.opened_on, r.since, r.created_at::date) AS opened_on, a.closed_on, a.currency,
  coalesce(a.cycle_day, 1)::bigint AS cycle_day, false AS is_tax_exempt
FROM record_account a JOIN record_customer r ON r.id = a.customer_id WHERE r.hidden_at IS NULL
"""
_STOOD = f"""
-- Devices with the days on which they stood at the customer. An import that does not say since when notes its own day,
-- which is when the record learned of it: it may have stood there since ever.
WITH noted AS (
  SELECT (data->>'device_id')::bigint AS device, min(at) AS at FROM record_moment
  WHERE kind = 'record.device_added' AND import_id IS NOT NULL GROUP BY 1
), stood AS (
  SELECT d.*, CASE
    WHEN d.since IS NULL OR d.until <= d.since OR (n.at::date = d.since AND n.at >= r.created_at) THEN {_ALWAYS}
    ELSE d.since END AS known_since
  FROM record_device d JOIN record_customer r ON r.id = d.customer_id
  LEFT JOIN noted n ON n.device = d.id AND d.import_id IS NOT NULL
)
"""
DEVICES = f"""
{_STOOD}
-- Which account of a customer is charged for a device the record does not say: it may be any of them.
SELECT d.id AS device, a.id AS account, d.service_id AS service, NULL::text AS code, NULL::bigint AS rent_minor,
  d.is_ours, d.known_since AS since, d.until
FROM stood d JOIN record_account a ON a.customer_id = d.customer_id
"""
DEVICE_EVENTS = f"""
{_STOOD}
-- What became known of a serial number is about whoever had the device that day, and about nobody where two had.
SELECT device, kind, "on" FROM (
  SELECT d.id AS device, e.kind, e."on", count(*) OVER (PARTITION BY e.id) AS holders
  FROM billing_deviceevent e JOIN stood d ON d.serial = e.device_serial
    AND e."on" >= d.known_since AND e."on" <= coalesce(d.until, 'infinity')
) found WHERE holders = 1
"""
PRICES = """
SELECT b.code, a.code AS area, b.amount_minor, b.unit, b.valid_from, b.valid_until
FROM billing_bookprice b LEFT JOIN record_area a ON a.id = b.area_id
"""
PAYMENTS = 'SELECT account_id AS account, "on", amount_minor, currency FROM billing_payment'
ORDERS = """
-- Of a code nobody knows what was ordered before its first order came in: what was charged then counts as ordered.
WITH known AS (SELECT code, min("on") AS first FROM billing_order GROUP BY code)
SELECT account_id AS account, code, service_id AS service, "on" FROM billing_order
UNION ALL
SELECT c.account_id, c.code, c.service_id, c.issued_on
FROM billing_charge c
JOIN billing_bill b ON b.customer_id = c.customer_id AND b.id = c.bill_id AND b.state = 'issued'
LEFT JOIN known k ON k.code = c.code
WHERE c.kind IN ('one_off', 'fee') AND c.amount_minor > 0 AND c.issued_on < coalesce(k.first, 'infinity')
"""
TRAFFIC = "SELECT service_id AS service, month, sum(units)::bigint AS units FROM billing_traffic GROUP BY 1, 2"
UPHELD = """
-- A line that was wrong as a whole. Of what is partly right, or wrong only beside a right one, no later line is wrong
-- by itself. Nor is one after the watch has ended: the customer may have ordered it since.
SELECT w.account_id AS account, w.code, nullif(w.product, '') AS product, w.service_id AS service, d.device,
  greatest(w.since, w.began_at::date) AS decided_on
FROM billing_watch w LEFT JOIN (
  SELECT customer_id, serial, max(id) AS device FROM record_device WHERE serial <> '' GROUP BY 1, 2
) d ON d.customer_id = w.customer_id AND d.serial = w.device_serial
WHERE w.code <> '' AND w.dispute_id IS NOT NULL AND w.state = 'watching' AND w.amount_from_minor IS NULL
  AND w.amount_until_minor IS NULL AND w.allowed_lines = 0 AND w.pattern = ''
  AND (w.device_serial = '' OR d.device IS NOT NULL)
"""
WHOLE: Mapping[str, str] = {
    "accounts": ACCOUNTS,
    "services": SERVICES,
    "promotions": PROMOTIONS,
    "devices": DEVICES,
    "device_events": DEVICE_EVENTS,
    "prices": PRICES,
    "payments": PAYMENTS,
    "orders": ORDERS,
    "traffic": TRAFFIC,
    "upheld": UPHELD,
}
"""What is small beside the bills, and written whole each time."""

_KNOWN: Mapping[str, str] = {
    "promotions": ANY_PROMISED,
    "device_events": "SELECT EXISTS (SELECT FROM billing_deviceevent)",
    "prices": "SELECT EXISTS (SELECT FROM billing_bookprice)",
    "orders": "SELECT EXISTS (SELECT FROM billing_order)",
    "traffic": "SELECT EXISTS (SELECT FROM billing_traffic)",
    # What a bill carries over can be reckoned only where bills say it, and payments reach back as far as they do.
    "payments": f"""
      SELECT EXISTS (SELECT FROM billing_bill WHERE carried_minor <> 0)
        AND NOT EXISTS (SELECT FROM billing_bill WHERE carried_minor IS NULL AND state = 'issued')
        AND (SELECT min("on") FROM billing_payment) < (SELECT min(issued_on) FROM billing_bill) + {_AHEAD_DAYS}""",
    "upheld": "SELECT EXISTS (SELECT FROM billing_watch)",
}


def unknown() -> set[str]:
    """The tables of which the installation knows nothing: they are left out, or empty would mean that there is none."""
    with connection.cursor() as cursor:
        found = set()
        for name, statement in _KNOWN.items():
            cursor.execute(statement)
            if not cursor.fetchone()[0]:
                found.add(name)
        return found


def fingerprints() -> dict[date, str]:
    """What tells whether the bills of a month are the same as before, by the first day of each month with bills."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINTS)
        return dict(cursor.fetchall())


def of_months(statement: str, months: Sequence[date]) -> str:
    """BILLS or CHARGES for these months, with the days written out: COPY takes no values."""
    days = ", ".join(f"'{month.isoformat()}'" for month in months)
    return statement.replace("{months}", f"ARRAY[{days}]")
