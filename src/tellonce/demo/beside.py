"""A second process that writes the history while the first writes the customers: two cores make one demo.

No model is imported here before the new process has set it up.
"""

import gc
import importlib
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import django
from django.conf import settings
from django.db import connection

from tellonce.kernel.children import end_with_parent
from tellonce.kernel.errors import DomainError

if TYPE_CHECKING:
    from tellonce.demo.history import Ids
    from tellonce.demo.world import Wanted

Progress = Callable[[str, float], None]
_GOES_WITHIN_S: Final = 10.0


class BesideFailedError(DomainError):
    """The second process ended with an error, which it has written to its log."""

    code = "beside_failed"


class Beside:
    """The second process. It draws the same world as the first, which is the same for the same wishes and time."""

    def __init__(self, wanted: "Wanted", *, now: datetime) -> None:
        self.wanted, self.now = wanted, now
        spawn = get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs,), name="history", daemon=True)
        self._process.start()
        theirs.close()
        self._line.send((connection.settings_dict["NAME"], wanted, now))

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets it end, which it does at once when it was not asked for anything or nobody waits for it."""
        self._line.close()
        if kind is not None:
            self._process.terminate()
        self._process.join(_GOES_WITHIN_S)

    def write(self, ids: "Ids") -> None:
        """Asks for the history of these people, and does not wait."""
        self._line.send(ids)

    def wait(self, progress: Progress) -> None:
        """Waits for it, telling how far it is; BesideFailedError when it ended badly."""
        try:
            while (said := self._line.recv()) is not None:
                progress(*said)
        except EOFError as error:
            self._process.join(_GOES_WITHIN_S)
            raise BesideFailedError(f"Writing the history ended with {self._process.exitcode}.") from error


def _work(line: Connection) -> None:
    end_with_parent()  # a new demo must not be written by two
    django.setup()
    gc.disable()  # as the first process does
    load: Callable[[Any, datetime, Callable[[], Any], Progress], None]
    load = importlib.import_module("tellonce.demo.generate").load_history_of
    settings.DATABASES["default"]["NAME"], wanted, now = line.recv()
    load(wanted, now, line.recv, lambda what, share: line.send((what, share)))
    line.send(None)
