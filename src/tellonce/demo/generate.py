"""Makes the whole demo: two years of a made-up provider, through the bulk paths that keep the product's rules."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from tellonce.demo.calls import load_calls
from tellonce.demo.casework import Casework
from tellonce.demo.changes import tell_of_changes
from tellonce.demo.history import History, Ids
from tellonce.demo.households import Households, make_households
from tellonce.demo.network import load_outages
from tellonce.demo.people import Employed, add_areas, add_staff
from tellonce.demo.plans import lay_plans
from tellonce.demo.present import Present, merge_twins, strangers
from tellonce.demo.world import World, draw_world, wanted_until
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM

Progress = Callable[[str, float], None]
_BATCH: Final = 10_000
_Row = TypeVar("_Row")


def generate(*, seed: int, now: datetime, progress: Progress, customers: int = 20_000, staff: int = 60) -> None:
    """Fills an empty, migrated database; `progress` hears what is being made and how much of all is done (0 to 1)."""
    progress("people", 0.0)
    world = draw_world(wanted_until(now, seed=seed, customers=customers, staff=staff), now=now)
    employed = add_staff(world.staff, at=world.span.first)
    add_areas(world.places)
    progress("customers", 0.05)
    households = households_of(world)
    customer_ids = record.load_customers(households.customers, by=SYSTEM, at=now).customer_ids
    ids = ids_of(customer_ids, employed)
    progress("outages", 0.30)
    load_outages(world, customer_ids, now=now)
    load_history(History(world, households, ids), now=now, progress=progress)
    care.load_contacts(list(strangers(world)), by=SYSTEM, at=now)
    progress("the present", 0.96)
    tell_of_changes(world, customer_ids)
    merge_twins(world, ids, employed, now=now)
    Present(world, households, ids, employed).make()
    lay_plans(world, employed, now=now)
    progress("done", 1.0)


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
