"""What the record itself blanks when a customer is erased."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat

from tellonce.modules.record import queries
from tellonce.modules.record.actions.searching import forget_words, unindex_customers
from tellonce.modules.record.contracts import CustomersMerged, CustomerWasSplit, MergeUndone
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerSplit,
    Delivery,
    Device,
    Flag,
    ImportChange,
    Moment,
    Occupancy,
    OutboxRow,
    PersonOfRecord,
    Premise,
    SearchDocument,
    Service,
)
from tellonce.modules.record.queries.import_changes import import_changes_of
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import ActorKind

_NAMES_OTHERS = (CustomersMerged.kind, MergeUndone.kind, CustomerWasSplit.kind)


def forgotten_id(*, source: str, external_id: str) -> str:
    """What stands in place of an erased customer's id in the source system: it is known again, and not readable."""
    return f"erased-{hashlib.sha256(f'{source}/{external_id}'.encode()).hexdigest()[:40]}"


def forget_record(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Names, addresses, numbers, words and typed data go; ids, times, kinds, plans and areas stay."""
    who = queries.identity(customer_ids[0])
    staff.forget_words(customer_ids=who.ids, known_as=_known_as(who))
    _forget_story(who, at)
    _forget_places(who)
    queries.rows_of(PersonOfRecord, "person", who).update(name="", language="")
    queries.rows_of(ContactPoint, "contact_point", who).filter(until=None).update(value="", until=at.date())
    queries.rows_of(ContactPoint, "contact_point", who).update(value="")
    queries.rows_of(Account, "account", who).update(number=Concat(Value("erased-"), F("pk")))
    queries.rows_of(Service, "service", who).update(external_id="")
    queries.rows_of(Device, "device", who).update(serial="", mac="")
    queries.rows_of(Flag, "flag", who).update(reason="")
    _forget_names(who, at)
    documents = SearchDocument.objects.filter(pk__in=who.ids).values_list("words", flat=True)
    words = {word for document in documents for word in document.split()}
    unindex_customers(who.ids)
    forget_words(words)
    OutboxRow.objects.filter(customer_id__in=who.ids).update(body={})
    ImportChange.objects.filter(import_changes_of(who)).delete()


def _known_as(who: queries.Identity) -> list[str]:
    """What somebody may have searched for to find this customer."""
    names = [*Customer.objects.filter(pk__in=who.ids).values_list("name", flat=True)]
    names += queries.rows_of(PersonOfRecord, "person", who).values_list("name", flat=True)
    names += queries.rows_of(ContactPoint, "contact_point", who).values_list("value", flat=True)
    names += queries.rows_of(Account, "account", who).values_list("number", flat=True)
    return [name for name in names if name]


def _forget_names(who: queries.Identity, at: datetime) -> None:
    for customer in Customer.objects.filter(pk__in=who.ids, erased_at=None):
        customer.name, customer.languages, customer.time_zone = "", [], ""
        customer.facts, customer.fingerprint, customer.came_as, customer.erased_at = {}, "", "", at
        if customer.external_id:
            customer.external_id = forgotten_id(source=customer.source, external_id=customer.external_id)
        customer.save()


def _forget_story(who: queries.Identity, at: datetime) -> None:
    blank = Case(When(by_kind=ActorKind.CUSTOMER, then=Value("")), default=F("by_name"))
    queries.moments_of(who).update(words="", data={}, by_name=blank, erased_at=at)
    Delivery.objects.filter(customer_id__in=who.ids).update(detail="")
    others = _others(who)
    told = Moment.objects.filter(customer_id__in=others, kind__in=_NAMES_OTHERS, data__other_id__in=list(who.ids))
    told.update(words="", data={}, erased_at=at)


def _others(who: queries.Identity) -> set[int]:
    """Customers whose stories name this one: those that it was ever merged with or split from."""
    merges = CustomerMerge.objects.filter(Q(loser_id__in=who.ids) | Q(winner_id__in=who.ids))
    splits = CustomerSplit.objects.filter(Q(customer_id__in=who.ids) | Q(new_customer_id__in=who.ids))
    pairs = [*merges.values_list("loser_id", "winner_id"), *splits.values_list("customer_id", "new_customer_id")]
    return {one for pair in pairs for one in pair} - set(who.ids)


def _forget_places(who: queries.Identity) -> None:
    """An address that nobody else ever had is blanked; from a shared one the customer is taken to a blank one."""
    for stay in queries.rows_of(Occupancy, "premise", who).select_related("premise"):
        place: Premise = stay.premise
        if Occupancy.objects.filter(premise=place).exclude(customer_id__in=who.ids).exists():
            blank = Premise.objects.create(area=place.area, town=place.town, state=place.state, country=place.country)
            Occupancy.objects.filter(pk=stay.pk).update(premise=blank)
            queries.rows_of(Service, "service", who).filter(premise=place).update(premise=blank)
        else:
            Premise.objects.filter(pk=place.pk).update(line="", unit="", postcode="")
