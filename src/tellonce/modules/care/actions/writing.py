"""What somebody is writing is never lost, and two people who write on one case know of each other."""

from datetime import datetime, timedelta

from django.db import transaction

from tellonce.kernel.cards import mask_cards
from tellonce.modules.care.contracts import ViewerLine
from tellonce.modules.care.models import CaseViewer, Draft
from tellonce.modules.record import story

VIEW_LASTS = timedelta(seconds=45)


@transaction.atomic
def save_draft(
    *,
    person_id: int,
    place: str,
    words: str,
    at: datetime,
    customer_id: int | None = None,
    contact_id: int | None = None,
    case_id: int | None = None,
) -> None:
    """Keeps what somebody is writing at this place, about whom and what; empty words drop it."""
    if not words.strip():
        drop_draft(person_id=person_id, place=place)
        return
    about = {"customer_id": customer_id, "contact_id": contact_id, "case_id": case_id}
    Draft.objects.update_or_create(
        person_id=person_id, place=place[:120], defaults={"words": mask_cards(words), "saved_at": at, **about}
    )


@transaction.atomic
def drop_draft(*, person_id: int, place: str) -> None:
    """Forgets a draft: it was sent or thrown away."""
    Draft.objects.filter(person_id=person_id, place=place[:120]).delete()


@transaction.atomic
def view_case(*, case_id: int, person_id: int, at: datetime, is_writing: bool = False) -> list[ViewerLine]:
    """Says that the person has the case open (again every half minute), and returns who else has."""
    others = CaseViewer.objects.filter(case_id=case_id, seen_at__gt=at - VIEW_LASTS).exclude(person_id=person_id)
    before = CaseViewer.objects.filter(case_id=case_id, person_id=person_id).first()
    is_news = before is None or before.seen_at <= at - VIEW_LASTS or before.is_writing != is_writing
    CaseViewer.objects.update_or_create(
        case_id=case_id, person_id=person_id, defaults={"seen_at": at, "is_writing": is_writing}
    )
    if is_news:
        story.announce(topics=[f"case:{case_id}"], kind="care.case_viewed", at=at, body={"case_id": case_id})
    return [
        ViewerLine(viewer.person_id, viewer.person.name, viewer.is_writing, viewer.seen_at)
        for viewer in others.select_related("person").order_by("seen_at")
    ]


@transaction.atomic
def leave_case(*, case_id: int, person_id: int, at: datetime) -> None:
    """The person closed the case's page."""
    gone, _ = CaseViewer.objects.filter(case_id=case_id, person_id=person_id).delete()
    if gone:
        story.announce(topics=[f"case:{case_id}"], kind="care.case_viewed", at=at, body={"case_id": case_id})
