"""Who works at the made-up provider, and who of them answers what, when, in which language."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo import roster
from tellonce.demo.calendar import Bools, Floats, Ints, Span
from tellonce.demo.customers import CULTURE_SHARES, CULTURES
from tellonce.demo.provider import PARTNER, SITES, TEAMS, WEST_REGION
from tellonce.demo.reasons import REASONS, Reason
from tellonce.demo.writing import words

MAIL_DOMAIN: Final = "merrowlink.example"
_SKILLS: Final = ("care", "billing", "tech", "leaving")
_CARE_EAST, _CARE_WEST, _BILLING, _TECH, _RETENTION, _BY_DAY, _BY_NIGHT = range(7)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on staff: team by name ("" for none), the site and department of the team, the first day of work."""

    name: str
    role: str
    team: str
    site: str
    partner: str
    skill: str
    spanish: bool
    permission_sets: tuple[str, ...] = ()
    place: int = 0
    since: float = 0.0

    @property
    def email(self) -> str:
        """A mail address at a reserved domain."""
        folded = self.name.lower().translate(str.maketrans("áéíóúñüç", "aeiounuc")).replace("'", "")
        return ".".join(folded.replace("-", " ").split()[:: max(1, len(folded.split()) - 1)]) + f"@{MAIL_DOMAIN}"

    @property
    def shift(self) -> roster.Shift:
        """When they are at work."""
        return roster.Shift(self.site, self.skill == "night", self.place, self.since)


_NAMED: Final = {
    "Care East": ("Dana Reyes", "Sam Ortiz"),
    "Care West": ("Priya Nair", "Mateo Archuleta"),
    "Billing care": ("Ruth Keane", "Kwame Mensah"),
    "Tech help": ("Jana Novak", "Omar Haddad"),
    "Retention": ("Grace Whitfield",),
    "Cordillera day": ("Lucía Fuentes", "Andrés Quintana"),
    "Cordillera night": ("Camila Trujillo",),
    "Field East": ("Owen Brennan", "Tunde Balogun"),
    "Field West": ("Rafael Luján",),
    "Network operations": ("Mei Chen",),
}
_SPEAK_SPANISH: Final = {"Dana Reyes", "Sam Ortiz", "Mateo Archuleta", "Rafael Luján"}
_SETS: Final = {"billing": ("billing_care",), "leaving": ("retention",), "tech": ("tech_help",)}
_LEADERS: Final = (
    ("Helen Drummond", "supervisor", "Care East", ("coach",)),
    ("Ivan Kozlov", "supervisor", "Care West", ("coach",)),
    ("Patricia Salazar", "supervisor", "Cordillera day", ("coach",)),
    ("Walter Oakes", "supervisor", "Field East", ()),
    ("Amira Mansour", "manager", "", ("planner",)),
    ("Thomas Prescott", "manager", "", ()),
    ("Soo-ah Kim", "analyst", "", ("planner",)),
    ("Nora Ellsworth", "administrator", "", ()),
)
_FIRST: Final = 3
# Of those who are not named above, every third has come within the last two years.
_HIRED_LATER: Final = (45.0, 560.0)


def draw_staff(rng: np.random.Generator, *, staff: int) -> list[Colleague]:
    """`staff` people (at least one of each role and team), leaders last."""
    wanted = sum(team.representatives + team.technicians for team in TEAMS)
    share = max(0.0, (staff - len(_LEADERS)) / wanted)
    taken = {name for names in _NAMED.values() for name in names} | {leader[0] for leader in _LEADERS}
    people: list[Colleague] = []
    for team in TEAMS:
        partner = PARTNER if team.site == SITES[2][0] else ""
        for number in range(max(1, round((team.representatives + team.technicians) * share))):
            named = _NAMED[team.name]
            is_named = number < len(named)
            latin = bool(partner) or number % 3 == 2
            name = named[number] if is_named else _new_name(rng, taken, latin=latin)
            late = rng.uniform(*_HIRED_LATER)
            people.append(
                Colleague(
                    name=name,
                    role="technician" if team.technicians else "representative",
                    team=team.name,
                    site=team.site,
                    partner=partner,
                    skill=team.kind,
                    spanish=latin or name in _SPEAK_SPANISH,
                    permission_sets=_SETS.get(team.kind, ()),
                    place=number,
                    since=late if not is_named and number % 3 == 0 and not partner else 0.0,
                )
            )
    return [*_fitted(people, max(len(TEAMS), staff - len(_LEADERS))), *_leaders()]


def _fitted(people: list[Colleague], wanted: int) -> list[Colleague]:
    """Takes away from the biggest teams what rounding gave too much."""
    while len(people) > wanted:
        sizes = {team.name: sum(person.team == team.name for person in people) for team in TEAMS}
        biggest = max(sizes, key=lambda name: sizes[name])
        people.remove([person for person in people if person.team == biggest][-1])
    return people


def _leaders() -> list[Colleague]:
    by_name = {team.name: team for team in TEAMS}
    return [
        Colleague(
            name=name,
            role=role,
            team=team,
            site=by_name[team].site if team else SITES[0][0],
            partner=PARTNER if team.startswith("Cordillera") else "",
            skill="",
            spanish=False,
            permission_sets=sets,
        )
        for name, role, team, sets in _LEADERS
    ]


def _new_name(rng: np.random.Generator, taken: set[str], *, latin: bool) -> str:
    """A name whose parts nobody on staff has yet: two people called Trujillo are mixed up all day."""
    names = words("names")
    parts = {part for name in taken for part in name.split()}
    while True:
        culture = "hispanic" if latin else str(rng.choice(CULTURES, p=CULTURE_SHARES))
        given, family = rng.choice(names[culture]["given"]), rng.choice(names[culture]["family"])
        if not {*str(given).split(), *str(family).split()} & parts:
            name = f"{given} {family}"
            taken.add(name)
            return name


def team_for(promise: str, *, reason: Reason, is_west: bool) -> str:
    """The team that has to keep a promise of this kind; empty where whoever promised it does."""
    if promise == "visit":
        return "Field West" if is_west else "Field East"
    if promise == "credit":
        return "Billing care"
    return "Network operations" if promise == "fix" and reason.skill == "tech" else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Contacts that are to be answered, as columns: about what, when, from where, in Spanish or not.

    What is `owed` of them rather comes to the first of a team: visitors sign in as those and shall find work.
    """

    reason: Ints
    at: Floats
    region: Ints
    spanish: Bools
    owed: Bools

    def __len__(self) -> int:
        """How many."""
        return len(self.at)


def assign(rng: np.random.Generator, *, staff: list[Colleague], span: Span, asked: Asked) -> tuple[Ints, Ints]:
    """Who answers each contact, and who would have had it first before passing it on: people who are at work then.

    By skill, side of the country, and language; where none of the team is there, the other side, then the partner.
    """
    skill = np.array([_SKILLS.index(r.skill) for r in REASONS])[asked.reason]
    near = np.where(asked.region >= WEST_REGION, _CARE_WEST, _CARE_EAST)
    near = np.where(rng.random(len(asked)) < 0.2, _BY_DAY, near)
    specialist = rng.random(len(asked)) < 0.75
    special = np.select([skill == 1, skill == 2, skill == 3], [_BILLING, _TECH, _RETENTION], near)
    wants = asked.spanish & (rng.random(len(asked)) < 0.85)
    floor = _Floor(rng, staff, span, asked, wants)
    other_side = np.where(near == _CARE_EAST, _CARE_WEST, _CARE_EAST)
    answers = floor.first_of([np.where(specialist, special, near), near, other_side])
    passes = floor.first_of([near, other_side], but=answers)
    return answers, passes


class _Floor:
    """The representatives, who of them is there at each time, and who speaks what is wanted."""

    def __init__(
        self, rng: np.random.Generator, staff: list[Colleague], span: Span, asked: Asked, wants_spanish: Bools
    ) -> None:
        self.rng, self.at = rng, asked.at
        teams = [plan.name for plan in TEAMS]
        self.people = np.array([i for i, p in enumerate(staff) if p.role == "representative"])
        self.team = np.array([teams.index(staff[i].team) for i in self.people])
        speaks = np.array([staff[i].spanish for i in self.people])
        there = roster.at_work(span, [staff[i].shift for i in self.people], asked.at)
        is_first = np.array([staff[i].place < _FIRST for i in self.people])
        self.rather = is_first[:, None] & asked.owed
        self.always = np.isin(self.team, [_BY_DAY, _BY_NIGHT])  # that site never closes: somebody stays longer
        self.able = (there | self.always[:, None]) & (speaks[:, None] | ~wants_spanish)
        self.there = there

    def first_of(self, teams: list[Ints], but: Ints | None = None) -> Ints:
        """Somebody of the first of these teams who is there; else of the partner, who always has somebody."""
        night = np.full(len(self.at), _BY_NIGHT)
        chosen = np.full(len(self.at), -1)
        draws = self.rng.random((len(self.people), len(self.at))) + 0.5 * self.rather
        if but is not None:
            draws[self.people[:, None] == but] = 0.0
        for team in [*teams, np.full(len(self.at), _BY_DAY), night]:
            fits = (self.team[:, None] == team) & self.able & self.there
            chosen = np.where((chosen < 0) & fits.any(axis=0), (draws * fits).argmax(axis=0), chosen)
        fits = self.always[:, None] & self.able
        chosen = np.where(chosen < 0, (draws * fits).argmax(axis=0), chosen)
        somebody: Ints = self.people[chosen]
        return somebody
