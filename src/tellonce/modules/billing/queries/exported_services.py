"""What services cost and when, as the record knows it, beside the codes by which bills charge them.

The record has a plan and a price from the day on which it learned of them, not the codes of the billing system: these
are those of the lines that name the service. Whether a bill has the price after its discount or before it with a
discount beside it, only its lines say.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

_ALWAYS = "DATE '1900-01-01'"

_CHARGED = """
CREATE TEMP TABLE billing_charged (account bigint, service bigint, kind text, code text, first date, last date,
  amounts bigint[]) ON COMMIT DROP
"""
Charged = tuple[int, int | None, str, str, Any, Any, Sequence[int]]
"""What lines say of a service (None: of none): account, service, kind, code, first and last day, amounts that occurred.

Kinds are `recurring` (asking for money, without a device), `discount` (taking off), and `other`.
"""

_TERMS = f"""
-- A term is what holds of a service, an account and days: `is_apart` where its lines have the price before the
-- discount, which stands beside them. Which of several codes the record's price is for (`is_sure`), and what is a
-- discount that it does not know (`is_discounted`), only a line at its very price can tell.
CREATE TEMP TABLE billing_term ON COMMIT DROP AS
WITH told AS (
  SELECT (m.data->>'service_id')::bigint AS service, m.kind, m.at, m.import_id, m.data FROM record_moment m
  WHERE m.kind IN ('record.service_added', 'record.service_changed')
    AND (m.import_id IS NULL OR m.import_id NOT IN (SELECT import_id FROM record_hiddenimport))
), added AS (
  SELECT DISTINCT ON (service) service, at, import_id FROM told
  WHERE kind = 'record.service_added' ORDER BY service, at
), files AS (
  SELECT import_id, max(at)::date AS day, lag(max(at)::date) OVER (ORDER BY max(at)) AS day_before
  FROM told WHERE kind = 'record.service_changed' AND import_id IS NOT NULL GROUP BY import_id
), life AS (
  -- An import that does not say since when notes its own day. What the record has now it knows since it learned of it.
  SELECT s.id AS service, s.customer_id, s.account_id, s.premise_id, s.until AS ends, CASE
      WHEN s.since IS NULL OR s.until <= s.since THEN {_ALWAYS}
      WHEN a.import_id IS NOT NULL AND a.at >= r.created_at AND a.at::date = s.since THEN {_ALWAYS}
      ELSE s.since END AS begins,
    greatest(s.since, a.at::date, r.created_at::date) AS learned
  FROM record_service s JOIN record_customer r ON r.id = s.customer_id LEFT JOIN added a ON a.service = s.id
), changes AS (
  SELECT t.service, t.at, t.at::date AS on_day, f.day IS NOT NULL AS by_file, f.day_before,
    t.data->>'plan_before' AS plan, (t.data->>'price_before_minor')::bigint AS price,
    (t.data->>'promotion_before')::date + 1 AS after_on,
    (t.data->>'price_after_promotion_before_minor')::bigint AS price_after,
    t.data->>'status_before' AS status, t.data->>'status' AS status_then
  FROM told t LEFT JOIN files f USING (import_id) WHERE t.kind = 'record.service_changed'
), steps AS (
  -- As it was before each change that the story tells of, and as it is now. What a file brought was so before: since
  -- when, between the file before and this one, nobody knows.
  SELECT service, at, on_day, by_file, day_before, plan, price, after_on, price_after, status FROM changes
  UNION ALL
  SELECT s.id, NULL, NULL, false, NULL, s.plan, s.price_minor, s.promotion_ends_on + 1, s.price_after_minor,
    CASE WHEN s.status <> 'ended' THEN s.status ELSE coalesce((
      SELECT c.status_then FROM changes c WHERE c.service = s.id ORDER BY c.at DESC LIMIT 1), 'active') END
  FROM record_service s
), versions AS (
  SELECT v.service, v.plan, v.price, v.after_on, v.price_after, v.status = 'active' AS is_active,
    coalesce(lag(v.on_day) OVER w, l.learned) AS from_day, coalesce(v.on_day, 'infinity') AS to_day,
    CASE WHEN v.by_file THEN coalesce(v.day_before, {_ALWAYS}) ELSE coalesce(v.on_day, 'infinity') END AS known_to,
    l.customer_id, l.account_id, l.premise_id, l.begins, coalesce(l.ends, 'infinity') AS ends, l.learned
  FROM steps v JOIN life l USING (service) WINDOW w AS (PARTITION BY v.service ORDER BY v.at NULLS LAST)
), places AS (
  -- The account that a service is charged to; the record's may be a guess of the import.
  SELECT service, account, count(*) OVER (PARTITION BY service) = 1 AS is_one FROM (
    SELECT DISTINCT c.service, c.account FROM billing_charged c WHERE c.service IS NOT NULL
    UNION SELECT l.service, l.account_id FROM life l
    WHERE l.account_id IS NOT NULL AND l.service NOT IN (SELECT service FROM billing_charged WHERE service IS NOT NULL)
  ) either
), placed AS (
  SELECT v.*, p.account, p.is_one, main.code, main.amounts, coalesce(main.codes, 0) < 2 AS is_sure,
    off.code AS off_code,
    coalesce(off.code IS NOT NULL AND p.is_one AND v.price_after > v.price AND v.after_on IS NOT NULL
      AND (v.price_after = ANY (main.amounts) OR v.price - v.price_after = ANY (off.amounts)), false) AS is_apart,
    EXISTS (SELECT FROM billing_charged c WHERE c.account = p.account AND c.kind = 'discount'
      AND (c.service IS NULL OR c.service = v.service)) AS is_discounted
  FROM versions v JOIN places p USING (service)
  LEFT JOIN LATERAL (
    SELECT c.code, c.amounts,
      count(*) FILTER (WHERE c.first < v.to_day AND c.last >= v.from_day) OVER () AS codes
    FROM billing_charged c WHERE c.account = p.account AND c.service = v.service AND c.kind = 'recurring'
    ORDER BY (c.first < v.to_day AND c.last >= v.from_day) DESC,
      coalesce(v.price = ANY (c.amounts) OR v.price_after = ANY (c.amounts), false) DESC, c.last DESC, c.code LIMIT 1
  ) main ON true
  LEFT JOIN LATERAL (
    SELECT c.code, c.amounts FROM billing_charged c
    WHERE c.account = p.account AND c.service = v.service AND c.kind = 'discount'
    ORDER BY coalesce(v.price - v.price_after = ANY (c.amounts), false) DESC, c.last DESC, c.code LIMIT 1
  ) off ON true
)
SELECT service, account, premise_id AS premise, plan AS product, code, off_code, is_apart, begins, ends, learned,
  from_day, to_day, greatest(from_day, least(known_to, to_day)) AS known_to,
  CASE WHEN is_apart THEN greatest(from_day, after_on) END AS promised_to,
  CASE WHEN is_apart THEN price_after - price END AS off_minor,
  CASE WHEN is_apart OR price_after IS NULL OR after_on IS NULL THEN 'infinity'::date ELSE after_on END AS after_on,
  CASE WHEN NOT is_active OR NOT is_one THEN NULL
    WHEN is_apart THEN CASE WHEN is_sure OR price_after = ANY (amounts) THEN price_after END
    WHEN is_sure AND NOT is_discounted OR price = ANY (amounts) THEN price END AS price,
  CASE WHEN NOT is_active OR NOT is_one THEN NULL
    WHEN is_sure AND NOT is_discounted OR price_after = ANY (amounts) THEN price_after END AS price_after
FROM placed
"""
_BOUNDS = "greatest(t.begins, {since}) AS valid_from, nullif(least(t.ends, {until}), 'infinity') AS valid_until"
_OF = "t.service, t.account, t.premise, t.product"
SERVICES = f"""
SELECT service, account, premise, product, code, price_minor, valid_from, valid_until FROM (
  SELECT {_OF}, t.code, t.price AS price_minor,
    {_BOUNDS.format(since="t.from_day", until="least(t.after_on, t.known_to)")}
  FROM billing_term t
  UNION ALL
  SELECT {_OF}, t.code, t.price_after, {_BOUNDS.format(since="greatest(t.after_on, t.from_day)", until="t.known_to")}
  FROM billing_term t WHERE t.after_on < 'infinity'
  UNION ALL -- before the record learned of it, and between two files
  SELECT {_OF}, t.code, NULL, {_BOUNDS.format(since=_ALWAYS, until="t.learned")}
  FROM billing_term t WHERE t.from_day = t.learned
  UNION ALL
  SELECT {_OF}, t.code, NULL, {_BOUNDS.format(since="t.known_to", until="t.to_day")}
  FROM billing_term t WHERE t.known_to < t.to_day
  UNION ALL -- what else its lines are called: for how much nobody knows
  SELECT {_OF}, c.code, NULL, {_BOUNDS.format(since="t.from_day", until="t.to_day")}
  FROM billing_term t JOIN billing_charged c
    ON c.account = t.account AND c.service = t.service AND c.kind = 'recurring' AND c.code <> t.code
  UNION ALL
  SELECT {_OF}, c.code, NULL, {_BOUNDS.format(since=_ALWAYS, until="t.learned")}
  FROM billing_term t JOIN billing_charged c
    ON c.account = t.account AND c.service = t.service AND c.kind = 'recurring' AND c.code <> t.code
  WHERE t.from_day = t.learned
) terms WHERE valid_until IS NULL OR valid_until > valid_from
"""
PROMOTIONS = f"""
SELECT service, code, discount_minor, valid_from, least(valid_until, DATE '9999-12-31') AS valid_until FROM (
  SELECT service, off_code AS code, off_minor AS discount_minor, from_day AS valid_from,
    least(promised_to, known_to, ends) AS valid_until
  FROM billing_term WHERE is_apart
  UNION ALL -- discounts of which the record knows nothing, or nothing yet: of whatever size
  SELECT service, off_code, NULL, from_day, to_day FROM billing_term WHERE off_code IS NOT NULL AND NOT is_apart
  UNION ALL
  SELECT service, off_code, NULL, known_to, to_day FROM billing_term WHERE is_apart
  UNION ALL
  SELECT service, off_code, NULL, {_ALWAYS}, learned FROM billing_term
  WHERE off_code IS NOT NULL AND from_day = learned
  UNION ALL
  SELECT DISTINCT c.service, c.code, NULL::bigint, {_ALWAYS}, 'infinity'::date FROM billing_charged c
  WHERE c.kind = 'discount' AND c.service IS NOT NULL
    AND NOT EXISTS (SELECT FROM billing_term t WHERE t.service = c.service AND t.off_code = c.code)
) promised WHERE valid_until > valid_from
"""
ANY_PROMISED = "SELECT EXISTS (SELECT FROM billing_term WHERE is_apart)"


def reckon_terms(charged: Iterable[Charged]) -> None:
    """Makes the tables that SERVICES and PROMOTIONS read, until the transaction ends, from what the lines say."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS billing_term, billing_charged")
        cursor.execute(_CHARGED)
        with cursor.copy("COPY billing_charged FROM STDIN") as copy:
            for row in charged:
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON billing_charged (account, service)")
        cursor.execute("ANALYZE billing_charged")
        cursor.execute(_TERMS)
