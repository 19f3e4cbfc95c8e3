"""What made-up colleagues do between contacts: promises, open cases, hand-overs, and what other departments ask."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from tellonce.demo import rates, writing
from tellonce.demo.reasons import INDEX, REASON_OF
from tellonce.demo.writing import Speaker, Topic, Voice
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import CaseLine, CaseState, PromiseState
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.models import Person

NOBODY: Final = Speaker(name="", spanish=False, town="", street="", plan="", years=1)
_DONE_WITH_THE_PROMISE: Final = 0.85
# How long things lie at least and at most before a colleague takes them up.
_OPEN: Final = timedelta(hours=2), timedelta(hours=40)
_ASKED: Final = timedelta(minutes=50), timedelta(hours=5)
_HANDED: Final = timedelta(hours=1), timedelta(hours=4)
_LATE: Final = timedelta(minutes=40), timedelta(hours=5)
_ANSWERS: Final = (
    "Looked it up and told them.", "Done, and written back.", "Yes; it stands in the record now.",
    "Seen to it on the way.", "No, and told them why.",
)  # fmt: skip


class Errands:
    """The work that waits on somebody's list. Nothing of a person who is signed in is touched."""

    def __init__(self, *, rng: random.Random, codes: dict[int, str]) -> None:
        self.rng, self.codes = rng, codes

    def run(self, person: Person, *, at: datetime) -> None:
        """One look of somebody at their list: everything that is due, and one thing that lies there."""
        self._keep(person, at=at)
        for errand in (self._take, self._solve, self._answer):
            if errand(person, at):
                return

    def _keep(self, person: Person, *, at: datetime) -> None:
        """Most promises are kept in time, some late; mostly the case is solved with it."""
        for promise in care_queries.due_promises(person, at + timedelta(minutes=20)):
            if promise.owner_person_id not in {None, person.pk}:
                continue
            in_time = promise.state == PromiseState.DUE and promise.id % 100 < rates.KEPT_PROMISES * 100
            if not in_time and at - promise.due_at < _between(_LATE, promise.id):
                continue
            care.keep_promise(promise_id=promise.id, by=person.as_actor(), at=at)
            if promise.case_id is not None and self.rng.random() < _DONE_WITH_THE_PROMISE:
                self._solve_with(promise.case_id, kind=promise.kind, by=person, at=at)

    def _solve_with(self, case_id: int, *, kind: str, by: Person, at: datetime) -> None:
        if any(promise.is_to_do for promise in care_queries.promises_of_case(case_id)):
            return
        with suppress(DomainError):  # a person was faster, or merged it
            note = self.solution(care_queries.case(case_id).line, kind)
            care.solve_case(case_id=case_id, by=by.as_actor(), at=at, note=note)

    def _take(self, person: Person, at: datetime) -> bool:
        """A case that was handed over to them or theirs, when nobody who is signed in took it."""
        for passed in care_queries.waiting_hand_overs(person):
            if passed.case_id is not None and at - passed.at > _between(_HANDED, passed.id):
                with suppress(DomainError):
                    care.take_over(hand_over_id=passed.id, by=person.as_actor(), at=at)
                return True
        return False

    def _solve(self, person: Person, at: datetime) -> bool:
        """An open case of theirs or their team's that nothing is promised for any more."""
        for case in care_queries.worklist(person, whose="team", at=at, limit=30):
            is_theirs = case.owner_person_id == person.pk or case.owner_team_id == person.team_id
            if not is_theirs or case.state != CaseState.OPEN or at - case.opened_at < _between(_OPEN, case.id):
                continue
            if not any(promise.is_to_do for promise in care_queries.promises_of_case(case.id)):
                with suppress(DomainError):
                    care.solve_case(case_id=case.id, by=person.as_actor(), at=at, note=self.solution(case))
                return True
        return False

    def _answer(self, person: Person, at: datetime) -> bool:
        """What another department asked of theirs."""
        if person.team is None:
            return False
        for case in care_queries.worklist(person, whose="department", at=at, limit=30):
            is_asked = case.asked_by and case.owner_department_id == person.team.department_id
            if is_asked and at - case.opened_at > _between(_ASKED, case.id):
                with suppress(DomainError):
                    self.answer(case, by=person, at=at)
                return True
        return False

    def answer(self, case: CaseLine, *, by: Person, at: datetime) -> None:
        """Answers what a department asked, and keeps what was promised about it."""
        for promise in care_queries.promises_of_case(case.id):
            if promise.is_to_do:
                care.keep_promise(promise_id=promise.id, by=by.as_actor(), at=at)
        care.solve_case(case_id=case.id, by=by.as_actor(), at=at, note=self.rng.choice(_ANSWERS))

    def solution(self, case: CaseLine, kind: str = "") -> str:
        """How a case of this matter was solved."""
        code = self.codes.get(case.matter_id or 0, "")
        topic = Topic(REASON_OF.get(code, INDEX["bill_question"]), code)
        voice = Voice(topic=topic, speaker=NOBODY, seed=case.id)
        draws = [self.rng.getrandbits(30) for _ in range(writing.DRAWS)]
        return voice.done(kind, draws) if kind else voice.solution(draws)


def is_signed_in(person_id: int) -> bool:
    """Whether somebody has signed in as this person."""
    return staff.session_count(person_id) > 0


def _between(limits: tuple[timedelta, timedelta], number: int) -> timedelta:
    """How long this one lies: the same each time it is asked."""
    least, most = limits
    return least + (most - least) * (number * 2_654_435_761 % 1000 / 1000)
