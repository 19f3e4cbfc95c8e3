"""Where reports and waiting files quote what is known of a customer."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from tellonce.intake.actions.files import stored_path
from tellonce.intake.contracts import BadMappingError, Problem, UnreadableFileError
from tellonce.intake.mapping import mapping_from
from tellonce.intake.models import ImportRun
from tellonce.intake.readers import FileSpec, open_table
from tellonce.modules.record.queries.naming import called_by

_SHORTEST = 3


def texts_of(customer_ids: Sequence[int]) -> frozenset[str]:
    """What a file may call these customers by, in lower case; what is too short to tell anybody is left out."""
    return frozenset(text.casefold() for text in called_by(customer_ids) if len(text) >= _SHORTEST)


def in_reports(known: Collection[str]) -> Iterator[dict[str, Any]]:
    """Values and first rows that reports quote and that name one of the known texts."""
    for run in ImportRun.objects.only("pk", "file_name", "report").order_by("pk").iterator():
        where = {"import": run.pk, "file": run.file_name}
        for problem in run.report.get("problems", []):
            if _names_any(known, problem["value"]):
                yield where | {"line": problem["line"], "value": problem["value"]}
        for row in run.report.get("first_rows", []):
            if any(_names_any(known, words) for _name, words in row["words"]):
                yield where | {"line": row["line"], "row": dict(row["words"])}


def in_waiting_files(known: Collection[str]) -> Iterator[dict[str, Any]]:
    """Rows that name one of the known texts, of files that nobody brought in yet; one that cannot be read has none."""
    for run in ImportRun.objects.exclude(stored_as="").order_by("pk"):
        try:
            spec = FileSpec(**mapping_from(run.mapping_text, called=run.mapping_name).file.model_dump())
            with open_table(stored_path(run.stored_as), spec) as table:
                for item in table.rows:
                    if not isinstance(item, Problem) and any(_names_any(known, cell) for cell in item[1]):
                        row = dict(zip(table.columns, item[1], strict=True))
                        yield {"import": run.pk, "file": run.file_name, "line": item[0], "row": row}
        except (UnreadableFileError, BadMappingError):
            continue


def _names_any(known: Collection[str], words: str) -> bool:
    folded = words.casefold()
    return any(text in folded for text in known)
