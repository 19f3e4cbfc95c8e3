"""What is kept compiled is thrown away when any source of lab has changed, and nothing compiles on import."""

import subprocess
import sys

import numpy as np
import pytest

from tellonce.lab import compiled
from tellonce.lab.compiled import compiled_as, compiled_lean
from tellonce.lab.queueing import kernels

ON_IMPORT = """
import tellonce.lab.queueing.kernels as queueing, tellonce.lab.rostering.kernels as rostering
import tellonce.lab.simulation.running as running, tellonce.lab.routing as routing
from tellonce.lab import compiled
print(sum(bool(d.signatures) for d in (queueing.measure_all, rostering.anneal, running._run)))
"""


def test_kept_code_carries_the_digest_of_all_sources() -> None:
    kernels.measure_all.compile()  # type: ignore[attr-defined]  # a dispatcher of numba
    kept = kernels.measure_all._cache._cache_file  # type: ignore[attr-defined]
    assert kept._source_stamp == compiled.sources_digest()
    assert len(kept._load_index()) == 1


def test_nothing_is_compiled_on_import() -> None:
    """A page must not wait for the compiler because its module is loaded, least of all in a new clone."""
    done = subprocess.run([sys.executable, "-c", ON_IMPORT], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "0"


def test_only_the_declared_signature_is_ever_compiled() -> None:
    @compiled_as("f8(f8[::1])")
    def total(values: np.ndarray) -> float:
        return float(values.sum())

    @compiled_lean
    def twice(values: np.ndarray) -> float:
        return 2.0 * total(values)

    assert twice(np.ones(3)) == 6.0
    assert total(np.ones(4)) == 4.0
    with pytest.raises(TypeError):
        total(np.ones(4, dtype=np.int64))
    assert len(total.signatures) == 1  # type: ignore[attr-defined]


def test_the_first_call_refuses_what_was_not_declared() -> None:
    @compiled_as("f8(f8[::1])")
    def total(values: np.ndarray) -> float:
        return float(values.sum())

    with pytest.raises(TypeError):
        total(np.ones(4, dtype=np.int64))
