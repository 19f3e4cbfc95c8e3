"""Opening a customer: the real page through the real server, signed in, from 10 thousand to a million customers.

Each customer has 20 moments. Run: python -m benchmarks.open_customer [--json] [--most 1000000]
"""

import sys

from benchmarks import databases, opening
from benchmarks.report import Figure, quantile, say

SIZES = (10_000, 100_000, 1_000_000)
PAGES = 1_000
MOMENTS = 20
MOST_P99_MS = 60.0
MOST_GROWTH = 1.3
MOST_DATABASE = 2.0


def measure(server: databases.Server, customers: int) -> float:
    """Prints the figures of one size; returns p50 in milliseconds."""
    with opening.served(server, customers=customers, moments=MOMENTS, workers="1") as ours:
        ours.open(100, connections=1)
        load = ours.open(PAGES, connections=1)
        seen = ours.seen
    milliseconds = [each * 1000 for each in load.seconds]
    size = f"{customers:,} customers"
    say(Figure(f"open a customer of {size}, p50", quantile(milliseconds, 0.5), "ms"))
    say(Figure(f"open a customer of {size}, p99", quantile(milliseconds, 0.99), "ms", "limit", MOST_P99_MS))
    say(Figure(f"queries of the page at {size}", float(seen["queries"]), "queries"))
    by_hand = float(seen["hand_ms"])
    say(Figure(f"time in the database at {size}", float(seen["page_ms"]), "ms", "one pipeline by hand", by_hand))
    return quantile(milliseconds, 0.5)


def main() -> None:
    """Measures every size up to --most, the smallest first."""
    most = int(sys.argv[sys.argv.index("--most") + 1]) if "--most" in sys.argv else SIZES[-1]
    with databases.server() as server:
        p50 = {size: measure(server, size) for size in SIZES if size <= most}
    first, last = min(p50), max(p50)
    growth = p50[last] / p50[first]
    say(Figure(f"growth of p50 from {first:,} to {last:,} customers", growth, "times", "limit", MOST_GROWTH))


if __name__ == "__main__":
    main()
