"""What is to be done for one conversation, one after the other, in the order in which it was asked."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from tellonce.switchboard.drivers.asterisk.client import AriError, AriGoneError

Action = Callable[[], Awaitable[None]]

AGAIN_S: Final = 0.2


class Orders:
    """Nobody waits for a request to Asterisk: it is queued here, and sent once Asterisk is in reach.

    All that have something to do are in `working`. An action that fails ends those after it, and `on_broken` is told.
    What is gone already is no failure, and where Asterisk was not reached the action is done again.
    """

    def __init__(
        self, *, in_reach: asyncio.Event, working: set["Orders"], on_broken: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        self._in_reach, self._working, self._on_broken = in_reach, working, on_broken
        self._actions: deque[Action] = deque()
        self._task: asyncio.Task[None] | None = None

    def add(self, action: Action) -> None:
        """Does it after all that was asked before."""
        self._actions.append(action)
        if self._task is None:
            self._start()

    async def done(self) -> None:
        """Waits until nothing is left to be done."""
        while self._task is not None:
            await asyncio.wait([self._task])
            await asyncio.sleep(0)

    def forget(self) -> None:
        """Does none of what is left."""
        self._actions.clear()
        if self._task is not None:
            self._task.cancel()

    def _start(self) -> None:
        self._working.add(self)
        self._task = asyncio.create_task(self._work())
        self._task.add_done_callback(self._worked)

    async def _work(self) -> None:
        while self._actions:
            await self._in_reach.wait()
            action = self._actions.popleft()
            try:
                await action()
            except AriGoneError:
                continue
            except AriError as error:
                if error.status:
                    raise
                self._actions.appendleft(action)
                await asyncio.sleep(AGAIN_S)

    def _worked(self, task: asyncio.Task[None]) -> None:
        self._task = None
        self._working.discard(self)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            self._actions.clear()
            self._on_broken(fault)
        if self._actions and self._task is None:  # added after the last look at them
            self._start()
