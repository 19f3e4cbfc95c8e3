"""Two people at once: one wins, the other learns who; a killed process loses nothing and does nothing twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from tellonce.kernel.errors import ConflictError
from tellonce.modules.care import actions
from tellonce.modules.care.models import Promise
from tellonce.modules.record.models import Moment, OutboxRow
from tellonce.modules.staff.contracts import Actor
from tests.factories import NOW, a_case, a_contact, a_customer, a_person, a_promise

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def both(act: Callable[[Actor], Any]) -> tuple[list[str], list[str]]:
    """Runs `act` as Dana and as Sam at the same instant; who won, and what the other was told."""
    won: list[str] = []
    told: list[str] = []
    start = threading.Barrier(2)

    def run(by: Actor) -> None:
        try:
            start.wait()
            act(by)
            won.append(by.name)
        except ConflictError as error:
            told.append(str(error))
        finally:
            connections.close_all()

    people = [a_person(name=name).as_actor() for name in ("Dana", "Sam")]
    threads = [threading.Thread(target=run, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won, told


def told_times(kind: str) -> int:
    return Moment.objects.filter(kind=kind).count()


def test_two_settle_the_same_promise() -> None:
    promise = a_promise(customer=a_customer(), due_at=NOW + HOUR)
    won, told = both(lambda by: actions.keep_promise(promise_id=promise.pk, by=by, at=NOW))
    assert len(won) == 1
    assert won[0] in told[0]
    assert told_times("care.promise_kept") == 1


def test_two_solve_the_same_case() -> None:
    case = a_case(customer=a_customer())
    won, told = both(lambda by: actions.solve_case(case_id=case.pk, by=by, at=NOW))
    assert len(won) == 1
    assert won[0] in told[0]
    assert told_times("care.case_solved") == 1


def test_two_take_the_same_contact() -> None:
    contact = a_contact(customer=a_customer())
    won, told = both(lambda by: actions.take_contact(contact_id=contact.pk, by=by, at=NOW))
    assert len(won) == 1
    assert won[0] in told[0]


def test_two_merge_the_same_cases_both_ways_round() -> None:
    customer = a_customer()
    one, two = a_case(customer=customer), a_case(customer=customer)
    turns = iter([(one.pk, two.pk), (two.pk, one.pk)])
    lock = threading.Lock()

    def merge(by: Actor) -> None:
        with lock:
            case_id, into_id = next(turns)
        actions.merge_cases(case_id=case_id, into_id=into_id, by=by, at=NOW)

    won, told = both(merge)
    assert len(won) == 1
    assert won[0] in told[0]


def test_two_clocks_break_each_promise_once() -> None:
    for _ in range(30):
        a_promise(customer=a_customer(), due_at=NOW + HOUR)
    both(lambda _by: actions.break_overdue_promises(at=NOW + 2 * HOUR))
    assert told_times("care.promise_broken") == 30
    assert Promise.objects.filter(state="broken").count() == 30


_BREAK_AND_HANG = """
import datetime, os, sys, time
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from tellonce.modules.care import actions
from tellonce.modules.care.actions import promise_clock

told = 0
tell = promise_clock.break_promise
def slow(*args, **kwargs):
    global told
    tell(*args, **kwargs)
    told += 1
    if told == 7:
        print("in the middle", flush=True)
        time.sleep(60)
promise_clock.break_promise = slow
promise_clock._BATCH = 5
actions.break_overdue_promises(at=datetime.datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.faults
def test_a_process_killed_while_promises_come_due_loses_none_and_breaks_none_twice() -> None:
    for _ in range(12):
        a_promise(customer=a_customer(), due_at=NOW + HOUR)
    OutboxRow.objects.all().delete()
    due = NOW + 2 * HOUR
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tellonce.config.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", _BREAK_AND_HANG, connection.settings_dict["NAME"], due.isoformat()],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "in the middle"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert told_times("care.promise_broken") == 5
    _until_let_go(7)
    assert actions.break_overdue_promises(at=due) == 7
    assert told_times("care.promise_broken") == 12
    assert OutboxRow.objects.filter(kind="care.promise_broken").count() == 12
    assert Promise.objects.filter(state="broken").count() == 12


def _until_let_go(count: int) -> None:
    """The server notices the dead client and lets go of its rows within a moment."""
    for _ in range(100):
        free = Promise.objects.raw(
            "SELECT id FROM care_promise WHERE id IN"
            " (SELECT id FROM care_promise WHERE state = 'due' FOR UPDATE SKIP LOCKED)"
        )
        if len(list(free)) == count:
            return
        time.sleep(0.05)
    raise AssertionError("the killed process still holds its rows")
