"""What a new demo gets once its pages answer: the decisions with their rehearsals, in a process of low priority.

No model is imported here before the new process has set it up.
"""

import importlib
import logging
import os
from datetime import UTC, datetime
from multiprocessing import get_context

import django

from tellonce.config.compiling import compile_here
from tellonce.kernel.children import end_with_parent
from tellonce.kernel.errors import DomainError

log = logging.getLogger(__name__)
_POLITE = 10


def begin_afterwards(seed: int) -> None:
    """Starts it, and goes on; the process ends with ours."""
    get_context("spawn").Process(target=_work, args=(seed,), name="afterwards", daemon=True).start()


def _work(seed: int) -> None:
    os.nice(_POLITE)
    end_with_parent()
    django.setup()
    compile_here()
    try:
        importlib.import_module("tellonce.demo.decisions").lay_decisions(now=datetime.now(UTC), seed=seed)
    except DomainError as error:  # such as a demo of another version, whose people have other names
        log.warning("demo.no_decisions", extra={"error": error.code})
