"""An existing demo is brought up to now: what was left lying is settled, and the days since then happen."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tellonce.demo.billed.continuing import continue_bills
from tellonce.demo.calls import note_calls_since
from tellonce.demo.generate import Progress, households_of, ids_of, load_history
from tellonce.demo.history import History
from tellonce.demo.households import Households
from tellonce.demo.network import load_outages
from tellonce.demo.people import Employed
from tellonce.demo.plans import lay_plans
from tellonce.demo.present import Present
from tellonce.demo.settling import settle_what_was_left
from tellonce.demo.staffing import Colleague
from tellonce.demo.world import Wanted, draw_world
from tellonce.modules.care.queries.for_learning import contacts_since
from tellonce.modules.record import queries as record
from tellonce.modules.record.queries.for_learning import all_customers
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.models import Person

WORTH_FILLING: Final = timedelta(hours=3)
_STAFF: Final = 60
_LOOKED_AT: Final = 12
_STILL_GOING_ON: Final = timedelta(days=1)


def bring_up_to_now(
    *, seed: int, now: datetime, progress: Progress, customers: int = 20_000, staff_size: int = _STAFF
) -> bool:
    """Fills the time since the last contact of a demo made with this seed and size; whether there was any to fill."""
    last = _last_contact(now)
    if last is None or now - last < WORTH_FILLING:
        return False
    progress("what was left", 0.0)
    people = {person.email: person for person in staff.people()}
    settle_what_was_left(people.values(), rng=random.Random(f"{seed} {last}"), now=now)
    note_calls_since(last - _STILL_GOING_ON, at=now)
    first = min(person.added_at for person in people.values())
    since = (last - first).total_seconds() / 86_400
    progress("the days since", 0.1)
    wanted = Wanted(seed=seed, customers=customers, staff=staff_size, first=first, since=since)
    world = draw_world(wanted, now=now)
    employed = _employed(world.staff, people)
    lowest = min(row.id for row in all_customers())
    customer_ids = range(lowest, lowest + customers)
    households, ids = households_of(world), ids_of(customer_ids, employed)
    if not _are_the_same_people(households, customer_ids, now=now):
        progress("made by another version, so nothing more happens here; --fresh makes it anew", 1.0)
        return False
    load_outages(world, customer_ids, now=now, mark=f"N{int(since * 24)}-")
    history = History(world, households, ids, mark=f"K{int(since * 24)}-")
    load_history(history, now=now, progress=progress)
    progress("bills", 0.95)
    continue_bills(history, employed, now=now)
    Present(world, households, ids, employed).make()
    lay_plans(world, employed, now=now)
    progress("done", 1.0)
    return True


def _are_the_same_people(households: Households, customer_ids: Sequence[int], *, now: datetime) -> bool:
    """Whether these are the customers that stand there: another version draws other people from the same seed."""
    numbers = range(0, len(customer_ids), max(1, len(customer_ids) // _LOOKED_AT))
    known = [record.card(customer_ids[number], at=now).name for number in numbers]
    drawn = [households.customers[number].name for number in numbers]
    return sum(a == b for a, b in zip(known, drawn, strict=True)) > len(known) / 2  # a visitor may have changed some


def _last_contact(now: datetime) -> datetime | None:
    for days in (2, 40, 1500):
        rows = [row.began_at for row in contacts_since(now - timedelta(days=days))]
        if rows:
            return max(rows)
    return None


def _employed(colleagues: list[Colleague], people: dict[str, Person]) -> Employed:
    """The people of then; somebody whom an administrator renamed is stood in for by another."""
    stand_in = next(iter(people.values()))
    teams = {team.name: team.pk for team in staff.teams()}
    return Employed([people.get(colleague.email, stand_in) for colleague in colleagues], teams)
