"""Work in a process of its own: minutes of arithmetic must not hold up the worker, which also relays live updates.

The work is named, and not imported here: its libraries are big, and models only load once the new process is set up.
"""

import os
from multiprocessing import get_context
from pkgutil import resolve_name
from typing import Any

import django
from django.conf import settings
from django.db import connection

from tellonce.kernel.children import end_with_parent
from tellonce.kernel.errors import DomainError

_POLITE = 10


class ApartFailedError(DomainError):
    """The process ended with an error, which it has written to its log."""

    code = "apart_failed"


def work_apart(work: str, **given: Any) -> None:
    """Calls `package.module:function` on our database in a new process of low priority, and waits.

    ApartFailedError if that ends badly.
    """
    database = str(connection.settings_dict["NAME"])
    process = get_context("spawn").Process(target=_work, args=(database, work, given), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise ApartFailedError(f"{work} ended with {process.exitcode}.")


def _work(database: str, work: str, given: dict[str, Any]) -> None:
    end_with_parent()  # whoever runs the job of a killed worker again must find nobody at it
    os.nice(_POLITE)
    django.setup()
    settings.DATABASES["default"]["NAME"] = database
    resolve_name(work)(**given)
