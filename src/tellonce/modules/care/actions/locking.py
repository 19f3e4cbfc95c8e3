"""Rows that are about to change: found or refused, and locked so that two people at once wait for each other."""

from django.utils.translation import gettext

from tellonce.modules.care.contracts import (
    CaseNotFoundError,
    ContactNotFoundError,
    HandOverNotFoundError,
    MatterNotFoundError,
    PromiseNotFoundError,
)
from tellonce.modules.care.models import Case, Contact, HandOver, Matter, Promise


def contact_to_change(contact_id: int) -> Contact:
    """The contact, locked until the transaction ends."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("matter").filter(pk=contact_id).first()
    if contact is None:
        raise ContactNotFoundError(gettext("There is no contact %(id)s.") % {"id": contact_id})
    return contact


def case_to_change(case_id: int) -> Case:
    """The case, locked until the transaction ends."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise CaseNotFoundError(gettext("There is no case %(id)s.") % {"id": case_id})
    return case


def two_cases_to_change(first_id: int, second_id: int) -> tuple[Case, Case]:
    """Both cases, locked in the order of their ids so that two people who do the same cannot block each other."""
    locked = {
        case.pk: case
        for case in Case.objects.select_for_update(of=("self",)).filter(pk__in=(first_id, second_id)).order_by("pk")
    }
    for case_id in (first_id, second_id):
        if case_id not in locked:
            raise CaseNotFoundError(gettext("There is no case %(id)s.") % {"id": case_id})
    return locked[first_id], locked[second_id]


def promise_to_change(promise_id: int) -> Promise:
    """The promise, locked until the transaction ends."""
    promise = Promise.objects.select_for_update(of=("self",)).filter(pk=promise_id).first()
    if promise is None:
        raise PromiseNotFoundError(gettext("There is no promise %(id)s.") % {"id": promise_id})
    return promise


def hand_over_to_change(hand_over_id: int) -> HandOver:
    """The hand-over, locked until the transaction ends."""
    hand_over = (
        HandOver.objects.select_for_update(of=("self",))
        .select_related("taken_by", "from_person")
        .filter(pk=hand_over_id)
        .first()
    )
    if hand_over is None:
        raise HandOverNotFoundError(gettext("There is no hand-over %(id)s.") % {"id": hand_over_id})
    return hand_over


def matter_or_refuse(matter_id: int) -> Matter:
    """The matter with this id."""
    matter = Matter.objects.filter(pk=matter_id).first()
    if matter is None:
        raise MatterNotFoundError(gettext("There is no matter %(id)s.") % {"id": matter_id})
    return matter
