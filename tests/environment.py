"""Loaded before Django's settings: a home of this test run's own, and a database server for it.

With DATABASE_URL the tests use that server. Without, the first process of the run starts the embedded one in a
temporary home; the processes of pytest-xdist inherit its address, and the first process stops it at the end.
"""

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

# A run starts a hundred interpreters. Where they may keep nothing, each compiles all of Tellonce anew, for seconds.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_IS_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_HOME = Path(tempfile.mkdtemp(prefix="tellonce-test-", dir=os.environ["TELLONCE_HOME"] if _IS_XDIST_WORKER else None))
RUN = _HOME.parent if _IS_XDIST_WORKER else _HOME  # what all processes of the run share
_CLEANING = contextlib.ExitStack()


def _start_database() -> str:
    from tellonce.config.embedded import running  # noqa: PLC0415 - not needed with DATABASE_URL

    server = _CLEANING.enter_context(running(_HOME, is_safe=False))
    return f"postgresql://tellonce@/tellonce?host={server.layout.socket_folder()}"


os.environ["TELLONCE_HOME"] = str(_HOME)
os.environ.setdefault("TELLONCE_SECRET_KEY", "tests-only-" + "x" * 40)
_CLEANING.callback(shutil.rmtree, _HOME, ignore_errors=True)
atexit.register(_CLEANING.close)
if not os.environ.get("DATABASE_URL") and not {"--help", "-h", "--version", "--collect-only"} & set(sys.argv):
    os.environ["DATABASE_URL"] = _start_database()
