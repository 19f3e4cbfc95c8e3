"""kill -9 of the worker in the middle of a mass correction: it goes on, and everybody is credited exactly once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tellonce.config.embedded import running
from tellonce.config.embedded.server import Server
from tests import originals
from tests.architecture.trees import ROOT

pytestmark = pytest.mark.faults
ACCOUNTS, DONE_BEFORE = 30, 10
_LOOK = """
SELECT (SELECT count(*) FROM billing_credit), (SELECT count(DISTINCT account_id) FROM billing_credit),
       (SELECT sum(amount_minor)::int FROM billing_credit), (SELECT count(*) FROM billing_watch),
       (SELECT count(*) FROM billing_causeaccount WHERE corrected_at IS NOT NULL),
       (SELECT count(*) FROM record_moment WHERE kind = 'billing.charge_corrected'),
       (SELECT count(*) FROM record_moment WHERE kind = 'care.message_written'),
       (SELECT done FROM billing_correction), (SELECT state FROM billing_correction)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="tellonce-faults-"))
    folder.chmod(0o755)
    with running(folder) as found:
        if not originals.lay(originals.MIGRATED, on=found):
            _run(found, "-m", "tellonce.cli", "migrate")
        _run(found, "-m", "tests.faults.correcting", "prepare")
        yield found
    shutil.rmtree(folder)


def _environment(server: Server) -> dict[str, str]:
    url = f"postgresql://tellonce@/tellonce?host={server.layout.socket_folder()}"
    home = {"TELLONCE_HOME": str(server.layout.socket_folder().parent / "home")}
    return os.environ | home | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tellonce.config.settings"}


def _run(server: Server, *command: str) -> None:
    environment = _environment(server)
    subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _look(server: Server) -> tuple[Any, ...]:
    with psycopg.connect(server.address("tellonce", "tellonce")) as connection:
        row = connection.execute(_LOOK).fetchone()
    assert row is not None
    return row


def _until_nobody_works(server: Server) -> None:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'tellonce' AND pid <> pg_backend_pid()"
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        for _ in range(600):
            if connection.execute(asked).fetchone() == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("somebody works still")


def test_killed_in_the_middle_it_goes_on_and_credits_everybody_once(server: Server) -> None:
    command = [sys.executable, "-m", "tests.faults.correcting", "correct", "pause"]
    with subprocess.Popen(
        command, env=_environment(server), cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half way"
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    _until_nobody_works(server)
    done = DONE_BEFORE
    assert _look(server) == (done, done, done * 330, done, done, done, done, done, "running")
    for _ in range(2):
        _run(server, "-m", "tests.faults.correcting", "correct")
        every = ACCOUNTS
        assert _look(server) == (every, every, every * 330, every, every, every, every, every, "done")
