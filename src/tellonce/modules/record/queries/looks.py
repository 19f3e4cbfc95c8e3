"""Looks into what customers are found by: each is an ordered walk of one index that stops at a few rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from typing import Any

from django.db import connection

from tellonce.modules.record.contracts import SearchKind
from tellonce.modules.record.folding import PAIR
from tellonce.modules.record.queries.alike import AFTER_ALL

CANDIDATES = 60
_BY_WORDS = "SELECT * FROM record_found_by_words(%(query)s::tsquery, %(short)s::text[], %(most)s)"
_NOW_THEN_LEFT = ("NOT is_left", "is_left")


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer and what found it, wholly or in part; without a kind, `shown` are the words that did."""

    customer_id: int
    kind: str
    shown: str
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One walk over the entries of `kinds`: rows for which `condition` holds of `low` and `high`.

    They come in `order`; what is wholly the same needs none.
    """

    kinds: tuple[SearchKind, ...]
    condition: str
    order: str
    low: str
    high: str = ""


def exact(folded: str, *kinds: SearchKind) -> Look:
    """Entries that are `folded`."""
    return Look(kinds, "folded = %(low{n})s", "", folded)


def begins(folded: str, *kinds: SearchKind) -> Look:
    """Entries that begin with `folded`, in the order of the alphabet."""
    condition = "folded >= %(low{n})s AND folded < %(high{n})s"
    return Look(kinds, condition, " ORDER BY folded", folded, folded + AFTER_ALL)


def ends(folded: str, *kinds: SearchKind) -> Look:
    """Phones, accounts, serials and MACs that end with `folded`."""
    condition = "reverse(folded) >= %(low{n})s AND reverse(folded) < %(high{n})s"
    return Look(kinds, condition, " ORDER BY reverse(folded)", folded[::-1], folded[::-1] + AFTER_ALL)


def inside_phone(digits: str) -> Look:
    """Phones in which `digits` stand anywhere."""
    return Look((SearchKind.PHONE,), "folded LIKE %(low{n})s", " ORDER BY folded", f"%{digits}%")


def hits_of(looks: Sequence[Look], *, limit: int) -> list[Hit]:
    """What the looks find, earlier ones first, customers before those who left; one statement that stops at `limit`."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for n, look in enumerate(looks):
        params |= {f"low{n}": look.low, f"high{n}": look.high}
        for is_left, kind in product(_NOW_THEN_LEFT, look.kinds):
            parts.append(
                f"(SELECT {len(parts)}, customer_id, kind, shown, {not look.order}"
                f" FROM record_searchentry WHERE kind = '{kind.value}' AND {is_left}"
                f" AND {look.condition.format(n=n)}{look.order} LIMIT {limit})"
            )
    if not parts:
        return []
    found = rows(f"{' UNION ALL '.join(parts)} LIMIT {limit}", params)
    return [Hit(*row[1:]) for row in sorted(found, key=itemgetter(0))]


def documents(query: str, short: Sequence[str], choices: Sequence[Sequence[str]], *, limit: int) -> list[Hit]:
    """Customers by their words; of `choices`, a group for each word, the earlier ones count for more.

    `query` is looked up, `short` are LIKE patterns that what it finds is compared with.
    """
    found = rows(_BY_WORDS, {"query": query, "short": list(short), "most": CANDIDATES})
    found.sort(key=lambda row: (_distance(row[1].split(" "), choices), row[2], row[1]))
    return [Hit(customer_id, "", _best_words(words, choices)) for customer_id, words, _is_left in found[:limit]]


def _distance(words: Sequence[str], choices: Sequence[Sequence[str]]) -> int:
    """How far a customer's words are from the wanted: 0 for a whole word, 1 for its beginning, more for others."""
    there = set(words)
    return sum(next((2 * place for place, choice in enumerate(group) if choice in there), 1) for group in choices)


def _best_words(words: str, choices: Sequence[Sequence[str]]) -> str:
    """Those of a customer's words that were found, to tell which entry to show."""
    wanted = tuple(choice for group in choices for choice in group)
    return " ".join(word for word in words.split(" ") if word.startswith(wanted) and PAIR not in word)


def rows(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
