"""Customers that were wrongly double or wrongly one: pointers, and undoing them to the letter."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from tellonce.kernel.errors import ConflictError
from tellonce.modules.record import actions, queries
from tellonce.modules.record.contracts import MergeError, SplitError
from tellonce.modules.record.models import CustomerMerge, CustomerSplit
from tellonce.modules.staff.contracts import SYSTEM

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def customer(name: str, phone: str = "") -> int:
    pk = actions.add_customer(name=name, by=SYSTEM, at=AT).pk
    actions.add_service(customer_id=pk, kind="internet", plan=f"Plan of {name}", by=SYSTEM, at=AT)
    if phone:
        actions.add_contact_point(customer_id=pk, kind="phone", value=phone, by=SYSTEM, at=AT)
    return pk


def merge(loser: int, winner: int) -> CustomerMerge:
    return actions.merge_customers(loser_id=loser, winner_id=winner, by=SYSTEM, at=AT + timedelta(hours=1))


def words(customer_id: int) -> list[str]:
    before = AT + timedelta(minutes=30)
    return [f"{m.customer_id} {m.headline}" for m in queries.story_page(customer_id, until=before)]


def test_a_merge_reads_as_one_and_undoing_it_restores_both(db: None) -> None:
    one, two = customer("Maria Lopez", "2025550101"), customer("M. Lopez", "2025550102")
    before = [(asdict(queries.card(pk)), words(pk)) for pk in (one, two)]
    done = merge(two, one)
    assert queries.customer(two).pk == one
    assert queries.same_customer_ids(two) == (one, two) == queries.same_customer_ids(one)
    assert {service.plan for service in queries.card(two).services} == {"Plan of Maria Lopez", "Plan of M. Lopez"}
    assert words(one) == words(two)
    assert len(words(one)) == 6
    assert queries.find_by_phone("+12025550102") == (one,)
    assert [found.customer_id for found in queries.search("m lopez")] == [one]
    actions.undo_merge(merge_id=done.pk, customer_id=one, by=SYSTEM, at=AT + timedelta(hours=2))
    assert [(asdict(queries.card(pk)), words(pk)) for pk in (one, two)] == before
    assert queries.find_by_phone("+12025550102") == (two,)
    assert {found.customer_id for found in queries.search("lopez")} == {one, two}
    with pytest.raises(MergeError):
        actions.undo_merge(merge_id=done.pk, customer_id=one, by=SYSTEM, at=AT)


def test_chains_read_through_circles_and_second_merges_are_refused(db: None) -> None:
    one, two, three = customer("A"), customer("B"), customer("C")
    first = merge(one, two)
    merge(two, three)
    assert queries.same_customer_ids(one)[0] == three
    with pytest.raises(MergeError):
        merge(three, one)
    with pytest.raises(MergeError):
        merge(one, three)
    actions.undo_merge(merge_id=first.pk, customer_id=one, by=SYSTEM, at=AT)
    assert queries.same_customer_ids(one) == (one,)
    assert queries.same_customer_ids(two)[0] == three


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Runs all at the same time, each on its own connection; results, or the errors that were raised."""
    results: list[Any] = [None] * len(tasks)
    ready = threading.Barrier(len(tasks))

    def run(place: int, task: Callable[[], Any]) -> None:
        ready.wait()
        try:
            results[place] = task()
        except Exception as error:  # noqa: BLE001 -- the test looks at what was raised
            results[place] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(place, task)) for place, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.parametrize("is_circle", [False, True])
def test_of_two_merges_at_once_one_wins_and_the_other_is_told(transactional_db: None, is_circle: bool) -> None:
    one, two = customer("Maria Lopez"), customer("M. Lopez")
    other = (lambda: merge(one, two)) if is_circle else (lambda: merge(two, one))
    results = at_once(lambda: merge(two, one), other)
    assert sorted(isinstance(result, ConflictError) for result in results) == [False, True]
    assert CustomerMerge.objects.count() == 1
    assert len(queries.same_customer_ids(one)) == 2


def test_a_split_gives_away_and_undoing_it_restores(db: None) -> None:
    pk = customer("Maria and Jose", "2025550101")
    actions.add_contact_point(customer_id=pk, kind="phone", value="2025550102", by=SYSTEM, at=AT)
    second = actions.add_service(customer_id=pk, kind="tv", plan="TV of Jose", by=SYSTEM, at=AT)
    before = queries.card(pk)
    story_before = words(pk)
    phone = next(point for point in before.phones if point.value.endswith("102"))
    moment = next(m for m in queries.story_page(pk) if m.kind == "record.customer_added")
    new = actions.split_customer(
        customer_id=pk,
        moments=[moment.id],
        others=[("service", second.pk), ("contact_point", phone.id)],
        name="Jose",
        by=SYSTEM,
        at=AT + timedelta(hours=1),
    )
    assert [service.plan for service in queries.card(new.pk).services] == ["TV of Jose"]
    assert [service.plan for service in queries.card(pk).services] == ["Plan of Maria and Jose"]
    assert queries.find_by_phone("+12025550102") == (new.pk,)
    assert [found.customer_id for found in queries.search("2025550102")] == [new.pk]
    assert sorted(words(pk) + words(new.pk)) == sorted(story_before)
    assert len(words(new.pk)) == 3
    with pytest.raises(SplitError):
        actions.split_customer(
            customer_id=pk, moments=[], others=[("service", second.pk)], name="Again", by=SYSTEM, at=AT
        )
    split = CustomerSplit.objects.get()
    actions.undo_split(split_id=split.pk, customer_id=pk, by=SYSTEM, at=AT + timedelta(hours=2))
    after = queries.card(pk)
    assert (after.services, after.phones) == (before.services, before.phones)
    assert words(pk) == story_before
    assert queries.find_by_phone("+12025550102") == (pk,)
    with pytest.raises(SplitError):
        actions.undo_split(split_id=split.pk, customer_id=pk, by=SYSTEM, at=AT)


def test_a_part_of_a_split_goes_with_a_later_merge(db: None) -> None:
    pk, third = customer("Maria and Jose"), customer("Jose")
    second = actions.add_service(customer_id=pk, kind="tv", plan="TV of Jose", by=SYSTEM, at=AT)
    new = actions.split_customer(
        customer_id=pk, moments=[], others=[("service", second.pk)], name="J", by=SYSTEM, at=AT
    )
    merge(new.pk, third)
    assert {service.plan for service in queries.card(third).services} == {"TV of Jose", "Plan of Jose"}
    merge(third, pk)
    assert len(queries.card(pk).services) == 3
