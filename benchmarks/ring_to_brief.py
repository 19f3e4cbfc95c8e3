"""How soon after the switchboard has decided to ring is the brief on the screen: live event, panel, brief.

Pages, live streams and switchboard run as in an installation. Customers call, one after the other; the desk hears by
its stream that its phone has changed, fetches the panel and then the brief, as the page does. The clock starts with the
decision that the journal has, and stops with the last byte of the brief; drawing it is the browser's. Beside it: since
the call came.
Run: python -m benchmarks.ring_to_brief [--json] [--rings 300]
"""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

from benchmarks import databases
from benchmarks.harness import free_port, serving
from benchmarks.opening import Prepared, prepared
from benchmarks.report import Figure, quantile, say

CUSTOMERS, MOMENTS = 2_000, 20
MOST_P99_MS = 300.0
LONGEST_S = 120.0
RINGS = int(sys.argv[sys.argv.index("--rings") + 1]) if "--rings" in sys.argv else 300
FIRST = 10
"""Rings that warm everything up and are not counted."""


class Desk:
    """A browser's stream, which notes that the phone has changed, and one connection for what it then fetches."""

    def __init__(self, port: int, cookie: str, ticket: str) -> None:
        self._headers = {"Cookie": cookie, "Host": f"localhost:{port}", "HX-Request": "true"}
        self._port, self._ticket = port, ticket
        self._pages = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)
        self.changed = threading.Event()

    def listen(self) -> None:
        """From now on."""
        stream = http.client.HTTPConnection("127.0.0.1", self._port + 1, timeout=None)
        stream.request("GET", f"/live/events?ticket={self._ticket}")
        answer = stream.getresponse()
        assert answer.status == 200, answer.status
        threading.Thread(target=self._hear, args=(answer,), daemon=True).start()

    def _hear(self, answer: http.client.HTTPResponse) -> None:
        while line := answer.readline():
            if b"phone.mine_changed" in line:
                self.changed.set()

    def fetch(self, path: str) -> str:
        """A fragment, whole."""
        self._pages.request("GET", path, headers=self._headers)
        answer = self._pages.getresponse()
        text = answer.read().decode()
        if answer.status not in {200, 204}:
            raise SystemExit(f"{path} answered {answer.status}")
        return text

    def brief_of(self, call: str) -> None:
        """What the page does until the brief of this call is there."""
        address = f"/phone/{call}/brief"
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end:
            self.changed.wait(LONGEST_S)
            self.changed.clear()
            if address in self.fetch("/phone"):
                if 'id="brief"' not in self.fetch(address):
                    raise SystemExit("there was no brief")
                return
        raise SystemExit("it did not ring")


@contextmanager
def everything(ready: Prepared) -> Iterator[int]:
    """Pages, live streams and the switchboard, each as its command starts it; gives the port of the pages."""
    port = free_port()
    environment = ready.environment | {"TELLONCE_PHONE": "none", "TELLONCE_WEB_WORKERS": "2"}
    ours = [sys.executable, "-m", "tellonce.cli"]
    at = ["--port", str(port)]
    with (
        serving([*ours, "web", *at], port=port, environment=environment, path="/healthz"),
        serving([*ours, "live", *at], port=port + 1, environment=environment, path="/healthz"),
        _switchboard([*ours, "switchboard"], environment),
    ):
        yield port


@contextmanager
def _switchboard(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    child = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def main() -> None:
    """Rings, and looks."""
    with databases.server() as server:
        ready = prepared(server, customers=CUSTOMERS, moments=MOMENTS)
        os.environ |= ready.environment
        django.setup()
        from benchmarks import ringing  # noqa: PLC0415 - needs the settings of that database

        person = ringing.ready_to_answer()
        with everything(ready) as port:
            desk = Desk(port, str(ready.seen["cookie"]), ringing.ticket(person))
            ringing.available(person, LONGEST_S)
            desk.listen()
            decided, asked = [], []
            for number in range(RINGS + FIRST):
                desk.changed.clear()
                began = time.time()
                call = ringing.ring(1 + number % CUSTOMERS)
                desk.brief_of(call)
                ended = time.time()
                asked.append(1_000 * (ended - began))
                decided.append(1_000 * (ended - ringing.decided_at(call)))
                ringing.hang_up(call, LONGEST_S)
    _tell(decided[FIRST:], asked[FIRST:])


def _tell(decided: list[float], asked: list[float]) -> None:
    for name, taken in (("decision to ring", decided), ("call", asked)):
        for share in (0.5, 0.99):
            limit = MOST_P99_MS if share > 0.5 else None
            words = f"{name} to brief, p{share * 100:.0f}"
            say(Figure(words, quantile(taken, share), "ms", "limit" if limit else "", limit))


if __name__ == "__main__":
    main()
