"""What is suspected to be a cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tellonce.kernel.later import Later
from tellonce.modules.billing.models import Charge
from tellonce.modules.record import queries as record

if TYPE_CHECKING:
    from tellonce.datakit import engines
    from tellonce.lab.billing import causes
else:  # they load Ibis, which nothing else on a page needs
    engines, causes = Later("tellonce.datakit.engines"), Later("tellonce.lab.billing.causes")

LEAST_DISPUTES = 3
_SUSPECTED_DAYS = 180
_MOST_SUSPECTED = 100
_KEPT_S = 24 * 3600  # an engine for each look at the page would cost more than the page


@dataclass(frozen=True, slots=True)
class SuspectedCause:
    """Disputes that look like one error: what they share. `area_id` is given where all of them are in one area.

    `amount_minor` is what the most costly line of the first of them charges, without tax.
    """

    code: str
    product: str
    currency: str
    first_on: date
    price_changed_on: date | None
    area_id: int | None
    area: str
    areas: int
    disputes: int
    accounts: int
    open_disputes: int
    asked_minor: int
    words: str
    amount_minor: int | None


_DISPUTES: Mapping[str, pa.DataType] = {
    "dispute": pa.int64(),
    "account": pa.int64(),
    "code": pa.string(),
    "product": pa.string(),
    "currency": pa.string(),
    "area": pa.int64(),
    "first_on": pa.date32(),
    "price_changed_on": pa.date32(),
    "is_open": pa.bool_(),
    "asked_minor": pa.int64(),
}
_WITHOUT_CAUSE = """
SELECT id, account_id, code, product, currency, area_id, first_on, price_changed_on, state = 'open', asked_minor
FROM billing_dispute
WHERE cause_id IS NULL AND code <> '' AND first_on IS NOT NULL AND state IN ('open', 'upheld', 'partly')
  AND raised_at >= %(since)s ORDER BY id
"""
_COSTLIEST = """
SELECT DISTINCT ON (l.dispute_id) l.dispute_id, l.words, c.amount_minor
FROM billing_disputeline l
LEFT JOIN billing_charge c ON c.customer_id = l.customer_id AND c.id = l.charge_id
WHERE l.dispute_id = ANY(%(disputes)s) ORDER BY l.dispute_id, l.asked_minor DESC, l.id
"""


def suspected(*, least: int = LEAST_DISPUTES, at: datetime | None = None) -> list[SuspectedCause]:
    """Disputes of the last half year that share code, product, first month and change of price, and have no cause.

    At least so many accounts; those of several areas are one group, without an area.
    """
    since = (at or timezone.now()) - timedelta(days=_SUSPECTED_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_CAUSE, {"since": since})
        columns = list(zip(*cursor.fetchall(), strict=True))
    if not columns:
        return []
    groups = _grouped(columns, least=least)
    names, words = _area_names([group["area"] for group in groups]), _costliest([g["first_dispute"] for g in groups])
    return [_suspected(group, area=names.get(group["area"], ""), costliest=words) for group in groups]


def _grouped(columns: Sequence[Sequence[Any]], *, least: int) -> list[dict[str, Any]]:
    """The disputes, column by column, in the groups that lab makes of them; kept until a dispute is another."""
    key = f"billing.alike.{sha256(repr((least, columns)).encode()).hexdigest()}"
    kept: list[dict[str, Any]] | None = cache.get(key)
    if kept is None:
        kept = _group(columns, least=least)
        cache.set(key, kept, timeout=_KEPT_S)
    return kept


def _group(columns: Sequence[Sequence[Any]], *, least: int) -> list[dict[str, Any]]:
    arrays = [pa.array(column, holds) for column, holds in zip(columns, _DISPUTES.values(), strict=True)]
    with engines.engine(memory="1GB", threads=1) as backend:
        disputes = backend.create_table("disputes", pa.table(arrays, names=list(_DISPUTES)))
        found: list[dict[str, Any]] = (
            causes.alike(disputes, least=least).limit(_MOST_SUSPECTED).to_pyarrow().to_pylist()
        )
    return found


def _costliest(dispute_ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Words and amount of the most costly line of each dispute."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTLIEST, {"disputes": list(dispute_ids)})
        return {dispute: (words, amount) for dispute, words, amount in cursor.fetchall()}


def _suspected(
    group: Mapping[str, Any], *, area: str, costliest: Mapping[int, tuple[str, int | None]]
) -> SuspectedCause:
    words, amount_minor = costliest.get(group["first_dispute"], ("", None))
    return SuspectedCause(
        code=group["code"],
        product=group["product"],
        currency=group["currency"],
        first_on=group["first_on"],
        price_changed_on=group["price_changed_on"],
        area_id=group["area"],
        area=area,
        areas=group["areas"],
        disputes=group["disputes"],
        accounts=group["accounts"],
        open_disputes=group["open_disputes"],
        asked_minor=group["asked_minor"],
        words=words or group["code"],
        amount_minor=amount_minor,
    )


def charge_ids(*, code: str, account_id: int) -> list[UUID]:
    """Lines with this code on one account, the oldest first."""
    mine = Charge.objects.filter(code=code, account_id=account_id, amount_minor__gt=0)
    return list(mine.order_by("issued_on", "line").values_list("id", flat=True))


def _area_names(area_ids: Sequence[int | None]) -> dict[int, str]:
    if not any(area_ids):
        return {}
    wanted = set(area_ids)
    return {area.pk: area.name for area in record.areas() if area.pk in wanted}
