"""How a benchmark says its figures: a line for people, or with --json one JSON line each."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `against` is the peer's figure or the limit in the same unit, and says which it is."""

    name: str
    value: float
    unit: str
    peer: str = ""
    against: float | None = None

    @property
    def ratio(self) -> float | None:
        """Value over the peer's figure or the limit."""
        return self.value / self.against if self.against else None


def say(figure: Figure) -> None:
    """Prints one figure at once, so that a run that is stopped has said what it found."""
    if "--json" in sys.argv:
        line = asdict(figure) | {"ratio": figure.ratio}
        print(json.dumps(line), flush=True)
        return
    beside = ""
    if figure.against is not None:
        beside = f"   {figure.peer} {figure.against:,.4g} {figure.unit}   ratio {figure.ratio or 0:.3g}"
    print(f"{figure.name}: {figure.value:,.4g} {figure.unit}{beside}", flush=True)


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def tell(line: str) -> None:
    """On the way; nobody needs to hear it."""
    with unheard(sys.stderr):
        print(line, file=sys.stderr, flush=True)


@contextmanager
def unheard(stream: TextIO = sys.stdout) -> Iterator[None]:
    """Goes on where nobody reads any more, as behind `| head`."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
