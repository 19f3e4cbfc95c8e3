"""Search for customers, as somebody types: exact before prefix before word before misspelt, active before left.

Every look is one range of an index and stops at a few rows, so that it takes as long at a million customers as at
ten thousand; the looks are taken in order of rank until there is enough.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from tellonce.modules.record.contracts import Found, SearchKind
from tellonce.modules.record.folding import pairs_of
from tellonce.modules.record.queries.alike import customers_by_word, words_alike
from tellonce.modules.record.queries.looks import (
    Hit,
    Look,
    begins,
    documents,
    ends,
    exact,
    hits_of,
    inside_phone,
    rows,
)
from tellonce.modules.record.queries.wanted import Wanted, read_wanted

_FIRST = 8
_SHORT = 2
_SHORT_NAME = 3
_LEAST_INSIDE = 4
_LEAST_MISSPELT = 4
_FULL_PAIR = 5
_COMMON = 100_000
_MANY = 10
_WITH_A_NUMBER = 5_000
_CODES = (SearchKind.ACCOUNT, SearchKind.SERIAL, SearchKind.MAC)

_Step = Callable[[int], list[Hit]]


def search(words: str, *, limit: int = _FIRST) -> list[Found]:
    """The customers that `words` finds, best first.

    Names in any order and misspelt, phones in any format and in part, mails, addresses, accounts, serials, MACs.
    """
    wanted = read_wanted(words)
    if wanted.is_empty:
        return []
    hits: dict[int, Hit] = {}
    for step in _steps(wanted, hits):
        for hit in step(limit * 2):
            hits.setdefault(hit.customer_id, hit)
        if len(hits) >= limit:
            break
    return _found(list(hits.values())[:limit])


def _steps(wanted: Wanted, hits: Mapping[int, Hit]) -> Iterator[_Step]:
    """From the likeliest to the last resort, each a statement or two; `hits` are those of the steps before."""
    looks = [*_looks_for_codes(wanted), *_looks_for_names(wanted)]
    yield lambda limit: hits_of(looks, limit=limit)
    is_code = bool(wanted.digits or wanted.code or wanted.mail)
    is_sure = any(hit.is_exact for hit in hits.values())
    if is_code and is_sure:
        return
    long_numbers = [number for number in wanted.digits if len(number) >= _LEAST_INSIDE]
    if long_numbers:
        yield lambda limit: hits_of([inside_phone(number) for number in long_numbers], limit=limit)
    if not wanted.words:
        return
    counts = customers_by_word([word for word in wanted.words if len(word) > _SHORT and not word.isdecimal()])
    if len(wanted.words) > 1:
        yield partial(_name_in_parts, wanted.words)
    yield partial(_all_words, wanted.words, counts)
    text = " ".join(wanted.words)
    if len(wanted.words) == 1 and not wanted.mail and len(text) > _SHORT:
        yield lambda limit: hits_of([begins(text, SearchKind.MAIL)], limit=limit)
    if not is_code and len(text) >= _LEAST_MISSPELT:
        strange = [word for word in wanted.words if not counts.get(word, 1)]
        if strange:
            yield partial(_misspelt, wanted.words, strange)
        if not hits:
            yield partial(_misspelt, wanted.words, wanted.words)


def _looks_for_codes(wanted: Wanted) -> list[Look]:
    looks = [begins(wanted.mail, SearchKind.MAIL)] if wanted.mail else []
    for way in (exact, begins, ends):
        looks += [way(number, SearchKind.PHONE) for number in wanted.digits]
        looks += [way(wanted.code, *_CODES)] if wanted.code else []
    return looks


def _looks_for_names(wanted: Wanted) -> list[Look]:
    """As it was typed, and with the last word first."""
    words = wanted.words
    if not words:
        return []
    if wanted.digits or words[0].isdigit():
        return [begins(" ".join(words), SearchKind.ADDRESS)]
    forms = list(dict.fromkeys((" ".join(words), " ".join((words[-1], *words[:-1])))))
    return [way(form, SearchKind.NAME) for way in (exact, begins) for form in forms]


def _name_in_parts(words: Sequence[str], limit: int) -> list[Hit]:
    """Every short word begins a word of one name, in any order: 'ma ga' and 'ga ma' find Maria Garcia."""
    pair = pairs_of(sorted(words, key=len, reverse=True)[:2])[0]
    if any(word.isdigit() or len(word) > _SHORT_NAME for word in words) or len(pair) < _FULL_PAIR:
        return []
    return documents(f"'{pair}'", _as_beginnings(words), [(word,) for word in words], limit=limit)


def _all_words(words: Sequence[str], counts: Mapping[str, int], limit: int) -> list[Hit]:
    """Every word begins a word of the names and addresses, in any order.

    The rarest is looked up, and with it those that are not common: a common one is found soon among what they find,
    while looking it up would mean to gather all of its customers first.
    """
    if 0 in counts.values():
        return []
    rarity = {word: _customers(word, counts) for word in words}
    by_rarity = sorted(words, key=rarity.__getitem__)
    if len(by_rarity[0]) <= _SHORT and len(words) > 1:
        return []
    looked_up = by_rarity[:1] + [word for word in by_rarity[1:] if rarity[word] < _COMMON]
    query = " & ".join(f"'{word}':*" for word in looked_up)
    others = [word for word in words if word not in looked_up]
    return documents(query, _as_beginnings(others), [(word,) for word in words], limit=limit)


def _customers(word: str, counts: Mapping[str, int]) -> int:
    """About how many customers have a word that begins so; numbers are not counted, and long ones are rare."""
    if word.isdecimal() and len(word) > _SHORT:
        return _WITH_A_NUMBER
    return counts.get(word, _COMMON * _MANY)


def _as_beginnings(words: Sequence[str]) -> list[str]:
    return [f"% {word}%" for word in words]


def _misspelt(words: Sequence[str], strange: Sequence[str], limit: int) -> list[Hit]:
    """Every word, or instead of a strange one those that are spelt almost alike, is among a customer's words."""
    alike = words_alike(strange)
    if not any(alike.values()):
        return []
    choices = [(word, *alike.get(word, ())) for word in words]
    groups = [" | ".join([f"'{first}':*", *(f"'{other}'" for other in others)]) for first, *others in choices]
    return documents(" & ".join(f"({group})" for group in groups), [], choices, limit=limit)


_SHOWN = """
SELECT c.id, c.name, c.left_on IS NOT NULL,
    COALESCE((SELECT a.number FROM record_account a WHERE a.customer_id = c.id
              ORDER BY a.closed_on DESC NULLS FIRST, a.id LIMIT 1), c.external_id),
    COALESCE((SELECT p.town FROM record_occupancy o JOIN record_premise p ON p.id = o.premise_id
              WHERE o.customer_id = c.id AND o.until IS NULL ORDER BY o.since DESC NULLS LAST LIMIT 1), '')
FROM record_customer c WHERE c.id = ANY(%(ids)s) AND c.hidden_at IS NULL
"""
_ENTRIES = """
SELECT customer_id, kind, folded, shown FROM record_searchentry
WHERE customer_id = ANY(%(ids)s) AND kind IN ('name', 'address') ORDER BY kind DESC, folded
"""


def _found(hits: Sequence[Hit]) -> list[Found]:
    ids = [hit.customer_id for hit in hits]
    shown = {row[0]: row[1:] for row in rows(_SHOWN, {"ids": ids})} if ids else {}
    entries = _best_entries([hit for hit in hits if not hit.kind])
    found: list[Found] = []
    for hit in hits:
        if hit.customer_id in shown:
            name, left, number, place = shown[hit.customer_id]
            kind, what = entries.get(hit.customer_id, (hit.kind or SearchKind.NAME, hit.shown))
            found.append(Found(hit.customer_id, name, number, place, kind, what, left))
    return found


def _best_entries(hits: Sequence[Hit]) -> dict[int, tuple[str, str]]:
    """For customers that were found by words, the name or address that most of the words stand in."""
    if not hits:
        return {}
    words = {hit.customer_id: set(hit.shown.split(" ")) for hit in hits}
    best: dict[int, tuple[int, str, str]] = {}
    for customer_id, kind, folded, shown in rows(_ENTRIES, {"ids": list(words)}):
        score = len(words[customer_id].intersection(folded.split(" ")))
        if customer_id not in best or score > best[customer_id][0]:
            best[customer_id] = (score, kind, shown)
    return {customer_id: (kind, shown) for customer_id, (_score, kind, shown) in best.items()}
