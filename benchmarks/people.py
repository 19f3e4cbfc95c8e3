"""Made-up customers with names as unevenly spread as real ones: a few very common, a long tail of rare ones."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from tellonce.modules.record.contracts import NewAccount, NewCustomer, NewDevice, NewPerson, NewPremise

_SURNAMES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson "
    "Anderson Thomas Taylor Moore Jackson Martin Lee Perez "
    "Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker "
    "Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell "
    "Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy "
    "Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson "
    "Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross "
    "Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vasquez "
    "Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant "
    "Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald "
    "Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter "
    "Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Muñoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose"
)
_FIRST_NAMES = (
    "James Mary Michael Patricia Robert Jennifer John Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Karen Christopher Sarah Charles Lisa Daniel Nancy Matthew Sandra Anthony Betty Mark Ashley Donald "
    "Emily Steven Kimberly Andrew Margaret Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa Timothy "
    "Deborah Ronald Stephanie Jason Rebecca George Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Nicholas "
    "Kathleen Gary Angela Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela Justin Nicole Scott Anna Brandon "
    "Samantha Benjamin Katherine Samuel Christine Gregory Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond "
    "Maria Jack Heather Dennis Diane Jerry Olivia Tyler Julie Aaron Joyce Jose Victoria Adam Ruth Nathan Virginia "
    "Henry Lauren Zachary Kelly Douglas Christina Peter Joan "
    "Kyle Evelyn Noah Judith Ethan Andrea Jeremy Hannah Christian "
    "Megan Walter Cheryl Keith Jacqueline Austin Martha Roger Madison Terry Teresa Sean Gloria Gerald Sara Carl Janice "
    "Dylan Ann Harold Kathryn Jordan Abigail Jesse Sophia Bryan Frances Lawrence Jean Arthur Alice Gabriel Judy Bruce "
    "Isabella Logan Julia Billy Grace Joe Amber Alan Denise Juan Danielle Elijah Marilyn Willie Beverly Albert "
    "Charlotte"
)
_STREETS = (
    "Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Lincoln Church Willow Mill Sunset Jackson "
    "River Cherry Highland Jefferson Center Park Forest Hickory Valley Meadow Chestnut Franklin Dogwood Juniper Harbour"
)
STREET_KINDS = ("Street", "Avenue", "Road", "Drive", "Lane", "Court", "Place", "Way")
AREA_CODES = (212, 213, 312, 415, 503, 617, 702, 713, 305, 404, 206, 303, 512, 602, 704, 614, 317, 412, 816, 615)
_STARTS = "b br c ch cl d dr f fl g gr h j k kl kr l m n p pr r s sch sh sl st t tr v w z"
_VOWELS = "a e i o u ai au ea ei ie oo ou"
_ENDS = "ck d ff k l ld ler ll lt m man mann n ner nd ng nt r rd rg rs rt s sen ski son ss st t tz x zik"


def _weights(count: int, *, flat: float, power: float) -> list[float]:
    return list(accumulate(1 / (rank + flat) ** power for rank in range(count)))


def _words(text: str) -> list[str]:
    return text.split()


class People:
    """A stream of customers from one seed; customer `n` is the same in every run."""

    def __init__(self, *, rare_surnames: int = 120_000, rare_first_names: int = 4_000) -> None:
        chance = random.Random(20261122)
        self.surnames = [*_words(_SURNAMES), *_made_up(chance, rare_surnames)]
        self.first_names = [*_words(_FIRST_NAMES), *_made_up(chance, rare_first_names)]
        self.streets = [*_words(_STREETS), *_made_up(chance, 2_000)]
        self.towns = _made_up(chance, 400)
        self._surname_weights = _weights(len(self.surnames), flat=12, power=0.95)
        self._first_weights = _weights(len(self.first_names), flat=10, power=1.0)
        self._street_weights = _weights(len(self.streets), flat=10, power=0.9)

    def customers(self, *, first: int, count: int) -> Iterator[NewCustomer]:
        """Customers `first` to `first + count - 1`."""
        chance = random.Random(first)
        forenames = chance.choices(self.first_names, cum_weights=self._first_weights, k=count * 2)
        surnames = chance.choices(self.surnames, cum_weights=self._surname_weights, k=count)
        streets = chance.choices(self.streets, cum_weights=self._street_weights, k=count)
        for place in range(count):
            who = (forenames[2 * place], forenames[2 * place + 1], surnames[place], streets[place])
            yield self._customer(chance, first + place, who)

    def _customer(self, chance: random.Random, number: int, who: tuple[str, str, str, str]) -> NewCustomer:
        name, other, last, street = who
        town = chance.randrange(len(self.towns))
        since = date(2010, 1, 1) + timedelta(days=chance.randrange(5_800))
        mail = f"{name}.{last}{number}@example.net"
        people = [NewPerson(name=f"{name} {last}", phones=(_phone(chance),), mails=(mail,))]
        if chance.random() < 0.3:
            people.append(NewPerson(name=f"{other} {last}", phones=(_phone(chance),)))
        line = f"{chance.randrange(1, 9_999)} {street} {chance.choice(STREET_KINDS)}"
        unit = f"Apt {chance.randrange(1, 400)}" if chance.random() < 0.25 else ""
        place = NewPremise(line=line, unit=unit, town=self.towns[town].title(), postcode=f"{10_000 + 173 * town}")
        device = NewDevice(
            maker="Hitron",
            model="HX-20",
            serial=f"HX{number:09d}{chance.randrange(100):02d}",
            mac=f"{number * 7919:012x}",
        )
        return NewCustomer(
            source="bench",
            external_id=f"B{number}",
            name=people[0].name,
            since=since,
            left_on=since + timedelta(days=90) if chance.random() < 0.12 else None,
            people=tuple(people),
            premises=(place,),
            accounts=(NewAccount(number=f"{8_000_000_000 + number * 37}", cycle_day=1 + number % 28),),
            devices=(device,),
        )


def _phone(chance: random.Random) -> str:
    return f"+1{chance.choice(AREA_CODES)}{chance.randrange(200, 999)}{chance.randrange(10_000):04d}"


def _made_up(chance: random.Random, count: int) -> list[str]:
    starts, vowels, ends = _words(_STARTS), _words(_VOWELS), _words(_ENDS)
    names: dict[str, None] = {}
    while len(names) < count:
        parts = [chance.choice(starts), chance.choice(vowels)]
        for _ in range(chance.choice((0, 1, 1, 2))):
            parts += [chance.choice(starts), chance.choice(vowels)]
        names["".join((*parts, chance.choice(ends))).capitalize()] = None
    return list(names)
