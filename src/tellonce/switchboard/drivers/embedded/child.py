"""The gateway's process as the switchboard sees it: started, watched, ended."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tellonce.switchboard.drivers.embedded.wire import order
from tellonce.switchboard.errors import DriverError

PING_S, PATIENCE = 2.0, 4
"""How often it is asked whether it lives, and how many times it may leave that unanswered."""

START_S = 15.0
FAREWELL_S = 3.0
_LIMIT = 1 << 20

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Health:
    """How the process is: phones that ring or talk, and what went wrong so far (broken messages of others included)."""

    legs: int = 0
    mishaps: int = 0


class Child:
    """One run of it. `said` is called with every line; `ended` once, when it is gone for whatever reason."""

    def __init__(self, config: Mapping[str, Any], said: Callable[[Line], None], ended: Callable[[], None]) -> None:
        self._config, self._said, self._ended = config, said, ended
        self._ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._unanswered = 0
        self.health = Health()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> int:
        """The port that it listens on; DriverError if it does not come up."""
        is_up = False
        await self._spawn()
        try:
            port = await asyncio.wait_for(asyncio.shield(self._ready), START_S)
            is_up = True
        except TimeoutError as error:
            raise DriverError("The phone gateway did not come up in time; its log says why.") from error
        finally:
            if not is_up:
                await self._end_at_once()
        self._tasks.append(asyncio.create_task(self._watch()))
        return port

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def send(self, what: str, **more: Any) -> None:
        """An order; one that comes too late is lost, as the calls are."""
        if not self._writer.is_closing():
            self._writer.write(order(what, **more))

    async def stop(self) -> None:
        """Lets it hang up, then ends it."""
        self.send("stop")
        try:
            await asyncio.wait_for(self._process.wait(), FAREWELL_S)
        except TimeoutError:
            self.kill()
        await asyncio.wait(self._tasks[:1])

    def kill(self) -> None:
        """At once. Not by asyncio's own `kill`, which may take the exit status away from whoever waits for it."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _spawn(self) -> None:
        """Begins it; its socket is closed again where that is cut short."""
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undone:
            undone.callback(ours.close)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tellonce.switchboard.drivers.embedded.gateway", str(theirs.fileno()),
                stdin=asyncio.subprocess.PIPE, pass_fds=(theirs.fileno(),), start_new_session=True,
            )  # fmt: skip
            undone.callback(self.kill)
            self._reader, self._writer = await asyncio.open_unix_connection(sock=ours, limit=_LIMIT)
            undone.pop_all()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._config).encode())
        self._process.stdin.close()
        self._tasks = [asyncio.create_task(self._listen())]

    async def _end_at_once(self) -> None:
        """Of a process that did not come up nothing is left behind."""
        self._ready.cancel()
        self.kill()
        await asyncio.wait(self._tasks)

    async def _listen(self) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                async for line in self._reader:
                    self._take(json.loads(line))
        finally:
            self._writer.close()
            await self._gone()
            for task in self._tasks[1:]:
                task.cancel()
            if not self._ready.done():
                self._ready.set_exception(
                    DriverError("The phone gateway ended while it was starting; its log says why.")
                )
            self._ended()

    async def _gone(self) -> None:
        """Waits for the end of a process that has closed its socket."""
        try:
            await asyncio.wait_for(self._process.wait(), FAREWELL_S)
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def _take(self, line: Line) -> None:
        self._unanswered = 0
        match line["told"]:
            case "ready" | "failed" if self._ready.done():
                return  # too late: it was given up
            case "ready":
                self._ready.set_result(line["port"])
            case "failed":
                self._ready.set_exception(DriverError(line["text"]))
            case "pong":
                self.health = Health(line["legs"], line["mishaps"])
            case _:
                self._said(line)

    async def _watch(self) -> None:
        """A process that does not answer is no better than none. Pings are counted, as we may be the slow ones."""
        while self._unanswered < PATIENCE:
            self._unanswered += 1
            self.send("ping")
            await asyncio.sleep(PING_S)
        self.kill()
