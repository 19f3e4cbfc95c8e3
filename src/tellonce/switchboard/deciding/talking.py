"""While people talk: hold, consult, transfer, and the end."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import (
    Command,
    Connect,
    HangUp,
    Hold,
    Refusal,
    Refuse,
    Release,
    Resume,
    StopRinging,
)
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.deciding.offers import lapse, not_reached, offer, serve, settle
from tellonce.switchboard.deciding.recording import go_on
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.decisions import ConsultBegan, Ended, Outcome, PassedOn, Transferred
from tellonce.switchboard.facts import (
    NOBODY,
    ConsultAsked,
    ConsultEnded,
    Finished,
    Held,
    HungUp,
    Resumed,
    TakenElsewhere,
    TransferAsked,
    TransferDone,
)
from tellonce.switchboard.people import Person
from tellonce.switchboard.settings import WHOLE, Channel


def hung_up(step: Step, fact: HungUp) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.is_callback:
        return
    step.happened(fact)
    end(step, contact, _left_as(contact))


def _left_as(contact: Contact) -> Outcome:
    if contact.parent:
        return Outcome.CONSULTED
    match contact.stage:
        case Stage.TALKING:
            return Outcome.DONE
        case Stage.FRONT:
            return Outcome.LEFT_MENU
        case _:
            return Outcome.LEFT_TRANSFER if contact.account is Account.ANSWERED else Outcome.ABANDONED


def finished(step: Step, fact: Finished) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.person != fact.person:
        return
    step.happened(fact)
    if contact.stage is Stage.DIALLING:
        not_reached(step, contact)
        return
    if contact.stage is not Stage.TALKING:
        lapse(step, contact, is_miss=False, is_declined=True)
        return
    step.do(HangUp(contact.id))
    end(step, contact, Outcome.CONSULTED if contact.parent else Outcome.DONE)


def taken_elsewhere(step: Step, fact: TakenElsewhere) -> None:
    """Calls are heard of by the phone alone."""
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.channel == Channel.CALL:
        return
    step.happened(fact)
    end(step, contact, Outcome.DONE if contact.stage is Stage.TALKING else Outcome.TAKEN)


def end(step: Step, contact: Contact, outcome: Outcome) -> None:
    """The contact is over, and a consult about it; who had it wraps up, or takes the next."""
    board = step.board
    person, consulted = board.people.get(contact.person), end_consult(step, contact)
    listener = board.people.get(contact.listener)
    if person is not None:
        is_ringing = contact.stage is Stage.OFFERED
        step.do((StopRinging if is_ringing else Release)(contact.id, person.person))
    step.happened(Ended(board.now, contact.id, outcome, contact.person, wrap_until(board, contact)))
    for each in (person, consulted, listener):
        if each is not None:
            serve(step, each)


def wrap_until(board: Board, contact: Contact) -> float:
    """Until when the person who had the contact may wrap up; 0 if not at all."""
    wrap_s = board.queue_of(contact).wrap_s if contact.queue else 0.0
    is_due = wrap_s > 0 and contact.stage is Stage.TALKING and contact.weight == WHOLE and not contact.parent
    return board.now + wrap_s if is_due else 0.0


def end_consult(step: Step, contact: Contact) -> Person | None:
    """The second call of the contact's person is over; whoever was asked, if anybody."""
    leg = step.board.contacts.get(contact.consult)
    if leg is None:
        return None
    colleague = step.board.people.get(leg.person)
    if colleague is not None:
        is_ringing = leg.stage is Stage.OFFERED
        step.do((StopRinging if is_ringing else Release)(leg.id, colleague.person))
    step.happened(Ended(step.board.now, leg.id, Outcome.CONSULTED, leg.person))
    step.do(HangUp(leg.id))
    return colleague


def held(step: Step, fact: Held) -> None:
    contact = _talking_to(step.board, fact.contact, fact.person)
    if contact is not None and not contact.is_held:
        step.happened(fact)
        step.do(Hold(contact.id))


def resumed(step: Step, fact: Resumed) -> None:
    contact = _talking_to(step.board, fact.contact, fact.person)
    if contact is not None and contact.is_held and not contact.consult:
        step.happened(fact)
        step.do(Resume(contact.id))


def _talking_to(board: Board, contact_id: str, person: int) -> Contact | None:
    contact = board.contacts.get(contact_id)
    is_so = contact is not None and contact.stage is Stage.TALKING and contact.person == person
    return contact if is_so else None


def transfer_asked(step: Step, fact: TransferAsked) -> None:
    board = step.board
    contact, why = _asked_about(board, fact)
    if contact is None or why is not None:
        step.do(Refuse(fact.contact, fact.person, why or Refusal.NOT_TALKING))
        return
    person, listener = board.people[fact.person], board.people.get(contact.listener)
    queue, story = fact.queue or contact.queue, fact.story or contact.story
    until = wrap_until(board, contact)
    step.happened(fact)
    go_on(step, contact)
    step.happened(PassedOn(board.now, contact.id, person.person, queue, fact.line, story, until))
    step.do(Release(contact.id, person.person))
    _find(step, contact, fact.colleague)
    serve(step, person)
    if listener is not None:
        serve(step, listener)


def consult_asked(step: Step, fact: ConsultAsked) -> None:
    board = step.board
    contact, why = _asked_about(board, fact)
    if contact is None or why is not None or fact.leg in board.contacts:
        step.do(Refuse(fact.contact, fact.person, why or Refusal.NOT_TALKING))
        return
    queue, story = fact.queue or contact.queue, fact.story or contact.story
    step.happened(fact)
    step.happened(ConsultBegan(board.now, contact.id, fact.leg, queue, fact.line, story))
    step.do(Hold(contact.id))
    _find(step, board.contacts[fact.leg], fact.colleague)


def _asked_about(board: Board, fact: TransferAsked | ConsultAsked) -> tuple[Contact | None, Refusal | None]:
    """The customer's contact that is to be passed on or asked about, and why that cannot be."""
    contact = _talking_to(board, fact.contact, fact.person)
    if contact is None or contact.parent:
        return None, Refusal.NOT_TALKING
    if contact.consult:
        return contact, Refusal.PENDING
    if (fact.queue or contact.queue) not in board.lines.queues:
        return contact, Refusal.UNKNOWN_QUEUE
    if fact.colleague != NOBODY:
        colleague = board.people.get(fact.colleague)
        is_free = colleague is not None and colleague.room >= contact.weight
        is_free = is_free and board.may_take(contact, fact.colleague)
        return contact, None if is_free else Refusal.NOT_FREE
    return contact, Refusal.CLOSED if fact.queue in board.closed else None


def _find(step: Step, contact: Contact, colleague: int) -> None:
    """The colleague who was asked for, or whom the queue finds."""
    if colleague == NOBODY:
        settle(step, contact)
    else:
        offer(step, contact, step.board.people[colleague], is_direct=True)


def consult_ended(step: Step, fact: ConsultEnded) -> None:
    contact = _talking_to(step.board, fact.contact, fact.person)
    if contact is None or not (contact.consult or contact.is_held):
        return
    step.happened(fact)
    colleague = end_consult(step, contact)
    step.do(Resume(contact.id))
    if colleague is not None:
        serve(step, colleague)


def transfer_done(step: Step, fact: TransferDone) -> None:
    board = step.board
    contact = _talking_to(board, fact.contact, fact.person)
    leg = board.contacts.get(contact.consult) if contact is not None else None
    if contact is None or leg is None or leg.stage is not Stage.TALKING:
        step.do(Refuse(fact.contact, fact.person, Refusal.NOT_TALKING))
        return
    person, colleague, listener = board.people[fact.person], leg.person, board.people.get(contact.listener)
    step.happened(fact)
    go_on(step, contact)
    step.happened(Transferred(board.now, contact.id, leg.id, person.person, colleague, wrap_until(board, contact)))
    done: tuple[Command, ...] = (
        Release(contact.id, person.person), HangUp(leg.id), Connect(contact.id, colleague), Resume(contact.id),
    )  # fmt: skip
    step.do(*done)
    serve(step, person)
    if listener is not None:
        serve(step, listener)
