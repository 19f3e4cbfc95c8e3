"""What one fact, one row, one prompt or one moment without the database can do to all other calls: nothing."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from time import sleep
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.utils import timezone

from tellonce.modules.care.models import Contact
from tellonce.modules.phone.contracts import LOCK
from tellonce.modules.phone.models import Asked, Call, JournalEvent, LiveContact, LivePerson
from tellonce.modules.phone.serving import filing
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.phone.tests.switchboards import (
    asks,
    comes,
    conninfo,
    dana,
    in_thread,
    journals,
    run,
    serving,
    talks,
    until,
)
from tellonce.modules.staff.models import Holiday, OpenHours, Person, Site
from tellonce.switchboard.deciding import callbacks, front, offers
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.errors import DriverError, JournalError, JournalLostError
from tellonce.switchboard.facts import Answered, Arrived, CallbackPromised, PersonSet, Presence, TransferAsked
from tellonce.switchboard.ports import Kept
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.remembering import engine_kept
from tellonce.switchboard.server import Times
from tellonce.switchboard.tests.making import snapshot
from tellonce.switchboard.wiring import Manners

__all__ = ["dana", "journals"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "+12025550188"


_LOCKED = """
FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def break_connection() -> None:
    """As a restart of the database does, or a router in between."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {_LOCKED}")


def is_locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 {_LOCKED}")
        return cursor.fetchone() is not None


def test_a_caller_whose_number_is_no_number_is_answered_without_it(
    dana: Person, journals: list[PostgresJournal]
) -> None:
    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await comes(dana)
            driver.call("c1", "100", "9" * 60)
            await until(lambda: LiveContact.objects.filter(pk="c1", number="", stage="offered").exists())
            driver.call("c2", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c2", number=NUMBER).exists())

    run(day)
    assert JournalEvent.objects.get(contact="c1", kind="Arrived").data["number"] == ""


def test_what_the_database_refuses_holds_nothing_else_back(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals) as (board, _driver):
            await asks(Arrived(0.0, "c1", queue="care", number="9" * 60, story="s"))
            await asks(Arrived(0.0, "x" * 70, queue="care"))
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
            await asks(Arrived(0.0, "c2", queue="care", number=NUMBER))
            await until(lambda: LiveContact.objects.filter(pk__in=("c1", "c2")).count() == 2)
            await until(lambda: LivePerson.objects.get(pk=dana.pk).ringing == "c1")
            await until(lambda: not Asked.objects.exists())
            assert set(board.engine.board.contacts) == {"c1", "c2"}
            kept = await in_thread(lambda: engine_kept(journals[0]))
            assert snapshot(kept.board) == snapshot(board.engine.board)

    run(day)
    assert LiveContact.objects.get(pk="c1").number == ""


def test_a_fact_that_breaks_the_engine_is_left_out_whole(
    dana: Person, journals: list[PostgresJournal], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = offers.settle

    def settle(step: Any, contact: Any) -> None:
        if contact.id == "poison":  # when it has arrived and entered already
            raise ZeroDivisionError
        whole(step, contact)

    monkeypatch.setattr(front, "settle", settle)

    async def day() -> None:
        async with serving(journals) as (board, driver):
            await comes(dana)
            for name in ("c1", "poison", "c2"):
                await asks(Arrived(0.0, name, queue="care", number=f"+1202555010{len(name)}"))
            await until(lambda: not Asked.objects.exists() and LiveContact.objects.count() == 2)
            assert set(board.engine.board.contacts) == {"c1", "c2"}
            await until(lambda: driver.lines["c1"].rings == dana.pk)
            await asks(Answered(0.0, "c1", dana.pk))
            await until(lambda: driver.lines["c1"].hears == dana.pk)
            kept = await in_thread(lambda: engine_kept(journals[0]))
            assert snapshot(kept.board) == snapshot(board.engine.board)

    run(day)
    assert not JournalEvent.objects.filter(contact="poison").exists()


def test_what_is_due_and_breaks_the_engine_is_due_no_more(
    dana: Person, journals: list[PostgresJournal], monkeypatch: pytest.MonkeyPatch
) -> None:
    def due(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(callbacks, "due", due)

    async def day() -> None:
        async with serving(journals) as (board, driver):
            await asks(CallbackPromised(0.0, "poison", "care", OTHER, 1.0))
            await until(lambda: JournalEvent.objects.filter(kind="TimerDropped").exists())
            assert board.engine.next_due is None
            await comes(dana)
            driver.call("c1", "100", NUMBER)
            await until(lambda: driver.lines["c1"].rings == dana.pk)

    run(day)


class Broken(FakeDriver):
    """A phone that can say nothing, hold nobody, and ring only some."""

    def __init__(self) -> None:
        super().__init__()
        self.unreachable: set[int] = set()
        self.refused = 0

    async def say(self, call: str, prompt: Prompt) -> None:
        raise OSError(28, "No space left on device")

    async def music(self, call: str) -> None:
        raise RuntimeError("no music")

    async def ring(self, call: str, person: int, **more: Any) -> None:
        if person in self.unreachable:
            self.refused += 1
            raise DriverError("The phone of this person cannot be rung.")
        await super().ring(call, person, **more)


def test_an_order_that_the_phone_cannot_carry_out_ends_no_call(dana: Person, journals: list[PostgresJournal]) -> None:
    driver = Broken()

    async def day() -> None:
        greeting = Manners(welcome=Prompt("en", ("greeting",)))
        async with serving(journals, driver=driver, manners=greeting) as _:
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="waiting").exists())
            driver.unreachable = {dana.pk}
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
            await until(lambda: driver.refused == 1)
            await until(lambda: LivePerson.objects.filter(pk=dana.pk, state="available").exists())  # no miss of theirs
            driver.unreachable = set()
            await until(lambda: driver.lines["c1"].rings == dana.pk, seconds=30.0)  # once it would have rung out

    run(day)


def test_calls_go_on_while_the_database_is_away_for_a_moment(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        async with serving(journals) as (board, driver):
            await talks(dana, driver)
            for name in ("c2", "c3"):
                await in_thread(break_connection)
                driver.call(name, "100", OTHER)
                await until(LiveContact.objects.filter(pk=name, stage="waiting").exists)
            assert driver.lines["c1"].hears == dana.pk
            driver.leave("c1")
            await until(lambda: LivePerson.objects.filter(pk=dana.pk, state="wrapping_up").exists())
            kept = await in_thread(lambda: engine_kept(journals[0]))
            assert snapshot(kept.board) == snapshot(board.engine.board)

    run(day)
    assert JournalEvent.objects.filter(kind="Arrived").count() == 3


def test_a_database_that_stays_away_ends_the_switchboard(dana: Person, journals: list[PostgresJournal]) -> None:
    impatient = Times(look_again_s=0.05, known_within_s=5.0, patience_s=0.5)

    async def day() -> None:
        async with serving(journals, times=impatient) as (board, driver):
            driver.call("c1", "100", NUMBER)
            await until(lambda: LiveContact.objects.filter(pk="c1", stage="waiting").exists())
            journals[0]._conninfo = "host=127.0.0.1 port=1"
            await in_thread(break_connection)
            await until(lambda: not board.is_serving)
            assert not driver.lines

    with pytest.raises(JournalLostError):
        run(day)


@pytest.fixture
def journal() -> Iterator[PostgresJournal]:
    journal = PostgresJournal(conninfo())
    assert journal.take_over()
    yield journal
    journal.close()


def set_present(person: int) -> Kept:
    return Kept((PersonSet(5.0, person, Presence.AVAILABLE),))


def lost(journal: PostgresJournal, kept: Kept) -> None:
    break_connection()
    with pytest.raises(JournalLostError):
        journal.keep(kept)


def test_what_was_kept_though_the_answer_was_lost_is_not_kept_twice(journal: PostgresJournal) -> None:
    journal.keep(set_present(1))
    before = journal._last
    journal.keep(set_present(2))
    journal._last = before  # the transaction went through; nobody has told us so
    lost(journal, set_present(2))
    assert journal.regain()
    journal.keep(set_present(2))
    journal.keep(set_present(3))
    assert [row.data["person"] for row in JournalEvent.objects.order_by("pk")] == [1, 2, 3]


def test_who_has_been_overtaken_writes_no_more(journal: PostgresJournal) -> None:
    journal.keep(set_present(1))
    lost(journal, set_present(2))
    other = PostgresJournal(conninfo())
    assert other.take_over()
    with pytest.raises(JournalError, match="serves by now"):
        journal.regain()
    other.keep(set_present(3))
    other.close()
    while is_locked():  # the server lets the lock go a moment after the connection
        sleep(0.02)
    assert journal.regain()
    with pytest.raises(JournalError, match="has served meanwhile"):
        journal.keep(set_present(2))
    assert [row.data["person"] for row in JournalEvent.objects.order_by("pk")] == [1, 3]


def test_our_own_ghost_gives_the_lock_back(journal: PostgresJournal) -> None:
    journal.keep(set_present(1))
    lost(journal, set_present(2))
    with psycopg.connect(conninfo(), autocommit=True) as ghost:  # as the server sees a client that died silently
        ghost.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        journal._pid = ghost.info.backend_pid
        assert not journal.regain()
        with pytest.raises(psycopg.OperationalError):
            ghost.execute("SELECT 1")
    assert journal.regain()


def test_a_dead_machine_loses_the_lock_in_seconds(journal: PostgresJournal) -> None:
    ours = journal._mine.info.get_parameters()
    assert (ours["keepalives_idle"], ours["keepalives_count"], ours["tcp_user_timeout"]) == ("5", "3", "11000")
    asked = "SELECT name FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp_%' ORDER BY name"
    assert [name for (name,) in journal._mine.execute(asked)] == [
        "tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout",
    ]  # fmt: skip


def test_a_row_that_cannot_be_filed_holds_up_no_other(
    dana: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at = timezone.now().timestamp()
    JournalEvent.objects.create(at=at, kind="Answered", contact="bad", data={"no": "sense"})
    for kind, more in (("Arrived", {"channel": "call"}), ("Entered", {"queue": "care", "since": at}),
                       ("Ended", {"outcome": "abandoned"})):  # fmt: skip
        JournalEvent.objects.create(at=at, kind=kind, contact="c1", data={"at": at, "contact": "c1", **more})
    monkeypatch.setattr(filing, "keep_told_waits", lambda _events: 1 / 0)
    with caplog.at_level(logging.ERROR):
        assert filing.file_events() == 4
    assert Call.objects.filter(external_id="c1", outcome="abandoned").exists()
    assert Contact.objects.filter(external_id="c1").exists()
    assert [(record.__dict__["kind"]) for record in caplog.records] == ["Answered", "Ended"]


def test_a_busy_database_is_tried_again(dana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now().timestamp()
    JournalEvent.objects.create(
        at=at, kind="Ended", contact="c1", data={"at": at, "contact": "c1", "outcome": "abandoned"}
    )

    def busy(_events: Any) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(filing, "keep_told_waits", busy)
        with pytest.raises(OperationalError):
            filing.file_events()
    assert filing.file_events() == 1


def test_what_is_refused_is_kept_for_who_asked_until_they_do_something_else(
    dana: Person, journals: list[PostgresJournal]
) -> None:
    def refused() -> str:
        return LivePerson.objects.get(pk=dana.pk).refused

    async def day() -> None:
        async with serving(journals) as (_board, driver):
            await talks(dana, driver)
            await asks(TransferAsked(0.0, "c1", dana.pk, "They wait.", queue="gone"))
            await until(lambda: refused() == "unknown_queue")
            await asks(TransferAsked(0.0, "c1", dana.pk, "They wait.", colleague=4711))
            await until(lambda: refused() == "not_free")
            assert driver.lines["c1"].hears == dana.pk
            driver.leave("c1")
            await asks(PersonSet(0.0, dana.pk, Presence.PAUSED, "break"))
            await until(lambda: refused() == "")

    run(day)


def test_a_site_that_opens_no_more_has_no_opening_that_could_be_told(dana: Person) -> None:
    monday = datetime(2026, 3, 2, 15, tzinfo=UTC)
    site = Site.objects.create(name="Gone", time_zone="UTC")
    OpenHours.objects.create(site=site, weekday=0, opens=time(9), closes=time(10))
    a_queue("closed", site_id=site.pk)
    directory = PhoneDirectory()
    assert directory.around(monday.timestamp()).closed == {"closed": (monday + timedelta(days=6, hours=18)).timestamp()}
    for week in range(1, 60):
        Holiday.objects.create(site=site, day=monday.date() + timedelta(weeks=week), name="closed down")
    assert directory.around(monday.timestamp()).closed == {"closed": 0.0}
