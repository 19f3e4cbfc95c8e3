"""The journal is kept for a while: what is live stays whole, and a day that is left is replayed as it was."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from tellonce.modules.phone import actions
from tellonce.modules.phone.models import Call, Checkpoint, JournalEvent, LiveContact, WaitPromise
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.serving.shown import show
from tellonce.modules.phone.tests.journals import START, Journalled
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.phone.tests.switchboards import conninfo
from tellonce.switchboard.codec import decode, encode
from tellonce.switchboard.engine import rebuild
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    CallbackPromised,
    HungUp,
    KeyPressed,
    OutageBegan,
    PersonSet,
    Presence,
)
from tellonce.switchboard.folding import Event
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.replaying import replay
from tellonce.switchboard.settings import Dialling, Member, Queue, Settings
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.tests.making import snapshot
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400.0


@pytest.fixture
def journal() -> Iterator[PostgresJournal]:
    journal = PostgresJournal(conninfo())
    assert journal.take_over()
    yield journal
    journal.close()


@pytest.fixture
def house() -> Journalled:
    a_queue("care")
    ana = a_person(name="Ana")
    settings = Settings(
        (Queue("care", "care", callback_above_s=0.0),), (Member(ana.pk, {"care": 1}),), dialling=Dialling(("+1",))
    )
    house = Journalled(settings)
    house.take(PersonSet(START, ana.pk, Presence.AVAILABLE), OutageBegan(START, "7", "north"))
    house.ana = ana.pk  # type: ignore[attr-defined]
    return house


def a_day(house: Journalled, number: int) -> list[Event]:
    """One talks, one hangs up, in the same way each day."""
    at, ana = START + number * DAY, house.ana  # type: ignore[attr-defined]
    names = [f"{number}-{each}" for each in "ab"]
    return house.take(
        Arrived(at + 1, names[0], queue="care", number=NUMBER),
        Answered(at + 5, names[0], ana),
        Arrived(at + 9, names[1], queue="care", number="+12025550188"),
        HungUp(at + 60, names[1]),
        HungUp(at + 90, names[0]),
    )


def frozen(journal: PostgresJournal, house: Journalled) -> None:
    journal.freeze(json.loads(json.dumps(freeze(house.engine.board))))


def before(day: int) -> datetime:
    return datetime.fromtimestamp(START + day * DAY - 60, UTC)


def test_what_is_old_goes_and_the_state_is_the_same(house: Journalled, journal: PostgresJournal) -> None:
    for day in range(4):
        frozen(journal, house)
        a_day(house, day)
    events = JournalEvent.objects.count()
    assert actions.expire(kind="journal", before=before(2)) > 0
    assert 0 < JournalEvent.objects.count() < events
    past = journal.read()
    assert past.board is not None
    assert snapshot(rebuild(past.events, since=thaw(past.board)).board) == snapshot(house.engine.board)
    assert Call.objects.count() == 8
    assert WaitPromise.objects.filter(became="abandoned").count() == 4


def test_a_day_that_is_left_is_replayed_as_it_was(house: Journalled, journal: PostgresJournal) -> None:
    for day in range(4):
        frozen(journal, house)
        a_day(house, day)
    actions.expire(kind="journal", before=before(2))
    first = Checkpoint.objects.order_by("event_id")[0]
    rows = JournalEvent.objects.filter(pk__gt=first.event_id).order_by("pk").values_list("kind", "data")
    events = [decode(kind, data) for kind, data in rows]
    assert len(events) > 10
    assert replay(events, since=thaw(first.board)) == events


def test_without_a_board_nothing_goes(house: Journalled) -> None:
    a_day(house, 0)
    events = JournalEvent.objects.count()
    assert actions.expire(kind="journal", before=before(30)) == 0
    assert JournalEvent.objects.count() == events


def test_what_is_not_filed_stays(house: Journalled, journal: PostgresJournal) -> None:
    a_day(house, 0)
    for fact in (Arrived(START + DAY, "late", queue="care", number=NUMBER), HungUp(START + DAY + 9, "late")):
        for event in house.engine.take(fact).events:
            kind, data = encode(event)
            JournalEvent.objects.create(at=event.at, kind=kind, contact=data.get("contact", ""), data=data)
    frozen(journal, house)
    actions.expire(kind="journal", before=before(30))
    assert JournalEvent.objects.filter(contact="late", kind="Ended").exists()
    assert not JournalEvent.objects.filter(contact="0-a").exists()
    while file_events():
        pass
    assert Call.objects.filter(external_id="late").exists()


def test_who_is_called_back_next_week_or_waits_for_news_keeps_their_events(
    house: Journalled, journal: PostgresJournal
) -> None:
    house.take(
        CallbackPromised(START + 20, "later", "care", NUMBER, START + 7 * DAY),
        Arrived(START + 30, "news", queue="care", number=NUMBER, customer=5, area="north"),
        KeyPressed(START + 32, "news", "1"),
    )
    with connection.cursor() as cursor:
        show(cursor.cursor, Showing().everything(house.engine.board))
    assert LiveContact.objects.filter(pk="later", stage="scheduled").exists()
    a_day(house, 0)
    frozen(journal, house)
    a_day(house, 1)
    frozen(journal, house)
    actions.expire(kind="journal", before=before(30))
    assert set(JournalEvent.objects.exclude(contact="").values_list("contact", flat=True)) == {"later", "news"}


def test_who_is_forgotten_is_on_no_board(house: Journalled, journal: PostgresJournal) -> None:
    mia = a_customer()
    house.take(CallbackPromised(START + 20, "later", "care", NUMBER, START + 7 * DAY, customer=mia.pk))
    frozen(journal, house)
    actions.forget((mia.pk,), at=before(1))
    assert NUMBER not in json.dumps(Checkpoint.objects.get().board)
