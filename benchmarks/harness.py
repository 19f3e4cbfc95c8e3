"""Serves a WSGI application as in production, and opens pages of it as signed-in browsers do."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], *, port: int, environment: Mapping[str, str], path: str = "/") -> Iterator[int]:
    """Runs the server until the block ends, and gives its process group; waits at most a minute for an answer."""
    child = subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(port, path, child)
        yield child.pid
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=20)


def _wait_for(port: int, path: str, child: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if child.poll() is not None:
            raise SystemExit(f"the server stopped with {child.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not answer within a minute")


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests took: seconds each, and requests a second over all."""

    seconds: list[float]
    per_second: float


def open_pages(paths: list[str], *, port: int, cookie: str, connections: int) -> Load:
    """Opens each path once over `connections` kept-open connections; every answer must be 200."""
    taken: list[float] = []
    left = iter(paths)
    lock = threading.Lock()
    wrong: list[str] = []

    def browse() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not wrong:
            with lock:
                path = next(left, None)
            if path is None:
                return
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie, "Host": f"localhost:{port}"})
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - began
            if answer.status != http.HTTPStatus.OK:
                wrong.append(f"{path} answered {answer.status}")
            taken.append(took)

    began = time.perf_counter()
    browsers = [threading.Thread(target=browse) for _ in range(connections)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    if wrong:
        raise SystemExit(wrong[0])
    return Load(seconds=taken, per_second=len(taken) / (time.perf_counter() - began))
