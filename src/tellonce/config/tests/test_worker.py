"""The worker as a process: what is written is sent, and a worker killed in the middle of it changes nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from tellonce.config.jobs import MOST_ATTEMPTS, retry_jobs_stalled_for
from tellonce.modules.care import actions as care
from tellonce.modules.channels.contracts import MessageState
from tellonce.modules.channels.models import OutgoingMail
from tellonce.modules.channels.tasks import queue_mail, queue_messages, send_mail
from tellonce.modules.channels.tests.mail_server import Catcher, mail_server
from tellonce.modules.record.contracts import Announced
from tellonce.modules.record.outbox import Relay, backlog
from tests.databases import url_of_test_database
from tests.factories import a_customer, a_person

pytestmark = pytest.mark.django_db(transaction=True)

_WORKER = "import django; django.setup(); from tellonce.config.worker import run; run()"


@contextmanager
def a_worker(server: Catcher) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
        "TELLONCE_SMTP_URL": server.url,
    }
    with subprocess.Popen([sys.executable, "-c", _WORKER], env=environment) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def wait_until(holds: Callable[[], bool], *, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def put_back_stalled_for(seconds: float, *, manager: JobManager) -> int:
    """In a loop of its own, whose thread has no connection from a test before it, and leaves none to another."""

    async def _whole() -> int:
        await sync_to_async(connections.close_all)()
        try:
            return await retry_jobs_stalled_for(seconds, manager=manager)
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(_whole())


def a_letter() -> None:
    by = a_person().as_actor()
    customer = a_customer(mail="a@example.net")
    care.write_customer(customer_id=customer.pk, subject="Bill", words="Done.", by=by, at=timezone.now())


def is_sent() -> bool:
    return OutgoingMail.objects.filter(state=MessageState.SENT).exists()


@pytest.mark.faults
def test_what_is_written_is_sent_and_the_worker_stops_when_told(client: Client) -> None:
    with mail_server() as server, a_worker(server) as worker:
        a_letter()
        wait_until(is_sent)
        wait_until(lambda: backlog().rows == 0)
        assert len(server.mails) == 1
        assert "tellonce_workers 1.0" in client.get("/metrics").content.decode()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(120) == 0


@pytest.mark.faults
def test_a_worker_whose_database_went_away_goes_on_when_it_is_back() -> None:
    with mail_server() as server, a_worker(server) as worker:
        for number in range(1, 5):
            a_letter()
            time.sleep(0.1 * number)  # while it idles, takes a job, works, or writes how it ended
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        wait_until(lambda: OutgoingMail.objects.filter(state=MessageState.SENT).count() == 4)
        wait_until(lambda: not ProcrastinateJob.objects.filter(task_name=send_mail.name).exists())
        assert worker.poll() is None
        assert len({mail["message-id"] for mail in server.mails}) == 4


@pytest.mark.faults
def test_a_worker_killed_while_it_sends_is_followed_by_another() -> None:
    a_letter()
    with mail_server() as server:
        server.holds = threading.Event()
        with a_worker(server) as worker:
            assert server.has_mail.wait(60)
            worker.send_signal(signal.SIGKILL)
        server.holds.set()
        server.holds = None
        assert OutgoingMail.objects.get().state == MessageState.SENDING
        time.sleep(1.1)
        assert put_back_stalled_for(1, manager=django_app.job_manager) >= 1
        with a_worker(server):
            wait_until(is_sent)
        assert len(server.mails) == 1
        assert OutgoingMail.objects.get().attempts == 2


def test_a_job_is_queued_once_for_each_moment_and_a_second_run_does_nothing() -> None:
    a_letter()
    Relay(hearers=[queue_messages]).turn()
    job = ProcrastinateJob.objects.get()
    moment = job.args["moment_id"]
    with transaction.atomic():
        assert not queue_mail(customer_id=job.args["customer_id"], moment_id=moment)
        assert not connection.needs_rollback
    with mail_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tellonce.modules.channels.tasks.transport_for", lambda **_: _to(server))
        send_mail(**job.args)
        send_mail(**job.args)
        assert len(server.mails) == 1


def _to(server: Catcher) -> object:
    from tellonce.modules.channels.transports import transport_for  # noqa: PLC0415 - the real one, not the patched

    return transport_for(smtp_url=server.url, mail_from="care@x.example", provider="R", demo=False)


def test_the_job_stands_only_if_the_relay_commits() -> None:
    a_letter()

    def fails_last(rows: Sequence[Announced]) -> None:
        raise RuntimeError

    assert Relay(hearers=[queue_messages, fails_last]).turn() == 0
    assert not ProcrastinateJob.objects.exists()
    assert backlog().rows > 0


def test_a_stalled_job_goes_back_unless_it_is_queued_again_or_killed_too_many() -> None:
    for key in ("mail:1", "mail:2", "mail:3"):
        send_mail.configure(queueing_lock=key).defer(customer_id=1, moment_id=key)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE queueing_lock = 'mail:3'", [MOST_ATTEMPTS])
    send_mail.configure(queueing_lock="mail:2").defer(customer_id=1, moment_id="mail:2")
    assert put_back_stalled_for(30, manager=django_app.job_manager) == 1
    states = ProcrastinateJob.objects.order_by("id").values_list("status", flat=True)
    assert list(states) == ["todo", "failed", "failed", "todo"]


def test_two_workers_that_put_stalled_jobs_back_do_not_trip_over_each_other() -> None:
    for key in ("mail:1", "mail:2"):
        send_mail.configure(queueing_lock=key).defer(customer_id=1, moment_id=key)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")

    class SlowManager(JobManager):
        """Sees what is stalled, and acts when somebody else has put the first back already."""

        async def get_stalled_jobs(self, *args: Any, **kwargs: Any) -> Iterable[Job]:
            stalled = list(await super().get_stalled_jobs(*args, **kwargs))
            await self.retry_job(stalled[0])
            return stalled

    assert put_back_stalled_for(30, manager=SlowManager(django_app.connector)) == 1
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"todo"}


def test_every_periodic_job_runs_on_an_empty_database() -> None:
    import tellonce.config.worker  # noqa: F401, PLC0415 - registers the jobs

    tasks = {periodic.task for periodic in django_app.periodic_registry.periodic_tasks.values()}
    assert len(tasks) >= 8
    for task in tasks:
        if not task.pass_context:
            task.func(int((timezone.now() - timedelta(seconds=1)).timestamp()))
