"""What is going on at this moment: hand-overs that wait, questions between departments, doubles found, strangers."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from tellonce.demo import roster
from tellonce.demo.calendar import half_hour, office_time
from tellonce.demo.history import Ids
from tellonce.demo.households import SOURCE, Households
from tellonce.demo.people import Employed
from tellonce.demo.reasons import INDEX, REASON_OF, REASONS
from tellonce.demo.world import World
from tellonce.demo.writing import DRAWS, Topic, Voice
from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import NewContact
from tellonce.modules.care.queries.for_learning import CaseRow, cases_since
from tellonce.modules.record import actions as record
from tellonce.modules.staff.models import Person

_LINES: Final = (
    "They have told it twice already, please read the story before you call.",
    "Second visit would be the third day off for them. Can it be solved without?",
    "They are thinking of leaving. Nobody has asked them yet what would help.",
    "Everything from our side is tried; customer is at home after five.",
)
_ANY_LINE: Final = "Not clear to me what it needs; please look at the story."
_HAND_OVERS: Final = 10
_TRIES: Final = 60
# Who finds hand-overs waiting, by what the case needs: people that somebody is likely to sign in as.
_NAMED: Final = {
    "care": ("Dana Reyes", "Priya Nair"),
    "billing": ("Ruth Keane", "Dana Reyes"),
    "tech": ("Jana Novak", "Owen Brennan"),
    "leaving": ("Grace Whitfield",),
}
ASKED: Final = (
    ("Billing", "Care", "Is the 9.00 on {name}'s bill the old rental?", "billing.question"),
    ("Care", "Network", "Is Sereno-1 noisy again? Three customers in a week", "internet.drops"),
    ("Care", "Field", "Who has the gate code of the house in Harlow Mills?", "visit.change"),
    ("Field", "Care", "Customer asked at the door whether the old box may stay", "equipment.return"),
    ("Retention", "Billing", "What would the loyalty price be for {name}?", "billing.raise"),
    ("Network", "Care", "Please tell those of Juniper Springs-2 about Tuesday night's work", "outage.status"),
    ("Tech help", "Field", "Can somebody look at the tap at the school in Gull Harbor?", "internet.drops"),
)
_NAMES: Final = ("Hale", "Okafor", "Novak", "Chen", "Rivera")
_STRANGERS: Final = (
    ("Alan Pike", "chat", "Do you have fibre in Tansy Bridge yet? We move in next month.", 14),
    (
        "",
        "mail",
        "Good morning,\n\nSomebody with your jacket was at my door about a cheaper plan. Was that you?\n\nB. Holm",
        95,
    ),
    ("Mrs. Serrano", "call", "Llamo por mi mamá, tiene internet con ustedes pero no sé su número de cuenta.", 4000),
    ("", "social", "@Merrowlink Three days without internet and nobody answers. Great job.", 700),
    ("T. Blake", "text", "Wrong number? I keep getting your reminders and I am not a customer.", 9000),
    ("", "mail", "Hello,\n\nPlease remove my address from your list, I moved away years ago.\n\nThank you", 20000),
)
_REACHED_FROM: Final = {"mail": "b.holm@post.example", "social": "@ferry_street"}


def strangers(world: World) -> Iterator[NewContact]:
    """Contacts of people whom nobody could match to a customer yet; two of them still wait."""
    now = world.span.moment(world.span.now)
    for number, (name, channel, said, minutes) in enumerate(_STRANGERS):
        began = now - timedelta(minutes=minutes)
        waits = minutes < 100
        yield NewContact(
            channel=channel,
            began_at=began,
            source=SOURCE,
            external_id=f"S{number:04d}",
            said_name=name,
            reached_from=_REACHED_FROM.get(channel, "") if not name else "",
            said=said,
            ended_at=None if waits else began + timedelta(minutes=6),
        )


def merge_twins(world: World, ids: Ids, employed: Employed, *, now: datetime) -> None:
    """Some of the customers who stand there twice have been found by a supervisor."""
    rng = random.Random(int(world.streams["present"].integers(1 << 30)))
    supervisor = next(person for person in employed.people if person.name == "Helen Drummond")
    for second, first in sorted(world.twins.items())[5:]:
        at = now - timedelta(days=rng.uniform(2, 300))
        record.merge_customers(
            loser_id=ids.customers[second], winner_id=ids.customers[first], by=supervisor.as_actor(), at=at
        )


class Present:
    """Hand-overs and questions of this morning, by people of the provider who were at work then."""

    def __init__(self, world: World, households: Households, ids: Ids, employed: Employed) -> None:
        self.world, self.households, self.ids, self.employed = world, households, ids, employed
        self.rng = random.Random(int(world.streams["present"].integers(1 << 30)))
        self.now = world.span.moment(world.span.now)

    def make(self) -> None:
        """All that waits now."""
        self._hand_over()
        self._ask()

    def _hand_over(self) -> None:
        """Open cases that passed to a team or a person this morning, and that nobody has taken yet."""
        place_of = {customer_id: place for place, customer_id in enumerate(self.ids.customers)}
        codes = {pk: code for code, pk in self.ids.matters.items()}
        lately = (c for c in cases_since(self.now - timedelta(days=4)) if c.solved_at is None)
        cases = sorted((c for c in lately if c.customer_id in place_of), key=lambda c: c.id)
        self.rng.shuffle(cases)
        by_name = {person.name: person for person in self.employed.people}
        spare = self.rng.sample(_LINES, len(_LINES))
        so_far: Counter[str] = Counter()  # the first of each kind goes to the person named first
        for case in cases[:_HAND_OVERS]:
            code = codes.get(case.matter_id or 0, "")
            skill = REASONS[REASON_OF.get(code, INDEX["details"])].skill
            number, so_far[skill] = so_far[skill], so_far[skill] + 1
            taker = by_name[_NAMED[skill][number % len(_NAMED[skill])]]
            others = [n for n, p in enumerate(self.employed.people) if p.role == "representative" and p.pk != taker.pk]
            at, giver = self._at_work(others, minutes=(5, 200))
            care.hand_over(
                by=giver.as_actor(),
                at=max(at, case.opened_at),
                line=self._line(case, code, place_of[case.customer_id], spare),
                case_id=case.id,
                to_person_id=None if number % 3 == 2 else taker.pk,
                to_team_id=taker.team_id if number % 3 == 2 else None,
            )

    def _line(self, case: CaseRow, code: str, place: int, spare: list[str]) -> str:
        """What the next person must know: of the case's own matter, or (each but once) of the customer."""
        if spare and self.rng.random() < 0.3:
            return spare.pop()
        if code not in REASON_OF:
            return _ANY_LINE
        voice = Voice(topic=Topic(REASON_OF[code], code), speaker=self.households.speakers[place], seed=case.id)
        return voice.handed([self.rng.getrandbits(30) for _ in range(DRAWS)])

    def _ask(self) -> None:
        """Departments ask each other: cases without a customer, some with a promise when there will be an answer."""
        departments = {
            person.team.department.name: person.team.department_id
            for person in self.employed.people
            if person.team is not None and person.team.department is not None
        }
        for asks, asked, title, code in ASKED:
            if asks not in departments or asked not in departments:
                continue
            at, by = self._at_work(self._of(departments[asks]), minutes=(20, 1500))
            case = care.open_case(
                customer_id=None,
                matter_id=self.ids.matters[code],
                title=title.format(name=self.rng.choice(_NAMES)),
                by=by.as_actor(),
                at=at,
                owner_department_id=departments[asked],
                asked_by_id=departments[asks],
            )
            if self.rng.random() < 0.5:
                helper = self.employed.people[self.rng.choice(self._of(departments[asked]))]
                care.make_promise(
                    what="Answer this", due_at=self._due(), by=helper.as_actor(),
                    at=min(at + timedelta(minutes=8), self.now), to_department_id=departments[asks], case_id=case.pk,
                    kind="write",
                )  # fmt: skip

    def _due(self) -> datetime:
        """A half hour in the next working hours."""
        span = self.world.span
        day = np.array([span.now + self.rng.uniform(0.04, 0.3)])
        soon = office_time(self.world.streams["present"], span, day, np.zeros(1, dtype=np.int64))
        return span.moment(float(half_hour(soon)[0]) + 1 / 48)

    def _of(self, department_id: int | None) -> list[int]:
        """Who works in shifts in a department, by their place on staff."""
        shifts = [number for number, colleague in enumerate(self.world.staff) if colleague.skill]
        return [n for n in shifts if _department(self.employed.people[n]) == department_id]

    def _at_work(self, those: list[int], *, minutes: tuple[float, float]) -> tuple[datetime, Person]:
        """One of those who was at work at some time within these minutes before now, and that time."""
        span = self.world.span
        days = np.array([span.now - self.rng.uniform(*minutes) / 1440 for _ in range(_TRIES)])
        there = roster.at_work(span, [self.world.staff[n].shift for n in those], days)
        found = np.argwhere(there.T)
        when, who = self.rng.choice(found) if len(found) else (0, self.rng.randrange(len(those)))
        return span.moment(float(days[when])), self.employed.people[those[int(who)]]


def _department(person: Person) -> int | None:
    return person.team.department_id if person.team is not None else None
