"""Words that are spelt almost like others: compared with the words that customers have, which are few."""

from collections.abc import Sequence

from django.db import connection

from tellonce.modules.record.folding import variants_of

AFTER_ALL = "\U0010ffff"  # sorts behind every letter where texts are compared byte by byte
_MOST = 6
_LEAST_LETTERS = 3
_TWO_EDITS = 6

_COUNTS = """
SELECT wanted, COALESCE((SELECT sum(customers) FROM record_searchword
                         WHERE word >= wanted AND word < wanted || %(after_all)s), 0)::bigint
FROM unnest(%(words)s::text[]) wanted
"""
_ALIKE = """
SELECT wanted, alike.word, alike.customers
FROM unnest(%(words)s::text[], %(variants)s::text[]) AS t(wanted, variants),
LATERAL record_words_alike(wanted, string_to_array(variants, ' ')) alike
"""


def customers_by_word(words: Sequence[str]) -> dict[str, int]:
    """About how many customers have a word that begins so."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"words": list(words), "after_all": AFTER_ALL})
        return dict(cursor.fetchall())


def words_alike(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each word the nearest ones among the words of customers, nearest and most common first."""
    wanted = [word for word in words if len(word) >= _LEAST_LETTERS and not word.isdecimal()]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"words": wanted, "variants": [" ".join(variants_of(word)) for word in wanted]})
        rows = cursor.fetchall()
    near: dict[str, list[tuple[int, int, str]]] = {word: [] for word in wanted}
    for word, other, customers in rows:
        apart = min(edits(word, other), edits(word, other[: len(word)]) + 1)
        if 0 < apart <= (2 if len(word) >= _TWO_EDITS else 1):
            near[word].append((apart, -customers, other))
    return {word: tuple(other for _a, _c, other in sorted(found)[:_MOST]) for word, found in near.items()}


def edits(one: str, other: str) -> int:
    """Letters to insert, drop, replace or exchange with a neighbour (optimal string alignment distance)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i, *[0] * len(other)]
        for j, wanted in enumerate(other, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
