"""Reads in one round trip: what comes back is whose, what fails is said, and Django's counters see all of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tellonce.datakit import OneOf, Slot, Statement, alone, together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_session(key: str, *, days: int = 0, data: str = "") -> Session:
    return Session.objects.create(session_key=key, session_data=data, expire_date=NOW + timedelta(days=days))


def keys(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["session_key"] for row in rows]


BY_KEY = Statement(
    lambda: Session.objects.filter(OneOf("session_key", "keys")).order_by("session_key").values("session_key")
)
EITHER = Statement(
    lambda: (
        Session.objects.filter(Q(session_key=Slot("key")) | Q(expire_date__gt=Slot("after")))
        .order_by("session_key")
        .values("session_key")
    )
)


def test_each_read_gets_its_own_rows() -> None:
    for key in ("ann", "bob", "eve"):
        a_session(key)
    with together() as ask:
        some = BY_KEY.ask(ask, keys, keys=["eve", "ann"])
        nobody = BY_KEY.ask(ask, keys, keys=[])
        first = BY_KEY.ask(ask, keys, keys=["ann", "bob", "eve"], limit=1)
        sum_of_both = ask("SELECT %(a)s::int + %(b)s::int", {"a": 2, "b": 3}, lambda rows: rows[0][0])
    assert (some(), nobody(), first(), sum_of_both()) == (["ann", "eve"], [], ["ann"], 5)


def test_a_slot_without_a_value_matches_nothing() -> None:
    a_session("bob", days=3)
    assert alone(lambda ask: EITHER.ask(ask, keys, key=None, after=NOW)) == ["bob"]
    assert alone(lambda ask: EITHER.ask(ask, keys, key=None, after=NOW + timedelta(days=4))) == []


def test_the_same_statement_serves_small_and_large_numbers_prepared_or_not() -> None:
    for number in (7, 40_000, 3_000_000_000, 7) * 3:
        doubled = alone(lambda ask, n=number: ask("SELECT %s::bigint * 2", (n,), lambda rows: rows[0][0]))  # type: ignore[misc]
        assert doubled == number * 2


def test_constants_are_written_out_so_that_indexes_on_some_rows_are_used() -> None:
    a_session("100% o'neil", data="@")
    a_session("%s", data="@")
    odd = Statement(
        lambda: (
            Session.objects.filter(session_key__in=["100% o'neil", "%s"], session_data__contains=Slot("part"))
            .order_by("session_key")
            .values("session_key")
        )
    )
    with CaptureQueriesContext(connection) as counted:
        assert alone(lambda ask: odd.ask(ask, keys, part="@")) == ["%s", "100% o'neil"]
    assert "'100% o''neil'" in counted.captured_queries[0]["sql"]


def test_it_sees_what_the_transaction_wrote_and_is_counted() -> None:
    a_session("ann")
    with CaptureQueriesContext(connection) as counted:
        assert alone(lambda ask: BY_KEY.ask(ask, keys, keys=["ann"])) == ["ann"]
    assert len(counted) == 1


def test_nothing_asked_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as counted, together():
        pass
    assert not counted.captured_queries


@pytest.mark.django_db(transaction=True)
def test_a_read_that_fails_is_a_database_error_and_the_connection_goes_on() -> None:
    with pytest.raises(DatabaseError, match="division by zero"), together() as ask:
        ask("SELECT 1 / 0", (), len)
    assert alone(lambda ask: ask("SELECT 1", (), len)) == 1


def test_a_block_that_fails_asks_nothing_and_an_answer_too_early_is_refused() -> None:
    with pytest.raises(AssertionError, match="not answered yet"), together() as ask:
        ask("SELECT 1", (), len)()
