"""What intake keeps about customers: shown, forgotten, and deleted when its time is over."""

import importlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tellonce.intake import queries
from tellonce.intake.actions.files import forget_stray_files, forget_waiting_files
from tellonce.intake.actions.quoting import in_reports, in_waiting_files, texts_of
from tellonce.intake.models import ImportRun
from tellonce.modules.record.actions.import_changes import forget_changes
from tellonce.modules.record.contracts import RetentionKind
from tellonce.modules.record.queries.import_changes import imports_that_told_of, imports_with_changes

# Only these quote the file (see contracts.Problem); line, column, what is wrong and what to do stay.
_FORGET_QUOTES = """
UPDATE intake_importrun SET undo_report = undo_report - 'kept', report = report || jsonb_build_object(
  'first_rows', '[]'::jsonb, 'words', '[]'::jsonb,
  'problems', COALESCE((SELECT jsonb_agg(p || '{"value": ""}'::jsonb ORDER BY place)
                        FROM jsonb_array_elements(report -> 'problems') WITH ORDINALITY t(p, place)), '[]'::jsonb))
WHERE asked_at < COALESCE(%(before)s, 'infinity'::timestamptz) AND (
  jsonb_path_exists(report, '$.first_rows[*]') OR jsonb_path_exists(report, '$.words[*]')
  OR jsonb_path_exists(report, '$.problems[*].value ? (@ <> "")')
  OR undo_report ? 'kept')
"""


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """The imports that told of these customers, and what reports and waiting files say of them word for word."""
    known = texts_of(customer_ids)
    return {
        "imports": [_plain(run) for run in queries.runs(imports_that_told_of(customer_ids))],
        "quoted_in_reports": list(in_reports(known)),
        "waiting_files": list(in_waiting_files(known)),
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Deletes every file that waits, and every value that a report quotes, whoever they are of.

    Nobody can tell from a row that was refused, or from the words of a complaint, whom it names; a file can be handed
    in again. What imports changed of these customers goes with the record.
    """
    forget_waiting_files()
    _forget_quotes(before=None)


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: intake keeps nothing by customers."""


@transaction.atomic
def expire(*, kind: str, before: datetime) -> int:
    """Files that nobody brought in; what undoing old imports would give back, and what their reports quote."""
    match kind:
        case RetentionKind.IMPORT_FILES:
            forget_stray_files(older_than=before)
            return forget_waiting_files(handed_in_before=before)
        case RetentionKind.IMPORTS:
            old = imports_with_changes(ImportRun.objects.filter(asked_at__lt=before).values_list("pk", flat=True))
            return forget_changes(import_ids=sorted(old)) + _forget_quotes(before=before)
        case RetentionKind.BILLS:
            importlib.import_module("tellonce.intake.bulk.beside").forget_months(before=before.date())
            return 0
        case _:
            return 0


def _forget_quotes(*, before: datetime | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_QUOTES, {"before": before})
        return int(cursor.rowcount)


def _plain(run: ImportRun) -> dict[str, Any]:
    ended = run.ended_at.isoformat() if run.ended_at else None
    return {"import": run.pk, "file": run.file_name, "source": run.source, "at": ended, "by": run.by_name}
