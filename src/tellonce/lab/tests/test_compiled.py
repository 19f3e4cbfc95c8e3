"""What is kept compiled is thrown away when any source of lab has changed."""

from tellonce.lab import compiled
from tellonce.lab.queueing import kernels


def test_kept_code_carries_the_digest_of_all_sources() -> None:
    kept = kernels.measure_all._cache._cache_file  # type: ignore[attr-defined]  # a dispatcher of numba
    assert kept._source_stamp == compiled.sources_digest()
    assert len(kept._load_index()) == 1
