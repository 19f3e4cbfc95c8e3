"""Undoing an import: its contacts, cases and promises are hidden, but those that somebody worked on later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from tellonce.modules.care.actions.telling import tell_of_contact
from tellonce.modules.care.contracts import ContactUnmatched
from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.staff.contracts import Actor

# Worked on later: somebody has it in hand, or told a moment of it that did not come in with this import (a match by
# hand is one, another import that still stands another), or a case, a promise, a hand-over or a file of somebody
# else's hangs on it.
_WORKED_ON = """
SELECT c.id, COALESCE(NULLIF(c.external_id, ''), c.id::text) FROM care_contact c
WHERE c.import_id = %(import_id)s AND c.hidden_at IS NULL AND (
  c.state = 'in_hand'
  OR (c.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM record_moment m WHERE m.customer_id = c.customer_id
    AND m.contact_id = c.id AND (m.by_kind = 'person' OR m.import_id IS NOT NULL)
    AND m.import_id IS DISTINCT FROM %(import_id)s
    AND (m.import_id IS NULL OR m.import_id NOT IN (SELECT import_id FROM record_hiddenimport))))
  OR EXISTS (SELECT 1 FROM care_casecontact l JOIN care_case k ON k.id = l.case_id
    WHERE l.contact_id = c.id AND k.import_id IS DISTINCT FROM %(import_id)s)
  OR EXISTS (SELECT 1 FROM care_promise p WHERE p.contact_id = c.id AND p.import_id IS DISTINCT FROM %(import_id)s)
  OR EXISTS (SELECT 1 FROM care_handover h WHERE h.contact_id = c.id)
  OR EXISTS (SELECT 1 FROM care_attachment a WHERE a.contact_id = c.id))
ORDER BY c.id FOR UPDATE OF c
"""


@dataclass(frozen=True, slots=True)
class HiddenCare:
    """How many are hidden now, and which contacts were kept: (id, id in the source system)."""

    contacts: int
    cases: int
    promises: int
    kept: tuple[tuple[int, str], ...]


@transaction.atomic
def hide_care_of(*, import_id: int, by: Actor, at: datetime) -> HiddenCare:
    """Hides what the import brought. A contact that a rule matched later is unmatched, so that no story names it."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKED_ON, {"import_id": import_id})
        kept = tuple((int(pk), str(shown)) for pk, shown in cursor.fetchall())
    kept_ids = [pk for pk, _ in kept]
    rest = Contact.objects.filter(import_id=import_id, hidden_at=None).exclude(pk__in=kept_ids)
    _unmatch_what_a_rule_matched(list(rest.filter(customer__isnull=False)), import_id, by=by, at=at)
    cases = Case.objects.filter(import_id=import_id, hidden_at=None).exclude(contacts__contact_id__in=kept_ids)
    promises = Promise.objects.filter(import_id=import_id, hidden_at=None).exclude(
        Q(contact_id__in=kept_ids) | Q(case__contacts__contact_id__in=kept_ids)
    )
    hidden_promises = Promise.objects.filter(pk__in=list(promises.values_list("pk", flat=True))).update(hidden_at=at)
    hidden_cases = Case.objects.filter(pk__in=list(cases.values_list("pk", flat=True))).update(hidden_at=at)
    return HiddenCare(contacts=rest.update(hidden_at=at), cases=hidden_cases, promises=hidden_promises, kept=kept)


def _unmatch_what_a_rule_matched(contacts: Sequence[Contact], import_id: int, *, by: Actor, at: datetime) -> None:
    if not contacts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT contact_id FROM record_moment WHERE kind = 'care.contact_matched'"
            " AND customer_id = ANY(%s) AND contact_id = ANY(%s) AND import_id IS DISTINCT FROM %s",
            [[one.customer_id for one in contacts], [one.pk for one in contacts], import_id],
        )
        by_rule = {int(row[0]) for row in cursor.fetchall()}
    for contact in contacts:
        if contact.pk in by_rule:
            tell_of_contact(contact, ContactUnmatched(contact.pk), by=by, at=at)
    Contact.objects.filter(pk__in=by_rule).update(customer=None, person_of_record=None)
