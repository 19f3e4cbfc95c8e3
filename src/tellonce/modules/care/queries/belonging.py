"""Which rows belong to a customer: all ids that read as one, without what splits took away and with what they gave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from tellonce.datakit import OneOf, Statement, Together
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import Away

T = TypeVar("T")


def of_customers(about: str, customer_ids: Sequence[int], splits: Away | None = None) -> Q:
    """The condition for rows of type `about` that read as these customers'; hidden imports left out.

    `splits` saves a query where the caller read it already.
    """
    return all_of_customers(about, customer_ids, splits) & Q(hidden_at__isnull=True)


def all_of_customers(about: str, customer_ids: Sequence[int], splits: Away | None = None) -> Q:
    """The same with hidden imports: what is exported and erased."""
    moved = record_queries.split_away(about, customer_ids) if splits is None else splits
    mine = Q(customer_id__in=list(customer_ids))
    if moved.away:
        mine &= ~Q(pk__in=list(moved.away))
    if moved.here:
        mine |= Q(pk__in=list(moved.here))
    return mine


@dataclass
class RowsOfCustomers:
    """A statement for the rows of one customer; built for the occasion where splits moved some of them."""

    about: str
    build: Callable[[Q], QuerySet[Any, Any]]

    def ask(
        self,
        ask: Together,
        understand: Callable[[list[dict[str, Any]]], T],
        customer_ids: Sequence[int],
        *,
        splits: Away | None,
        limit: int | None = None,
        **values: Any,
    ) -> Callable[[], T]:
        """The rows that read as these customers', hidden imports left out; `splits` saves a query."""
        moved = record_queries.split_away(self.about, customer_ids) if splits is None else splits
        if not moved.away and not moved.here:
            return self._usual.ask(ask, understand, limit=limit, ids=list(customer_ids), **values)
        mine = of_customers(self.about, customer_ids, moved)
        return Statement(lambda: self.build(mine)).ask(ask, understand, limit=limit, **values)

    @cached_property
    def _usual(self) -> Statement:
        return Statement(lambda: self.build(Q(OneOf("customer_id", "ids"), hidden_at__isnull=True)))
