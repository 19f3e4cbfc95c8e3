"""The gateway's end of the socket: a thread that reads orders, and one that writes what happened."""

import json
import queue
import socket
import threading
from collections.abc import Callable
from typing import Any

Act = Callable[[dict[str, Any]], None]


class Talking:
    """Writes from the first moment on; reads once somebody listens."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def listen(self, act: Act, over: Callable[[], None]) -> None:
        """`act` is called in the reading thread with each order, `over` once when the switchboard is gone."""
        threading.Thread(target=self._read, args=(act, over), daemon=True).start()

    def say(self, line: bytes) -> None:
        """Never waits: a slow switchboard must not stop phones."""
        self._out.put(line)

    def finish(self) -> None:
        """Waits until all that was said is written."""
        self._out.put(None)
        self._writer.join(timeout=2.0)

    def _read(self, act: Act, over: Callable[[], None]) -> None:
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    act(json.loads(line))
        except OSError:
            pass
        over()

    def _write(self) -> None:
        while (line := self._out.get()) is not None:
            try:
                self._socket.sendall(line)
            except OSError:
                return
