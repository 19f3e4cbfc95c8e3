"""The cases, promises and hand-overs of the made-up contacts, as care's bulk paths take them."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from tellonce.demo.history import History, Row
from tellonce.demo.promising import PROMISE_KINDS
from tellonce.demo.provider import WEST_REGION
from tellonce.demo.reasons import REASONS
from tellonce.demo.staffing import team_for
from tellonce.modules.care.actions import NewHandOver
from tellonce.modules.care.contracts import CaseState, NewCase, NewPromise, PromiseState, WaitingOn
from tellonce.modules.staff.contracts import Actor, ActorKind

CLOSED_AFTER_DAYS: Final = 30
_WAITED_FOR_DAYS: Final = 4.0


class Casework:
    """What came of the contacts of `history`, once the database has given them `contact_ids`."""

    def __init__(self, history: History, contact_ids: Sequence[int]) -> None:
        self.h, self.contact_ids = history, contact_ids
        self.problems = history.problems()
        self.last_place = {row.problem: row.place for row in history.rows if not row.is_live}
        self.members: dict[str, list[int]] = {}
        for number, colleague in enumerate(history.world.staff):
            if colleague.role in {"representative", "technician"}:
                self.members.setdefault(colleague.team, []).append(number)

    def cases(self) -> Iterator[NewCase]:
        """One case a problem, in the order of `problems`."""
        for rows in self.problems:
            yield self._case(rows)

    def _case(self, rows: list[Row]) -> NewCase:
        span, ids, staff = self.h.world.span, self.h.ids, self.h.world.staff
        first, last = rows[0], rows[-1]
        voice, opener = self.h.voice(first.problem), self.h.taken[first.place]
        solved_at, solved_in = self._solved(rows)
        state, closed_at = self._state(solved_at)
        waiting_on, waiting_until = self._waits(rows) if solved_at is None else ("", None)
        owner_person, owner_team, owner_name = self._owner(rows)
        solver = self.h.taken[last.place] if solved_in else self._doer(rows)
        return NewCase(
            customer_id=ids.customers[self.h.who[first.place]],
            title=voice.title(self.h.draws[first.place]),
            opened_at=span.moment(min(first.answered + 0.7 * (first.ended - first.answered), first.ended)),
            matter_id=ids.matters[voice.topic.matter],
            state=CaseState.WAITING if waiting_until is not None else state,
            waiting_on=waiting_on,
            waiting_until=waiting_until,
            owner_person_id=owner_person,
            owner_team_id=owner_team,
            owner_name=owner_name,
            opened_by_id=ids.staff[opener],
            opened_by_name=staff[opener].name,
            solved_at=solved_at,
            solved_in_id=self.contact_ids[self.h.place_of[solved_in.place]] if solved_in else None,
            solved_by_id=ids.staff[solver] if solved_at else None,
            solved_by_name=staff[solver].name if solved_at else "",
            solved_note=self._how(rows, is_in_contact=solved_in is not None) if solved_at else "",
            closed_at=closed_at,
            reopened_at=self._reopened(rows),
            team_id=ids.staff_teams[opener],
            site_id=ids.staff_sites[opener],
            partner_id=ids.staff_partners[opener],
            contact_ids=tuple(self.contact_ids[self.h.place_of[row.place]] for row in rows),
        )

    def _solved(self, rows: list[Row]) -> tuple[datetime | None, Row | None]:
        last, now = rows[-1], self.h.world.span.now
        if last.is_live:
            return None, None
        if last.solved:
            return self.h.world.span.moment(last.ended), last
        gone = self.h.gone[self.last_place[last.problem]]  # a call that nobody answered may have been the very last
        return (self.h.world.span.moment(gone), None) if last.ended < gone < now else (None, None)

    def _reopened(self, rows: list[Row]) -> tuple[datetime, ...]:
        """The times at which the customer came back with what counted as solved."""
        return tuple(
            self.h.world.span.moment(later.answered)
            for earlier, later in pairwise(rows)
            if earlier.solved or self.h.gone[earlier.place] < later.answered
        )

    def _how(self, rows: list[Row], *, is_in_contact: bool) -> str:
        """How it was solved: with the customer there, or by what was promised last."""
        voice, draws = self.h.voice(rows[0].problem), self.h.draws[rows[-1].place]
        number = self._last_promise(rows)
        if is_in_contact or number is None:
            return voice.solution(draws)
        made_in = next(row for row in rows if number in row.promises)
        return voice.done(self._kind(number), draws, is_long=self.h.takes_long(made_in))

    def _doer(self, rows: list[Row]) -> int:
        """Who solved it without the customer: whoever kept the last promise, else who had it last."""
        number = self._last_promise(rows)
        return self.h.taken[rows[-1].place] if number is None else self._keeper(rows[-1], number)

    def _last_promise(self, rows: list[Row]) -> int | None:
        return next((row.promises[-1] for row in reversed(rows) if row.promises), None)

    def _keeper(self, row: Row, number: int) -> int:
        """Who does what was promised: somebody of the team that has to, else whoever promised it."""
        team, made = self._team_for(number, row), float(self.h.world.chains.promises.made[number])
        staff = self.h.world.staff
        there = [each for each in self.members.get(team, []) if staff[each].since <= made]
        return there[self.h.draws[row.place][11] % len(there)] if there else self.h.taken[row.place]

    def _state(self, solved_at: datetime | None) -> tuple[str, datetime | None]:
        if solved_at is None:
            return CaseState.OPEN, None
        closed = solved_at + timedelta(days=CLOSED_AFTER_DAYS)
        if closed < self.h.world.span.moment(self.h.world.span.now):
            return CaseState.CLOSED, closed
        return CaseState.SOLVED, None

    def _waits(self, rows: list[Row]) -> tuple[str, datetime | None]:
        """An open case waits until what was promised is due, where that needs a van, a permit or a credit run.

        Some that nothing is promised for wait for papers of the customer's.
        """
        span, last = self.h.world.span, rows[-1]
        number = self._last_promise(rows)
        if number is not None:
            due = float(self.h.world.chains.promises.due[number])
            takes_long = self.h.is_long[last.problem]
            if due > span.now and (takes_long or self._kind(number) in {"visit", "credit"}):
                return WaitingOn.THIRD_PARTY if takes_long else WaitingOn.US, span.moment(due)
        elif not last.is_live and self.h.draws[last.place][11] % 3 == 0 and last.ended + _WAITED_FOR_DAYS > span.now:
            return WaitingOn.CUSTOMER, span.moment(last.ended + _WAITED_FOR_DAYS)
        return "", None

    def _owner(self, rows: list[Row]) -> tuple[int | None, int | None, str]:
        """The person who had it last; a team where the promise is a team's to keep."""
        for row in reversed(rows):
            for number in row.promises:
                team = self._team_for(number, row)
                if team:
                    return None, self.h.ids.teams[team], team
        person = self.h.taken[rows[-1].place]
        return self.h.ids.staff[person], None, self.h.world.staff[person].name

    def _kind(self, promise: int) -> str:
        return PROMISE_KINDS[self.h.world.chains.promises.kind[promise]]

    def _team_for(self, promise: int, row: Row) -> str:
        is_west = bool(self.h.world.customers.region[self.h.who[row.place]] >= WEST_REGION)
        return team_for(self._kind(promise), reason=REASONS[self.h.reason[row.place]], is_west=is_west)

    def promises(self, case_ids: Sequence[int]) -> Iterator[NewPromise]:
        """Every promise, with its case."""
        case_of = {rows[0].problem: case for rows, case in zip(self.problems, case_ids, strict=True)}
        for row in self.h.rows:
            for number in row.promises:
                yield self._promise(row, number, case_of)

    def _promise(self, row: Row, number: int, case_of: dict[int, int]) -> NewPromise:
        p, span, ids = self.h.world.chains.promises, self.h.world.span, self.h.ids
        person = self.h.taken[row.place]
        team = self._team_for(number, row)
        state, settled = self._settled(number)
        broken = state == PromiseState.BROKEN
        staff = self.h.world.staff
        voice, draws = self.h.voice(row.problem), self.h.draws[row.place]
        return NewPromise(
            customer_id=ids.customers[self.h.who[row.place]],
            what=voice.promised(self._kind(number), draws, is_long=self.h.takes_long(row)),
            made_at=span.moment(row.ended),
            due_at=span.moment(float(p.due[number])),
            kind=self._kind(number),
            state=state,
            made_by_id=ids.staff[person],
            made_by_name=staff[person].name,
            owner_person_id=None if team else ids.staff[person],
            owner_team_id=ids.teams[team] if team else None,
            owner_name=team or staff[person].name,
            case_id=case_of[row.problem],
            contact_id=self.contact_ids[self.h.place_of[row.place]],
            settled_at=settled,
            settled_by_name=staff[self._keeper(row, number)].name if settled else "",
            owned_up_at=self._before_now(float(p.owned_up[number])) if broken else None,
            done_late_at=self._before_now(float(p.done_late[number])) if broken else None,
            team_id=ids.staff_teams[person],
            site_id=ids.staff_sites[person],
            partner_id=ids.staff_partners[person],
        )

    def hand_overs(self) -> Iterator[NewHandOver]:
        """The contacts that passed to a team while the customer was there."""
        transfers = self.h.world.chains.contacts.transfers
        for row in self.h.rows:
            if row.is_live or row.answered != row.answered or not transfers[row.place]:
                continue
            if self.h.passed[row.place] != self.h.taken[row.place]:
                yield self._hand_over(row, self.contact_ids[self.h.place_of[row.place]])

    def _hand_over(self, row: Row, contact_id: int) -> NewHandOver:
        """Somebody else answered first, and passed it on to who had it in the end."""
        who, taker = self.h.who[row.place], self.h.taken[row.place]
        at = row.answered + 0.25 * (row.ended - row.answered)
        team = self.h.world.staff[taker].team
        return NewHandOver(
            customer_id=self.h.ids.customers[who],
            contact_id=contact_id,
            giver=self._actor(self.h.passed[row.place]),
            to_team_id=self.h.ids.teams[team],
            to_name=team,
            line=self.h.voice(row.problem).handed(self.h.draws[row.place]),
            at=self.h.world.span.moment(at),
            taker=self._actor(taker),
            taken_at=self.h.world.span.moment(at + 0.05 * (row.ended - row.answered)),
        )

    def _actor(self, number: int) -> Actor:
        ids = self.h.ids
        return Actor(
            ActorKind.PERSON, self.h.world.staff[number].name, ids.staff[number], ids.staff_teams[number],
            ids.staff_sites[number], ids.staff_partners[number],
        )  # fmt: skip

    def _settled(self, number: int) -> tuple[str, datetime | None]:
        p, span = self.h.world.chains.promises, self.h.world.span
        kept, due = float(p.kept[number]), float(p.due[number])
        if kept < span.now:
            return PromiseState.KEPT, span.moment(kept)
        return (
            (PromiseState.BROKEN, span.moment(due)) if due < span.now and math.isnan(kept) else (PromiseState.DUE, None)
        )

    def _before_now(self, day: float) -> datetime | None:
        return self.h.world.span.moment(day) if day < self.h.world.span.now else None
