"""The worker: runs the jobs in the database, and the relay beside them."""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Sequence

import psycopg
from django.db import DatabaseError, InterfaceError, connection
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from tellonce.config import jobs
from tellonce.config.watched_jobs import WatchedJobs, put_back
from tellonce.modules.channels.tasks import queue_messages
from tellonce.modules.record.contracts import HearsOutbox
from tellonce.modules.record.outbox import BATCH, Relay

log = logging.getLogger(__name__)

# Who hears of the outbox, in the order of the ladder.
HEARERS: Sequence[HearsOutbox] = (queue_messages,)

CONCURRENCY = 4
_BUSY_PAUSE_S = 0.02
_IDLE_PAUSE_S = 0.05
_BACK_OFF = 1.1
_LONGEST_PAUSE_S = 5.0
_SHUTDOWN_S = 20.0
_FIRST_RESTART_S = 0.2
_CATCH_UP_S = 25 * 3600  # a nightly job is done at the next start, where nobody runs a worker by night


class WorkerFailedError(RuntimeError):
    """The relay ended without being told to; whoever runs the worker starts it again."""


def run() -> None:
    """Works until SIGTERM or SIGINT; jobs that run are given 20 seconds to end."""
    asyncio.run(_run())


async def _run() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    relay_stop = threading.Event()
    relay = threading.Thread(target=relay_until, args=(relay_stop, Relay(hearers=HEARERS)), name="relay", daemon=True)
    relay.start()
    work = asyncio.create_task(work_until(stop))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=1)
            if not relay.is_alive():
                raise WorkerFailedError("The relay has ended.")
        await work
    finally:
        relay_stop.set()
        work.cancel()
        await asyncio.to_thread(relay.join, _SHUTDOWN_S)


async def work_until(stop: asyncio.Event) -> None:
    """Works off jobs until `stop`, and begins anew, under a new name, after each loss of the database.

    A worker that lost its connection while it took a job or said what became of one would keep that job for ever:
    it lives, so nobody thinks the job stalled. Under a new name the jobs of the old one are put back at once.
    """
    before: int | None = None
    pause_s = _FIRST_RESTART_S
    while not stop.is_set():
        app = worker_app()
        manager = app.job_manager = WatchedJobs(app.connector)
        try:
            async with app.open_async():
                await put_back(before, manager=manager)
                pause_s = _FIRST_RESTART_S
                await _work(app, manager, stop)
        except (ConnectorException, psycopg.Error) as error:
            log.warning("worker.database_lost", extra={"error": type(error).__name__})
        before = manager.worker_id or before
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _work(app: App, manager: WatchedJobs, stop: asyncio.Event) -> None:
    """One life of a worker: until it is told to stop, fails, or an answer about a job was lost."""
    worker = asyncio.create_task(
        app.run_worker_async(
            name="tellonce",
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            shutdown_graceful_timeout=_SHUTDOWN_S,
            stalled_worker_timeout=jobs.STALLED_AFTER_S,
            install_signal_handlers=False,
        )
    )
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(manager.lost.wait())]
    try:
        await asyncio.wait({worker, *ends}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (worker, *ends):
            task.cancel()
        (ended, *_) = await asyncio.gather(worker, *ends, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


def worker_app() -> App:
    """The same tasks over connections of the worker's own.

    Not `replace_connector`: that would take the deferring of jobs, in the relay and inside jobs, out of the
    transaction of Django's connection, and a job could then stand without the thing it is for.
    """
    app = DjangoApp(connector=DjangoConnector().get_worker_connector(), periodic_defaults={"max_delay": _CATCH_UP_S})
    app.tasks = django_app.tasks
    app.periodic_registry = django_app.periodic_registry
    return app


def relay_until(stop: threading.Event, relay: Relay) -> None:
    """Relays until `stop`: it looks 20 ms after work, backs off to 50 ms, and to seconds while the database is away."""
    pause_s = _BUSY_PAUSE_S
    while not stop.is_set():
        try:
            taken = relay.turn()
        except (DatabaseError, InterfaceError) as error:
            log.warning("relay.database_lost", extra={"error": type(error).__name__})
            connection.close()
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        else:
            pause_s = _pause_after(taken, before_s=pause_s)
        stop.wait(pause_s)
    connection.close()


def _pause_after(taken: int, *, before_s: float) -> float:
    if taken >= BATCH:
        return 0.0
    return _BUSY_PAUSE_S if taken else min(max(before_s, _BUSY_PAUSE_S) * _BACK_OFF, _IDLE_PAUSE_S)
