"""Reading stories: one customer's, page by page, and all that a person may see, by their words."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tellonce.datakit import Together, alone
from tellonce.modules.record.contracts import About, Group, ToldMoment, from_json, kinds_of
from tellonce.modules.record.queries.identity import Identity, identity

_COLUMNS = """m.customer_id, m.id, m.at, m.kind, m.channel, m.direction, m.by_kind, m.by_id, m.by_name,
 m.about, m.about_id, m.contact_id, m.case_id, m.matter_id, m.data, m.words, m.corrects, m.erased_at,
 COALESCE(d.state, ''), c.kind, c.data, c.words, x.id"""
_FROM = """FROM record_moment m
LEFT JOIN record_delivery d ON d.customer_id = m.customer_id AND d.moment_id = m.id
LEFT JOIN record_moment c ON {corrected} AND c.id = m.corrects
LEFT JOIN LATERAL (SELECT x.id FROM record_moment x WHERE {correction} AND x.corrects = m.id
                   ORDER BY x.at DESC LIMIT 1) x ON TRUE"""
_OF_ONE = {"corrected": "c.customer_id = m.customer_id", "correction": "x.customer_id = m.customer_id"}
_OF_MERGED = {"corrected": "c.customer_id = ANY(%(ids)s)", "correction": "x.customer_id = ANY(%(ids)s)"}
_SHOWN = "(m.import_id IS NULL OR m.import_id NOT IN (SELECT import_id FROM record_hiddenimport))"
_DEFAULT_LIMIT = 50


def story_page(
    customer_id: int,
    *,
    group: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = _DEFAULT_LIMIT,
    who: Identity | None = None,
) -> list[ToldMoment]:
    """One customer's moments, newest first, merges, splits and undone imports applied.

    `since` is included and `until` is not; `before` is the (at, id) of the last moment of the page before;
    `words` are searched as prefixes, all of them; `group` is one of `contracts.Group`; `who` saves two queries where
    the caller read it already.
    """
    of = who or identity(customer_id)
    return alone(
        lambda ask: ask_story_page(
            ask, of, group=group, since=since, until=until, words=words, before=before, limit=limit
        )
    )


def ask_story_page(
    ask: Together,
    who: Identity,
    *,
    group: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = _DEFAULT_LIMIT,
) -> Callable[[], list[ToldMoment]]:
    """`story_page`, read together with other things."""
    conditions = [_SHOWN]
    params: dict[str, Any] = {"limit": limit}
    if group:
        conditions.append("m.kind = ANY(%(kinds)s)")
        params["kinds"] = kinds_of(Group(group))
    if since:
        conditions.append("m.at >= %(since)s")
        params["since"] = since
    if until:
        conditions.append("m.at < %(until)s")
        params["until"] = until
    if words.strip():
        conditions.append("m.search @@ to_tsquery('simple', %(query)s)")
        params["query"] = as_tsquery(words)
    if before:
        conditions.append("(m.at, m.id) < (%(before_at)s, %(before_id)s)")
        params["before_at"], params["before_id"] = before
    is_merged = len(who.ids) > 1 or "moment" in who.here
    condition = _of(who, params, " AND ".join(conditions))
    return _ask_moments(ask, condition, params, _OF_MERGED if is_merged else _OF_ONE)


def moments(customer_id: int, moment_ids: Sequence[UUID]) -> list[ToldMoment]:
    """These moments of one customer, newest first: what a correction corrects."""
    params = {"ids": [customer_id], "first": customer_id, "moment_ids": list(moment_ids), "limit": len(moment_ids)}
    return _moments("m.customer_id = %(first)s AND m.id = ANY(%(moment_ids)s)", params) if moment_ids else []


def search_stories(
    words: str, *, limit: int = _DEFAULT_LIMIT, customer_ids: Sequence[int] | None = None
) -> list[ToldMoment]:
    """Moments of all customers whose words hold all of `words`, newest first; of `customer_ids` only when given."""
    params: dict[str, Any] = {"query": as_tsquery(words), "limit": limit}
    if not params["query"]:
        return []
    condition = f"m.search @@ to_tsquery('simple', %(query)s) AND {_SHOWN}"
    if customer_ids is not None:
        params["only"] = list(customer_ids)
        condition += " AND m.customer_id = ANY(%(only)s)"
    return _moments(condition, params)


def as_tsquery(words: str) -> str:
    """Every word as a prefix, all of them wanted; marks that mean something in a tsquery are dropped."""
    kept = ("".join(letter if letter.isalnum() else " " for letter in words)).split()
    return " & ".join(f"{word}:*" for word in kept)


def _of(who: Identity, params: dict[str, Any], condition: str) -> str:
    params["first"], params["ids"] = who.ids[0], list(who.ids)
    mine = "m.customer_id = %(first)s" if len(who.ids) == 1 else "m.customer_id = ANY(%(ids)s)"
    if "moment" in who.away:
        params["away"] = [UUID(row.split("/")[1]) for row in who.away["moment"]]
        mine += " AND m.id <> ALL(%(away)s)"
    if "moment" in who.here:
        params["origins"] = [int(row.split("/")[0]) for row in who.here["moment"]]
        params["here"] = [UUID(row.split("/")[1]) for row in who.here["moment"]]
        mine = f"({mine} OR (m.customer_id, m.id) IN (SELECT * FROM unnest(%(origins)s::bigint[], %(here)s::uuid[])))"
    return f"{mine} AND {condition}"


def _moments(condition: str, params: dict[str, Any]) -> list[ToldMoment]:
    return alone(lambda ask: _ask_moments(ask, condition, params, _OF_ONE))


def _ask_moments(
    ask: Together, condition: str, params: dict[str, Any], corrections: Mapping[str, str]
) -> Callable[[], list[ToldMoment]]:
    # The condition is made of constants above; every value is a parameter.
    source = _FROM.format(**corrections)
    sql = f"SELECT {_COLUMNS} {source} WHERE {condition} ORDER BY m.at DESC, m.id DESC LIMIT %(limit)s"
    return ask(sql, params, lambda rows: [_told(row) for row in rows], is_prepared="query" not in params)


def _told(row: tuple[Any, ...]) -> ToldMoment:
    values = _values(row[14])
    corrected = from_json(row[19], _values(row[20])) if row[19] else None
    erased = row[17] is not None
    return ToldMoment(
        customer_id=row[0],
        id=row[1],
        at=row[2],
        kind=row[3],
        channel=row[4],
        direction=row[5],
        by_kind=row[6],
        by_id=row[7],
        by_name=row[8],
        about=About(about=row[9], about_id=row[10], contact_id=row[11], case_id=row[12], matter_id=row[13]),
        data=None if erased and not values else from_json(row[3], values),
        words=row[15],
        corrects=row[16],
        erased=erased,
        delivery=row[18],
        corrected=corrected.headline() if corrected else None,
        corrected_words=row[21] or "",
        corrected_by=row[22],
    )


def _values(column: Any) -> dict[str, Any]:
    """A JSON column of a raw statement: text here, unless the connection reads it itself."""
    return dict(json.loads(column) if isinstance(column, str) else column)
