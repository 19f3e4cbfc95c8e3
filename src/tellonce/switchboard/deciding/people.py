"""People come, pause and go."""

from tellonce.switchboard.deciding.offers import lapse, serve
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.facts import PersonSet, Presence, ShiftPlanned, WrappedUp


def person_set(step: Step, fact: PersonSet) -> None:
    person = step.board.people.get(fact.person)
    if person is None:
        return
    step.happened(fact)
    if fact.presence is not Presence.AVAILABLE and person.ringing:
        lapse(step, step.board.contacts[person.ringing], is_miss=False)
    serve(step, person)


def shift_planned(step: Step, fact: ShiftPlanned) -> None:
    step.happened(fact)


def wrapped_up(step: Step, fact: WrappedUp) -> None:
    person = step.board.people.get(fact.person)
    if person is not None and person.is_wrapping:
        step.happened(fact)
        serve(step, person)
