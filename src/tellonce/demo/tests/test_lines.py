"""The demo's phone: made-up callers ring through the real switchboard, and made-up colleagues answer them."""

import asyncio
import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tellonce.demo.callers import Callers
from tellonce.demo.generate import generate
from tellonce.modules.care.actions import lay_first_matters
from tellonce.modules.care.queries.for_learning import contacts_since
from tellonce.modules.phone.models import Call, LivePerson
from tellonce.modules.phone.queries.filed import SOURCE
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.switchboards import QUICK, conninfo
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.server import Switchboard
from tellonce.switchboard.wiring import Wiring

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


class Serving(threading.Thread):
    """A switchboard in a thread, whose clock is the test's."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.at = NOW
        self.stop = asyncio.Event()
        self.journal = PostgresJournal(conninfo())
        self.board = Switchboard(
            journal=self.journal,
            directory=PhoneDirectory(),
            wiring=Wiring(FakeDriver()),
            clock=self.at.timestamp,
            times=QUICK,
        )

    def run(self) -> None:
        asyncio.run(self._run())
        connection.close()

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self.board.run(self.stop)
        self.journal.close()

    def end(self) -> None:
        """Ends it, and waits for that."""
        self.loop.call_soon_threadsafe(self.stop.set)
        self.loop.call_soon_threadsafe(self.board.wake)
        self.join(20)


def test_callers_ring_and_colleagues_answer() -> None:
    lay_first_matters()  # as migrations have, and tests that commit do not
    generate(seed=1, now=NOW, progress=lambda _what, _share: None, customers=150)
    serving = Serving()
    serving.start()
    try:
        until = time.monotonic() + 60
        while not LivePerson.objects.exists() and time.monotonic() < until:
            time.sleep(0.05)
        floor = Callers(rng=random.Random(5), at=NOW)
        for _ in range(400):
            serving.at += timedelta(seconds=3)
            floor.tick(serving.at)
            time.sleep(0.02)
        until = time.monotonic() + 60
        while not Call.objects.filter(source=SOURCE, outcome="answered").exists() and time.monotonic() < until:
            serving.at += timedelta(seconds=3)
            floor.tick(serving.at)
            time.sleep(0.05)
    finally:
        serving.end()
    answered = Call.objects.filter(source=SOURCE, outcome="answered")
    assert answered.count() >= 3
    assert all(call.contact_id and call.answered_by_id and call.customer_id for call in answered)
    told = list(contacts_since(NOW))
    assert {call.contact_id for call in answered} <= {contact.id for contact in told}
    assert any(contact.ended_at is not None for contact in told)
    tallies = serving.board.engine.board.tallies
    assert sum(each.entered for each in tallies.values()) > 5
    for each in tallies.values():
        assert each.entered == each.answered + each.abandoned + each.callback + each.waiting
