"""Which ids read as one customer, and what splits gave away or brought."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection
from django.utils.translation import gettext

from tellonce.datakit import Row, Together, alone, together
from tellonce.modules.record.contracts import Accounts, Away, CustomerNotFoundError, SplitError
from tellonce.modules.record.models import Account, Customer, CustomerSplit

T = TypeVar("T")

_MINE = """
WITH RECURSIVE up AS (
    SELECT id, merged_into_id FROM record_customer WHERE id = %(id)s
    UNION SELECT c.id, c.merged_into_id FROM record_customer c JOIN up ON c.id = up.merged_into_id
), down AS (
    SELECT id, 0 AS depth FROM up WHERE merged_into_id IS NULL
    UNION SELECT c.id, down.depth + 1 FROM record_customer c JOIN down ON c.merged_into_id = down.id
), mine AS (SELECT array_agg(id ORDER BY depth, id) AS ids FROM down)
"""
_IDS = f"{_MINE} SELECT ids FROM mine"
_IDENTITY = f"""
{_MINE}
SELECT mine.ids, r.about, r.about_id, s.customer_id = ANY(mine.ids),
  (SELECT a.customer_id FROM record_account a WHERE a.id = CASE WHEN r.about = 'account' THEN r.about_id::bigint END)
FROM mine LEFT JOIN (record_customersplit s JOIN record_splitrow r ON r.split_id = s.id)
  ON s.undone_at IS NULL
  AND (s.customer_id = ANY(mine.ids)) <> (s.new_customer_id = ANY(mine.ids))
  AND (s.customer_id = ANY(mine.ids) OR s.new_customer_id = ANY(mine.ids))
ORDER BY s.id
"""
_ROOTS = """
WITH RECURSIVE up AS (
    SELECT id AS start, id, merged_into_id FROM record_customer WHERE id = ANY(%(ids)s)
    UNION SELECT up.start, c.id, c.merged_into_id FROM record_customer c JOIN up ON c.id = up.merged_into_id
)
SELECT start, id FROM up WHERE merged_into_id IS NULL
"""
_SPLITS = """
SELECT r.about_id, s.customer_id = ANY(%(ids)s)
FROM record_customersplit s JOIN record_splitrow r ON r.split_id = s.id
WHERE s.undone_at IS NULL
  AND (s.customer_id = ANY(%(ids)s)) <> (s.new_customer_id = ANY(%(ids)s))
  AND (s.customer_id = ANY(%(ids)s) OR s.new_customer_id = ANY(%(ids)s))
  AND r.about = %(about)s
ORDER BY s.id
"""
_GIVEN = """
SELECT DISTINCT ON (r.about_id) r.about_id, s.new_customer_id
FROM record_customersplit s JOIN record_splitrow r ON r.split_id = s.id
WHERE s.undone_at IS NULL AND r.about = %(about)s AND r.about_id = ANY(%(ids)s)
ORDER BY r.about_id, s.id DESC
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """All ids that read as one customer, the remaining one first, and the rows that splits moved, by type.

    `keepers` are the others under whose ids the accounts lie that splits gave to them.
    """

    ids: tuple[int, ...]
    away: dict[str, frozenset[str]] = field(default_factory=dict)
    here: dict[str, frozenset[str]] = field(default_factory=dict)
    keepers: frozenset[int] = frozenset()

    @property
    def accounts(self) -> Accounts:
        """Which accounts are theirs."""
        moved = self.moved("account")
        return Accounts(ids=self.ids, away=moved.away, here=moved.here, keepers=self.keepers)

    def moved(self, about: str) -> Away:
        """What splits did to rows of one type that has a number for its id."""
        return Away(
            away=frozenset(int(row) for row in self.away.get(about, ())),
            here=frozenset(int(row) for row in self.here.get(about, ())),
        )


def same_customer_ids(customer_id: int) -> tuple[int, ...]:
    """All ids that read as this customer, the one that remains after merges first."""
    return alone(lambda ask: ask(_IDS, {"id": customer_id}, lambda rows: _ids(rows, customer_id)))


def roots(customer_ids: Iterable[int]) -> dict[int, int]:
    """For each id the one that remains after merges; ids of nobody are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, {"ids": list(customer_ids)})
        return dict(cursor.fetchall())


def identity(customer_id: int) -> Identity:
    """The ids of a customer and what splits did to it, in one query; CustomerNotFoundError."""
    return alone(lambda ask: ask_identity(ask, customer_id))


def ask_identity(ask: Together, customer_id: int) -> Callable[[], Identity]:
    """`identity`, read together with other things."""
    return ask(_IDENTITY, {"id": customer_id}, lambda rows: _identity(rows, customer_id))


def read_with_identity(
    customer_id: int, asking: Callable[[Together, Identity], Callable[[], T]]
) -> tuple[Identity, Callable[[], T]]:
    """Who a customer is and what `asking` asks of them, in one round trip; CustomerNotFoundError.

    It is asked as of a customer whom no merge or split touched, as nearly all are, and of the others once more.
    """
    untouched = Identity(ids=(customer_id,))
    with together() as ask:
        found, answer = ask_identity(ask, customer_id), asking(ask, untouched)
    who = found()
    if who != untouched:
        with together() as ask:
            answer = asking(ask, who)
    return who, answer


def _ids(rows: Sequence[Row], customer_id: int) -> tuple[int, ...]:
    if not rows[0][0]:
        raise CustomerNotFoundError(gettext("There is no customer %(id)s.") % {"id": customer_id})
    return tuple(rows[0][0])


def _identity(rows: Sequence[Row], customer_id: int) -> Identity:
    away: dict[str, set[str]] = {}
    here: dict[str, set[str]] = {}
    ids = _ids(rows, customer_id)
    # What was given on once more is where the latest split put it.
    latest = {(about, about_id): (is_away, keeper) for _mine, about, about_id, is_away, keeper in rows if about}
    for (about, about_id), (is_away, _keeper) in latest.items():
        (away if is_away else here).setdefault(about, set()).add(about_id)
    return Identity(
        ids=ids,
        away={about: frozenset(rows) for about, rows in away.items()},
        here={about: frozenset(rows) for about, rows in here.items()},
        keepers=frozenset(keeper for is_away, keeper in latest.values() if keeper and not is_away) - set(ids),
    )


def split_away(about: str, customer_ids: Sequence[int]) -> Away:
    """Which rows of type `about` ('contact', 'case', 'promise' ...) splits took from these customers or gave them.

    A reading function shows rows of `customer_ids` that are not `away`, and those that are `here`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SPLITS, {"ids": list(customer_ids), "about": about})
        latest = {int(about_id): is_away for about_id, is_away in cursor.fetchall()}
    return Away(
        away=frozenset(row for row, is_away in latest.items() if is_away),
        here=frozenset(row for row, is_away in latest.items() if not is_away),
    )


def given_to(about: str, ids: Iterable[int]) -> dict[int, int]:
    """Those of these rows that splits gave away, each with the customer who has it since the latest of them."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, {"about": about, "ids": [str(each) for each in ids]})
        return {int(about_id): customer_id for about_id, customer_id in cursor.fetchall()}


def account_holders(account_ids: Iterable[int]) -> dict[int, int]:
    """The id under which what happens on each account from now on is told: splits applied, merges read along."""
    ids = list(account_ids)
    kept = dict(Account.objects.filter(pk__in=ids).values_list("pk", "customer_id"))
    return kept | given_to("account", ids)


def other_side(split_id: int, customer_ids: Sequence[int]) -> int:
    """The customer on the other side of a split of these ids, which read as one; SplitError when it is not theirs."""
    sides = CustomerSplit.objects.filter(pk=split_id).values_list("customer_id", "new_customer_id").first() or ()
    if not any(side in customer_ids for side in sides):
        raise SplitError(gettext("This split is another customer's."))
    return next((side for side in sides if side not in customer_ids), customer_ids[0])


def customer(customer_id: int) -> Customer:
    """The customer that `customer_id` reads as; CustomerNotFoundError when there is none or its import was undone."""
    found = Customer.objects.select_related("merged_into").filter(pk=customer_id).first()
    while found is not None and found.merged_into is not None:
        found = Customer.objects.select_related("merged_into").get(pk=found.merged_into.pk)
    if found is None or found.hidden_at is not None:
        raise CustomerNotFoundError(gettext("There is no customer %(id)s.") % {"id": customer_id})
    return found
