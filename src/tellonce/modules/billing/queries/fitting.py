"""Which lines fit a rule: of one that is watched, and of one that somebody thinks of leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tellonce.modules.billing.contracts import WatchRule
from tellonce.modules.billing.models import Charge
from tellonce.modules.billing.queries.whose import held_values, lying_sql
from tellonce.modules.record import queries as record

# That the line `c` is as the rule `w` says: a row of what is watched, or `_RULE`.
FITS = """
    c.amount_minor > 0 AND c.kind IN ('recurring', 'usage', 'one_off', 'fee')
    AND (w.code = '' OR c.code = w.code)
    AND (w.product = '' OR c.product = w.product)
    AND (w.service_id IS NULL OR c.service_id = w.service_id OR c.service_id IS NULL)
    AND (w.device_serial = '' OR c.device_serial = w.device_serial)
    AND (w.amount_from_minor IS NULL OR c.amount_minor >= w.amount_from_minor)
    AND (w.amount_until_minor IS NULL OR c.amount_minor <= w.amount_until_minor)
    AND (w.pattern = '' OR c.words ILIKE
         replace(replace(replace(replace(w.pattern, '\\', '\\\\'), '%%', '\\%%'), '_', '\\_'), '*', '%%'))
"""

_RULE = """
    (SELECT %(code)s::text AS code, %(product)s::text AS product, %(service)s::bigint AS service_id,
            %(device)s::text AS device_serial, %(low)s::bigint AS amount_from_minor,
            %(high)s::bigint AS amount_until_minor, %(pattern)s::text AS pattern, %(allowed)s::int AS allowed_lines) w
"""

_FITTING = f"""
SELECT c.id FROM billing_charge c CROSS JOIN {_RULE}
WHERE c.customer_id = ANY(%(customers)s::bigint[]) AND c.id = ANY(%(lines)s::uuid[]) AND {FITS}
"""

_RIGHT = f"""
SELECT count(*) FROM billing_charge c CROSS JOIN {_RULE}
WHERE c.customer_id = %(customer)s AND c.bill_id = %(bill)s AND c.id <> ALL(%(disputed)s::uuid[]) AND {FITS}
"""

# What was said to be wrong is known; of the others on a bill as many are right as the rule allows.
_MET = f"""
SELECT b.id, b.number, b.issued_on, m.words, m.whole, m.known
FROM billing_bill b CROSS JOIN {_RULE} CROSS JOIN LATERAL (
    SELECT each.*, row_number() OVER (ORDER BY each.known, each.line) AS place FROM (
        SELECT c.line, coalesce(nullif(c.words, ''), c.code) AS words, c.amount_minor + c.tax_minor AS whole,
               EXISTS (SELECT FROM billing_disputeline l WHERE l.charge_id = c.id AND l.stands)
               OR EXISTS (SELECT FROM billing_watchcheck k WHERE k.bill_id = b.id AND k.customer_id = b.customer_id
                            AND k.outcome = 'came_back' AND c.id = ANY(k.charge_ids))
               OR EXISTS (SELECT FROM billing_causeaccount a WHERE a.account_id = b.account_id
                            AND a.corrected_at IS NOT NULL AND c.id = ANY(a.charge_ids)) AS known
        FROM billing_charge c WHERE c.customer_id = b.customer_id AND c.bill_id = b.id AND {FITS}
    ) each
) m
WHERE {lying_sql("b")} AND b.account_id = %(account)s AND b.state = 'issued' AND m.place > w.allowed_lines
ORDER BY b.issued_on DESC, b.number, m.line
"""

_BILLS = f"""
SELECT count(*) FROM billing_bill b WHERE {lying_sql("b")} AND b.account_id = %(account)s AND b.state = 'issued'
"""


@dataclass(frozen=True, slots=True)
class MetLine:
    """A line that a rule would have met; `whole_minor` is with tax, `is_known` says that it was found to be wrong."""

    bill_id: UUID
    bill_number: str
    issued_on: date
    words: str
    whole_minor: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class Met:
    """What a rule would have met on the bills of an account so far, the latest first."""

    bills: int
    lines: tuple[MetLine, ...]

    @property
    def known(self) -> int:
        """How many of them are disputed, were credited, or were corrected for everybody."""
        return sum(line.is_known for line in self.lines)

    @property
    def others(self) -> tuple[MetLine, ...]:
        """Those that nobody said to be wrong."""
        return tuple(line for line in self.lines if not line.is_known)


def would_meet(rule: WatchRule, *, account_id: int, customer_id: int) -> Met:
    """What the rule would have met if every bill that the account has had were checked for it."""
    mine = held_values(record.identity(customer_id).accounts) | {"account": account_id}
    lines = tuple(MetLine(*row) for row in _rows(_MET, mine | _values(rule)))
    return Met(bills=int(_rows(_BILLS, mine)[0][0]), lines=lines)


def fitting(rule: WatchRule, charges: Sequence[Charge]) -> set[UUID]:
    """Those of these lines that fit the rule, however many like them are right."""
    where = {"customers": [charge.customer_id for charge in charges], "lines": [charge.id for charge in charges]}
    return {row[0] for row in _rows(_FITTING, where | _values(rule))}


def right_on_bill(rule: WatchRule, charge: Charge, *, disputed: Sequence[UUID]) -> int:
    """How many lines fit the rule on the bill of this one that nobody disputes: of two of the same, one is right."""
    where = {"customer": charge.customer_id, "bill": charge.bill_id, "disputed": list(disputed)}
    return int(_rows(_RIGHT, where | _values(rule))[0][0])


def _values(rule: WatchRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "product": rule.product,
        "service": rule.service_id,
        "device": rule.device_serial,
        "low": rule.amount_from_minor,
        "high": rule.amount_until_minor,
        "pattern": rule.pattern,
        "allowed": rule.allowed_lines,
    }


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
