"""Nothing that goes wrong in a callback goes by unnoticed: it is counted and logged, and the process goes on."""

import functools
import importlib
import logging
import sys
from collections.abc import Callable
from typing import Any, ParamSpec

log = logging.getLogger("tellonce.gateway")

_LOUD = (
    "sippy.Core.EventDispatcher",
    "sippy.SipTransactionManager",
    "sippy.Udp_server",
    "sippy.Network_server",
    "sippy.Rtp_proxy.Session.side",
    "sippy.Rtp_proxy.Cmd.sequencer",
)

P = ParamSpec("P")


class Mishaps:
    """How many there were; logged with where it was at the first, tenth, hundredth of each kind."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def note(self) -> None:
        """The exception that is being dealt with. Its text is not logged: it may be what somebody sent."""
        kind, _, trace = sys.exc_info()
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown"
        key = f"{kind.__name__ if kind else 'no exception'} at {place}"
        self.counts[key] = count = self.counts.get(key, 0) + 1
        if str(count).rstrip("0") == "1":
            log.warning("mishap %s, %d times", key, count)

    def guard(self, act: Callable[P, None]) -> Callable[P, None]:
        """The same, which never raises."""

        @functools.wraps(act)
        def guarded(*args: P.args, **more: P.kwargs) -> None:
            try:
                act(*args, **more)
            except Exception:  # noqa: BLE001 - a fault in one call must not end the others
                self.note()

        return guarded

    def listen_to_sippy(self) -> None:
        """Sippy prints what it catches, with what was sent; that is counted here instead."""

        def noted(*_args: Any, **_more: Any) -> None:
            self.note()

        for name in _LOUD:
            vars(importlib.import_module(name))["dump_exception"] = noted
