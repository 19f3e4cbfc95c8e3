"""Contacts as another system calls them, many at once."""

from collections.abc import Sequence

from tellonce.modules.care.models import CaseContact, Contact


def cases_by_source(*, source: str, external_ids: Sequence[str]) -> dict[str, tuple[int, int | None]]:
    """Contact and case (None where there is none) by what the source calls the contact; unknown ones are left out."""
    rows = Contact.objects.filter(source=source, external_id__in=external_ids).values_list("pk", "external_id")
    names = dict(rows)
    cases = dict(CaseContact.objects.filter(contact_id__in=list(names)).values_list("contact_id", "case_id"))
    return {name: (pk, cases.get(pk)) for pk, name in names.items()}
