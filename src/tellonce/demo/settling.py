"""What an older demo left lying is settled at the time at which it would have been: nothing stays open for months."""

import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from tellonce.demo import rates
from tellonce.demo.errands import Errands, is_signed_in
from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.contracts import CaseLine, PromiseLine
from tellonce.modules.network import actions as network
from tellonce.modules.network import queries as network_queries
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import Person

_MOST: Final = 10_000
_WORK_OF_TODAY: Final = timedelta(hours=8)
# What belongs to somebody who is signed in is theirs for so long; then a colleague does it.
_THEIRS: Final = timedelta(days=7)


def settle_what_was_left(people: Iterable[Person], *, rng: random.Random, now: datetime) -> None:
    """Contacts that waited are ended, promises kept or done late, cases solved, questions answered, outages over."""
    Settling(list(people), rng=rng, now=now).run()


class Settling:
    """The colleagues who do it, and until when."""

    def __init__(self, people: list[Person], *, rng: random.Random, now: datetime) -> None:
        self.rng, self.now = rng, now
        self.people = [p for p in people if p.role in {Role.REPRESENTATIVE, Role.TECHNICIAN} and p.is_active]
        self.signed_in = {person.pk for person in self.people if is_signed_in(person.pk)}
        self.free = [person for person in self.people if person.pk not in self.signed_in]
        self.errands = Errands(rng=rng, codes={pk: code for code, pk in care_queries.matter_ids().items()})

    def run(self) -> None:
        """Everything, in the order in which it would have come."""
        for outage in network_queries.current_outages(self.now):
            until = outage.expected_until or outage.began_at + timedelta(hours=2)
            if until < self.now:
                network.end_outage(outage_id=outage.id, by=SYSTEM, at=until, ended_at=until)
        if not self.free:
            return
        self._end_contacts()
        for person in self.people:
            self._take_what_was_handed_to(person)
        anybody = self.free[0]
        for case in care_queries.worklist(anybody, whose="all", at=self.now, limit=_MOST):
            with suppress(DomainError):  # somebody changed it so that it cannot be solved like this
                self._settle(case)
        for person in self.people:
            for promise in care_queries.due_promises(person, self.now - _WORK_OF_TODAY):
                with suppress(DomainError):
                    self._do(promise)

    def _end_contacts(self) -> None:
        for contact in care_queries.waiting_contacts(500):
            if self.now - contact.began_at > timedelta(minutes=30):
                by = self.rng.choice(self.free).as_actor()
                care.take_contact(contact_id=contact.id, by=by, at=contact.began_at + timedelta(minutes=4))
                care.end_contact(contact_id=contact.id, by=by, at=contact.began_at + timedelta(minutes=11))

    def _take_what_was_handed_to(self, person: Person) -> None:
        for passed in care_queries.waiting_hand_overs(person):
            taken_at = passed.at + timedelta(hours=self.rng.uniform(0.5, 4))
            if passed.case_id is not None and taken_at < self.now and not self._is_still_theirs(person.pk, passed.at):
                by = self._one_of(person.pk, None, None)
                with suppress(DomainError):
                    care.take_over(hand_over_id=passed.id, by=by.as_actor(), at=taken_at)

    def _settle(self, case: CaseLine) -> None:
        """A case that is older than its kind takes, with what was promised about it."""
        promises = [each for each in care_queries.promises_of_case(case.id) if each.is_to_do]
        took = timedelta(hours=self.rng.uniform(3, 50))
        done_at = max([case.opened_at + took, *(each.due_at for each in promises)])
        if done_at > self.now - _WORK_OF_TODAY or self._is_still_theirs(case.owner_person_id, case.opened_at):
            return
        by = self._one_of(case.owner_person_id, case.owner_team_id, case.owner_department_id)
        for promise in promises:
            done_at = max(done_at, self._do(promise))
        done_at = min(done_at + timedelta(minutes=5), self.now)
        if case.asked_by:
            self.errands.answer(case, by=by, at=done_at)
        else:
            kind = promises[-1].kind if promises else ""
            note = self.errands.solution(case, kind)
            care.solve_case(case_id=case.id, by=by.as_actor(), at=done_at, note=note)

    def _do(self, promise: PromiseLine) -> datetime:
        """Keeps it in time, or breaks it, owns up to it and does it late; returns when it was done."""
        if self._is_still_theirs(promise.owner_person_id, promise.made_at):
            return promise.due_at
        by = self._one_of(promise.owner_person_id, promise.owner_team_id, None).as_actor()
        if promise.broken_at is None and self.rng.random() < rates.KEPT_PROMISES:
            at = promise.made_at + self.rng.uniform(0.4, 0.95) * (promise.due_at - promise.made_at)
        else:
            at = min(promise.due_at + timedelta(hours=self.rng.uniform(1.5, 30)), self.now)
            if promise.owned_up_at is None and promise.customer_id is not None:
                told_at = promise.due_at + timedelta(minutes=self.rng.uniform(10, 58))
                care.own_up(promise_id=promise.id, by=by, at=told_at, words=_SORRY, spoken=True)
        care.keep_promise(promise_id=promise.id, by=by, at=at)
        return at

    def _is_still_theirs(self, person_id: int | None, since: datetime) -> bool:
        return person_id in self.signed_in and self.now - since < _THEIRS

    def _one_of(self, person_id: int | None, team_id: int | None, department_id: int | None) -> Person:
        """The owner, or somebody of the team or department that owns it, or of the owner's team."""
        owner = next((p for p in self.people if p.pk == person_id), None)
        if owner is not None and owner in self.free:
            return owner
        team_id = owner.team_id if owner is not None else team_id
        near = [
            person
            for person in self.free
            if (team_id is not None and person.team_id == team_id)
            or (person.team is not None and department_id is not None and person.team.department_id == department_id)
        ]
        return self.rng.choice(near or self.free)


_SORRY: Final = "We did not manage it in time, and said so on the phone. It is being done."
