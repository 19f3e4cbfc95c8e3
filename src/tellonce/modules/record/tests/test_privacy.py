"""Personal data: handed out whole, erased without a trace of the person, and not kept too long."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from pytest_django import DjangoCaptureOnCommitCallbacks

from tellonce.modules.record import actions, queries, story
from tellonce.modules.record.contracts import (
    About,
    Channel,
    CustomerRenamed,
    Direction,
    Erased,
    NewAccount,
    NewCustomer,
    NewDevice,
    NewPerson,
    NewPremise,
    NewService,
    Told,
)
from tellonce.modules.record.models import Customer, Erasure, Moment
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Actor, ActorKind
from tellonce.modules.staff.models import AccessEntry
from tests.factories import a_person, a_view

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TRACES = ("zwetschgenbaum", "8885550142", "zwetsch@", "quittengasse", "acc-zw-1", "snzw77", "a483e7", "crm-zw-9")
NEW = NewCustomer(
    source="crm",
    external_id="CRM-ZW-9",
    name="Ottilie Zwetschgenbaum",
    people=(NewPerson(name="Karl Zwetschgenbaum", phones=("+18885550142",), mails=("zwetsch@example.net",)),),
    premises=(NewPremise(line="4 Quittengasse", town="Springfield", postcode="62701"),),
    accounts=(NewAccount(number="ACC-ZW-1"),),
    services=(NewService(plan="Fibre 300", since=date(2024, 5, 3)),),
    devices=(NewDevice(serial="SNZW77", mac="A4:83:E7:01:02:03"),),
    facts={"nickname": "Zwetschgenbaum"},
)


def ottilie() -> int:
    pk = actions.load_customers([NEW], by=SYSTEM, at=AT).customer_ids[0]
    herself = Actor(kind=ActorKind.CUSTOMER, name="Ottilie Zwetschgenbaum")
    story.tell(
        Told(
            customer_id=pk,
            what=CustomerRenamed(before="Zwetschgenbaum", after="Ottilie Zwetschgenbaum"),
            at=AT,
            by=herself,
            words="It is Zwetschgenbaum, with tsch",
            channel=Channel.CALL,
            direction=Direction.FROM,
            about=About(),
        )
    )
    return pk


def places_with(trace: str) -> list[str]:
    """Every text of every table in which the trace stands, in any case and without marks."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " GROUP BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT t::text FROM "{table}" t'
                " WHERE lower(replace(replace(t::text, '-', ''), ':', '')) LIKE %s LIMIT 1",
                [f"%{trace.replace('-', '')}%"],
            )
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return found


def test_erasure_leaves_no_word_of_the_person_anywhere(db: None) -> None:
    other = actions.add_customer(name="Somebody Else", by=SYSTEM, at=AT)
    pk = ottilie()
    merge = actions.merge_customers(loser_id=pk, winner_id=other.pk, by=SYSTEM, at=AT)
    actions.undo_merge(merge_id=merge.pk, customer_id=pk, by=SYSTEM, at=AT)
    count = Moment.objects.filter(customer_id=pk).count()
    assert all(places_with(trace) for trace in TRACES)
    actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT + timedelta(days=1))
    assert {trace: places_with(trace) for trace in TRACES} == {trace: [] for trace in TRACES}
    assert Moment.objects.filter(customer_id=pk).count() == count + 1
    card = queries.card(pk)
    assert (card.erased, card.name, len(card.services)) == (True, "", 1)
    assert queries.search("zwetschgenbaum") == []
    assert queries.search("somebody else")[0].customer_id == other.pk


def test_an_erased_customer_does_not_come_back_with_the_next_file(db: None) -> None:
    pk = ottilie()
    actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT)
    again = actions.load_customers([NEW], by=SYSTEM, at=AT + timedelta(days=1))
    assert (again.customer_ids, again.added, again.changed) == ((pk,), 0, 0)
    assert places_with("zwetschgenbaum") == []


def test_a_restore_erases_again_and_nobody_else(db: None) -> None:
    pk, other = ottilie(), actions.add_customer(name="Somebody Else", by=SYSTEM, at=AT)
    created = Customer.objects.get(pk=pk).created_at
    listed = [
        Erased(pk, created, AT, None, "Tellonce"),
        Erased(other.pk, created - timedelta(days=1), AT, None, "Tellonce"),
        Erased(10**9, created, AT, None, "Tellonce"),
    ]
    assert actions.reapply_erasures(listed, at=AT) == 1
    assert actions.reapply_erasures(listed, at=AT) == 0
    assert places_with("zwetschgenbaum") == []
    assert Customer.objects.get(pk=other.pk).name == "Somebody Else"
    assert (
        [one.customer_id for one in queries.erasures()]
        == [pk]
        == list(Erasure.objects.values_list("customer_id", flat=True))
    )


def test_the_export_holds_everything_and_is_json(db: None) -> None:
    pk = ottilie()
    text = json.dumps(
        actions.export_customer(customer_id=pk, by=SYSTEM, at=AT, reason="asked for by letter"), ensure_ascii=False
    ).lower()
    for trace in ("zwetschgenbaum", "+18885550142", "zwetsch@example.net", "4 quittengasse", "acc-zw-1", "snzw77"):
        assert trace in text
    assert "it is zwetschgenbaum, with tsch" in text
    assert "handed out" in str(queries.story_page(pk)[0].headline)


def test_words_go_after_their_period_and_the_rest_of_the_moment_stays(db: None) -> None:
    pk = ottilie()
    assert actions.apply_retention(at=AT)["bodies"] == 0
    actions.set_retention(kind="bodies", days=30, by=SYSTEM, at=AT)
    gone = actions.apply_retention(at=AT + timedelta(days=31))
    assert gone["bodies"] == 1
    renamed = next(moment for moment in queries.story_page(pk) if isinstance(moment.data, CustomerRenamed))
    assert (renamed.words, renamed.headline.rest) == ("", "Zwetschgenbaum, now Ottilie Zwetschgenbaum")


def test_the_list_outside_the_database_reads_back(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pk = ottilie()
    with django_capture_on_commit_callbacks(execute=True):
        erased = actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT)
    assert actions.listed_erasures(settings.SETUP.home / actions.ERASURES_FILE)[-1] == erased


def test_a_restore_erases_all_who_were_one_though_the_backup_knows_them_apart(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pk, winner = ottilie(), actions.add_customer(name="O. Zwetschgenbaum", by=SYSTEM, at=AT)
    backup = transaction.savepoint()
    actions.merge_customers(loser_id=pk, winner_id=winner.pk, by=SYSTEM, at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT)
    listed = queries.erasures()
    assert actions.complete_erasures_file() == 0
    transaction.savepoint_rollback(backup)

    assert actions.reapply_erasures(listed, at=AT) == 2
    assert places_with("zwetschgenbaum") == []


def test_a_restore_erases_one_of_two_who_were_one_in_the_backup_only(db: None) -> None:
    pk, winner = ottilie(), actions.add_customer(name="Somebody Else", by=SYSTEM, at=AT)
    actions.merge_customers(loser_id=pk, winner_id=winner.pk, by=SYSTEM, at=AT)
    listed = [Erased(pk, Customer.objects.get(pk=pk).created_at, AT, None, "Tellonce")]

    assert actions.reapply_erasures(listed, at=AT) == 1
    assert places_with("zwetschgenbaum") == []
    assert queries.card(winner.pk).name == "Somebody Else"


def test_what_a_kill_kept_from_the_list_of_erasures_is_added_later(db: None, tmp_path: Path) -> None:
    pk = ottilie()
    actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT)  # its transaction is never committed here: no line yet

    with override_settings(SETUP=replace(settings.SETUP, home=tmp_path)):
        assert actions.complete_erasures_file() == 1
        assert [one.customer_id for one in actions.listed_erasures(tmp_path / actions.ERASURES_FILE)] == [pk]
        assert actions.complete_erasures_file() == 0


def test_the_access_log_forgets_the_words_of_the_erased_and_nothing_else(db: None) -> None:
    pk, other, looker = ottilie(), actions.add_customer(name="Somebody Else", by=SYSTEM, at=AT), a_person()
    for customer_id, reason in ((pk, "Mrs Zwetschgenbaum is here"), (other.pk, "He is here")):
        a_view(person=looker, customer_id=customer_id, page="customer", at=AT, reason=reason)
    for words in ("otti zwetsch", "888 555 0142", "else", "otto"):
        staff.log_search(person=looker, words=words, at=AT)

    actions.erase_customer(customer_id=pk, by=SYSTEM, at=AT)

    kept = AccessEntry.objects.order_by("pk").values_list("customer_id", "reason", "searched_for")
    assert list(kept) == [
        (pk, "-", ""),
        (other.pk, "He is here", ""),
        *((None, "", words) for words in ("-", "-", "else", "otto")),
    ]
    with connection.cursor() as cursor:
        for refused in ("UPDATE staff_accessentry SET reason = '-'", "TRUNCATE staff_accessentry, staff_staffchange"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(refused)
