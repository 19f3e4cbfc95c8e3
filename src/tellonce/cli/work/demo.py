"""The made-up provider: made once, then called by its customers."""

import signal
import threading

from django.db import connection
from django.utils import timezone

from tellonce.cli.progress import bar
from tellonce.cli.work.emptying import empty_database
from tellonce.cli.work.migrate import migrate
from tellonce.demo.callers import run_callers
from tellonce.demo.catching_up import bring_up_to_now
from tellonce.demo.generate import generate_in_two, second_process
from tellonce.demo.own_line import run_own_line

_PARTS = 100


def generate(*, customers: int, seed: int) -> None:
    """Fills the database with a made-up provider, from nothing: an earlier one, or a part of one, goes first."""
    with second_process(seed=seed, now=timezone.now(), customers=customers) as beside:
        if "staff_person" in connection.introspection.table_names():
            empty_database()
        with bar("Making the tables"):
            migrate()
        with bar("Making up two years of history", total=_PARTS) as step:
            generate_in_two(
                beside,
                progress=lambda what, share: step(_PARTS * share, what=f"Making up two years of history: {what}"),
            )


def bring_up(*, customers: int, seed: int) -> None:
    """Lets the days since the demo last ran happen; nothing where that is less than three hours ago."""
    migrate()
    with bar("Bringing the provider up to now", total=_PARTS) as step:
        bring_up_to_now(
            seed=seed,
            now=timezone.now(),
            customers=customers,
            progress=lambda what, share: step(_PARTS * share, what=f"Bringing the provider up to now: {what}"),
        )


def call(*, pace: float) -> None:
    """Lets customers call, `pace` times as fast as in life, until SIGTERM or SIGINT."""
    run_callers(_until_told(), pace=pace)


def keep_line() -> None:
    """Keeps the line for real phones until SIGTERM or SIGINT."""
    run_own_line(_until_told())


def _until_told() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
