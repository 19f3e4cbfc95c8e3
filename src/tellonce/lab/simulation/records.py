"""How the simulator's arrays are laid out, and all of them together as a world."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from tellonce.lab.bundles import bundle_of

# kinds of events
FREED, LEAVES, COMES = range(3)
KIND_BITS, PLACE_BITS = 2, 34
# why a contact comes
FIRST, REDIAL, REPEAT, LEG = range(4)
# where a person is
AWAY, FREE, BUSY = range(3)
# columns of the record of contacts
STREAM, ENTERED_AT, LEFT_AT, PERSON, ENDED, EFFORTS, IS_LEG, TOLD = range(8)
ROW_COLUMNS = 10

CONTACT = np.dtype([
    ("entered", "f8"), ("due", "f8"), ("key", "u8"), ("last_at", "f8"), ("stream", "i4"), ("line", "i4"),
    ("previous", "i4"), ("next", "i4"), ("last_person", "i4"), ("held_before", "i4"), ("held_after", "i4"),
    ("serial", "i4"), ("efforts", "i2"), ("cause", "i2"), ("is_callback", "i2"), ("is_held", "i2"), ("row", "i8"),
])  # fmt: skip
PERSON_AT_WORK = np.dtype([
    ("free_since", "f8"), ("since", "f8"), ("began", "f8"), ("pace", "f8"), ("solving", "f8"), ("group", "i4"),
    ("where", "i4"), ("on", "i4"), ("previous", "i4"), ("next", "i4"), ("held", "i4"), ("pair", "i4"), ("spare", "i4"),
])  # fmt: skip
LINE = np.dtype([
    ("head", "i8"), ("tail", "i8"), ("count", "i8"), ("rate", "f8"), ("rate_at", "f8"), ("entered", "f8"),
])  # fmt: skip
GROUP = np.dtype([("head", "i8"), ("tail", "i8"), ("handle_s", "f8"), ("handled", "f8"), ("people", "i8")])
STREAM_ROW = np.dtype([
    ("redials", "f8"), ("within_s", "f8"), ("menu_solved", "f8"), ("menu_lost", "f8"), ("menu_takes_s", "f8"),
    ("offered_above_s", "f8"), ("matter", "i8"), ("line", "i8"), ("leg_line", "i8"), ("hazards", "i8"),
    ("redial_after", "i8"),
])  # fmt: skip
MATTER = np.dtype([
    ("solved", "f8"), ("returns", "f8"), ("passed_on", "f8"), ("service", "i8"), ("wrap_up", "i8"),
    ("return_after", "i8"),
])  # fmt: skip
LENGTH = np.dtype([("first", "f8"), ("second", "f8"), ("shape", "i8"), ("start", "i8"), ("count", "i8")])
SOURCE = np.dtype([
    ("next", "f8"), ("raw", "f8"), ("key", "u8"), ("count", "i8"), ("stream", "i8"), ("segment", "i8"),
    ("last", "i8"), ("due", "i8"),
])  # fmt: skip
TURN = np.dtype([("time", "f8"), ("person", "i4"), ("on", "i4")])
SETTING = np.dtype([
    ("interval_s", "f8"), ("end_s", "f8"), ("short_s", "f8"), ("accepted", "f8"), ("unanswered", "f8"),
    ("dial_s", "f8"), ("service", "f8"), ("solved", "f8"), ("cell_s", "f8"), ("efforts", "i8"), ("estimates", "i8"),
    ("continuity", "i8"), ("shares", "i8"), ("reserve", "i8"), ("records", "i8"), ("counted", "i8"),
    ("seed", "u8"), ("replication", "i8"),
])  # fmt: skip
STATE = np.dtype([
    ("heap", "i8"), ("unused", "i8"), ("waiting", "i8"), ("free", "i8"), ("rows", "i8"), ("full", "i8"),
])  # fmt: skip


# what a world is made of: name, what its array holds, number of axes. The first are read only: the setting; the plan
# of routing; streams to segments (until when, contacts a second) and turns (people come and go); planned (L, cells + 1:
# person-seconds at work who can take the line) and overlap (L, L: share of a line's people who can take the other)
FIELDS: Mapping[str, tuple[Any, int]] = MappingProxyType({
    "setting": (SETTING, 1),
    "credit": ("f8", 1), "fit": ("f8", 2), "guard": ("i8", 2), "skill": ("i8", 1), "pool": ("i8", 1),
    "takes": ("i8", 2), "takers": ("i8", 2), "weights": ("f8", 1), "bits": ("i8", 1), "reserve": ("i8", 1),
    "target": ("f8", 1),
    "streams": (STREAM_ROW, 1), "matters": (MATTER, 1), "lengths": (LENGTH, 1), "quantiles": ("f8", 1),
    "hazards": ("f8", 2), "segments": ("f8", 2), "turns": (TURN, 1), "planned": ("f8", 2), "overlap": ("f8", 2),
    "sources": (SOURCE, 1), "contacts": (CONTACT, 1), "unused": ("i8", 1), "people": (PERSON_AT_WORK, 1),
    "lines": (LINE, 1), "groups": (GROUP, 1), "times": ("f8", 1), "events": ("i8", 1), "state": (STATE, 1),
    "oldest": ("f8", 1), "due": ("f8", 1), "free_since": ("f8", 1), "free": ("i8", 1), "lag": ("f8", 2),
    "given": ("f8", 2), "left": ("f8", 1), "exposure_s": ("f8", 1), "late": ("f8", 2),
    "counts": ("i4", 3), "waited_s": ("f8", 3), "histogram": ("i4", 2), "hourly": ("i4", 3), "busy_s": ("f8", 2),
    "staffed_s": ("f8", 2), "rows": ("f8", 2),
})  # fmt: skip
WORLD, world_at = bundle_of("World", FIELDS)
