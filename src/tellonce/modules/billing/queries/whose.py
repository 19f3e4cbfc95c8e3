"""Which rows of billing are a customer's: those of the accounts that the record says are theirs.

A bill keeps the customer that its account was under when it came in, and nothing moves when two are joined or one is
split: so the account decides, and the ids only say where to look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q

from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import Accounts


class OfAccount(Protocol):
    """A row about an account, with the customer that it was under then."""

    @property
    def customer_id(self) -> int:
        """Under whom it is kept."""
        ...

    @property
    def account_id(self) -> int:
        """The account."""
        ...


def held_sql(row: str) -> str:
    """The condition that `row`, a table's name in a statement, is of their accounts; see `held_values`."""
    return (
        f"({row}.customer_id = ANY(%(ids)s::bigint[]) AND {row}.account_id <> ALL(%(away)s::bigint[])"
        f" OR {row}.account_id = ANY(%(here)s::bigint[]))"
    )


def lying_sql(row: str) -> str:
    """The same for a big table, of which only that is read which lies under ids that may have such rows."""
    return f"({row}.customer_id = ANY(%(lying)s::bigint[]) AND {held_sql(row)})"


def held_values(accounts: Accounts) -> dict[str, list[int]]:
    """The values of both."""
    return {
        "ids": list(accounts.ids),
        "away": sorted(accounts.away),
        "here": sorted(accounts.here),
        "lying": [*accounts.ids, *sorted(accounts.keepers)],
    }


def held(accounts: Accounts, path: str = "") -> Q:
    """`held_sql` for the ORM; `path` leads to the row that names the account."""
    theirs = Q(**{f"{path}customer_id__in": accounts.ids})
    if accounts.away:
        theirs &= ~Q(**{f"{path}account_id__in": accounts.away})
    return theirs | Q(**{f"{path}account_id__in": accounts.here}) if accounts.here else theirs


def lying(accounts: Accounts) -> Q:
    """`lying_sql` for the ORM."""
    return Q(customer_id__in=[*accounts.ids, *accounts.keepers]) & held(accounts)


def holder_of(row: OfAccount) -> int:
    """To whom what happens with this row's account is told."""
    return record.account_holders([row.account_id]).get(row.account_id, row.customer_id)


@dataclass(frozen=True, slots=True)
class Beside:
    """Whose an account is now, as a page shows it beside a row: the id that it opens by, and the name."""

    customer_id: int
    name: str


def beside(rows: Iterable[Any]) -> dict[int, Beside]:
    """By account, for rows that name one; those who are erased or hidden have no name."""
    accounts = {row.account_id: row.customer_id for row in rows}
    holders = accounts | record.account_holders(accounts)
    roots = record.roots(set(holders.values()))
    names = record.names_of(list(set(roots.values())))
    return {
        account_id: Beside(roots.get(holder, holder), names.get(roots.get(holder, holder), ""))
        for account_id, holder in holders.items()
    }
