"""Reads of attachments, canned answers and drafts."""

import re
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tellonce.modules.care.contracts import AttachmentLine, AttachmentNotFoundError, CannedLine
from tellonce.modules.care.models import Attachment, CannedAnswer, Draft

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FIELDS = (
    "id",
    "name",
    "content_type",
    "size",
    "added_at",
    "added_by_name",
    "customer_id",
    "contact_id",
    "case_id",
)


def attachment(attachment_id: int) -> Attachment:
    """The file's row; AttachmentNotFoundError."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None:
        raise AttachmentNotFoundError(gettext("There is no file %(id)s.") % {"id": attachment_id})
    return found


def attachments_of_case(case_id: int) -> list[AttachmentLine]:
    """A case's files, newest first."""
    return _lines(Attachment.objects.filter(case_id=case_id))


def customer_attachments(customer_ids: Sequence[int]) -> list[AttachmentLine]:
    """A customer's files, newest first."""
    return _lines(Attachment.objects.filter(customer_id__in=list(customer_ids)))


def canned_answers(matter_id: int | None = None, language: str = "en") -> list[CannedLine]:
    """Answers in this language for this matter (and the ones above it), its own first, then those for any matter."""
    fits = Q(matter__isnull=True)
    if matter_id is not None:
        fits |= Q(matter_id=matter_id) | Q(matter__children=matter_id) | Q(matter__children__children=matter_id)
    rows = CannedAnswer.objects.filter(fits, language=language, retired_at__isnull=True).distinct()
    lines = [CannedLine(row.pk, row.title, row.body, row.matter_id, row.language) for row in rows.order_by("title")]
    return sorted(lines, key=lambda line: (line.matter_id != matter_id, line.matter_id is None))


def all_answers() -> list[CannedLine]:
    """Every answer that is offered, by language and title."""
    rows = CannedAnswer.objects.filter(retired_at__isnull=True).order_by("language", "title")
    return [CannedLine(row.pk, row.title, row.body, row.matter_id, row.language) for row in rows]


def filled(body: str, values: Mapping[str, str]) -> str:
    """A canned answer with its placeholders ({customer}, {me} ...) filled; unknown ones stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group()), body)


def drafts(person_id: int) -> dict[str, str]:
    """What the person was writing, by place."""
    return dict(Draft.objects.filter(person_id=person_id).values_list("place", "words"))


def _lines(rows: QuerySet[Attachment]) -> list[AttachmentLine]:
    return [AttachmentLine(**row) for row in rows.order_by("-added_at").values(*_FIELDS)]
