"""Cases are opened and owned; contacts are put to them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.locking import case_to_change, contact_to_change, matter_or_refuse
from tellonce.modules.care.actions.telling import tell_of_case, topics_for, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    CaseOpened,
    CaseOwned,
    CaseState,
    CaseStateError,
    UnrelatedCaseError,
)
from tellonce.modules.care.models import Case, CaseContact, Contact
from tellonce.modules.care.queries import cases as case_queries
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def open_case(
    *,
    customer_id: int | None,
    matter_id: int | None,
    title: str,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    owner_person_id: int | None = None,
    owner_team_id: int | None = None,
    owner_department_id: int | None = None,
    asked_by_id: int | None = None,
    note: str = "",
    parent_id: int | None = None,
) -> Case:
    """A problem that somebody owns until it is gone; without an owner named it is the opener's own."""
    matter = matter_or_refuse(matter_id) if matter_id is not None else None
    title = typed(title) or (str(matter) if matter else "")
    if not title:
        raise CannotDoError(gettext("Say in a few words what the case is about."))
    refuse_two_owners(owner_person_id, owner_team_id, owner_department_id)
    if owner_person_id is None and owner_team_id is None and owner_department_id is None:
        owner_person_id = by.id
    case = Case.objects.create(
        customer_id=customer_id,
        asked_by_id=asked_by_id,
        matter=matter,
        title=title[:200],
        owner_person_id=owner_person_id,
        owner_team_id=owner_team_id,
        owner_department_id=owner_department_id,
        opened_at=at,
        opened_in_id=contact_id,
        opened_by_name=by.name,
        parent=_parent(parent_id) if parent_id is not None else None,
    )
    if contact_id is not None:
        put_contact_to(case, contact=contact_to_change(contact_id), at=at)
    asked_by = case.asked_by.name if case.asked_by else ""
    opened = CaseOpened(case.pk, case.title, case_queries.owner_name(case), asked_by)
    tell_of_case(case, opened, by=by, at=at, words=typed(note), contact_id=contact_id)
    return case


@transaction.atomic
def own_case(
    *,
    case_id: int,
    by: Actor,
    at: datetime,
    person_id: int | None = None,
    team_id: int | None = None,
    department_id: int | None = None,
) -> Case:
    """The case belongs to a person, a team or a department from now on."""
    case = case_to_change(case_id)
    refuse_settled(case)
    change_owner(case, person_id=person_id, team_id=team_id, department_id=department_id, by=by, at=at)
    return case


def change_owner(
    case: Case, *, person_id: int | None, team_id: int | None, department_id: int | None, by: Actor, at: datetime
) -> None:
    """Sets exactly one owner, saves and tells; the one who had it before hears of it too."""
    refuse_two_owners(person_id, team_id, department_id)
    if person_id is None and team_id is None and department_id is None:
        raise CannotDoError(gettext("Say who owns the case: a person, a team or a department."))
    before = topics_for(
        person_id=case.owner_person_id, team_id=case.owner_team_id, department_id=case.owner_department_id
    )
    if (person_id, team_id, department_id) == (case.owner_person_id, case.owner_team_id, case.owner_department_id):
        return
    case.owner_person_id, case.owner_team_id, case.owner_department_id = person_id, team_id, department_id
    case.save(update_fields=["owner_person", "owner_team", "owner_department"])
    owned = CaseOwned(case.pk, case.title, case_queries.owner_name(case))
    tell_of_case(case, owned, by=by, at=at, topics=before)


def put_contact_to(case: Case, *, contact: Contact, at: datetime) -> None:
    """Notes that the contact was about the case, and gives it the case's matter where it has none."""
    refuse_unrelated(case, contact)
    CaseContact.objects.get_or_create(case=case, contact=contact, defaults={"at": at})
    if contact.matter_id is None and case.matter_id is not None:
        contact.matter_id = case.matter_id
        contact.save(update_fields=["matter"])


def refuse_unrelated(case: Case, contact: Contact) -> None:
    """Raises UnrelatedCaseError unless the contact is of the case's customer, or the case of no customer."""
    if case.customer_id is None:
        return
    if contact.customer_id is None:
        raise UnrelatedCaseError(gettext("Find out first whose contact this is."))
    if not case_queries.is_same_customer(case.customer_id, contact.customer_id):
        raise UnrelatedCaseError(gettext("This contact is another customer's; the case stays as it is."))


def refuse_settled(case: Case) -> None:
    """Raises CaseStateError, naming who was first, when the case is solved, closed or merged away."""
    if case.state in {CaseState.SOLVED, CaseState.CLOSED}:
        raise CaseStateError(case_queries.where_it_stands(case))


def refuse_two_owners(*owners: int | None) -> None:
    """Raises CannotDoError when more than one owner is named."""
    if sum(owner is not None for owner in owners) > 1:
        raise CannotDoError(gettext("A case has one owner: a person, a team or a department."))


def _parent(parent_id: int) -> Case:
    parent = case_to_change(parent_id)
    if parent.parent_id is not None:
        raise CannotDoError(gettext("A case below a case cannot have cases below it."))
    refuse_settled(parent)
    return parent
