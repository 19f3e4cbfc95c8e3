"""A child process ends when the process that started it is gone, however that happened."""

import os
import signal
import threading
import time

VARIABLE = "TELLONCE_LIFELINE"
_GRACE_S = 15


def follow_parent() -> None:
    """Watches the pipe whose other end the parent holds; when it closes, ends this process and its own children."""
    handle = os.environ.pop(VARIABLE, "")
    if handle:
        threading.Thread(target=_wait, args=(int(handle),), name="lifeline", daemon=True).start()


def _wait(handle: int) -> None:
    os.read(handle, 1)  # nothing is ever written: this returns when the parent is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os.killpg(os.getpgid(0), signal.SIGKILL)
