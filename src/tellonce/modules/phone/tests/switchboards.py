"""A switchboard over the test's database, with a phone in memory: what the tests of its days share."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.models import Entry, LivePerson, Skill
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.staff.models import Person
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.facts import Fact, PersonSet, Presence
from tellonce.switchboard.server import Switchboard, Times
from tellonce.switchboard.wiring import Manners, Wiring
from tests.databases import url_of_test_database
from tests.factories import a_person

QUICK = Times(look_again_s=0.05, known_within_s=5.0)


@pytest.fixture
def dana() -> Person:
    """Somebody who answers the one queue, which a number leads to."""
    queue = a_queue("care", skill_code="care")
    Entry.objects.create(number="100", queue=queue)
    person = a_person(name="Dana")
    Skill.objects.create(person=person, code="care")
    return person


@pytest.fixture
def journals() -> Iterator[list[PostgresJournal]]:
    made: list[PostgresJournal] = []
    yield made
    for journal in made:
        journal.close()


def conninfo() -> str:
    """The test's own database, for a process that knows nothing of Django."""
    told = connection.get_connection_params()
    names = {"dbname": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
    return " ".join(f"{name}='{told[key]}'" for key, name in names.items() if told.get(key))


@contextmanager
def its_process(home: Path, *, phone: str) -> Iterator["subprocess.Popen[bytes]"]:
    """As `tellonce switchboard` runs it, with this phone ("none" has no sound)."""
    more = {"DATABASE_URL": url_of_test_database(), "TELLONCE_HOME": str(home), "TELLONCE_PHONE": phone}
    with (home / "log").open("ab") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "tellonce.cli", "switchboard"], env=os.environ | more, stderr=said
        )
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=120)


@asynccontextmanager
async def serving(journals: list[PostgresJournal], **more: Any) -> Any:
    """A switchboard that serves, and its phone."""
    journal, driver, stop = PostgresJournal(conninfo()), more.get("driver") or FakeDriver(), asyncio.Event()
    journals.append(journal)
    records = more.get("records", False)
    wiring = Wiring(driver, records=records, manners=more.get("manners", Manners()))
    directory = PhoneDirectory(records=records)
    board = Switchboard(
        journal=journal, directory=directory, wiring=wiring, clock=time.time, times=more.get("times", QUICK)
    )
    running = asyncio.create_task(board.run(stop))
    await until(lambda: board.is_serving or running.done() or not more.get("waits", True))
    try:
        yield board, driver
    finally:
        stop.set()
        board.wake()
        await running
        journal.close()


async def until(is_so: Callable[[], Any], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not await in_thread(is_so):  # noqa: ASYNC110 -- a database sets no event
            await asyncio.sleep(0.02)


async def in_thread(work: Callable[[], Any]) -> Any:
    def _work() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(_work)


async def asks(fact: Fact) -> None:
    await in_thread(lambda: ask_switchboard(fact=fact, at=timezone.now()))


async def comes(person: Person) -> None:
    await asks(PersonSet(0.0, person.pk, Presence.AVAILABLE))
    await until(lambda: LivePerson.objects.filter(pk=person.pk, state="available").exists())


def run(work: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(work())


async def talks(person: Person, driver: FakeDriver) -> None:
    """The call "c1" comes in, rings at this person, and they pick up."""
    await comes(person)
    driver.call("c1", "100", NUMBER)
    await until(lambda: driver.lines["c1"].rings == person.pk)
    driver.pick_up("c1", person.pk)
    await until(lambda: driver.lines["c1"].hears == person.pk)
