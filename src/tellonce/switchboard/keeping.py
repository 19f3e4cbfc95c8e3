"""The journal as a running switchboard uses it: in one thread, and waited for while the database is away."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tellonce.switchboard.errors import JournalLostError
from tellonce.switchboard.ports import Journal

log = logging.getLogger(__name__)

TRY_AGAIN_S = 0.25

One = TypeVar("One")


class Keeping:
    """Calls stay as they are while the journal is regained, for `patience_s` at most; nothing is decided meanwhile."""

    def __init__(self, journal: Journal, *, patience_s: float) -> None:
        self._journal, self._patience_s = journal, patience_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def do(self, work: Callable[[Journal], One]) -> One:
        """Does it with the journal, once it can be. What is done must be harmless to do again.

        JournalError when the database stays away, or another switchboard serves by now.
        """
        until = self._now() + self._patience_s
        while True:
            try:
                return await self.at_once(work)
            except JournalLostError:
                if self._now() >= until:
                    raise
                log.warning("switchboard.journal_lost")
            await self._regain(until)

    async def at_once(self, work: Callable[[Journal], One]) -> One:
        """The same without waiting; JournalLostError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._journal)

    async def _regain(self, until: float) -> None:
        while not await self.at_once(lambda journal: journal.regain()):
            if self._now() >= until:
                raise JournalLostError(
                    "The database stays away: the switchboard ends, and calls back who was on the line."
                )
            await asyncio.sleep(TRY_AGAIN_S)
        log.warning("switchboard.journal_regained")

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
