"""From columns to customers as the record's bulk path takes them: names, numbers, addresses, services, devices."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from tellonce.demo.belongings import devices_of, other_plan, services_of
from tellonce.demo.calendar import Floats, Ints, Span
from tellonce.demo.customers import BUSINESS, CULTURES, HISPANIC, HOUSEHOLD, Customers, Places
from tellonce.demo.making import Maker
from tellonce.demo.provider import PLANS, REGIONS, STREET_KINDS, STREETS_EAST, STREETS_WEST, WEST_REGION
from tellonce.demo.writing import Speaker
from tellonce.modules.record.contracts import (
    NewAccount,
    NewCustomer,
    NewFlag,
    NewPerson,
    NewPremise,
)

SOURCE: Final = "demo"
_DOMAINS: Final = ("example.com", "example.net", "example.org")
_PLAIN_LETTERS: Final = str.maketrans(
    "áéíóúñüçčšžřýěůćđłńśźżãõàèìòùâêîôûäöëï", "aeiounuccszryeucdlnszzaoaeiouaeiouaoei"
)
_FLAGS: Final = (
    ("life_line", "Alarm button of an elderly person on this line"),
    ("life_line", "Home dialysis, depends on the phone"),
    ("do_not_call", "Asked in writing not to be called about offers"),
    ("restricted", "Works at the provider"),
    ("restricted", "Protected address, ask for the supervisor"),
    ("staff_safety", "Dog in the yard, technician calls first"),
    ("staff_safety", "Threatened a technician; visits by two people only"),
)
_NO_DAY: Final = 10**6
_PHONE, _FIRST_WITHOUT_LINE = 2, 2  # the column of the home phone; the first flag that needs none
_FLAG_SHARES: Final = (0.25, 0.08, 0.37, 0.05, 0.03, 0.19, 0.03)


@dataclass(frozen=True, slots=True)
class Households:
    """The customers for the record and, in the same order, how they speak today and what they are reached from.

    `moved` gives the day of a move with the town and street before it, `changed` the day and name of another plan,
    `promoted` the day on which each promotion ends.
    """

    customers: list[NewCustomer]
    speakers: list[Speaker]
    phones: list[str]
    mails: list[str]
    joined: list[int]
    promoted: list[int]
    moved: dict[int, tuple[int, str, str]]
    changed: dict[int, tuple[int, str]]

    def speaker_at(self, number: int, day: float) -> Speaker:
        """How a customer spoke then: of the plan, the street and the years of that day."""
        today = self.speakers[number]
        plan, town, street = today.plan, today.town, today.street
        if number in self.changed and day >= self.changed[number][0]:
            plan = self.changed[number][1]
        if number in self.moved and day < self.moved[number][0]:
            _, town, street = self.moved[number]
        years = max(0, int(day - self.joined[number])) // 365
        kinds = today.kinds | {"on_promotion"} if day < self.promoted[number] < _NO_DAY else today.kinds
        return replace(today, plan=plan, town=town, street=street, years=years, kinds=kinds)


def make_households(
    rng: np.random.Generator,
    *,
    span: Span,
    customers: Customers,
    places: Places,
    activated: Floats,
    swaps: dict[int, int],
    twins: dict[int, int],
) -> Households:
    """All customers in order; `swaps` gives the day of a new modem, `twins` who was entered a second time as whom."""
    make = Maker(rng, span, customers, places, activated)
    for second, first in twins.items():
        make.draws[second][2:9], make.draws[second][16:20] = make.draws[first][2:9], make.draws[first][16:20]
        make.culture[second], make.node[second] = make.culture[first], make.node[first]
    made = Households([], [], [], [], make.joined, make.promotion, {}, {})
    for number in range(len(customers)):
        customer, speaker, phone, mail = _one(make, number, swaps.get(number))
        if len(customer.premises) > 1:
            old = customer.premises[1]
            made.moved[number] = make.moved[number], old.town, _street(old)
        if make.changed[number] <= make.now:
            first = next(plan for plan in make.plans[number] if plan >= 0)
            made.changed[number] = make.changed[number], PLANS[other_plan(first, make.draws[number][21])].name
        made.customers.append(customer)
        made.speakers.append(speaker)
        made.phones.append(phone)
        made.mails.append(mail)
    return made


def _one(make: Maker, n: int, swap: int | None) -> tuple[NewCustomer, Speaker, str, str]:
    draws, c = make.draws[n], make.c
    spanish = bool(c.spanish[n])
    since = make.day(make.joined[n])
    name, people_names = _names(make, n)
    home = make.phone() if not c.has_no_phone[n] else ""
    mail = _mail(people_names[0], draws)
    people = tuple(
        _person(make, n, k, person, spanish=spanish, mail=mail if k == 0 else "")
        for k, person in enumerate(people_names)
    )
    premises = _premises(make, n)
    region = REGIONS[make.places.town_region[make.places.node_town[make.node[n]]]]
    languages = ("es", "en") if spanish and draws[1] % 3 else ("es",) if spanish else ("en",)
    services = services_of(make, n)
    customer = NewCustomer(
        source=SOURCE,
        external_id=f"C{n + 1:06d}",
        kind=("person", "household", "business")[make.kind[n]],
        name=name,
        languages=languages,
        time_zone=region.time_zone,
        since=since,
        left_on=make.ended(make.left[n]),
        people=people,
        phones=(home,) if home else (),
        premises=premises,
        accounts=(_account(make, n),),
        services=services,
        devices=devices_of(make, n, services, swap),
        flags=_flags(make, n),
    )
    has = [PLANS[plan] for plan in make.plans[n] if plan >= 0]
    speaker = Speaker(
        name=people_names[0],
        spanish=spanish,
        town=premises[0].town,
        street=_street(premises[0]),
        plan=has[0].name,
        years=max(0, make.now - make.joined[n]) // 365,
        kinds=frozenset(plan.kind for plan in has),
        is_business=make.kind[n] == BUSINESS,
    )
    return customer, speaker, home, mail


def _street(premise: NewPremise) -> str:
    return premise.line.split(" ", 1)[1]


def _names(make: Maker, n: int) -> tuple[str, tuple[str, ...]]:
    draws = make.draws[n]
    culture = make.names[CULTURES[make.culture[n]]]
    given, family = culture["given"], culture["family"]
    first, last = given[draws[2] % len(given)], family[draws[3] % len(family)]
    partner = _partner(given, draws[2] % len(given), draws[4])
    if make.kind[n] == BUSINESS:
        in_spanish = make.culture[n] == HISPANIC and draws[5] % 2
        trades = make.names["trades"]["es" if in_spanish else "en"]
        trade = trades[draws[6] % len(trades)]
        town = make.places.town_names[make.places.node_town[make.node[n]]]
        front = last if draws[7] % 3 else town
        return f"{trade} {front}" if in_spanish else f"{front} {trade}", (
            f"{first} {last}",
            f"{partner} {family[draws[8] % len(family)]}",
        )[: 1 + draws[9] % 2]
    if make.kind[n] == HOUSEHOLD:
        other = last if draws[7] % 4 else family[draws[8] % len(family)]
        joined = f"{first} & {partner} {last}" if other == last else f"{first} {last} & {partner} {other}"
        return joined, (f"{first} {last}", f"{partner} {other}")
    if make.culture[n] == HISPANIC and draws[7] % 3 == 0 and family[draws[8] % len(family)] != last:
        last = f"{last} {family[draws[8] % len(family)]}"
    return f"{first} {last}", (f"{first} {last}",)


def _partner(given: list[str], first: int, draw: int) -> str:
    """Somebody else's given name: men stand at even places, women at odd ones, and most couples are one of each."""
    mixed = draw % 100 < 93
    place = 2 * (draw // 100 % (len(given) // 2)) + ((1 - first % 2) if mixed else first % 2)
    return given[place] if place != first else given[(place + 2) % len(given)]


def _person(make: Maker, n: int, k: int, name: str, *, spanish: bool, mail: str) -> NewPerson:
    draws = make.draws[n]
    has_own = k == 0 and draws[10] % 100 < 42
    return NewPerson(
        name=name,
        authority="decide" if k == 0 or draws[11] % 2 else "ask",
        language="es" if spanish else "en",
        since=make.day(min(make.joined[n] + (draws[11] % 200 if k else 0), make.left[n], make.now)),
        phones=(make.phone(),) if has_own else (),
        mails=(mail,) if mail and draws[12] % 100 < 88 else (),
    )


def _mail(name: str, draws: list[int]) -> str:
    plain = name.lower().translate(_PLAIN_LETTERS).replace("'", "").replace("-", "")
    parts = plain.split()
    first, last = parts[0], parts[-1]
    shape = draws[13] % 4
    local = (f"{first}.{last}", f"{first[0]}{last}", f"{first}{last[0]}", f"{last}.{first}")[shape]
    return f"{local}{draws[14] % 9000 + 10}@{_DOMAINS[draws[15] % 3]}"


def _premises(make: Maker, n: int) -> tuple[NewPremise, ...]:
    since, moved = make.joined[n], make.moved[n]
    first = _premise(make, make.moved_to[n] if moved <= make.now else make.node[n], make.draws[n][16:20])
    if moved > make.now:
        return (_dated(first, make.day(since), make.ended(make.left[n])),)
    second = _premise(make, make.node[n], make.draws[n][17:21])
    return (  # the present one first: services hang on the first premise
        _dated(second, make.day(moved), make.ended(make.left[n])),
        _dated(first, make.day(since), make.day(moved)),
    )


def _premise(make: Maker, node: int, draws: list[int]) -> NewPremise:
    town = int(make.places.node_town[node])
    streets = STREETS_WEST if make.places.town_region[town] >= WEST_REGION else STREETS_EAST
    street = f"{streets[draws[0] % len(streets)]} {STREET_KINDS[draws[1] % len(STREET_KINDS)]}"
    return NewPremise(
        line=f"{draws[2] % 290 + 1} {street}",
        unit=f"Apt {draws[3] % 24 + 1}" if draws[3] % 5 == 0 else "",
        town=make.places.town_names[town],
        postcode=f"00{town + 1:02d}{node % 5 + 1}",
        area_code=node_code(make.places, node),
    )


def node_code(places: Places, node: int) -> str:
    """The stable code of a node in the area tree."""
    return places.node_names[node].lower().replace(" ", "-")


def _dated(premise: NewPremise, since: date, until: date | None) -> NewPremise:
    return NewPremise(
        line=premise.line, unit=premise.unit, town=premise.town, postcode=premise.postcode,
        area_code=premise.area_code, since=since, until=until,
    )  # fmt: skip


def _account(make: Maker, n: int) -> NewAccount:
    return NewAccount(
        number=f"{8_000_0000 + n * 7 + 13}",
        cycle_day=int(make.c.cycle_day[n]),
        opened_on=make.day(make.joined[n]),
        closed_on=make.ended(make.left[n]),
    )


def _flags(make: Maker, n: int) -> tuple[NewFlag, ...]:
    draw = make.draws[n][0]
    if draw % 1000 >= 22:
        return ()
    choice = int(np.searchsorted(np.cumsum(_FLAG_SHARES), (draw // 1000 % 1000) / 1000, side="right"))
    if make.plans[n][_PHONE] < 0:
        choice = max(choice, _FIRST_WITHOUT_LINE)
    kind, reason = _FLAGS[min(choice, len(_FLAGS) - 1)]
    day = max(make.joined[n], make.now - draw // 7 % 700)
    return (NewFlag(kind=kind, reason=reason, since=make.span.moment(min(day, make.now - 1) + 0.6)),)


def region_of(places: Places, node: Ints) -> Ints:
    """The region of each node."""
    return places.town_region[places.node_town[node]]
