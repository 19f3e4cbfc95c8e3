"""Keeps what customers are found by: rebuilt from the record after every change of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from tellonce.modules.record import queries
from tellonce.modules.record.contracts import ContactPointKind, SearchKind
from tellonce.modules.record.copying import copy_rows
from tellonce.modules.record.folding import (
    Entry,
    address_entry,
    code_entry,
    document_of,
    each_once,
    is_word,
    mail_entry,
    name_entries,
    phone_entry,
    variants_of,
)
from tellonce.modules.record.models import (
    Account,
    ContactPoint,
    Customer,
    Device,
    Occupancy,
    PersonOfRecord,
    SearchDocument,
    SearchEntry,
    SearchWord,
)
from tellonce.modules.record.queries.alone import never_merged_or_split


def index_customer(customer_id: int) -> None:
    """Rebuilds what a customer is found by, merges and splits applied; hidden and erased ones are found by nothing."""
    who = queries.identity(customer_id)
    unindex_customers(who.ids)
    customers = {one.pk: one for one in Customer.objects.filter(pk__in=who.ids)}
    root = customers[who.ids[0]]
    if root.hidden_at is not None or root.erased_at is not None:
        return
    entries = [entry for customer in customers.values() for entry in _own_entries(customer)]
    entries += [entry for _pk, entry in _entries(lambda model, about: queries.rows_of(model, about, who))]
    _index([_Found(root.pk, entries, is_left=root.left_on is not None)])


def index_customers(customer_ids: Iterable[int]) -> None:
    """Rebuilds what many customers are found by, in a few queries where they were never merged or split."""
    wanted = sorted(set(customer_ids))
    alone = never_merged_or_split(wanted)
    for pk in wanted:
        if pk not in alone:
            index_customer(pk)
    ids = sorted(alone)
    unindex_customers(ids)
    standing = Customer.objects.filter(pk__in=ids, hidden_at=None, erased_at=None)
    found = {one.pk: _Found(one.pk, _own_entries(one), is_left=one.left_on is not None) for one in standing}
    for pk, entry in _entries(lambda model, _about: model._default_manager.filter(customer_id__in=found)):  # noqa: SLF001 -- the documented way to a model's manager
        found[pk].entries.append(entry)
    _index(list(found.values()))


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom the entries find."""

    customer_id: int
    entries: list[Entry]
    is_left: bool


def _index(found: Sequence[_Found]) -> None:
    documents = []
    lines: list[tuple[int, str, str, str, bool]] = []
    for one in found:
        entries = each_once(one.entries)
        lines += [(one.customer_id, e.kind.value, e.folded, e.shown, one.is_left) for e in entries]
        documents.append((one.customer_id, document_of(entries), one.is_left))
    copy_rows("record_searchentry", ("customer_id", "kind", "folded", "shown", "is_left"), lines)
    copy_rows("record_searchdocument", ("customer_id", "words", "is_left"), documents)
    know_words(word for _pk, words, _left in documents for word in words.split())


def _own_entries(customer: Customer) -> list[Entry]:
    return [*name_entries(customer.name, kind=customer.kind), *code_entry(SearchKind.ACCOUNT, customer.external_id)]


def unindex_customers(customer_ids: Sequence[int]) -> None:
    """These customers are found by nothing."""
    SearchEntry.objects.filter(customer_id__in=customer_ids).delete()
    SearchDocument.objects.filter(pk__in=customer_ids).delete()


def know_words(words: Iterable[str]) -> None:
    """Adds words that no customer had yet to those that misspelt ones are compared with."""
    new = [SearchWord(word=word, variants=variants_of(word)) for word in sorted(set(words)) if is_word(word)]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def count_words(words: Mapping[str, int]) -> None:
    """Adds what a bulk load brought to the words and their counts, in one order so that two loads do not lock up."""
    rows = sorted((word, n) for word, n in words.items() if is_word(word))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_searchword (word, customers, variants)"
            " SELECT word, customers, string_to_array(variants, ' ')"
            " FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS t(word, customers, variants)"
            " ON CONFLICT (word) DO UPDATE SET customers = record_searchword.customers + excluded.customers",
            [[word for word, _n in rows], [n for _w, n in rows], [" ".join(variants_of(word)) for word, _n in rows]],
        )


def forget_words(words: Iterable[str]) -> None:
    """Drops the words that no document holds any more: a rare name must not outlive its person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM record_searchword w WHERE w.word = ANY(%s) AND NOT EXISTS ("
            " SELECT 1 FROM record_searchdocument d WHERE NOT d.is_left"
            " AND array_to_tsvector(string_to_array(d.words, ' ')) @@ quote_literal(w.word)::tsquery)"
            " AND NOT EXISTS (SELECT 1 FROM record_searchdocument d WHERE d.is_left"
            " AND array_to_tsvector(string_to_array(d.words, ' ')) @@ quote_literal(w.word)::tsquery)",
            [sorted(set(words))],
        )


def _entries(rows_of: Callable[[type[Model], str], QuerySet[Any]]) -> Iterator[tuple[int, Entry]]:
    """What customers are found by but their own names and ids, each with whose it is."""

    def rows(model: type[Model], about: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        yield from rows_of(model, about).order_by("pk").values_list("customer_id", *columns)

    def now(model: type[Model], about: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        yield from rows_of(model, about).filter(until=None).order_by("pk").values_list("customer_id", *columns)

    for pk, name in now(PersonOfRecord, "person", "name"):
        yield from ((pk, entry) for entry in name_entries(name, kind=""))
    for pk, kind, value in now(ContactPoint, "contact_point", "kind", "value"):
        yield from ((pk, entry) for entry in _point_entries(kind, value))
    parts = ("premise__line", "premise__unit", "premise__town", "premise__postcode")
    for pk, *place in now(Occupancy, "premise", *parts):
        yield from ((pk, entry) for entry in address_entry(*place))
    for pk, number in rows(Account, "account", "number"):
        yield from ((pk, entry) for entry in code_entry(SearchKind.ACCOUNT, number))
    for pk, serial, mac in now(Device, "device", "serial", "mac"):
        codes = [*code_entry(SearchKind.SERIAL, serial), *code_entry(SearchKind.MAC, mac)]
        yield from ((pk, entry) for entry in codes)


def _point_entries(kind: str, value: str) -> list[Entry]:
    if kind == ContactPointKind.PHONE:
        return [phone_entry(value)]
    return [mail_entry(value)] if kind == ContactPointKind.MAIL else address_entry(value)
