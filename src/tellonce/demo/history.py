"""From the world's columns to contacts as care's bulk path takes them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tellonce.demo import rates, writing
from tellonce.demo.households import SOURCE, Households
from tellonce.demo.world import World
from tellonce.modules.care.contracts import NewContact

CHANNELS: Final = tuple(name for name, _ in rates.CHANNELS)
_WAITS_AT_ONCE: Final = 10.0 / 1440
_QUICK: Final = {"call", "chat"}


@dataclass(frozen=True, slots=True)
class Ids:
    """What the database calls things: customers in order, staff in order, teams by name, matters by code."""

    customers: Sequence[int]
    staff: Sequence[int]
    staff_teams: Sequence[int | None]
    staff_sites: Sequence[int | None]
    staff_partners: Sequence[int | None]
    teams: dict[str, int]
    matters: dict[str, int]


@dataclass(slots=True)
class Row:
    """A contact on its way to the database, with what its case needs to know; times in days."""

    place: int
    problem: int
    began: float
    answered: float
    ended: float
    is_live: bool
    solved: bool
    promises: list[int] = field(default_factory=list)


class History:
    """Builds what is loaded; `rows` are the contacts that stand, in order of time."""

    def __init__(self, world: World, households: Households, ids: Ids, *, mark: str = "K") -> None:
        self.mark = mark  # what the contacts' external ids begin with
        self.world, self.households, self.ids = world, households, ids
        contacts = world.chains.contacts
        texts = world.streams["texts"]
        self.draws: list[list[int]] = texts.integers(0, 1 << 30, (len(contacts.at), writing.DRAWS)).tolist()
        self._seeds: list[int] = texts.integers(0, 1 << 30, len(world.problems)).tolist()
        self._voices: dict[int, writing.Voice] = {}
        self.who: list[int] = world.problems.who[contacts.problem].tolist()
        self.reason: list[int] = world.problems.reason[contacts.problem].tolist()
        self.taken: list[int] = world.taken_by.tolist()
        self.passed: list[int] = world.passed_by.tolist()
        self.round: list[int] = contacts.round.tolist()
        self.channel: list[int] = contacts.channel.tolist()
        self.chases: list[bool] = contacts.chases.tolist()
        self.gone: list[float] = contacts.gone.tolist()
        self.is_long: list[bool] = world.chains.drawn_out.tolist()
        self.rows = self._rows()
        self.place_of = {row.place: number for number, row in enumerate(self.rows)}

    def _rows(self) -> list[Row]:
        """Contacts up to now. One that is waiting or in hand is the last of its problem."""
        c, now = self.world.chains.contacts, self.world.span.now
        order = np.argsort(c.at, kind="stable")
        rows: list[Row] = []
        halted: set[int] = set()
        columns = (c.problem.tolist(), c.at.tolist(), c.answered.tolist(), c.ended.tolist(), c.solved.tolist())
        for place in order.tolist():
            problem, began, answered, ended, solved = (column[place] for column in columns)
            if problem in halted:
                continue
            quick = CHANNELS[self.channel[place]] in _QUICK
            gave_up = math.isnan(answered)
            waits = (
                answered > now or (gave_up and ended > now) or (quick and not gave_up and began > now - _WAITS_AT_ONCE)
            )
            row = Row(place, problem, began, answered, ended, is_live=waits or ended > now, solved=solved)
            if waits:
                row.answered = float("nan")
            if row.is_live:
                halted.add(problem)
            rows.append(row)
        by_place = {row.place: row for row in rows}
        for number, contact in enumerate(self.world.chains.promises.row.tolist()):
            row_of = by_place.get(contact)
            if row_of is not None and not row_of.is_live:
                row_of.promises.append(number)
        return rows

    def voice(self, problem: int) -> writing.Voice:
        """Who speaks of what in everything about this problem."""
        if problem not in self._voices:
            world = self.world
            who, day = int(world.problems.who[problem]), float(world.problems.at[problem])
            topic = writing.Topic(int(world.problems.reason[problem]), world.matter[problem])
            speaker = self.households.speaker_at(who, day)
            self._voices[problem] = writing.Voice(topic=topic, speaker=speaker, seed=self._seeds[problem])
        return self._voices[problem]

    def contacts(self) -> Iterator[NewContact]:
        """Every contact, in the order of `rows`."""
        for row in self.rows:
            yield self._contact(row)

    def _contact(self, row: Row) -> NewContact:
        place, ids, span = row.place, self.ids, self.world.span
        who = self.who[place]
        channel = CHANNELS[self.channel[place]]
        answered = row.answered == row.answered
        if channel == "call" and row.is_live and not answered:
            channel = "text"  # whoever calls now comes by the phone line
        person = self.taken[place]
        contacts = self.world.chains.contacts
        ended = None if row.is_live else span.moment(row.ended)
        handled = answered and ended is not None
        return NewContact(
            channel=channel,
            began_at=span.moment(row.began),
            customer_id=ids.customers[who],
            source=SOURCE,
            external_id=f"{self.mark}{place:07d}",
            reached_from=self._reached_from(who, channel),
            said=self._said(row, channel),
            note=self._note(row) if handled else "",
            matter_id=ids.matters[self.world.matter[row.problem]] if handled else None,
            answered_at=span.moment(row.answered) if answered else None,
            ended_at=ended,
            taken_by_id=ids.staff[person] if answered else None,
            taken_by_name=self.world.staff[person].name if answered else "",
            team_id=ids.staff_teams[person] if answered else None,
            site_id=ids.staff_sites[person] if answered else None,
            partner_id=ids.staff_partners[person] if answered else None,
            told_again_at=span.moment(row.answered + 0.3 / 1440) if handled and contacts.told_again[place] else None,
            transfers=int(contacts.transfers[place]) if handled else 0,
        )  # fmt: skip

    def _said(self, row: Row, channel: str) -> str:
        """What they said; nothing where they gave up waiting on the phone."""
        if channel == "call" and not row.is_live and row.answered != row.answered:
            return ""
        again = self.round[row.place] > 0
        return self.voice(row.problem).said(again=again, channel=channel, draws=self.draws[row.place])

    def _reached_from(self, who: int, channel: str) -> str:
        if channel in {"call", "text"}:
            return self.households.phones[who]
        return self.households.mails[who] if channel in {"mail", "chat", "portal"} else ""

    def _note(self, row: Row) -> str:
        """What was written down, mostly; how it was solved stands in the case."""
        draws = self.draws[row.place]
        if row.solved or draws[11] % 12 == 0:
            return ""
        if self.chases[row.place]:
            return self.voice(row.problem).chased(draws)
        return self.voice(row.problem).note(draws, is_long=self.takes_long(row))

    def takes_long(self, row: Row) -> bool:
        """Whether what was promised in this contact takes weeks: the first of a problem that is drawn out."""
        return self.is_long[row.problem] and self.round[row.place] == 0

    def problems(self) -> list[list[Row]]:
        """The answered contacts of each problem that somebody heard of, in order of time."""
        by_problem: dict[int, list[Row]] = {}
        for row in self.rows:
            if row.answered == row.answered and not (row.is_live and row.problem not in by_problem):
                by_problem.setdefault(row.problem, []).append(row)
        return list(by_problem.values())
