"""The process that puts recordings together, as the switchboard sees it."""

import asyncio
import json
import sys
from pathlib import Path

from tellonce.switchboard.drivers.driver import Sink
from tellonce.switchboard.drivers.embedded.child import Line
from tellonce.switchboard.drivers.told import Recorded

SETTLE_S = 0.3
"""After a piece is over its last packets are still being written."""


class Recorder:
    """Tapes are put together one after the other; what is under way when the switchboard stops is waited for."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        self._folder, self._sink = folder, sink
        self._tapes: asyncio.Queue[Line | None] = asyncio.Queue()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tellonce.switchboard.drivers.embedded.recordings", str(self._folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._task = asyncio.create_task(self._work())

    def put_together(self, tape: Line) -> None:
        """`Recorded` is told once it is whole."""
        self._tapes.put_nowait(tape)

    async def stop(self) -> None:
        """After all tapes."""
        self._tapes.put_nowait(None)
        await self._task
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _work(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        while (tape := await self._tapes.get()) is not None:
            await asyncio.sleep(SETTLE_S)
            self._process.stdin.write(json.dumps(tape).encode() + b"\n")
            answer = json.loads(await self._process.stdout.readline())
            if answer["made"] is not None:
                self._sink(Recorded(call=answer["call"], **answer["made"]))
