"""One customer that was two, and undoing that: a row each says what reads as the new customer's, nothing moves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tellonce.modules.record import queries, story
from tellonce.modules.record.actions.merging import one_at_a_time
from tellonce.modules.record.actions.providers import owners
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import About, BadRecordError, CustomerWasSplit, SplitError, SplitUndone, Told
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    CustomerSplit,
    Device,
    Moment,
    Occupancy,
    PersonOfRecord,
    Service,
    SplitRow,
)
from tellonce.modules.staff.contracts import Actor

_OfRecord = type[Account] | type[PersonOfRecord] | type[ContactPoint] | type[Service] | type[Device]
_OF_RECORD: dict[str, _OfRecord] = {
    "account": Account,
    "person": PersonOfRecord,
    "contact_point": ContactPoint,
    "service": Service,
    "device": Device,
}
_OF_CARE = ("contact", "case", "promise")
SPLIT_KINDS = (*_OF_RECORD, "premise", *_OF_CARE)


@transaction.atomic
def split_customer(
    *,
    customer_id: int,
    moments: Sequence[UUID],
    others: Sequence[tuple[str, int]],
    name: str,
    by: Actor,
    at: datetime,
) -> Customer:
    """A new customer `name` to whom these moments and `others` (type of SPLIT_KINDS, id) read from now on.

    What happened to one of the others (its contact, case, service ...) goes along with it.
    """
    one_at_a_time()
    origin = queries.customer(customer_id)
    who = queries.identity(origin.pk)
    _refuse_strange(who, others)
    rows = _moment_keys(who, moments, others)
    if not rows and not others:
        raise BadRecordError(gettext("Choose at least one thing that belongs to the other customer."))
    if not name.strip():
        raise BadRecordError(gettext("A customer needs a name."))
    new = Customer.objects.create(kind=origin.kind, name=name.strip(), since=at.date(), created_at=at)
    split = CustomerSplit.objects.create(customer=origin, new_customer=new, at=at, by_id=by.id, by_name=by.name)
    given = [("moment", key) for key in rows] + [(about, str(pk)) for about, pk in dict.fromkeys(others)]
    SplitRow.objects.bulk_create([SplitRow(split=split, about=about, about_id=key) for about, key in given])
    for customer, other in ((origin, new), (new, origin)):
        index_customer(customer.pk)
        what = CustomerWasSplit(split_id=split.pk, other_id=other.pk, other_name=other.name)
        story.tell(Told(customer_id=customer.pk, what=what, at=at, by=by, about=About("split", split.pk)))
    return new


@transaction.atomic
def undo_split(*, split_id: int, customer_id: int, by: Actor, at: datetime) -> CustomerSplit:
    """The two are one again: all rows read as before, and what was told to the new customer since reads along.

    It must be a split of this customer's, on either side.
    """
    one_at_a_time()
    split = CustomerSplit.objects.select_related("new_customer").filter(pk=split_id).first()
    if split is None or split.undone_at is not None:
        raise SplitError(gettext("This split was undone already."))
    queries.other_side(split_id, queries.same_customer_ids(customer_id))
    if split.new_customer.merged_into_id is not None or split.customer_id in queries.same_customer_ids(
        split.new_customer_id
    ):
        raise SplitError(gettext("The new customer was merged since; undo that first."))
    split.undone_at = at
    split.save(update_fields=["undone_at"])
    root = queries.customer(split.customer_id)
    Customer.objects.filter(pk=split.new_customer_id).update(merged_into=root)
    index_customer(root.pk)
    what = SplitUndone(split_id=split.pk, other_id=split.new_customer_id)
    topics = (f"customer:{split.new_customer_id}",)
    story.tell(Told(customer_id=root.pk, what=what, at=at, by=by, about=About("split", split.pk), topics=topics))
    return split


def _refuse_strange(who: queries.Identity, others: Sequence[tuple[str, int]]) -> None:
    for about, pk in others:
        if about not in SPLIT_KINDS:
            raise BadRecordError(gettext("A %(kind)s cannot be given to another customer.") % {"kind": about})
        if not _is_theirs(who, about, pk):
            raise SplitError(gettext("This is not the customer's: %(kind)s %(id)s.") % {"kind": about, "id": pk})


def _is_theirs(who: queries.Identity, about: str, pk: int) -> bool:
    if about in _OF_CARE:
        return any(pk in owner.owned(about=about, ids=[pk], customer_ids=who.ids) for owner in owners())
    if str(pk) in who.here.get(about, ()):
        return True
    if str(pk) in who.away.get(about, ()):
        return False
    if about == "premise":
        return Occupancy.objects.filter(premise_id=pk, customer_id__in=who.ids).exists()
    return _OF_RECORD[about].objects.filter(pk=pk, customer_id__in=who.ids).exists()


def _moment_keys(who: queries.Identity, moments: Sequence[UUID], others: Sequence[tuple[str, int]]) -> list[str]:
    """The keys of the chosen moments and of those about the others, as 'customer/id'."""
    chosen = Q(id__in=list(moments))
    for about, pk in others:
        if about == "contact":
            chosen |= Q(contact_id=pk)
        elif about == "case":
            chosen |= Q(case_id=pk)
        else:
            chosen |= Q(about=about, about_id=pk)
    found = Moment.objects.filter(chosen, customer_id__in=who.ids).values_list("customer_id", "id")
    keys = [f"{customer_id}/{pk}" for customer_id, pk in found]
    gone = who.away.get("moment", frozenset())
    missing = {str(pk) for pk in moments} - {key.split("/")[1] for key in keys}
    if missing or any(key in gone for key in keys if UUID(key.split("/")[1]) in set(moments)):
        raise SplitError(gettext("Some of these moments are not in the customer's story."))
    return [key for key in keys if key not in gone]
