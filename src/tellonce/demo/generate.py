"""Makes the whole demo: two years of a made-up provider, through the bulk paths that keep the product's rules."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db import connection

from tellonce.demo.bare import bare_tables
from tellonce.demo.beside import Beside
from tellonce.demo.billed.loading import Billed, load_bills
from tellonce.demo.billed.storied import tell_of_billing
from tellonce.demo.calls import load_calls
from tellonce.demo.casework import Casework
from tellonce.demo.changes import tell_of_changes
from tellonce.demo.history import History, Ids
from tellonce.demo.households import Households, make_households
from tellonce.demo.network import load_outages
from tellonce.demo.people import Employed, add_areas, add_staff
from tellonce.demo.plans import lay_plans
from tellonce.demo.present import Present, merge_twins, strangers
from tellonce.demo.world import Wanted, World, draw_world, wanted_until
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM

Progress = Callable[[str, float], None]
_BATCH: Final = 10_000
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A world with its customers as the record takes them; nothing of it is written yet."""

    world: World
    households: Households


def generate(*, seed: int, now: datetime, progress: Progress, customers: int = 20_000, staff: int = 60) -> Billed:
    """Fills an empty, migrated database; `progress` hears what is being made and how much of all is done (0 to 1).

    Gives the bills as they were made, with what is wrong on them, to whoever scores what is found.
    """
    progress("people", 0.0)
    drawn = draw(wanted_until(now, seed=seed, customers=customers, staff=staff), now=now)
    employed = add_people(drawn.world)
    ids = ids_of(_customers_to_be(customers), employed)
    load_customers(drawn, ids, now=now, progress=progress)
    history = History(drawn.world, drawn.households, ids)
    progress("bills", 0.33)
    billed = load_bills(history, now=now)
    load_history(history, now=now, progress=progress)
    complete(drawn, ids, employed, billed=billed, now=now, progress=progress)
    return billed


@contextmanager
def second_process(*, seed: int, now: datetime, customers: int = 20_000, staff: int = 60) -> Iterator[Beside]:
    """Where `generate_in_two` has half of its work done; started early, it makes up its world while tables are made."""
    with Beside(wanted_until(now, seed=seed, customers=customers, staff=staff), now=now) as beside:
        yield beside


def generate_in_two(beside: Beside, *, progress: Progress) -> None:
    """As `generate`, by two processes into bare tables: for a database that is new and that nobody uses yet."""
    progress("people", 0.0)
    wanted, now = beside.wanted, beside.now
    with _uncollected():
        drawn = draw(wanted, now=now)
        employed = add_people(drawn.world)
        ids = ids_of(_customers_to_be(wanted.customers), employed)
        with bare_tables(progress):
            beside.write(ids)
            load_customers(drawn, ids, now=now, progress=progress)
            progress("bills", 0.33)
            billed = load_bills(History(drawn.world, drawn.households, ids), now=now)
            beside.wait(progress)
        complete(drawn, ids, employed, billed=billed, now=now, progress=progress)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: among millions of living rows it took a third of the time, and found none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def load_history_of(wanted: Wanted, now: datetime, ids: Callable[[], Ids], progress: Progress) -> None:
    """The part of the second process: it draws the world first, and then asks how the database calls everybody."""
    drawn = draw(wanted, now=now)
    load_history(History(drawn.world, drawn.households, ids()), now=now, progress=progress)


def draw(wanted: Wanted, *, now: datetime) -> Drawn:
    """What is wanted, as far as it needs no database."""
    world = draw_world(wanted, now=now)
    return Drawn(world, households_of(world))


def add_people(world: World) -> Employed:
    """Staff and areas: what everything else refers to."""
    employed = add_staff(world.staff, at=world.span.first)
    add_areas(world.places)
    return employed


def load_customers(drawn: Drawn, ids: Ids, *, now: datetime, progress: Progress) -> None:
    """Customers with what they have, the outages that they saw, and strangers."""
    progress("customers", 0.05)
    loaded = record.load_customers(drawn.households.customers, by=SYSTEM, at=now)
    if list(loaded.customer_ids) != list(ids.customers):
        raise RuntimeError("somebody else adds customers to this database")
    progress("outages", 0.30)
    load_outages(drawn.world, ids.customers, now=now)
    care.load_contacts(list(strangers(drawn.world)), by=SYSTEM, at=now)


def complete(drawn: Drawn, ids: Ids, employed: Employed, *, billed: Billed, now: datetime, progress: Progress) -> None:
    """What is told of customers, bills, cases and queues that stand."""
    progress("the present", 0.96)
    world = drawn.world
    tell_of_changes(world, ids.customers)
    tell_of_billing(billed, employed, now=now)
    merge_twins(world, ids, employed, now=now)
    Present(world, drawn.households, ids, employed).make()
    lay_plans(world, employed, now=now)
    progress("done", 1.0)


def _customers_to_be(count: int) -> Sequence[int]:
    """The ids that the database will give to the next customers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value + is_called::int FROM record_customer_id_seq")
        first: int = cursor.fetchone()[0]
    return range(first, first + count)


def households_of(world: World) -> Households:
    """The world's customers as the record takes them."""
    return make_households(
        world.streams["households"],
        span=world.span,
        customers=world.customers,
        places=world.places,
        activated=world.activated,
        swaps=world.swaps,
        twins=world.twins,
    )


def ids_of(customer_ids: Sequence[int], employed: Employed) -> Ids:
    """What the database calls everybody."""
    return Ids(
        customers=customer_ids,
        staff=[person.pk for person in employed.people],
        staff_teams=[person.team_id for person in employed.people],
        staff_sites=[person.site_id for person in employed.people],
        staff_partners=[person.partner_id for person in employed.people],
        teams=employed.teams,
        matters=care_queries.matter_ids(),
    )


def load_history(history: History, *, now: datetime, progress: Progress) -> None:
    """Contacts with their calls, cases, promises and hand-overs, in that order."""
    progress("contacts", 0.35)
    contacts = list(history.contacts())
    contact_ids = _in_batches(contacts, lambda part: care.load_contacts(part, by=SYSTEM, at=now).ids)
    progress("calls", 0.66)
    load_calls(history, contacts, contact_ids, at=now)
    progress("cases", 0.7)
    casework = Casework(history, contact_ids)
    case_ids = _in_batches(list(casework.cases()), lambda part: care.load_cases(part, by=SYSTEM, at=now).ids)
    progress("promises", 0.9)
    promises = list(casework.promises(case_ids))
    _in_batches(promises, lambda part: care.load_promises(part, by=SYSTEM, at=now).ids)
    care.load_hand_overs(list(casework.hand_overs()))


def _in_batches(rows: Sequence[_Row], load: Callable[[Sequence[_Row]], Sequence[int]]) -> list[int]:
    ids: list[int] = []
    for start in range(0, len(rows), _BATCH):
        ids.extend(load(rows[start : start + _BATCH]))
    return ids
