"""Tells of moves and new modems at their own times: the record's bulk path stores them, but tells neither."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from tellonce.demo.world import World
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, DeviceAdded, DeviceEnded, MovedIn, MovedOut, Told
from tellonce.modules.record.queries.for_learning import all_devices, stays
from tellonce.modules.staff.contracts import SYSTEM


def tell_of_changes(world: World, customer_ids: Sequence[int]) -> None:
    """Moments of everybody who moved within the network, and of modems that were replaced."""
    # made first: a query cannot run inside the COPY that it feeds
    story.load(list(_moves()))
    swapped = {customer_ids[place]: day for place, day in world.swaps.items()}
    story.load(list(_modems(swapped)))


def _moves() -> Iterator[Told]:
    by_customer: dict[int, list[tuple[date, int, date | None]]] = {}
    for stay in stays():
        if stay.since is not None:
            by_customer.setdefault(stay.customer_id, []).append((stay.since, stay.premise_id, stay.until))
    for customer_id, lived in by_customer.items():
        if len(lived) < 2:
            continue
        (_, old, until), (since, new, _) = sorted(lived)[:2]
        yield _told(customer_id, MovedOut(premise_id=old, until=until), since, "premise", old)
        yield _told(customer_id, MovedIn(premise_id=new, since=since), since, "premise", new)


def _modems(swapped: dict[int, int]) -> Iterator[Told]:
    for device in all_devices():
        if device.customer_id not in swapped or device.kind not in {"modem", "ont"} or device.since is None:
            continue
        what = "Modem" if device.kind == "modem" else "Fibre terminal"
        if device.until is not None:
            gone = DeviceEnded(device_id=device.id, what=what, serial=device.serial)
            yield _told(device.customer_id, gone, device.until, "device", device.id)
        else:
            came = DeviceAdded(device_id=device.id, what=what, serial=device.serial)
            yield _told(device.customer_id, came, device.since, "device", device.id)


def _told(
    customer_id: int, what: MovedIn | MovedOut | DeviceAdded | DeviceEnded, on: date, about: str, about_id: int
) -> Told:
    at = datetime.combine(on, time(15), tzinfo=UTC)
    return Told(customer_id=customer_id, what=what, at=at, by=SYSTEM, about=About(about, about_id))
