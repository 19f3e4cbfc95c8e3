"""The access log: who looked at whose record, when, in which contact, and why without one."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext

from tellonce.datakit import Together
from tellonce.modules.staff.contracts import ReasonNeededError
from tellonce.modules.staff.models import AccessEntry, Person

_LOG_VIEW = """
INSERT INTO staff_accessentry (at, person_id, person_name, customer_id, contact_id, case_id, page, reason,
                               without_contact, searched_for)
VALUES (%(at)s, %(person)s, %(name)s, %(customer)s, %(contact)s, %(case)s, %(page)s, %(reason)s, %(without)s, '')
RETURNING id
"""
_WORD = re.compile(r"[^\W_]+")
_LEAST_DIGITS = 6  # fewer stand in many a number
_FORGET_SEARCHES = r"""
UPDATE staff_accessentry SET searched_for = '-'
WHERE searched_for <> '' AND (
  NOT EXISTS (SELECT 1 FROM regexp_split_to_table(lower(searched_for), '[^[:alnum:]]+') AS said
              WHERE said <> '' AND NOT EXISTS (SELECT 1 FROM unnest(%(words)s::text[]) AS word
                                               WHERE starts_with(word, said)))
  OR (length(regexp_replace(searched_for, '\D', '', 'g')) >= %(least)s AND EXISTS (
        SELECT 1 FROM unnest(%(known_as)s::text[]) AS known
        WHERE strpos(regexp_replace(known, '\D', '', 'g'), regexp_replace(searched_for, '\D', '', 'g')) > 0)))
"""


def log_view(
    ask: Together,
    *,
    person: Person,
    customer_id: int,
    page: str,
    at: datetime,
    contact_id: int | None = None,
    case_id: int | None = None,
    reason: str = "",
) -> Callable[[], int]:
    """Notes one view of a customer's record, in one round trip with reads; nothing of these comes back without it.

    ReasonNeededError when neither contact nor case nor reason is given. Gives the number of the entry.
    """
    without_contact = contact_id is None and case_id is None
    if without_contact and not reason.strip():
        raise ReasonNeededError(
            gettext("You are not in a contact with this customer. Say why you look."), customer_id=customer_id
        )
    entry = {
        "at": at,
        "person": person.pk,
        "name": person.name,
        "customer": customer_id,
        "contact": contact_id,
        "case": case_id,
        "page": page[:60],
        "reason": reason.strip()[:300],
        "without": without_contact,
    }
    return ask(_LOG_VIEW, entry, lambda rows: int(rows[0][0]))


def log_search(*, person: Person, at: datetime, words: str) -> None:
    """Notes one search for customers, as a search."""
    AccessEntry.objects.create(
        at=at, person_id=person.pk, person_name=person.name, page="search", searched_for=words.strip()[:200]
    )


@transaction.atomic
def forget_words(*, customer_ids: Sequence[int], known_as: Sequence[str]) -> None:
    """An erased customer's words leave the log: reasons to look at them, and searches that would have found them.

    A search goes when each of its words begins a word of `known_as`, or its digits stand in one. Who, when and which
    customer stay; a dash stands where words stood.
    """
    words = sorted({word for known in known_as for word in _WORD.findall(known.lower())})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tellonce.forgets_access_words', 'on', true)")
        cursor.execute(
            "UPDATE staff_accessentry SET reason = '-' WHERE customer_id = ANY(%s) AND reason <> ''",
            [list(customer_ids)],
        )
        cursor.execute(_FORGET_SEARCHES, {"words": words, "known_as": list(known_as), "least": _LEAST_DIGITS})
        cursor.execute("SELECT set_config('tellonce.forgets_access_words', '', true)")


@transaction.atomic
def forget_old_entries(*, before: datetime) -> int:
    """Deletes what the retention period no longer covers; nothing else may (a trigger refuses). Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tellonce.access_kept_since', %s, true)", [before.isoformat()])
        cursor.execute("DELETE FROM staff_accessentry WHERE at < %s", [before])
        gone: int = cursor.rowcount
        cursor.execute("SELECT set_config('tellonce.access_kept_since', '', true)")
    return gone
