"""The process that puts recordings together, as the switchboard sees it."""

import asyncio
import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

from tellonce.switchboard.drivers.driver import Sink
from tellonce.switchboard.drivers.embedded.child import Line
from tellonce.switchboard.drivers.embedded.recordings import left_over
from tellonce.switchboard.drivers.told import Recorded

SETTLE_S = 0.3
"""After a piece is over its last packets are still being written."""

log = logging.getLogger("tellonce.switchboard")


class Recorder:
    """Tapes are put together one after the other, those first that a switchboard before this one has left."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        self._folder, self._sink = folder, sink
        self._running: dict[str, Line] = {}
        self._tapes: asyncio.Queue[tuple[float, Line | None]] = asyncio.Queue()
        self._process: asyncio.subprocess.Process | None = None
        for tape in left_over(self._folder):
            self._is_over(tape)

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    def take(self, tape: Line) -> None:
        """What the gateway told of a tape; `Recorded` is told once one that is over is whole."""
        self._running[tape["name"]] = tape
        if tape["is_over"]:
            self._is_over(self._running.pop(tape["name"]))

    def all_over(self) -> None:
        """The gateway is gone: what it had recorded is put together as far as it goes."""
        for tape in self._running.values():
            self._is_over(tape)
        self._running.clear()

    def _is_over(self, tape: Line | None) -> None:
        """It is put together once what was said is on the disk; None for the end of all."""
        self._tapes.put_nowait((asyncio.get_running_loop().time() + SETTLE_S, tape))

    async def stop(self) -> None:
        """After all tapes."""
        self.all_over()
        self._is_over(None)
        await self._task
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()

    async def _work(self) -> None:
        while True:
            due, tape = await self._tapes.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            if tape is None:
                return
            made = await self._made(tape)
            if made is not None:
                self._sink(Recorded(call=tape["call"], **made))

    async def _made(self, tape: Line) -> dict[str, Any] | None:
        """Its pieces put together; None if nothing was said, or it cannot be: then the pieces stay."""
        process = await self._ready()
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(ConnectionError):
            process.stdin.write(json.dumps(dict(tape)).encode() + b"\n")
            answer = await process.stdout.readline()
            if answer:
                made: dict[str, Any] | None = json.loads(answer)["made"]
                return made
        log.error("a recording could not be put together; its pieces are kept until the next start")
        return None

    async def _ready(self) -> asyncio.subprocess.Process:
        """The process, which is started when there is something to do."""
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tellonce.switchboard.drivers.embedded.recordings", str(self._folder),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        return self._process
