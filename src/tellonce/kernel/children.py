"""A second process ends with the first."""

import os
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread


def end_with_parent() -> None:
    """Ends this process at once when the one that started it is gone, however that happened."""
    Thread(target=_wait, name="end-with-parent", daemon=True).start()


def _wait() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
