"""Every loop of lab is compiled beside the worker."""

import importlib
import re
from pathlib import Path

from tellonce import lab
from tellonce.config import compiling
from tellonce.lab import compiled


def test_every_module_with_a_declared_loop_is_among_those_that_are_compiled() -> None:
    folder = Path(lab.__path__[0])
    with_loops = {path for path in folder.rglob("*.py") if re.search(r"^@compiled_as", path.read_text(), re.MULTILINE)}
    for name in compiling._WITH_LOOPS:
        importlib.import_module(name)
    loaded = {Path(one.py_func.__code__.co_filename) for one in compiled._declared}
    assert loaded >= with_loops
