"""Compilation by numba, with types that the checker can read."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.compiler_lock import global_compiler_lock

Function = TypeVar("Function", bound=Callable[..., Any])

_LAB = Path(__file__).resolve().parent
_declared: list[Any] = []


def compiled(function: Function) -> Function:
    """Compiled where another compiled function calls it; division by zero gives inf or nan, as in numpy."""
    return cast("Function", numba.njit(error_model="numpy", nogil=True)(function))


def compiled_lean(function: Function) -> Function:
    """As `compiled`, for functions that make no arrays: no references are counted, which took most of the time."""
    njit: Any = numba.njit  # its types do not know `_nrt`
    return cast("Function", njit(error_model="numpy", nogil=True, _nrt=False)(function))


def compiled_as(signature: str | tuple[Any, ...]) -> Callable[[Function], Function]:
    """Compiled for one signature at the first call, or by `compile_all` before it, and kept on disk.

    The signature is a text, or numba's types of the arguments; no other is ever compiled.

    What is kept counts only as long as every source of lab is the same. Left alone, numba looks at the file of the
    outermost function, and would go on using what it compiled from an older version of the functions called by it.
    """

    def declare(function: Function) -> Function:
        dispatcher: Any = numba.njit(error_model="numpy", nogil=True, cache=True)(function)
        dispatcher._cache._cache_file._source_stamp = sources_digest()  # noqa: SLF001 (numba has no public way)
        compile_one = dispatcher.compile

        def compile_declared(*_call: object, **_named: object) -> object:
            with global_compiler_lock:
                if not dispatcher.signatures:
                    compile_one(signature)
                    dispatcher.disable_compile()
            return dispatcher  # numba calls it once more, and now it takes what was declared and nothing else

        # What numba asks for code by these names: another compiled function, and the first call.
        dispatcher.compile = dispatcher._compile_for_args = compile_declared  # noqa: SLF001 (as above)
        _declared.append(dispatcher)
        return cast("Function", dispatcher)

    return declare


def compile_all() -> None:
    """Compiles everything declared by the modules of lab that are loaded, as far as it is not kept on disk yet."""
    for dispatcher in _declared:
        dispatcher.compile()


@cache
def sources_digest() -> str:
    """A digest of the sources of lab, tests apart."""
    digest = hashlib.sha256()
    for path in sorted(_LAB.rglob("*.py")):
        if "tests" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()
