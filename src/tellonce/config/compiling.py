"""Compiles the loops of lab beside the work of a new version: whoever opens a plan first does not wait for them.

In a process of its own and of low priority. What is kept on disk already is only looked at, which takes seconds.
"""

import fcntl
import importlib
import os
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

_POLITE = 10
_WITH_LOOPS = (
    "tellonce.lab.queueing.kernels",
    "tellonce.lab.routing",
    "tellonce.lab.rostering.kernels",
    "tellonce.lab.simulation.running",
)


def compile_apart() -> BaseProcess:
    """Starts to compile, and goes on; the process ends with ours."""
    process = get_context("spawn").Process(target=_compile, name="compiling", daemon=True)
    process.start()
    return process


def compile_here() -> None:
    """Compiles in this process; one process at a time, and the second finds on disk what the first has kept."""
    for name in _WITH_LOOPS:
        importlib.import_module(name)
    compiled = importlib.import_module("tellonce.lab.compiled")
    with Path(str(compiled.__file__)).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        compiled.compile_all()


def _compile() -> None:
    os.nice(_POLITE)
    compile_here()
