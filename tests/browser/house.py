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
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60


@dataclass(frozen=True, slots=True)
class House:
    """Where the pages are, and what lives in them: ids by name."""

    url: str
    ids: dict[str, int]
    environment: dict[str, str]

    def do(self, *words: str) -> Any:
        """Something that happens outside the browser, in a process of its own: see `happen.py`."""
        return json.loads(_run(self.environment, "-m", "tests.browser.happen", *words))


def _two_free_ports() -> int:
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout


@contextmanager
def _database() -> Iterator[str]:
    given = urlsplit(os.environ["DATABASE_URL"])
    name = f"browser_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(given._replace(path=f"/{name}"))
        finally:
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
def a_house() -> Iterator[House]:
    """Starts everything, and stops and forgets it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="tellonce-browser-"))
    port = _two_free_ports()
    with _database() as database:
        environment = os.environ | {
            "DATABASE_URL": database,
            "TELLONCE_HOME": str(home),
            "TELLONCE_PORT": str(port),
            "TELLONCE_ORIGIN": f"http://localhost:{port}",
            "TELLONCE_WEB_WORKERS": "1",
            "TELLONCE_TIME_ZONE": "UTC",
            "DJANGO_SETTINGS_MODULE": "tellonce.config.settings",
        }
        _run(environment, "-m", "tellonce.cli", "migrate")
        ids = json.loads(_run(environment, "-m", "tests.browser.happen", "fill"))
        log = (home / "serve.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "tellonce.cli", "serve", "--port", str(port)],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(f"http://localhost:{port}/healthz", process)
            _wait_for(f"http://localhost:{port + 1}/healthz", process)
            yield House(url=f"http://localhost:{port}", ids=ids, environment=environment)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            log.close()
            shutil.rmtree(home, ignore_errors=True)
