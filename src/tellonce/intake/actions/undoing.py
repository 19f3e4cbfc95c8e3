"""Undoes a whole import: what it added is hidden, what it changed is given back, what people did since stays."""

import importlib
from dataclasses import astuple
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tellonce.intake import queries
from tellonce.intake.contracts import BULK, UNDOABLE, ImportBusyError, ImportKind, ImportStateError, RunState, Undone
from tellonce.intake.models import ImportRun
from tellonce.intake.wording import undone_in_words
from tellonce.modules.billing.actions import remove_billing_of
from tellonce.modules.care.actions.giving_back import give_back_contacts
from tellonce.modules.care.actions.hiding import hide_care_of
from tellonce.modules.phone.actions import remove_calls_of
from tellonce.modules.record.actions.giving_back import give_back
from tellonce.modules.record.actions.hiding import hide_all_moments_of, hide_customers_of, hide_moments_of
from tellonce.modules.record.actions.import_changes import forget_changes
from tellonce.modules.record.queries.import_changes import imports_with_changes
from tellonce.modules.staff.contracts import Actor

_NAMED = 1_000
_BILLED = BULK | {ImportKind.PRICES, ImportKind.DEVICES, ImportKind.ORDERS, ImportKind.TRAFFIC}


@transaction.atomic
def undo(*, run_id: int, by: Actor, at: datetime) -> Undone:
    """All of it or nothing; ImportStateError when it is not done, or was undone by somebody else already.

    What the import added is hidden, and brought back by importing the file again. What it changed is as it was, where
    nobody changed it since and what was there before is still kept (RetentionKind.IMPORTS).
    """
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first() or queries.run(run_id)
    if run.kind not in UNDOABLE:
        raise ImportStateError(_("Areas and outages are changed by hand, not by undoing an import."))
    if run.state != RunState.DONE:
        raise ImportStateError(
            _("Import %(id)d cannot be undone: it is %(state)s.") % {"id": run.pk, "state": run.get_state_display()}
        )
    if not queries.lock_source(run.source):
        raise ImportBusyError(
            _("An import from %(source)s is running; undo this one after it.") % {"source": run.source}
        )
    report = _undone(run, by=by, at=at)
    ImportRun.objects.filter(pk=run.pk).update(
        state=RunState.UNDONE, undone_at=at, undone_by_name=by.name, undo_report=report
    )
    return undone_in_words(report)


def _undone(run: ImportRun, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Does it; the report names customers by their ids alone, so that it need not forget them one day."""
    if run.kind in _BILLED:
        taken = remove_billing_of(import_id=run.pk, at=at)
        hide_all_moments_of(import_id=run.pk, at=at)
        importlib.import_module("tellonce.intake.bulk.beside").forget_beside(run.pk)  # not in processes that serve
        more = max(0, len(taken.kept) - _NAMED)
        return {"bills": taken.bills, "billing": taken.others, "kept_contacts": taken.kept[:_NAMED], "more": more}
    knows_before = run.pk in imports_with_changes([run.pk])
    customers = hide_customers_of(import_id=run.pk, at=at)
    care = hide_care_of(import_id=run.pk, by=by, at=at)
    calls = remove_calls_of(import_id=run.pk, by=by, at=at)
    record_back = give_back(import_id=run.pk, by=by, at=at)
    care_back = give_back_contacts(import_id=run.pk, by=by, at=at)
    stays = [*record_back.stays, *care_back.stays]
    but_contacts = {pk for pk, _shown in care.kept} | {one.about_id for one in care_back.stays}
    hide_moments_of(import_id=run.pk, at=at, but_contacts=but_contacts)
    forget_changes(import_ids=[run.pk])
    return {
        "customers": customers.hidden,
        "contacts": care.contacts,
        "cases": care.cases,
        "calls": calls,
        "given_back": record_back.things + care_back.things,
        "changed_stays": 0 if knows_before else run.changed,
        "kept_customers": [pk for pk, _shown in customers.kept][:_NAMED],
        "kept_contacts": [shown for _pk, shown in care.kept][:_NAMED],
        "stays": [list(astuple(one)) for one in stays[:_NAMED]],
        "more": sum(max(0, len(some) - _NAMED) for some in (customers.kept, care.kept, stays)),
    }
