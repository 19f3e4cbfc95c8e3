"""What each of the demo's bills carries over: all bills of the account before it, less what was paid before its day."""

from datetime import date

from django.db import connection

from tellonce.demo.households import SOURCE

# Bills and payments of an account in their order; of one day the bill comes first.
_CARRY = """
UPDATE billing_bill b SET carried_minor = c.carried
FROM (
  SELECT customer_id, bill_id, day, sum(moved) OVER until_it - moved AS carried
  FROM (
    SELECT customer_id, account_id, id AS bill_id, issued_on AS day, number, total_minor AS moved
    FROM billing_bill WHERE source = %(source)s
    UNION ALL
    SELECT customer_id, account_id, NULL, "on", NULL, -amount_minor FROM billing_payment
  ) every
  WINDOW until_it AS (
    PARTITION BY customer_id, account_id ORDER BY day, bill_id IS NULL, number ROWS UNBOUNDED PRECEDING)
) c
WHERE b.customer_id = c.customer_id AND b.id = c.bill_id AND c.carried <> 0
  AND (%(after)s::date IS NULL OR c.day > %(after)s)
"""


def carry_over(*, after: date | None = None) -> None:
    """Writes it to bills that were issued after that day; those before were sent and stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(_CARRY, {"source": SOURCE, "after": after})
