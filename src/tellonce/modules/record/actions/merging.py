"""Two customers that were one, and undoing that: pointers only, nothing moves."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.modules.record import queries, story
from tellonce.modules.record.actions.providers import keepers
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import (
    About,
    CustomerNotFoundError,
    CustomersMerged,
    MergeError,
    MergeUndone,
    Told,
)
from tellonce.modules.record.models import Customer, CustomerMerge
from tellonce.modules.staff.contracts import Actor

_ONE_AT_A_TIME = 7_201_001  # the advisory lock of merges and splits; any number that nobody else uses


@transaction.atomic
def merge_customers(*, loser_id: int, winner_id: int, by: Actor, at: datetime) -> CustomerMerge:
    """`loser` reads as `winner` from now on. Of two merges at once one wins and the other gets a MergeError."""
    one_at_a_time()
    loser = _standing(loser_id)
    winner = queries.customer(winner_id)
    if loser.pk == winner.pk:
        raise MergeError(gettext("These two are one customer already."))
    if loser.merged_into is not None:
        raise MergeError(gettext("%(name)s was merged into another customer already.") % {"name": loser})
    merge = CustomerMerge.objects.create(loser=loser, winner=winner, at=at, by_id=by.id, by_name=by.name)
    Customer.objects.filter(pk=loser.pk).update(merged_into=winner)
    for _name, keeper in keepers():
        keeper.merged(loser_id=loser.pk, winner_id=winner.pk, at=at)
    index_customer(winner.pk)
    what = CustomersMerged(merge_id=merge.pk, other_id=loser.pk, other_name=loser.name)
    about = About("merge", merge.pk)
    topics = (f"customer:{loser.pk}",)
    story.tell(Told(customer_id=winner.pk, what=what, at=at, by=by, about=about, topics=topics))
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, customer_id: int, by: Actor, at: datetime) -> CustomerMerge:
    """The two are two again, each with the story and the things it had. It must be a merge of this customer's."""
    one_at_a_time()
    merge = CustomerMerge.objects.select_related("loser", "winner").filter(pk=merge_id).first()
    if merge is None or merge.undone_at is not None:
        raise MergeError(gettext("This merge was undone already."))
    if merge.loser_id not in queries.same_customer_ids(customer_id):
        raise MergeError(gettext("This merge is another customer's."))
    Customer.objects.filter(pk=merge.loser_id, merged_into=merge.winner_id).update(merged_into=None)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    for _name, keeper in keepers():
        keeper.merged(loser_id=merge.winner_id, winner_id=merge.loser_id, at=at)
    for customer, other in ((merge.winner, merge.loser), (merge.loser, merge.winner)):
        index_customer(customer.pk)
        what = MergeUndone(merge_id=merge.pk, other_id=other.pk, other_name=other.name)
        story.tell(Told(customer_id=customer.pk, what=what, at=at, by=by, about=About("merge", merge.pk)))
    return merge


def one_at_a_time() -> None:
    """Merges and splits wait for each other until the end of their transaction, so that no circle can arise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _standing(customer_id: int) -> Customer:
    found = Customer.objects.select_related("merged_into").filter(pk=customer_id, hidden_at=None).first()
    if found is None:
        raise CustomerNotFoundError(gettext("There is no customer %(id)s.") % {"id": customer_id})
    return found
