"""Learning in a process of its own: a minute of arithmetic must not hold up the worker, which also relays live updates.

No model is imported here before the new process has set it up.
"""

import importlib
import os
from datetime import UTC, datetime
from multiprocessing import get_context

import django
from django.conf import settings

from tellonce.kernel.errors import DomainError

_POLITE = 10


class LearningFailedError(DomainError):
    """The process that learns ended with an error, which it has written to its log."""

    code = "learning_failed"


def learn_apart(*, database: str, with_trees: bool) -> None:
    """Learns from `database` in a new process of low priority, and waits; LearningFailedError when that ends badly."""
    process = get_context("spawn").Process(target=_learn, args=(database, with_trees), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise LearningFailedError(f"Learning the reasons of contacts ended with {process.exitcode}.")


def _learn(database: str, with_trees: bool) -> None:
    os.nice(_POLITE)
    django.setup()
    settings.DATABASES["default"]["NAME"] = database
    importlib.import_module("tellonce.desk.reasons").learn_reasons(at=datetime.now(UTC), with_trees=with_trees)
