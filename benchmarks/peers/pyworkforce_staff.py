"""Asks pyworkforce's Erlang C for people, in its own environment: it brings ortools, which we do not let in.

Reads {"calls": [...], "aht_s", "within_s", "target"} on standard input; answers people, levels and seconds taken.
"""

import json
import sys
import time

from pyworkforce.queuing import ErlangC

asked = json.load(sys.stdin)
people, levels = [], []
began = time.perf_counter()
for calls in asked["calls"]:
    queue = ErlangC(transactions=calls, aht=asked["aht_s"] / 60, asa=asked["within_s"] / 60, interval=60)
    found = queue.required_positions(service_level=asked["target"])
    people.append(found["raw_positions"])
    levels.append(found["service_level"])
print(json.dumps({"people": people, "levels": levels, "seconds": time.perf_counter() - began}))
