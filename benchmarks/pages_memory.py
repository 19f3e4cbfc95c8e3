"""Whether the processes of the pages grow by what they are asked: the same pages thousands of times, memory after each.

The soak of the demo (`benchmarks/soak.py`) sees some hundred pages in half an hour, too few to tell a leak from caches
that fill. Here a supervisor asks for the floor, the desk, the phone, what was missed and what was told, one round after
the other, in a demo whose customers do not call; after the first rounds memory must stand.
Run: python -m benchmarks.pages_memory [--json] [--rounds 1500] [--home DIR]
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.growth import slope_of
from benchmarks.harness import free_port
from benchmarks.report import Figure, say, tell
from benchmarks.watched_demo import LOOKED_AT, Demo, Visitor, own_mb, running

CUSTOMERS, EVERY, WARM_SHARE = 2_000, 25, 3
MOST_MB = (
    0.5  # in a thousand pages: an installation whose pages are asked for a million times a day would see half a GB
)


def memory_of_pages(demo: Demo) -> float:
    """What the processes of the pages have of their own, in MB."""
    return sum(own_mb(one.pid) for name, one in demo.processes() if name.startswith("web"))


def main() -> None:
    """Asks, weighs, and says whether memory stood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON line for each figure")
    parser.add_argument("--rounds", type=int, default=1500)
    parser.add_argument("--home", type=Path, help="of a demo that was made before; else one is made, and thrown away")
    options = parser.parse_args()
    asked, weighed = [], []
    with tempfile.TemporaryDirectory(prefix="tellonce-pages-") as temporary:
        Path(temporary).chmod(0o755)  # the database may run as a user of its own
        home = options.home or Path(temporary) / "home"
        log = Path(temporary) / "log"
        with running(home, port=free_port(), pace=1, customers=CUSTOMERS, log=log, calls=False) as demo:
            visitor = Visitor(demo.url)
            for number in range(1, options.rounds + 1):
                visitor.look()
                if number % EVERY == 0:
                    asked.append(number * len(LOOKED_AT) / 1000)
                    weighed.append(memory_of_pages(demo))
                    tell(f"{asked[-1]:.2f} thousand pages: {weighed[-1]:.1f} MB")
    first = len(asked) // WARM_SHARE
    slope = slope_of(asked[first:], weighed[first:])
    say(Figure(f"memory of the pages' processes after {asked[-1]:.1f} thousand pages", weighed[-1], "MB"))
    say(
        Figure(
            f"its growth after the first {asked[first]:.1f} thousand", slope.median, "MB/thousand", "at most", MOST_MB
        )
    )
    say(Figure("the least of it (95%)", slope.least, "MB/thousand"))
    say(Figure("the most of it (95%)", slope.most, "MB/thousand"))
    if visitor.bad or slope.least > MOST_MB:
        raise SystemExit(f"the pages grow, or answered badly: {visitor.bad[:10]}")


if __name__ == "__main__":
    main()
