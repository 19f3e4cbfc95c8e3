"""Canned answers are written, changed and retired."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.locking import matter_or_refuse
from tellonce.modules.care.actions.telling import typed
from tellonce.modules.care.contracts import AnswerNotFoundError, MissingWordsError
from tellonce.modules.care.models import CannedAnswer, Matter
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def add_answer(
    *, title: str, body: str, language: str, by: Actor, at: datetime, matter_id: int | None = None
) -> CannedAnswer:
    """A new answer, for a matter and all below it or for any."""
    answer = CannedAnswer.objects.create(**_values(title=title, body=body, language=language, matter_id=matter_id))
    staff.note_change(what="added", about=answer, by=by, at=at, after=_said(answer))
    return answer


@transaction.atomic
def change_answer(
    *,
    answer_id: int,
    title: str,
    body: str,
    language: str,
    by: Actor,
    at: datetime,
    matter_id: int | None = None,
) -> CannedAnswer:
    """Other words for an answer; what was sent with the old ones stays as it was sent."""
    answer = _to_change(answer_id)
    before = _said(answer)
    for name, value in _values(title=title, body=body, language=language, matter_id=matter_id).items():
        setattr(answer, name, value)
    answer.save()
    staff.note_change(what="changed", about=answer, by=by, at=at, before=before, after=_said(answer))
    return answer


@transaction.atomic
def retire_answer(*, answer_id: int, by: Actor, at: datetime) -> CannedAnswer:
    """Not offered any more."""
    answer = _to_change(answer_id)
    answer.retired_at = answer.retired_at or at
    answer.save(update_fields=["retired_at"])
    staff.note_change(what="retired", about=answer, by=by, at=at)
    return answer


def _said(answer: CannedAnswer) -> dict[str, str | int | bool | list[str]]:
    matter = Matter.objects.filter(pk=answer.matter_id).first() if answer.matter_id is not None else None
    about = matter.name if matter is not None else ""
    return {"title": answer.title, "body": answer.body, "language": answer.language, "matter": about}


def _to_change(answer_id: int) -> CannedAnswer:
    answer = CannedAnswer.objects.select_for_update(of=("self",)).filter(pk=answer_id).first()
    if answer is None:
        raise AnswerNotFoundError(gettext("There is no such answer."))
    return answer


def _values(*, title: str, body: str, language: str, matter_id: int | None) -> dict[str, str | int | None]:
    words, text = typed(title)[:120], typed(body)
    if not words or not text:
        raise MissingWordsError(gettext("An answer needs a title and a text."))
    matter = matter_or_refuse(matter_id) if matter_id is not None else None
    return {"title": words, "body": text, "language": language, "matter_id": matter.pk if matter else None}
