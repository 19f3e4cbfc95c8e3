"""A whole Tellonce for the browser: its own database, filled by real actions, and the real processes on free ports."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests import originals
from tests.browser.beside import ROOT, Beside

_START_S = 300  # however slow the machine is: one that ended is noticed at once
_ALWAYS = {
    "TELLONCE_TIME_ZONE": "UTC",
    "TELLONCE_BILLS_CHECKED_AT": "off",  # no page shows what it finds here, and it takes longer than all journeys
    "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
}


@dataclass(frozen=True, slots=True)
class House:
    """Where the pages are, and what lives in them: ids by name."""

    url: str
    ids: dict[str, int]
    environment: dict[str, str]
    beside: Beside

    def do(self, *words: str) -> Any:
        """Something that happens outside the browser, in a process of its own: see `happen.py`."""
        return self.beside.do(*words)


def _three_free_ports() -> int:
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
            except OSError:
                continue
            return port


def _fill(database: str, home: Path) -> str:
    """In a process of its own, as the actions are asked for by the running tests' settings here; returns the ids."""
    settings = {"DATABASE_URL": originals.url_of(database), "TELLONCE_HOME": str(home), **_ALWAYS}
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.happen", "fill"],
        env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout


@contextmanager
def _copy_of_the_filled() -> Iterator[str]:
    """A database of this house's own."""
    name = f"browser_{secrets.token_hex(4)}"
    originals.copy(originals.FILLED, to=name)
    try:
        yield originals.url_of(name)
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("tellonce serve ended at once")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer")


@contextmanager
def a_house(*, sip_port: int = 0) -> Iterator[House]:
    """Starts everything, and stops and forgets it afterwards; with a SIP port, real phones ring and can call `care`."""
    ids = json.loads(originals.made(originals.FILLED, _fill, of=originals.MIGRATED))
    home = Path(tempfile.mkdtemp(prefix="tellonce-browser-"))
    shutil.copytree(originals.home(originals.FILLED), home, dirs_exist_ok=True)
    port = _three_free_ports()
    if sip_port:
        (home / "phones.toml").write_text(f'[embedded]\nport = {sip_port}\nopen_entries = ["care"]\n')
    with _copy_of_the_filled() as database:
        environment = os.environ | {
            "DATABASE_URL": database,
            "TELLONCE_HOME": str(home),
            "TELLONCE_PORT": str(port),
            "TELLONCE_ORIGIN": f"http://localhost:{port}",
            "TELLONCE_WEB_WORKERS": "1",
            "TELLONCE_PHONE": "embedded" if sip_port else "none",
            **_ALWAYS,
        }
        beside = Beside(environment, home / "happen.log")
        try:
            with _served(environment, home / "serve.log", ports=3 if sip_port else 2):
                yield House(url=f"http://localhost:{port}", ids=ids, environment=environment, beside=beside)
        finally:
            beside.end()
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _served(environment: dict[str, str], log: Path, *, ports: int) -> Iterator[None]:
    first = int(environment["TELLONCE_PORT"])
    command = [sys.executable, "-m", "tellonce.cli", "serve", "--port", str(first)]
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=written, stderr=written, start_new_session=True
        )
        try:
            for port in range(first, first + ports):
                _wait_for(f"http://localhost:{port}/healthz", process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()  # or it counts as still running, and fails a test that had passed
