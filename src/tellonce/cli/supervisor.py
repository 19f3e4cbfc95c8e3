"""Keeps a few processes running: restarts what dies, with a growing pause, and stops all together."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from tellonce.cli.lifeline import VARIABLE

_LOOK_EVERY_S = 0.2
_LONGEST_PAUSE_S = 30.0
_WELL_AFTER_S = 60.0
_OTHERS_WITHIN_S = 30.0
_STOP_WITHIN_S = 20.0


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause_s: float = 0.5
    starts_at: float = 0.0

    def start(self, lifeline: int) -> None:
        """Starts it in a group of its own, so that Ctrl-C comes to us alone and we stop them in order."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env={**os.environ, **self.environment, VARIABLE: str(lifeline)},
            pass_fds=(lifeline,),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Sends a signal to the process; SIGKILL to its whole group, so that no grandchild stays behind."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.runs:
                self.process.send_signal(number)


class Supervisor:
    """Runs children until SIGINT or SIGTERM. `keep_up` is called often and restores what the children need.

    The first is what people wait for: the others start when it is ready, or soon after in any case.
    """

    def __init__(
        self, children: Sequence[Child], *, say: Callable[[str], None], keep_up: Callable[[], None] | None = None
    ) -> None:
        self.children = children
        self.say = say
        self.keep_up = keep_up
        self._stop = threading.Event()
        self._hurry = threading.Event()

    def run(self, *, ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Starts all, calls `when_ready` once `ready` says yes of the first, and returns when all have stopped."""
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        lifeline, held = os.pipe()
        try:
            self._others_start_at(time.monotonic() + _OTHERS_WITHIN_S)
            is_ready = False
            while not self._stop.wait(_LOOK_EVERY_S):
                self._look(lifeline)
                if not is_ready and ready():
                    is_ready = True
                    when_ready()
                    self._others_start_at(time.monotonic())
        finally:
            self._stop_all()
            os.close(held)
            os.close(lifeline)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _others_start_at(self, when: float) -> None:
        for child in self.children[1:]:
            if child.process is None:
                child.starts_at = when

    def _look(self, lifeline: int) -> None:
        if self.keep_up is not None:
            self.keep_up()
        for child in self.children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._mourn(child, code)
            elif child.process is None and time.monotonic() >= child.starts_at:
                child.start(lifeline)

    def _mourn(self, child: Child, code: int) -> None:
        now = time.monotonic()
        if now - child.began > _WELL_AFTER_S:
            child.pause_s = 0.5
        child.signal(signal.SIGKILL)
        child.process = None
        child.starts_at = now + child.pause_s
        self.say(f"{child.name} ended ({_how(code)}); starting it again in {child.pause_s:.1f} s.")
        child.pause_s = min(child.pause_s * 2, _LONGEST_PAUSE_S)

    def _stop_all(self) -> None:
        self.say("Stopping ...")
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_WITHIN_S
        while any(child.runs for child in self.children) and time.monotonic() < deadline and not self._hurry.is_set():
            time.sleep(_LOOK_EVERY_S / 4)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Only notes it: whatever the program was about to do is half done. A second signal means at once."""
        (self._hurry if self._stop.is_set() else self._stop).set()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
