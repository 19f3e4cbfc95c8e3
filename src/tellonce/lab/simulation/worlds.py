"""The arrays of one replication before it starts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing.leaving import PRIOR_CONTACTS, PRIOR_WAIT_S, SPANS_FROM_S
from tellonce.lab.simulation.outcome import BINS, COLUMNS, HOUR_S
from tellonce.lab.simulation.records import CONTACT, LINE, ROW_COLUMNS, STATE
from tellonce.lab.simulation.tables import Tables

Arrays = dict[str, NDArray[Any]]


def new_world(t: Tables, *, replication: int, capacity: int, results: Arrays) -> Arrays:
    """The arrays of a world with room for so many contacts; `results` are those it counts into."""
    lines, groups, skills = len(t.plan.credit), len(t.groups), len(t.plan.reserve)
    setting = t.setting.copy()
    setting[0]["replication"] = replication
    state = np.zeros(1, dtype=STATE)
    state[0]["unused"] = capacity
    exposure_s = np.full(len(SPANS_FROM_S), PRIOR_CONTACTS * PRIOR_WAIT_S)
    line_rows = np.zeros(lines, dtype=LINE)
    line_rows["head"] = line_rows["tail"] = -1
    rooms = 4 * capacity if setting[0]["records"] else 16
    sources = t.sources.copy()
    pools = len(t.plan.target)
    return (
        t.plan._asdict()
        | results
        | {
            "setting": setting,
            "streams": t.streams,
            "matters": t.matters,
            "lengths": t.lengths,
            "quantiles": t.quantiles,
            "hazards": t.hazards,
            "segments": t.segments,
            "turns": t.turns,
            "planned": t.planned,
            "overlap": t.overlap,
            "sources": sources,
            "contacts": np.zeros(capacity, dtype=CONTACT),
            "unused": np.arange(capacity)[::-1].copy(),
            "people": t.people.copy(),
            "lines": line_rows,
            "groups": t.groups.copy(),
            "times": np.empty(2 * capacity + len(t.people)),
            "events": np.empty(2 * capacity + len(t.people), dtype=np.int64),
            "state": state,
            "oldest": np.full(lines, np.inf),
            "due": np.full(lines, np.inf),
            "free_since": np.full(groups, np.inf),
            "free": np.zeros(skills, dtype=np.int64),
            "lag": np.zeros((skills, pools)),
            "given": np.zeros((skills, pools + 1)),
            "left": t.leaving * exposure_s,
            "exposure_s": exposure_s,
            "late": np.zeros((2, lines + 1)),
            "rows": np.empty((rooms, ROW_COLUMNS)),
        }
    )


def new_results(t: Tables) -> Arrays:
    """Arrays of one replication that count what happens in it."""
    streams, intervals = len(t.streams), round(t.setting[0]["end_s"] / t.setting[0]["interval_s"])
    hours = max(1, int(np.ceil(t.setting[0]["end_s"] / HOUR_S)))
    pairs = len(t.pairs)
    return {
        "counts": np.zeros((streams, intervals, COLUMNS), dtype=np.int32),
        "waited_s": np.zeros((streams, intervals, 2)),
        "histogram": np.zeros((streams, BINS), dtype=np.int32),
        "hourly": np.zeros((streams, hours, BINS), dtype=np.int32),
        "busy_s": np.zeros((pairs, intervals)),
        "staffed_s": np.zeros((pairs, intervals)),
    }
