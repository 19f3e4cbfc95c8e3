"""What is on record as the reason model reads it: of one customer from what a page knows, of all from plain rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tellonce.lab.reasons import (
    NEVER,
    Asked,
    Example,
    History,
    PastCase,
    PastContact,
    PastDevice,
    PastOutage,
    PastPromise,
    PastService,
    day_of,
)
from tellonce.modules.care.contracts import CaseLine, ContactLine, PromiseLine, PromiseState
from tellonce.modules.care.queries import for_learning as care
from tellonce.modules.network import queries as network
from tellonce.modules.network.contracts import OutageLine
from tellonce.modules.record.contracts import CustomerCard
from tellonce.modules.record.queries import for_learning as record

_MOST_OUTAGES = 200_000


def sure_since(day: date | None, *, missing: float = NEVER) -> float:
    """When something that is only known by its date had surely happened: the midnight after it.

    Otherwise a modem that was swapped because of a contact would seem to be known before that contact of the same day.
    """
    return day_of(day) + 1.0 if day is not None else missing


@dataclass(frozen=True, slots=True)
class MatterMap:
    """Every matter's stand-in at the second level (a first-level one stands for itself), and codes."""

    second: dict[int, int]
    codes: dict[int, str]

    def of(self, matter_id: int | None) -> int:
        """The matter that the model speaks of; 0 for none."""
        return self.second.get(matter_id, 0) if matter_id is not None else 0


def asked_at(*, at: datetime, channel: str, time_zone: str) -> Asked:
    """The contact as the model reads it, on the customer's own clock."""
    zone = ZoneInfo(time_zone or settings.TIME_ZONE)
    return Asked(at=day_of(at), local=at.astimezone(zone), channel=channel)


def history_of(
    *,
    card: CustomerCard,
    cases: Sequence[CaseLine],
    promises: Sequence[PromiseLine],
    contacts: Sequence[ContactLine],
    outages: Sequence[OutageLine],
    matters: MatterMap,
) -> History:
    """One customer's history out of what the page has read already."""
    return History(
        kind=card.kind,
        since=day_of(card.since, missing=0.0),
        left=sure_since(card.left_on),
        cycle_days=tuple(a.cycle_day for a in card.accounts if a.cycle_day and a.closed_on is None),
        lived_since=tuple(sure_since(p.since) for p in card.premises if p.since),
        contacts=tuple(
            PastContact(day_of(c.began_at), day_of(c.ended_at), matters.of(c.matter_id))
            for c in contacts
            if c.direction == "from"
        ),
        cases=tuple(_case_of_line(case, matters) for case in cases),
        promises=tuple(
            _promise(p.kind, p.state, made=p.made_at, due=p.due_at, settled=p.settled_at, owned_up=p.owned_up_at)
            for p in promises
        ),
        outages=tuple(PastOutage(o.kind, day_of(o.began_at), day_of(o.ended_at)) for o in outages),
        services=tuple(
            PastService(s.kind, sure_since(s.since, missing=0.0), sure_since(s.until), day_of(s.promotion_ends_on))
            for s in card.services
        ),
        devices=tuple(PastDevice(d.kind, d.is_ours, sure_since(d.since, missing=0.0), NEVER) for d in card.devices),
    )


def _case_of_line(case: CaseLine, matters: MatterMap) -> PastCase:
    opened = day_of(case.opened_at)
    if case.solved_at is None:
        return PastCase(matters.of(case.matter_id), ((opened, True),))
    return PastCase(matters.of(case.matter_id), ((opened, True), (day_of(case.solved_at), False)))


def _promise(
    kind: str, state: str, *, made: datetime, due: datetime, settled: datetime | None, owned_up: datetime | None
) -> PastPromise:
    done = state in {PromiseState.KEPT, PromiseState.WITHDRAWN}
    return PastPromise(kind, day_of(made), day_of(due), day_of(settled) if done else NEVER, day_of(owned_up))


def examples_since(since: datetime, *, matters: MatterMap) -> list[Example]:
    """Every past contact with a matter, each with its customer's whole history, which the model reads as of then."""
    reads_as, histories, zones = _all_histories(since, matters=matters)
    return [
        Example(
            histories[customer],
            asked_at(at=contact.began_at, channel=contact.channel, time_zone=zones[customer]),
            matters.of(contact.matter_id),
        )
        for contact in care.contacts_since(since)
        if (customer := reads_as.get(contact.customer_id)) is not None and matters.of(contact.matter_id)
    ]


def all_histories(since: datetime, *, matters: MatterMap) -> dict[int, History]:
    """The history of every customer that reads as itself."""
    return _all_histories(since, matters=matters)[1]


def _all_histories(since: datetime, *, matters: MatterMap) -> tuple[dict[int, int], dict[int, History], dict[int, str]]:
    rows = list(record.all_customers())
    reads_as = {row.id: row.reads_as for row in rows}
    gather = _Gathering(reads_as, matters)
    gather.record()
    gather.care(since)
    gather.network(since)
    histories = {
        row.id: replace(
            History(row.kind, day_of(row.since, missing=0.0), sure_since(row.left_on)),
            **gather.of(row.id),
        )
        for row in rows
        if row.reads_as == row.id
    }
    return reads_as, histories, {row.id: row.time_zone for row in rows}


class _Gathering:
    """Lists by customer, one dictionary for each field of `History`."""

    def __init__(self, reads_as: dict[int, int], matters: MatterMap) -> None:
        self.reads_as, self.matters = reads_as, matters
        names = (
            "cycle_days", "lived_since", "contacts", "cases", "promises", "outages", "services", "devices",
        )  # fmt: skip
        self.found: dict[str, defaultdict[int, list[object]]] = {name: defaultdict(list) for name in names}

    def put(self, name: str, customer_id: int, thing: object) -> None:
        if (customer := self.reads_as.get(customer_id)) is not None:
            self.found[name][customer].append(thing)

    def of(self, customer_id: int) -> dict[str, Any]:
        """The lists of one customer, as `History` takes them."""
        return {name: tuple(found[customer_id]) for name, found in self.found.items()}

    def record(self) -> None:
        for customer, day in record.cycle_days():
            self.put("cycle_days", customer, day)
        for service in record.all_services():
            since, until = sure_since(service.since, missing=0.0), sure_since(service.until)
            self.put(
                "services",
                service.customer_id,
                PastService(service.kind, since, until, day_of(service.promotion_ends_on)),
            )
        for device in record.all_devices():
            held = sure_since(device.since, missing=0.0), sure_since(device.until)
            past = PastDevice(device.kind, device.is_ours, *held)
            self.put("devices", device.customer_id, past)

    def care(self, since: datetime) -> None:
        for contact in care.contacts_since(since):
            past = PastContact(day_of(contact.began_at), day_of(contact.ended_at), self.matters.of(contact.matter_id))
            self.put("contacts", contact.customer_id, past)
        for promise in care.promises_since(since):
            made = _promise(
                promise.kind, promise.state, made=promise.made_at, due=promise.due_at, settled=promise.settled_at,
                owned_up=promise.owned_up_at,
            )  # fmt: skip
            self.put("promises", promise.customer_id, made)
        changes = _case_changes(since)
        for case in care.cases_since(since):
            self.put("cases", case.customer_id, _case_of_row(case, changes.get(case.id, []), self.matters))

    def network(self, since: datetime) -> None:
        below = _areas_with_outages(since)
        for stay in record.stays():
            lived, left = day_of(stay.since, missing=0.0), day_of(stay.until)
            self.put("lived_since", stay.customer_id, sure_since(stay.since, missing=0.0))
            for outage in below.get(stay.area_id or 0, ()):
                if lived <= outage.began < left:
                    self.put("outages", stay.customer_id, outage)


def _case_changes(since: datetime) -> dict[int, list[tuple[float, bool]]]:
    """When each case was solved and reopened, as its moments say."""
    changes: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for kind, is_open in (("care.case_solved", False), ("care.case_reopened", True)):
        for moment in record.moments_of_kinds([kind], since=since):
            if moment.about_id is not None:
                changes[moment.about_id].append((day_of(moment.at), is_open))
    return changes


def _case_of_row(case: care.CaseRow, changes: list[tuple[float, bool]], matters: MatterMap) -> PastCase:
    """A case that was reopened was solved before; where the story does not say when, soon after it was opened."""
    opened = day_of(case.opened_at)
    ordered = [(opened, True)]
    for day, is_open in sorted(changes):
        if is_open and ordered[-1][1]:
            ordered.append((min(ordered[-1][0] + 0.01, day), False))
        ordered.append((day, is_open))
    if case.solved_at is not None and ordered[-1][1]:
        ordered.append((day_of(case.solved_at), False))
    return PastCase(matters.of(case.matter_id), tuple(ordered))


def _areas_with_outages(since: datetime) -> dict[int, list[PastOutage]]:
    """The outages of each area: its own and those of the areas above it."""
    parents = record.area_parents()
    own: dict[int, list[PastOutage]] = defaultdict(list)
    past = (outage for outage in network.past_outages(limit=_MOST_OUTAGES) if outage.began_at >= since)
    for outage in (*network.current_outages(), *past):
        own[outage.area_id].append(PastOutage(outage.kind, day_of(outage.began_at), day_of(outage.ended_at)))
    return {area: [o for step in _upward(area, parents) for o in own[step]] for area in parents}


def _upward(area: int, parents: dict[int, int | None]) -> Iterable[int]:
    step: int | None = area
    while step is not None:
        yield step
        step = parents.get(step)
