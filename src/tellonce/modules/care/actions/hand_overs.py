"""Contacts and cases pass on with the story and a written line, and are taken by one person."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from tellonce.modules.care.actions.cases import change_owner, refuse_settled
from tellonce.modules.care.actions.contacts import announce_contact, give_to, refuse_ended
from tellonce.modules.care.actions.locking import case_to_change, contact_to_change, hand_over_to_change
from tellonce.modules.care.actions.telling import tell_of_case, tell_of_contact, topics_for, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    ContactState,
    HandedOver,
    HandOverTakenError,
    MissingWordsError,
    TakenOver,
)
from tellonce.modules.care.models import Case, Contact, HandOver
from tellonce.modules.care.queries import hand_overs as hand_over_queries
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def hand_over(
    *,
    by: Actor,
    at: datetime,
    line: str,
    contact_id: int | None = None,
    case_id: int | None = None,
    to_person_id: int | None = None,
    to_team_id: int | None = None,
    to_department_id: int | None = None,
) -> HandOver:
    """Passes a contact or case to a person, team or department. A contact stays where it is until it is taken."""
    words = typed(line)
    if not words:
        raise MissingWordsError(gettext("Write one line that the next person must know."))
    if sum(to is not None for to in (to_person_id, to_team_id, to_department_id)) != 1:
        raise CannotDoError(gettext("Say to whom: a person, a team or a department."))
    if to_person_id is not None and to_person_id == by.id:
        raise CannotDoError(gettext("It is with you already."))
    contact = contact_to_change(contact_id) if contact_id is not None else None
    case = case_to_change(case_id) if case_id is not None else None
    customer_id = _customer_of(contact, case)
    _end_open_ones(contact_id=contact_id, case_id=case_id, at=at)
    passed = HandOver.objects.create(
        contact=contact,
        case=case,
        customer_id=customer_id,
        from_person_id=by.id,
        to_person_id=to_person_id,
        to_team_id=to_team_id,
        to_department_id=to_department_id,
        line=words[:500],
        at=at,
    )
    if case is not None:
        change_owner(case, person_id=to_person_id, team_id=to_team_id, department_id=to_department_id, by=by, at=at)
    _tell(passed, by=by, at=at)
    return passed


@transaction.atomic
def take_over(*, hand_over_id: int, by: Actor, at: datetime) -> HandOver:
    """The person takes what was handed over; of two who try at once one wins and the other learns who."""
    passed = hand_over_to_change(hand_over_id)
    if by.id is None:
        raise CannotDoError(gettext("Only a person can take a hand-over."))
    if passed.taken_at is not None:
        if passed.taken_by_id == by.id:
            return passed
        who = passed.taken_by.name if passed.taken_by else gettext("somebody else")
        raise HandOverTakenError(gettext("%(name)s took this first.") % {"name": who})
    passed.taken_at, passed.taken_by_id = at, by.id
    passed.save()
    taken = TakenOver(passed.pk, by.name)
    if passed.contact_id is not None:
        contact = contact_to_change(passed.contact_id)
        _take_contact(contact, by=by, at=at)
        tell_of_contact(contact, taken, by=by, at=at, topics=topics_for(person_id=passed.from_person_id))
    if passed.case_id is not None:
        case = case_to_change(passed.case_id)
        if case.solved_at is None:
            change_owner(case, person_id=by.id, team_id=None, department_id=None, by=by, at=at)
        if passed.contact_id is None:
            tell_of_case(case, taken, by=by, at=at, topics=topics_for(person_id=passed.from_person_id))
    return passed


def _customer_of(contact: Contact | None, case: Case | None) -> int | None:
    if contact is None and case is None:
        raise CannotDoError(gettext("Say which contact or case is handed over."))
    if contact is not None:
        refuse_ended(contact)
        Contact.objects.filter(pk=contact.pk).update(transfers=F("transfers") + 1)
    if case is not None:
        refuse_settled(case)
    return (contact.customer_id if contact is not None else None) or (case.customer_id if case is not None else None)


def _end_open_ones(*, contact_id: int | None, case_id: int | None, at: datetime) -> None:
    """An earlier hand-over that nobody took ends with the new one."""
    same = Q(pk__in=[])
    if contact_id is not None:
        same |= Q(contact_id=contact_id)
    if case_id is not None:
        same |= Q(case_id=case_id)
    HandOver.objects.filter(same, taken_at__isnull=True).update(taken_at=at)


def _take_contact(contact: Contact, *, by: Actor, at: datetime) -> None:
    if contact.state == ContactState.ENDED:
        return
    before = contact.taken_by_id
    give_to(contact, by=by)
    contact.state = ContactState.IN_HAND
    contact.answered_at = contact.answered_at or max(at, contact.began_at)
    contact.save()
    announce_contact(contact, kind="care.contact_taken", at=at, person_id=before)


def _tell(passed: HandOver, *, by: Actor, at: datetime) -> None:
    to = topics_for(person_id=passed.to_person_id, team_id=passed.to_team_id, department_id=passed.to_department_id)
    what = HandedOver(passed.pk, hand_over_queries.to_name(passed))
    if passed.contact is not None:
        tell_of_contact(passed.contact, what, by=by, at=at, words=passed.line, topics=to)
    elif passed.case is not None:
        tell_of_case(passed.case, what, by=by, at=at, words=passed.line, topics=to)
