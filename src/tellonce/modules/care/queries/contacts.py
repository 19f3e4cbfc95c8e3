"""Reads of contacts: in hand, waiting, not matched yet, of a customer."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tellonce.datakit import Slot, Statement, Together, alone
from tellonce.modules.care.contracts import ContactLine, ContactNotFoundError, ContactState
from tellonce.modules.care.contracts.words import matter_in_words
from tellonce.modules.care.models import Contact, HandOver
from tellonce.modules.care.queries.belonging import RowsOfCustomers
from tellonce.modules.record.contracts import Away

_FIELDS = (
    "id",
    "channel",
    "direction",
    "state",
    "began_at",
    "answered_at",
    "ended_at",
    "customer_id",
    "customer__name",
    "customer__external_id",
    "said_name",
    "said",
    "reached_from",
    "matter_id",
    "matter__name",
    "taken_by_id",
    "taken_by_name",
    "told_again_at",
)


def contact(contact_id: int) -> ContactLine:
    """One contact; ContactNotFoundError."""
    found = contact_lines(Contact.objects.filter(pk=contact_id))
    if not found:
        raise ContactNotFoundError(gettext("There is no contact %(id)s.") % {"id": contact_id})
    return found[0]


def contact_row(contact_id: int) -> Contact | None:
    """The contact itself, for those who go on with it."""
    return Contact.objects.filter(pk=contact_id, hidden_at=None).first()


def where_contacts_stand(contact_ids: Iterable[int]) -> dict[int, tuple[str, int | None]]:
    """By contact its state, and in whose hands it is; one whose import was undone is not among them."""
    found = Contact.objects.filter(pk__in=list(contact_ids), hidden_at=None)
    return {pk: (state, person) for pk, state, person in found.values_list("pk", "state", "taken_by_id")}


def contact_by_source(*, source: str, external_ids: Collection[str]) -> ContactLine | None:
    """The newest contact that another system calls one of these, if any is here."""
    named = Contact.objects.filter(source=source, external_id__in=external_ids, hidden_at=None)
    found = contact_lines(named.order_by("-pk")[:1])
    return found[0] if found else None


def in_hand(person_id: int) -> list[ContactLine]:
    """The contacts in somebody's hands, the newest first, with those handed over to them that they have not taken."""
    return alone(lambda ask: ask_in_hand(ask, person_id))


def ask_in_hand(ask: Together, person_id: int) -> Callable[[], list[ContactLine]]:
    """`in_hand`, read together with other things."""
    taken = _TAKEN.ask(ask, _lines, person=person_id)
    handed = _HANDED.ask(ask, _handed_lines, person=person_id)

    def answer() -> list[ContactLine]:
        by_id = {line.id: line for line in (*taken(), *handed())}
        return sorted(by_id.values(), key=lambda line: line.began_at, reverse=True)

    return answer


def waiting_contacts(limit: int = 50) -> list[ContactLine]:
    """Contacts that nobody has taken yet, the longest wait first."""
    return alone(lambda ask: ask_waiting_contacts(ask, limit=limit))


def ask_waiting_contacts(ask: Together, *, limit: int) -> Callable[[], list[ContactLine]]:
    """`waiting_contacts`, read together with other things."""
    return _WAITING.ask(ask, _lines, limit=limit)


def unmatched_contacts(
    limit: int = 50, *, offset: int = 0, words: str = "", partner_id: int | None = None
) -> list[ContactLine]:
    """Contacts without a customer, newest first; `words` narrows by what was said and by whom.

    With `partner_id` those alone that the partner's people took.
    """
    return contact_lines(_unmatched(words, partner_id).order_by("-began_at", "-pk")[offset : offset + limit])


def unmatched_count(*, words: str = "", partner_id: int | None = None) -> int:
    """How many contacts have no customer yet."""
    return _unmatched(words, partner_id).count()


def customer_contacts(customer_ids: Sequence[int], *, limit: int = 50, splits: Away | None = None) -> list[ContactLine]:
    """A customer's contacts, newest first."""
    return alone(lambda ask: ask_customer_contacts(ask, customer_ids, limit=limit, splits=splits))


def ask_customer_contacts(
    ask: Together, customer_ids: Sequence[int], *, limit: int, splits: Away | None = None
) -> Callable[[], list[ContactLine]]:
    """`customer_contacts`, read together with other things."""
    return _OF_CUSTOMERS.ask(ask, _lines, customer_ids, splits=splits, limit=limit)


def contact_lines(contacts: QuerySet[Contact]) -> list[ContactLine]:
    """The contacts as lines, in one query."""
    return _lines(contacts.values(*_FIELDS))


_LIVE = (ContactState.WAITING, ContactState.IN_HAND)
_TAKEN = Statement(
    lambda: Contact.objects.filter(
        taken_by_id=Slot("person"), state=ContactState.IN_HAND, hidden_at__isnull=True
    ).values(*_FIELDS)
)
_HANDED = Statement(
    lambda: HandOver.objects.filter(
        to_person_id=Slot("person"),
        taken_at__isnull=True,
        contact__state__in=_LIVE,
        contact__hidden_at__isnull=True,
    ).values("pk", "line", "from_person__name", *(f"contact__{name}" for name in _FIELDS))
)
_WAITING = Statement(
    lambda: (
        Contact.objects.filter(state=ContactState.WAITING, hidden_at__isnull=True).order_by("began_at").values(*_FIELDS)
    )
)
_OF_CUSTOMERS = RowsOfCustomers(
    "contact", lambda mine: Contact.objects.filter(mine).order_by("-began_at").values(*_FIELDS)
)


def _unmatched(words: str, partner_id: int | None) -> QuerySet[Contact]:
    contacts = Contact.objects.filter(customer__isnull=True, hidden_at=None)
    if partner_id is not None:
        contacts = contacts.filter(partner_id_then=partner_id)
    for word in words.split():
        contacts = contacts.filter(
            Q(said__icontains=word) | Q(said_name__icontains=word) | Q(reached_from__icontains=word)
        )
    return contacts


def _lines(rows: Iterable[dict[str, Any]]) -> list[ContactLine]:
    return [_line(row) for row in rows]


def _line(row: dict[str, Any], **more: Any) -> ContactLine:
    name = row.pop("customer__name") or row["customer__external_id"] or ""
    del row["customer__external_id"]
    matter = row.pop("matter__name")
    return ContactLine(**row, **more, customer_name=name, matter=matter_in_words(matter or ""))


def _handed_lines(rows: Iterable[dict[str, Any]]) -> list[ContactLine]:
    return [
        _line(
            {name: row[f"contact__{name}"] for name in _FIELDS},
            hand_over_id=row["pk"],
            hand_over_line=row["line"],
            hand_over_from=row["from_person__name"] or "",
        )
        for row in rows
    ]
