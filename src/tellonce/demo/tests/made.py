"""A small made-up provider as it would be loaded, without a database."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from tellonce.demo.casework import Casework
from tellonce.demo.generate import households_of
from tellonce.demo.history import History, Ids
from tellonce.demo.households import Households
from tellonce.demo.world import World, draw_world, wanted_until
from tellonce.modules.care.actions import NewHandOver
from tellonce.modules.care.contracts import NewCase, NewContact, NewPromise
from tellonce.modules.care.contracts.first_matters import first_codes

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
STAFF = 60


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that would be loaded; customers, staff and contacts go by their places."""

    world: World
    households: Households
    history: History
    contacts: list[NewContact]
    cases: list[NewCase]
    promises: list[NewPromise]
    hand_overs: list[NewHandOver]
    codes: dict[int | None, str]

    def texts(self) -> list[str]:
        """Every sentence of it."""
        found = [text for each in self.contacts for text in (each.said, each.note)]
        found += [text for each in self.cases for text in (each.title, each.solved_note)]
        found += [each.what for each in self.promises] + [each.line for each in self.hand_overs]
        return [text for text in found if text]


@cache
def made(customers: int = 3000, now: datetime = NOW) -> Made:
    """The provider, made once for all tests."""
    world = draw_world(wanted_until(now, seed=1, customers=customers, staff=STAFF), now=now)
    households = households_of(world)
    matters = {code: number for number, code in enumerate(first_codes())}
    ids = Ids(
        customers=range(customers), staff=range(STAFF), staff_teams=[1] * STAFF, staff_sites=[1] * STAFF,
        staff_partners=[None] * STAFF, teams=defaultdict(int), matters=matters,
    )  # fmt: skip
    history = History(world, households, ids)
    contacts = list(history.contacts())
    casework = Casework(history, range(len(contacts)))
    cases = list(casework.cases())
    promises = list(casework.promises(range(len(cases))))
    return Made(
        world, households, history, contacts, cases, promises, list(casework.hand_overs()),
        {number: code for code, number in matters.items()},
    )  # fmt: skip
