"""A switchboard of another version starts whatever it finds: by its board, the whole journal, or what pages saw."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tellonce.modules.phone import actions
from tellonce.modules.phone.actions.callbacks import CallTerms, promise_callback
from tellonce.modules.phone.models import Checkpoint, Entry, JournalEvent, LiveContact, LivePerson, PromisedCallback
from tellonce.modules.phone.serving.filing import file_events
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import NUMBER
from tellonce.modules.phone.tests.switchboards import (
    asks,
    comes,
    dana,
    in_thread,
    journals,
    run,
    serving,
    until,
)
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.facts import Arrived, PersonSet, Presence
from tellonce.switchboard.freezing import VERSION
from tellonce.switchboard.replaying import facts_of
from tellonce.switchboard.settings import Channel
from tests.factories import a_customer

__all__ = ["dana", "journals"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "+12025550188"


def of_another_version() -> None:
    for checkpoint in Checkpoint.objects.all():
        checkpoint.board |= {"version": VERSION + 1, "contacts": "told in another way"}
        checkpoint.save()


def thin_out() -> None:
    """As after 90 days: all that the last board knows already."""
    while file_events():
        pass
    until = Checkpoint.objects.latest("event_id").event_id
    assert actions.expire(kind="journal", before=timezone.now() + timedelta(seconds=1)) > 0
    assert not JournalEvent.objects.filter(pk__lte=until, contact="").exists()


def a_day_with_a_promise(dana: Person, journals: list[PostgresJournal]) -> dict[str, Any]:
    """Dana is paused; one waits on the line, one is promised a call next week, a chat waits."""
    mia = a_customer(name="Mia", phone=OTHER)
    found: dict[str, Any] = {"due": timezone.now() + timedelta(days=7)}

    def promise() -> str:
        queue = Entry.objects.get().queue_id
        terms = CallTerms(OTHER, queue, found["due"])
        return promise_callback(
            customer_id=mia.pk, terms=terms, what="About the bill", by=SYSTEM, at=timezone.now(),
            owner_person_id=dana.pk,
        ).contact  # fmt: skip

    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await comes(dana)
            await asks(PersonSet(0.0, dana.pk, Presence.PAUSED, "lunch"))
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1").exists())
            await asks(Arrived(0.0, "chat", Channel.CHAT, queue="care"))
            found["promised"] = await in_thread(promise)
            await until(lambda: LiveContact.objects.count() == 3)
            await until(lambda: LivePerson.objects.filter(pk=dana.pk, state="paused").exists())

    run(day)
    found["promise"] = str(PromisedCallback.objects.get().promise_id)
    found["entered"] = LiveContact.objects.get(pk="c1").entered_at.timestamp()
    return found


def starts(journals: list[PostgresJournal], dana: Person, found: dict[str, Any]) -> None:
    """It serves, and everybody is there as they were."""

    async def day() -> None:
        async with serving(journals) as (board, _driver):
            person = board.engine.board.people[dana.pk]
            assert (person.presence, person.reason) == (Presence.PAUSED, "lunch")
            contacts = board.engine.board.contacts
            waiting, promised = contacts["c1"], contacts[found["promised"]]
            assert (waiting.is_callback, waiting.number, waiting.entered) == (
                True,
                NUMBER,
                pytest.approx(found["entered"]),
            )
            assert (promised.stage, promised.number, promised.entered) == (
                Stage.SCHEDULED,
                OTHER,
                pytest.approx(found["due"].timestamp()),
            )
            assert contacts["chat"].queue == "care"
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="offered").exists())
            await asks(PersonSet(0.0, dana.pk, Presence.PAUSED, "lunch"))
            await until(lambda: LivePerson.objects.filter(pk=dana.pk, state="paused").exists())

    run(day)


def test_of_a_whole_journal_everything_is_known(
    dana: Person, journals: list[PostgresJournal], caplog: pytest.LogCaptureFixture
) -> None:
    found = a_day_with_a_promise(dana, journals)
    of_another_version()
    with caplog.at_level(logging.WARNING):
        starts(journals, dana, found)
    assert "switchboard.begins_anew" not in caplog.messages
    assert Checkpoint.objects.latest("event_id").board["version"] == VERSION


@pytest.mark.parametrize("is_all_gone", [False, True])
def test_of_a_journal_that_was_thinned_out_what_pages_saw_is_known(
    dana: Person, journals: list[PostgresJournal], caplog: pytest.LogCaptureFixture, is_all_gone: bool
) -> None:
    found = a_day_with_a_promise(dana, journals)
    thin_out()
    of_another_version()
    if is_all_gone:
        JournalEvent.objects.all().delete()
    with caplog.at_level(logging.ERROR):
        starts(journals, dana, found)
    (said,) = [record for record in caplog.records if record.message == "switchboard.begins_anew"]
    assert (said.__dict__["people"], said.__dict__["callbacks"], said.__dict__["written"]) == (1, 2, 1)
    caplog.clear()
    of_another_version()  # once more: from where it began anew the journal is whole
    with caplog.at_level(logging.ERROR):
        starts(journals, dana, found)
    assert "switchboard.begins_anew" not in caplog.messages
    while file_events():
        pass
    assert not [record for record in caplog.records if record.message == "phone.not_filed"]


def test_a_promise_whose_number_nobody_knows_any_more_is_said(
    dana: Person, journals: list[PostgresJournal], caplog: pytest.LogCaptureFixture
) -> None:
    PromisedCallback.objects.create(
        contact="lost", promise_id=1, customer_id=1, due_at=timezone.now(), made_at=timezone.now()
    )
    Checkpoint.objects.create(event_id=5, at=1.0, board={"version": VERSION + 1})

    async def day() -> None:
        async with serving(journals):
            await comes(dana)

    with caplog.at_level(logging.ERROR):
        run(day)
    (said,) = [record for record in caplog.records if record.message == "switchboard.promised_callbacks_lost"]
    assert said.__dict__["contacts"] == ["lost"]


def test_who_wants_news_of_an_outage_is_known_by_the_board_of_another_version(
    dana: Person, journals: list[PostgresJournal]
) -> None:
    wanted = [["c9", NUMBER, 0], ["c8", OTHER, 5]]
    outages = [{"outage": "7", "area": "north", "expected_end": 0.0, "wanted": wanted}]
    Checkpoint.objects.create(event_id=5, at=1.0, board={"version": VERSION + 1, "outages": outages})

    async def day() -> None:
        async with serving(journals):
            await until(lambda: JournalEvent.objects.filter(kind="NewsOwed").count() == 2)

    run(day)
    (anew,) = JournalEvent.objects.filter(kind="BegunAnew")
    assert anew.data["wanted"] == [["7", "c9", NUMBER, 0], ["7", "c8", "", 5]]
    assert len(list(facts_of([decode(anew.kind, anew.data)]))) == 1
    assert datetime.fromtimestamp(anew.at, UTC) > timezone.now() - timedelta(minutes=10)
