"""Customers and accounts by their names alone, for short lists; and all that they may be called by."""

from collections.abc import Sequence

from tellonce.modules.record.folding import national_digits
from tellonce.modules.record.models import Account, ContactPoint, Customer, PersonOfRecord


def names_of(customer_ids: Sequence[int]) -> dict[int, str]:
    """The names of these customers; those merged away, hidden or erased are left out."""
    found = Customer.objects.filter(
        pk__in=list(customer_ids), merged_into__isnull=True, hidden_at__isnull=True, erased_at__isnull=True
    )
    return {customer.pk: str(customer) for customer in found}


def account_numbers(account_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of these accounts."""
    return dict(Account.objects.filter(pk__in=list(account_ids)).values_list("pk", "number"))


def called_by(customer_ids: Sequence[int]) -> set[str]:
    """Names, ids in source systems, account numbers, phones (also without their country code), mails and addresses."""
    ids = list(customer_ids)
    texts = {text for row in Customer.objects.filter(pk__in=ids).values_list("name", "external_id") for text in row}
    texts |= set(PersonOfRecord.objects.filter(customer_id__in=ids).values_list("name", flat=True))
    texts |= set(Account.objects.filter(customer_id__in=ids).values_list("number", flat=True))
    values = set(ContactPoint.objects.filter(customer_id__in=ids).values_list("value", flat=True))
    numbers = {national_digits(value) for value in values if value.startswith("+")}
    return (texts | values | numbers) - {""}
