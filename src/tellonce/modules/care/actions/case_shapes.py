"""Two cases were one, one was two, two belong together, one stands below another."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.cases import refuse_settled
from tellonce.modules.care.actions.locking import case_to_change, two_cases_to_change
from tellonce.modules.care.actions.telling import tell_of_case, typed
from tellonce.modules.care.contracts import (
    CannotDoError,
    CaseLinked,
    CaseMerged,
    CaseSetApart,
    CaseSplit,
    CaseState,
    LinkKind,
    PromiseState,
    UnrelatedCaseError,
)
from tellonce.modules.care.models import Case, CaseContact, CaseLink, Promise
from tellonce.modules.care.queries import cases as case_queries
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def merge_cases(*, case_id: int, into_id: int, by: Actor, at: datetime) -> Case:
    """The case was the same problem as `into`: its contacts, open promises and children move, and it is closed."""
    if case_id == into_id:
        raise CannotDoError(gettext("A case cannot be merged into itself."))
    case, into = two_cases_to_change(case_id, into_id)
    refuse_settled(case)
    refuse_settled(into)
    _refuse_other_customer(case, into)
    _move_contacts(list(CaseContact.objects.filter(case=case).values_list("contact_id", flat=True)), case, into)
    Promise.objects.filter(case=case, state=PromiseState.DUE).update(case=into)
    if into.parent_id == case.pk:
        Case.objects.filter(pk=into.pk).update(parent=case.parent_id)
        into.parent_id = case.parent_id
    Case.objects.filter(parent=case).exclude(pk=into.pk).update(parent=into.parent_id or into.pk)
    case.state, case.merged_into = CaseState.CLOSED, into
    case.waiting_on, case.waiting_until = "", None
    case.solved_at, case.closed_at, case.solved_by_name = at, at, by.name
    case.save()
    merged = CaseMerged(case.pk, case.title, into.pk, into.title)
    tell_of_case(case, merged, by=by, at=at, topics=(f"case:{into.pk}",))
    return into


@transaction.atomic
def split_case(
    *,
    case_id: int,
    title: str,
    by: Actor,
    at: datetime,
    matter_id: int | None = None,
    contact_ids: Sequence[int] = (),
    promise_ids: Sequence[int] = (),
) -> Case:
    """One case was two problems: a new one with the same owner takes the contacts and promises named."""
    case = case_to_change(case_id)
    refuse_settled(case)
    title = typed(title)
    if not title:
        raise CannotDoError(gettext("Say in a few words what the second case is about."))
    new = Case.objects.create(
        customer_id=case.customer_id,
        asked_by_id=case.asked_by_id,
        matter_id=matter_id or case.matter_id,
        title=title[:200],
        owner_person_id=case.owner_person_id,
        owner_team_id=case.owner_team_id,
        owner_department_id=case.owner_department_id,
        opened_at=at,
        opened_by_name=by.name,
        parent_id=case.parent_id,
        split_from=case,
    )
    _move_contacts(contact_ids, case, new)
    Promise.objects.filter(case=case, pk__in=list(promise_ids)).update(case=new)
    split = CaseSplit(new.pk, new.title, case.pk, case.title)
    tell_of_case(new, split, by=by, at=at, topics=(f"case:{case.pk}",))
    return new


@transaction.atomic
def link_cases(*, case_id: int, other_id: int, by: Actor, at: datetime, kind: str = LinkKind.RELATED) -> CaseLink:
    """The two belong together; saying so again changes how."""
    if case_id == other_id:
        raise CannotDoError(gettext("A case cannot be linked to itself."))
    case, other = two_cases_to_change(case_id, other_id)
    link, is_new = CaseLink.objects.get_or_create(case=case, other=other, defaults={"kind": kind, "at": at})
    if not is_new and link.kind == kind:
        return link
    link.kind = kind
    link.save(update_fields=["kind"])
    linked = CaseLinked(case.pk, case.title, other.pk, other.title, kind)
    tell_of_case(case, linked, by=by, at=at, topics=(f"case:{other.pk}",))
    return link


@transaction.atomic
def put_below(*, case_id: int, parent_id: int | None, by: Actor, at: datetime) -> Case:
    """The case is part of a larger one, or with None stands by itself again; two levels and no more."""
    if parent_id is None:
        return _set_apart(case_to_change(case_id), by=by, at=at)
    if parent_id == case_id:
        raise CannotDoError(gettext("A case cannot stand below itself."))
    case, parent = two_cases_to_change(case_id, parent_id)
    refuse_settled(parent)
    if parent.parent_id is not None or Case.objects.filter(parent=case).exists():
        raise CannotDoError(gettext("A case below a case cannot have cases below it."))
    case.parent = parent
    case.save(update_fields=["parent"])
    linked = CaseLinked(case.pk, case.title, parent.pk, parent.title, LinkKind.RELATED)
    tell_of_case(case, linked, by=by, at=at, topics=(f"case:{parent.pk}",))
    return case


def _set_apart(case: Case, *, by: Actor, at: datetime) -> Case:
    parent = case.parent
    if parent is None:
        return case
    case.parent = None
    case.save(update_fields=["parent"])
    apart = CaseSetApart(case.pk, case.title, parent.pk, parent.title)
    tell_of_case(case, apart, by=by, at=at, topics=(f"case:{parent.pk}",))
    return case


def _move_contacts(contact_ids: Sequence[int], origin: Case, target: Case) -> None:
    moving = CaseContact.objects.filter(case=origin, contact_id__in=list(contact_ids))
    there = CaseContact.objects.filter(case=target).values("contact_id")
    moving.exclude(contact_id__in=there).update(case=target)


def _refuse_other_customer(case: Case, into: Case) -> None:
    if case.customer_id is None or into.customer_id is None:
        same = case.customer_id == into.customer_id
    else:
        same = case_queries.is_same_customer(case.customer_id, into.customer_id)
    if not same:
        raise UnrelatedCaseError(gettext("These cases are of two customers; link them instead."))
