"""Who takes what: both decisions are routing's; here they are asked, offered, and taken back."""

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.routing import choose_contact, choose_person
from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import (
    Connect,
    Dial,
    HangUp,
    Music,
    PauseRecording,
    PickUp,
    Release,
    Ring,
    SayWait,
    StopRinging,
)
from tellonce.switchboard.contacts import Contact, Recording, Stage
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.decisions import (
    CallbackPostponed,
    ConsultUnanswered,
    Dialled,
    Ended,
    Form,
    Offered,
    OfferLapsed,
    Outcome,
    PersonPaused,
    WaitTold,
)
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.facts import Answered, DialAnswered, DialFailed, NotAnswered, PickUpAsked
from tellonce.switchboard.people import Person
from tellonce.switchboard.settings import WHOLE, Channel
from tellonce.switchboard.telling import estimate, in_words

ON_THE_LINE_S = 60.0
"""After so long it is looked whether a customer who is to be called back is still on the line with us."""


def settle(step: Step, contact: Contact) -> None:
    """The contact has begun to wait: somebody takes it, or it is told how long it will be."""
    if seat(step, contact) or contact.stage is not Stage.WAITING:
        return
    if not contact.told_until and is_told(contact):
        tell(step, contact, estimate(step.board, contact))
    elif contact.parent:
        step.do(Music(contact.id))


def is_told(contact: Contact) -> bool:
    """Whether there is an ear to tell it to: of a call, but not of a callback, or a colleague who asks."""
    return contact.channel == Channel.CALL and not contact.is_callback and not contact.parent


def tell(step: Step, contact: Contact, seconds: tuple[float, float, float]) -> None:
    """Tells a wait, and offers a callback if it is long and we may call."""
    board = step.board
    form, low_min, high_min = in_words(seconds[0], seconds[2])
    is_again = contact.told_until > 0
    is_long = form is Form.NOT_KNOWN or seconds[1] > board.queue_of(contact).callback_above_s
    offers = (
        is_long
        and board.queue_of(contact).callback_above_s < np.inf
        and refusal_to_dial(contact.number, board.settings.dialling) is None
    )
    step.happened(WaitTold(board.now, contact.id, *seconds, form, low_min, high_min, is_again, offers))
    step.do(SayWait(contact.id, form, low_min, high_min, is_again, offers), Music(contact.id))


def seat(step: Step, contact: Contact) -> bool:
    """Offers a waiting contact to whom routing chooses of the free; False if nobody is."""
    if len(step.board.free) == 0 or _postponed(step, contact):
        return False
    person = best_person(step.board, contact)
    if person is None:
        return False
    if person.room < WHOLE and best_contact(step.board, person) is not contact:
        return False
    offer(step, contact, person)
    return True


def serve(step: Step, person: Person) -> None:
    """Offers to a person who became free what routing chooses of those who wait.

    Who has waited longest comes first whatever the channel: a person with a chat who is not whole enough for the
    call that is next takes no further chat before it.
    """
    while person.room and len(step.board.waiting):
        contact = best_contact(step.board, person)
        if contact is None or contact.weight > person.room:
            return
        if not _postponed(step, contact):
            offer(step, contact, person)
            return


def best_person(board: Board, contact: Contact) -> Person | None:
    """Whom routing chooses; those who did not answer this contact only if nobody else can take it."""
    free = board.free
    is_choosy = contact.id in board.choosy
    if not free.partly and not contact.missed_by and not is_choosy:
        return _choose_person(board, contact, None)
    fits = free.room >= contact.weight
    if is_choosy:
        fits &= np.array([board.may_take(contact, int(person)) for person in free.person], dtype=np.bool_)
    others = fits & ~np.isin(free.person, contact.missed_by) if contact.missed_by else fits
    chosen = _choose_person(board, contact, others)
    if chosen is None and contact.missed_by:
        return _choose_person(board, contact, fits)
    return chosen


def _choose_person(board: Board, contact: Contact, fits: NDArray[np.bool_] | None) -> Person | None:
    free = board.free
    person, group, since = free.person, free.group, free.since
    if fits is not None:
        person, group, since = person[fits], group[fits], since[fits]
    place = choose_person(
        board.lines.plan, board.now, contact.line, contact.last_person, contact.last_at, person, group,
        since, free.by_skill, board.lag,
    )  # fmt: skip
    return board.people[int(person[place])] if place >= 0 else None


def best_contact(board: Board, person: Person) -> Contact | None:
    """Which of those who wait routing chooses for a person who is free."""
    waiting, free = board.waiting, board.free.by_skill
    if person.room == WHOLE and person.person in board.free.rooms:
        free = free - board.lines.skills[person.group]
    ids, line, last_person = waiting.ids, waiting.line, waiting.last_person
    entered, due, last_at = waiting.entered, waiting.due, waiting.last_at
    barred = _barred(board, person)
    if barred:
        left = [place for place, name in enumerate(ids) if name not in barred]
        ids, line, last_person = [ids[place] for place in left], line[left], last_person[left]
        entered, due, last_at = entered[left], due[left], last_at[left]
    if not ids:
        return None
    place = choose_contact(
        board.lines.plan, board.now, person.person, person.group, line, entered, due, last_person, last_at, free,
        board.lag,
    )  # fmt: skip
    return board.contacts[ids[place]] if place >= 0 else None


def _barred(board: Board, person: Person) -> set[str]:
    """Contacts that this person may not be offered now."""
    return {name for name in board.choosy if not board.may_take(board.contacts[name], person.person)}


def offer(step: Step, contact: Contact, person: Person, *, is_direct: bool = False) -> None:
    """Rings the person."""
    until = step.board.now + step.board.queue_of(contact).ring_s
    step.happened(Offered(step.board.now, contact.id, person.person, until, is_direct))
    step.do(Ring(contact.id, person.person, contact.story, contact.note))


def _postponed(step: Step, contact: Contact) -> bool:
    """A callback comes later while we are calling the number, or the customer is on the line with us anyway."""
    board, retry_s = step.board, step.board.settings.dialling.retry_s
    if not contact.is_callback:
        return False
    if board.dialled.get(contact.number, contact.id) != contact.id:
        later_s = retry_s
    elif is_on_the_line(board, contact):
        later_s = min(retry_s, ON_THE_LINE_S)
    else:
        return False
    step.happened(CallbackPostponed(board.now, contact.id, board.now + later_s, is_try=False))
    return True


def is_on_the_line(board: Board, callback: Contact) -> bool:
    """Whether another call of the same number or customer is up."""
    return any(
        (bool(each.number) and each.number == callback.number)
        or (bool(each.customer) and each.customer == callback.customer)
        for each in board.contacts.values()
        if each.channel == Channel.CALL and not each.is_callback and not each.parent
    )


def lapse(step: Step, contact: Contact, *, is_miss: bool, is_declined: bool = False) -> None:
    """The offer is over; the contact looks for somebody else, the person for something else, or is paused.

    Who `is_declined` by is not asked again for as long as their phone would have rung.
    """
    board, person = step.board, step.board.people[contact.person]
    again_at = board.now + board.queue_of(contact).ring_s if is_declined else 0.0
    step.do(StopRinging(contact.id, person.person))
    step.happened(OfferLapsed(board.now, contact.id, person.person, is_miss, again_at))
    if person.missed >= board.settings.misses and person.person in board.people:
        step.happened(PersonPaused(board.now, person.person))
    if contact.parent and contact.is_direct:
        _unanswered(step, contact, person)
    else:
        settle(step, contact)
    serve(step, person)


def _unanswered(step: Step, leg: Contact, colleague: Person) -> None:
    """The very colleague who was asked does not answer: nobody else is rung for it."""
    at = step.board.now
    step.happened(Ended(at, leg.id, Outcome.CONSULTED))
    step.happened(ConsultUnanswered(at, leg.parent, leg.id, colleague.person))
    step.do(HangUp(leg.id))


def answered(step: Step, fact: Answered) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.person != fact.person:
        step.do(Release(fact.contact, fact.person))
        return
    if contact.stage is not Stage.OFFERED:
        return
    person = step.board.people[fact.person]
    step.happened(fact)
    if contact.is_callback:
        _dial(step, contact, person)
        return
    step.do(Connect(contact.id, person.person))
    serve(step, person)


def pick_up_asked(step: Step, fact: PickUpAsked) -> None:
    """Nothing is decided by it: when the phone has picked up, it is answered."""
    contact = step.board.contacts.get(fact.contact)
    if contact is not None and contact.person == fact.person and contact.stage is Stage.OFFERED:
        step.do(PickUp(contact.id, fact.person))


def not_answered(step: Step, fact: NotAnswered) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.person != fact.person or contact.stage is not Stage.OFFERED:
        return
    step.happened(fact)
    lapse(step, contact, is_miss=fact.is_miss, is_declined=not fact.is_miss)


def _dial(step: Step, contact: Contact, person: Person) -> None:
    board, dialling = step.board, step.board.settings.dialling
    if refusal_to_dial(contact.number, dialling) is not None:
        give_up(step, contact)
        return
    if _postponed(step, contact):  # they have called while the phone rang
        step.do(Release(contact.id, person.person))
        serve(step, person)
        return
    step.happened(Dialled(board.now, contact.id, person.person, board.now + dialling.ring_s))
    step.do(Dial(contact.id, person.person, contact.number))


def dial_answered(step: Step, fact: DialAnswered) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.stage is not Stage.DIALLING:
        step.do(HangUp(fact.contact))
        return
    step.happened(fact)
    if contact.recording is Recording.REFUSED:  # a call of its own, of somebody who said so before
        step.do(PauseRecording(contact.id))
    step.do(Connect(contact.id, contact.person))


def dial_failed(step: Step, fact: DialFailed) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.stage is not Stage.DIALLING:
        return
    step.happened(fact)
    not_reached(step, contact)


def not_reached(step: Step, contact: Contact) -> None:
    """The customer did not pick up: again later, some times."""
    board, dialling = step.board, step.board.settings.dialling
    person = board.people[contact.person]
    step.do(HangUp(contact.id))
    if contact.tries + 1 >= dialling.tries:
        give_up(step, contact)
        return
    later = board.now + dialling.retry_s
    step.happened(CallbackPostponed(board.now, contact.id, later, is_try=True))
    step.do(Release(contact.id, person.person))
    serve(step, person)


def give_up(step: Step, contact: Contact) -> None:
    """The callback cannot be made."""
    person = step.board.people.get(contact.person)
    step.happened(Ended(step.board.now, contact.id, Outcome.UNREACHED, contact.person))
    if person is not None:
        step.do(Release(contact.id, person.person))
        serve(step, person)
