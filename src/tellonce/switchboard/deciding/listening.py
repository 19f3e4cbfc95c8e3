"""A supervisor hears one call at a time, and its person is shown that they do."""

from tellonce.switchboard.commands import Listen, Refusal, Refuse, StopListening
from tellonce.switchboard.contacts import Contact, Stage
from tellonce.switchboard.deciding.offers import serve
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.facts import NOBODY, ListeningAsked, ListeningEnded
from tellonce.switchboard.settings import Channel


def listening_asked(step: Step, fact: ListeningAsked) -> None:
    """Also instead of another call, or to whisper from now on."""
    contact, why = step.board.contacts.get(fact.contact), _why_not(step, fact)
    if contact is None or why is not None:
        step.do(Refuse(fact.contact, fact.supervisor, why or Refusal.NOT_TALKING))
        return
    for other in [each for each in step.board.contacts.values() if each.listener == fact.supervisor]:
        step.do(StopListening(other.id, fact.supervisor))
    step.happened(fact)
    step.do(Listen(contact.id, fact.supervisor, fact.whispers))


def _why_not(step: Step, fact: ListeningAsked) -> Refusal | None:
    board = step.board
    contact, supervisor = board.contacts.get(fact.contact), board.people.get(fact.supervisor)
    is_talk = contact is not None and contact.stage is Stage.TALKING and contact.channel == Channel.CALL
    if contact is None or not is_talk or contact.parent or contact.person == fact.supervisor:
        return Refusal.NOT_TALKING
    if contact.listener not in {NOBODY, fact.supervisor} or (supervisor is not None and supervisor.contacts):
        return Refusal.NOT_FREE
    return None


def listening_ended(step: Step, fact: ListeningEnded) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is not None and contact.listener == fact.supervisor:
        _end(step, contact)


def _end(step: Step, contact: Contact) -> None:
    supervisor = contact.listener
    person = step.board.people.get(supervisor)
    step.happened(ListeningEnded(step.board.now, contact.id, supervisor))
    step.do(StopListening(contact.id, supervisor))
    if person is not None:  # nothing was offered to them meanwhile
        serve(step, person)
