"""Which discount belongs to which line of a bill: what it took off was never paid."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from tellonce.modules.billing.models import Charge
from tellonce.modules.billing.queries.lines import wrong_of

_BELONGS = """(
    CASE WHEN d.service_id IS NOT NULL AND {0}.service_id IS NOT NULL THEN d.service_id = {0}.service_id
         WHEN d.service_ref <> '' AND {0}.service_ref <> '' THEN d.service_ref = {0}.service_ref
         ELSE d.product <> '' AND d.product = {0}.product END
    AND (d.product = '' OR {0}.product = '' OR d.product = {0}.product)
    AND (d.device_serial = '' OR d.device_serial = {0}.device_serial)
)"""

# Of the lines `c`: what discounts on its bill took off it, without tax. A discount is of one line of its service and
# product: what runs from month to month before what is charged once, the service before a device, the dearest first.
TAKEN_OFF = f"""
    SELECT -sum(d.amount_minor) AS amount FROM billing_charge d
    WHERE d.customer_id = c.customer_id AND d.bill_id = c.bill_id AND d.kind = 'discount' AND d.amount_minor < 0
      AND {_BELONGS.format("c")} AND c.id = (
        SELECT o.id FROM billing_charge o
        WHERE o.customer_id = d.customer_id AND o.bill_id = d.bill_id AND o.amount_minor > 0
          AND o.kind IN ('recurring', 'usage', 'one_off', 'fee') AND {_BELONGS.format("o")}
        ORDER BY o.kind <> 'recurring', o.device_serial <> '', o.amount_minor DESC, o.line LIMIT 1)
"""

_OF_LINES = f"""
SELECT c.id, off.amount::bigint FROM billing_charge c JOIN LATERAL ({TAKEN_OFF}) off ON off.amount > 0
WHERE c.customer_id = ANY(%s::bigint[]) AND c.id = ANY(%s::uuid[])
"""


def taken_off_with_tax(charges: Sequence[Charge]) -> dict[UUID, int]:
    """What discounts took off each of these lines, with its share of the line's tax; 0 where none belongs to it."""
    off = taken_off([charge.customer_id for charge in charges], [charge.id for charge in charges])
    return {
        charge.id: charge.amount_minor + charge.tax_minor - wrong_of(charge, None, off_minor=off.get(charge.id, 0))
        for charge in charges
    }


def taken_off(customer_ids: Sequence[int], charge_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Those of these lines of these customers that a discount belongs to, each with what it took off without tax."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_LINES, [list(customer_ids), list(charge_ids)])
        return dict(cursor.fetchall())
