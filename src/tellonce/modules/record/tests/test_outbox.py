"""The relay: late commits are not skipped, many relays do not tell twice, and a killed one loses nothing."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from tellonce.live.wire import CHANNEL
from tellonce.modules.record import story
from tellonce.modules.record.contracts import Announced
from tellonce.modules.record.models import OutboxRow
from tellonce.modules.record.outbox import Relay, backlog
from tests.databases import url_of_test_database
from tests.factories import NOW


class Heard(list[int]):
    """Remembers which rows it was told of."""

    def __call__(self, rows: Sequence[Announced]) -> None:
        self.extend(row.id for row in rows)


def announce(count: int, *, topic: str = "arrivals") -> None:
    for number in range(count):
        story.announce(topics=[topic], kind="care.contact_began", at=NOW, body={"contact_id": number, "said": "help"})


@contextmanager
def listening() -> Iterator[psycopg.Connection]:
    with psycopg.connect(url_of_test_database(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        yield listener


def heard_by(listener: psycopg.Connection, *, within_s: float = 60) -> list[str]:
    return [notify.payload for notify in listener.notifies(timeout=within_s, stop_after=1)]


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_one_notify_with_ids_and_no_words() -> None:
    announce(40)
    heard = Heard()
    with listening() as listener:
        assert Relay(hearers=[heard]).turn() == 40
        (payload,) = heard_by(listener)
    events = json.loads(payload)
    assert len(events) == len(heard) == 40
    assert events[0] == [["arrivals"], "care.contact_began", {"contact_id": 0}]
    assert backlog().rows == 0


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_skipped() -> None:
    late_is_written, early_is_relayed = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            announce(1, topic="late")
            late_is_written.set()
            assert early_is_relayed.wait(10)
        connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert late_is_written.wait(10)
    announce(1, topic="early")  # a higher id than the late one's, committed before it
    heard = Heard()
    relay = Relay(hearers=[heard])
    assert relay.turn() == 1
    early_is_relayed.set()
    writer.join(10)
    assert relay.turn() == 1
    assert heard[1] < heard[0]


@pytest.mark.django_db(transaction=True)
def test_many_relays_tell_each_row_once_while_rows_are_still_written() -> None:
    heards = [Heard() for _ in range(4)]
    is_written = threading.Event()

    def write() -> None:
        for _ in range(10):
            with transaction.atomic():
                announce(30)
        connection.close()

    def relay(heard: Heard) -> None:
        taking = Relay(hearers=[heard], batch=7)
        while taking.turn() or not is_written.is_set() or OutboxRow.objects.exists():
            pass
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    relays = [threading.Thread(target=relay, args=(heard,)) for heard in heards]
    for thread in writers + relays:
        thread.start()
    for thread in writers:
        thread.join(30)
    is_written.set()
    for thread in relays:
        thread.join(30)
    told = [row for heard in heards for row in heard]
    assert len(told) == len(set(told)) == 900


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_hearer_refuses_holds_up_no_other_and_is_told_later() -> None:
    announce(3)
    bad_id = OutboxRow.objects.order_by("id")[1].pk
    told = Heard()
    is_mended = False

    def picky(rows: Sequence[Announced]) -> None:
        if not is_mended and bad_id in [row.id for row in rows]:
            raise RuntimeError("a fault of ours")
        told(rows)

    now = 100.0
    relay = Relay(hearers=[picky], clock=lambda: now)
    assert relay.turn() == 2
    assert relay.turn() == 0
    is_mended, now = True, 110.0
    assert relay.turn() == 1
    assert len(set(told)) == len(told) == 3


_DIES = """
import sys, time
import django
django.setup()
from tellonce.modules.record.outbox import Relay
from tellonce.modules.channels.tasks import queue_messages

def hang(rows):
    queue_messages(rows)
    print("claimed", len(rows), flush=True)
    time.sleep(60)

Relay(hearers=[hang]).turn()
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_relay_killed_in_the_middle_of_a_batch_loses_nothing_and_repeats_nothing() -> None:
    announce(20)
    environment = {
        **os.environ,
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
    }
    with subprocess.Popen([sys.executable, "-c", _DIES], env=environment, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout is not None
        assert relay.stdout.readline() == "claimed 20\n"
        assert Relay(hearers=[]).turn() == 0  # the rows are the other's while it lives
        relay.send_signal(signal.SIGKILL)
    heard = Heard()
    survivor = Relay(hearers=[heard])
    deadline = time.monotonic() + 10
    while not survivor.turn():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(heard) == 20
    assert backlog().rows == 0
