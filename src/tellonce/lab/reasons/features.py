"""The one feature builder: a history as of a moment, as numbers. Learning and the live page both call it."""

import calendar
import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final

from tellonce.lab.reasons.facts import NEVER, Asked, History, PastPromise, PastService

_CHANNELS: Final = ("call", "mail", "chat", "text", "social", "letter", "shop", "visit", "portal")
_KINDS: Final = ("internet", "tv", "phone", "mobile", "extra")
_PROMISES: Final = ("call", "write", "visit", "credit", "fix")
_FADES: Final = (("days", 4.0), ("weeks", 25.0))
_STILL_RECENT: Final = 35.0
# Days within which each of these still explains a contact.
_BILL_EXPLAINS: Final = 20
_LONGEST_MONTH: Final = 31
_CHANGE_IS_BILLED: Final = (3, 40)
_SETTLED_IN: Final = 60
_OUTAGE_ASKED_ABOUT: Final = 14
_NOISE_LASTS: Final = 30
_OLD_MODEM: Final = 1200
_BROKEN_LASTS, _KEPT_LASTS, _TODAY = 7, 14, 0.5
_MORNING, _EVENING, _NIGHT, _SATURDAY = 7, 18, 22, 5

_NOON: Final = datetime(2000, 1, 3, 12, tzinfo=UTC)
_Row = list[tuple[str, float]]


def feature_names(classes: Sequence[int]) -> tuple[str, ...]:
    """The names of what `features` returns for these matters, in order."""
    empty = History(kind="person", since=0.0, left=NEVER)
    general = [name for name, _ in _general(empty, Asked(at=1.0, local=_NOON, channel="call"))]
    by_class = [f"{name}:{matter}" for name in _by_matter_names() for matter in classes]
    return (*general, *by_class)


def features(history: History, asked: Asked, classes: Sequence[int]) -> list[float]:
    """Numbers (all between 0 and about 8) of what was known just before `asked.at`, for matters `classes`.

    Nothing that happened at or after `asked.at` is read. The first part says what just happened to the customer, the
    second repeats for each matter: a case open on it, lately solved, and how recently it was spoken of.
    """
    row = [value for _, value in _general(history, asked)]
    places = {matter: place for place, matter in enumerate(classes)}
    width = len(classes)
    tail = [0.0] * (width * len(_by_matter_names()))

    def put(kind: int, matter: int, value: float) -> None:
        place = places.get(matter)
        if place is not None:
            tail[kind * width + place] = max(tail[kind * width + place], value)

    for case in history.cases:
        if case.opened >= asked.at:
            continue
        is_open, since = case.state_at(asked.at)
        if is_open:
            put(0, case.matter, 1.0)
        elif asked.at - since < _STILL_RECENT:
            put(1, case.matter, 1.0)
    for contact in history.contacts:
        if contact.ended < asked.at:
            for number, (_, fades) in enumerate(_FADES):
                put(2 + number, contact.matter, math.exp(-(asked.at - contact.ended) / fades))
    return row + tail


def _by_matter_names() -> tuple[str, ...]:
    return ("open_case", "solved_lately", *(f"spoken_of_{name}" for name, _ in _FADES))


def _general(history: History, asked: Asked) -> _Row:
    parts: tuple[Callable[[History, Asked], _Row], ...] = (
        _who, _clock, _outage, _bill, _services, _promotion, _places, _devices, _cases, _promises, _contacts,
    )  # fmt: skip
    return [pair for part in parts for pair in part(history, asked)]


def _between(name: str, age: float, edges: Sequence[float]) -> _Row:
    """One 1 among the spans that `edges` make of the positive ages; all 0 outside."""
    return [(f"{name}_{low:g}_{high:g}", 1.0 if low <= age < high else 0.0) for low, high in pairwise(edges)]


def _flag(name: str, holds: bool) -> tuple[str, float]:
    return name, 1.0 if holds else 0.0


def _who(history: History, asked: Asked) -> _Row:
    tenure = asked.at - history.since
    return [
        _flag("business", history.kind == "business"),
        ("tenure", math.log1p(max(0.0, min(tenure, 8000.0)) / 30)),
        *_between("tenure", tenure, (-1, 3, 10, 30, 60)),
        _flag("left", history.left <= asked.at),
    ]


def _clock(_history: History, asked: Asked) -> _Row:
    hour = asked.local.hour
    return [
        *((f"by_{channel}", 1.0 if asked.channel == channel else 0.0) for channel in _CHANNELS),
        _flag("night", hour < _MORNING or hour >= _NIGHT),
        _flag("evening", _EVENING <= hour < _NIGHT),
        _flag("weekend", asked.local.weekday() >= _SATURDAY),
    ]


def _outage(history: History, asked: Asked) -> _Row:
    began = [o for o in history.outages if o.began < asked.at]
    now = [o for o in began if o.ended >= asked.at]
    over = min((asked.at - o.ended for o in began if o.ended < asked.at), default=NEVER)
    lasted = max((o.ended - o.began for o in began if 0 <= asked.at - o.ended < _OUTAGE_ASKED_ABOUT), default=0.0)
    return [
        *(_flag(f"outage_now_{kind}", any(o.kind == kind for o in now)) for kind in ("lost", "degraded", "planned")),
        *_between("outage_over", over, (0, 0.13, 0.5, 1.5, 4, 14)),
        ("outage_lasted", min(lasted * 8, 4.0)),
        _flag("degraded_30", any(o.kind == "degraded" and asked.at - o.began < _NOISE_LASTS for o in began)),
    ]


def _bill(history: History, asked: Asked) -> _Row:
    today = asked.local.date()
    since = min((_since_bill(today, day) for day in history.cycle_days), default=99)
    first = asked.at - since > history.since and asked.at - since - _LONGEST_MONTH <= history.since
    return [
        *_between("bill", since, (0, 2, 5, 9, 14, 20, 32)),
        _flag("first_bill", first and since < _BILL_EXPLAINS),
    ]


def _since_bill(today: date, cycle_day: int) -> int:
    """Whole days since the last bill day; a cycle day that a month does not have is its last."""
    this = min(cycle_day, calendar.monthrange(today.year, today.month)[1])
    if today.day >= this:
        return today.day - this
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    last = calendar.monthrange(year, month)[1]
    return today.day + last - min(cycle_day, last)


def _services(history: History, asked: Asked) -> _Row:
    running = [s for s in history.services if s.since <= asked.at < s.until]
    kinds = {service.kind for service in running}
    newest = min((asked.at - s.since for s in running), default=NEVER)
    ended = min((asked.at - s.until for s in history.services if s.until <= asked.at), default=NEVER)
    return [
        *(_flag(f"has_{kind}", kind in kinds) for kind in _KINDS),
        _flag("not_connected_yet", not running and history.left > asked.at),
        *_between("newest_service", newest, (0, 2, 5, 10, 21, 60)),
        *_between("service_ended", ended, (0, 7, 35)),
        _flag(
            "changed_and_billed",
            _CHANGE_IS_BILLED[0] < newest < _CHANGE_IS_BILLED[1] and asked.at - history.since > _SETTLED_IN,
        ),
    ]


def _promotion(history: History, asked: Asked) -> _Row:
    known = [s for s in history.services if s.since <= asked.at < s.until and s.promotion_ends < NEVER]
    over = min((asked.at - s.promotion_ends for s in known if s.promotion_ends <= asked.at), default=NEVER)
    ahead = min((s.promotion_ends - asked.at for s in known if s.promotion_ends > asked.at), default=NEVER)
    billed = _billed_since(known, history, asked)
    return [
        *_between("promotion_over", over, (0, 8, 20, 45, 90)),
        *_between("promotion_ahead", ahead, (0, 10, 30)),
        _flag("dearer_bill", billed),
    ]


def _billed_since(known: Sequence[PastService], history: History, asked: Asked) -> bool:
    """Whether the last bill was the first after a promotion's end, and is less than 20 days old."""
    since = min((_since_bill(asked.local.date(), day) for day in history.cycle_days), default=99)
    return since < _BILL_EXPLAINS and any(0 <= (asked.at - since) - s.promotion_ends <= _LONGEST_MONTH for s in known)


def _places(history: History, asked: Asked) -> _Row:
    moved = min((asked.at - day for day in history.lived_since if history.since + 5 < day <= asked.at), default=NEVER)
    return _between("moved", moved, (0, 3, 10, 30, 60))


def _devices(history: History, asked: Asked) -> _Row:
    here = [d for d in history.devices if d.since <= asked.at < d.until]
    modem = min((asked.at - d.since for d in here if d.kind in {"modem", "ont"} and d.is_ours), default=NEVER)
    box = min((asked.at - d.since for d in here if d.kind == "box"), default=NEVER)
    return [
        *_between("modem_days", modem, (0, 14, 60)),
        ("modem_years", min(modem / 365, 8.0) if modem < NEVER else 0.0),
        _flag("modem_old", _OLD_MODEM < modem < NEVER),
        ("box_years", min(box / 365, 8.0) if box < NEVER else 0.0),
        _flag("own_router", any(d.kind == "router" and not d.is_ours for d in here)),
    ]


def _cases(history: History, asked: Asked) -> _Row:
    open_ages = [
        asked.at - case.opened for case in history.cases if case.opened < asked.at and case.state_at(asked.at)[0]
    ]
    youngest = min(open_ages, default=NEVER)
    return [
        ("open_cases", min(len(open_ages), 4) * 1.0),
        *_between("open_case_days", youngest, (0, 1, 3, 7, 15, 40)),
    ]


def _promises(history: History, asked: Asked) -> _Row:
    made = [p for p in history.promises if p.made < asked.at]
    waiting = [p for p in made if p.settled >= asked.at and p.due >= asked.at]
    broken = [p for p in made if p.settled >= asked.at > p.due and asked.at - p.due < _BROKEN_LASTS]
    kept = [p for p in made if 0 <= asked.at - p.settled < _KEPT_LASTS]
    return [
        *((f"promised_{kind}", _any(waiting, kind)) for kind in _PROMISES),
        *((f"broken_{kind}", _any(broken, kind)) for kind in _PROMISES),
        *((f"kept_{kind}", _any(kept, kind)) for kind in _PROMISES),
        _flag("due_today", any(p.due - asked.at < _TODAY for p in waiting)),
        _flag("not_owned_up", any(p.owned_up >= asked.at for p in broken)),
    ]


def _any(promises: Sequence[PastPromise], kind: str) -> float:
    return 1.0 if any(promise.kind == kind for promise in promises) else 0.0


def _contacts(history: History, asked: Asked) -> _Row:
    ages = [asked.at - c.began for c in history.contacts if c.began < asked.at]
    return [(f"contacts_{days}", math.log1p(sum(age < days for age in ages))) for days in (3, 14, 60)] + _between(
        "last_contact", min(ages, default=NEVER), (0, 0.3, 2, 7, 21, 60)
    )
