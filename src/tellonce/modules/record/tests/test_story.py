"""The story: append-only, read in pages, corrected by reference, searched by its words."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tellonce.modules.record import actions, queries, story
from tellonce.modules.record.contracts import CustomerAdded, CustomerRenamed, DistributionError, Group, Told
from tellonce.modules.record.models import HiddenImport, Moment
from tellonce.modules.staff.contracts import SYSTEM

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(customer_id: int, *, minutes: int = 0, words: str = "", import_id: int | None = None) -> Told:
    what = CustomerRenamed(before="a", after="b")
    return Told(
        customer_id=customer_id,
        what=what,
        at=AT + timedelta(minutes=minutes),
        by=SYSTEM,
        words=words,
        import_id=import_id,
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record_moment SET words = 'other'",
        "UPDATE record_moment SET words = ''",
        "UPDATE record_moment SET at = now(), words = '', erased_at = now()",
        "UPDATE record_moment SET data = '{\"x\": 1}', words = '', erased_at = now()",
        "UPDATE record_moment SET customer_id = 5, erased_at = now(), words = ''",
        "DELETE FROM record_moment",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_moment(db: None, change: str) -> None:
    story.tell(told(7, words="as it was"))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Moment.objects.get().words == "as it was"


def test_pages_are_stable_under_equal_times(db: None) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT - timedelta(days=1)).pk
    story.load(told(pk, words=str(n)) for n in range(25))
    seen: list[UUID] = []
    before = None
    while page := queries.story_page(pk, before=before, limit=7):
        seen += [moment.id for moment in page]
        before = (page[-1].at, page[-1].id)
        story.tell(told(pk, minutes=1))
    assert len(seen) == len(set(seen)) == 26


def test_filters_words_and_undone_imports(db: None) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT).pk
    story.tell(told(pk, minutes=1, words="The router's light is RED again"))
    story.tell(told(pk, minutes=2, words="hidden router", import_id=9))
    HiddenImport.objects.create(import_id=9, at=AT)
    assert [m.words for m in queries.story_page(pk, words="rout red")] == ["The router's light is RED again"]
    assert queries.story_page(pk, words="green") == []
    assert len(queries.story_page(pk, group=Group.RECORD)) == 2
    assert queries.story_page(pk, group=Group.BILLS) == []
    assert len(queries.story_page(pk, since=AT + timedelta(minutes=1))) == 1
    assert len(queries.story_page(pk, until=AT + timedelta(minutes=1))) == 1
    assert [m.customer_id for m in queries.search_stories("light router")] == [pk]
    assert queries.search_stories("light router", customer_ids=[pk + 1]) == []
    assert queries.search_stories(" ' | & ", limit=5) == []


def test_a_correction_is_shown_with_what_it_corrects(db: None) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT).pk
    first = story.tell(told(pk, minutes=1, words="Paid 50"))
    wrong = told(pk, minutes=2, words="Paid 60")
    story.tell(Told(customer_id=pk, what=wrong.what, at=wrong.at, by=SYSTEM, words=wrong.words, corrects=first))
    newest, older = queries.story_page(pk)[:2]
    assert newest.corrects == first == older.id
    assert (newest.corrected_words, older.corrected_by) == ("Paid 50", newest.id)


def test_an_unknown_kind_still_shows_its_words(db: None) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT).pk
    moment = story.moment_of(told(pk, minutes=1, words="from a later version"))
    moment.kind, moment.data = "later.thing_happened", {"what": 1}
    moment.save(force_insert=True)
    newest = queries.story_page(pk)[0]
    assert (newest.headline.lead, newest.words) == ("later thing happened", "from a later version")


def test_a_page_is_a_fixed_number_of_queries_and_one_index_range(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT).pk
    story.load(told(n % 500 + pk, minutes=n, words="some words") for n in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE record_moment")
    with django_assert_num_queries(2):
        queries.story_page(pk)
    with django_assert_num_queries(2):
        queries.card(pk)
    for options in ({}, {"group": "record"}, {"words": "words"}, {"before": (AT + timedelta(days=1), UUID(int=5))}):
        with CaptureQueriesContext(connection) as made, connection.cursor() as cursor:
            queries.story_page(pk, **options)
            cursor.execute(f"EXPLAIN {made.captured_queries[-1]['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on record_moment" not in plan
        assert "moment_story" in plan or "record_moment_pkey" in plan


def test_bulk_moments_read_as_told_ones(db: None) -> None:
    pk = actions.add_customer(name="Maria", by=SYSTEM, at=AT - timedelta(days=1)).pk
    tricky = 'tab\tnew line\n back\\slash "quote" {brace} \\N ñ 😀'
    story.tell(told(pk, words=tricky))
    story.load([told(pk, words=tricky)])
    one, two = queries.story_page(pk)[:2]
    assert (one.words, one.data, one.at) == (two.words, two.data, two.at) == (tricky, one.data, AT)


def test_distributing_says_what_is_missing(db: None) -> None:
    with pytest.raises(DistributionError, match="citus"):
        actions.distribute()


def test_distributing_spreads_what_is_not_spread_yet_with_the_story() -> None:
    everything = actions.distribution_sql(above=("phone_call",))
    later = actions.distribution_sql(
        above=("phone_call",), there={"record_moment", "record_delivery", "record_hiddenimport"}
    )

    assert list(everything) == ["record_moment", "record_delivery", "phone_call", "record_hiddenimport"]
    assert [each.split()[0] for each in everything["record_moment"]] == ["DROP", "SELECT"]
    assert later == {
        "phone_call": ["SELECT create_distributed_table('phone_call', 'customer_id', colocate_with => 'record_moment')"]
    }


def test_kinds_are_read_back_as_they_were_told(db: None) -> None:
    story.tell(Told(customer_id=1, what=CustomerAdded(name="x"), at=AT, by=SYSTEM))
    assert Moment.objects.get().data == {"name": "x"}
