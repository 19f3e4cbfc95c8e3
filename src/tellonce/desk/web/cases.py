"""Cases: the worklists, and one case with everything about it."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise as LazyWords
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tellonce.desk.access import visible_customers
from tellonce.desk.asking import number, person_of
from tellonce.desk.entries import entries_of
from tellonce.desk.hands import topics_of
from tellonce.desk.live import live_url
from tellonce.desk.opening import open_record
from tellonce.desk.steps import steps_for
from tellonce.desk.stories import Day, days_of
from tellonce.modules.care import actions as care_actions
from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import CaseRead
from tellonce.modules.record import queries as record
from tellonce.webkit.page import page

PAGE_LENGTH = 50
STORY_LENGTH = 100
WHOSE: tuple[tuple[str, str | LazyWords], ...] = (
    ("mine", _("Mine")),
    ("team", _("My team's")),
    ("department", _("My department's")),
    ("unowned", _("Nobody's")),
    ("waiting", _("Waiting")),
    ("solved", _("Solved lately")),
    ("all", _("All open")),
)


def cases(request: HttpRequest) -> HttpResponse:
    """A worklist: whose, about what, with which words."""
    person = person_of(request)
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in dict(WHOSE) else "mine"
    words = request.GET.get("words", "").strip()[:200]
    offset = number(request, "from") or 0
    lines = care.worklist(
        person,
        whose=whose,
        at=timezone.now(),
        words=words,
        matter_id=number(request, "matter"),
        limit=PAGE_LENGTH + 1,
        offset=offset,
    )
    visible = visible_customers(person=person, customer_ids=[line.customer_id for line in lines if line.customer_id])
    context = {
        "lines": [line for line in lines[:PAGE_LENGTH] if line.customer_id is None or line.customer_id in visible],
        "whose": whose,
        "tabs": WHOSE,
        "words": words,
        "matters": care.matters_tree(),
        "matter_id": number(request, "matter"),
        "earlier": max(offset - PAGE_LENGTH, 0) if offset else None,
        "later": offset + PAGE_LENGTH if len(lines) > PAGE_LENGTH else None,
        "topics": topics_of(person),
        "live_url": live_url(request, topics_of(person)),
    }
    return page(request, "desk/cases.html", context, parts={"cases": "desk/cases_list.html"})


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: where it stands, whose it is, what belongs to it, its story, and who else has it open."""
    person, now = person_of(request), timezone.now()
    read = care.case(case_id)
    context: dict[str, Any] = {"now": now, "case": read.line, "read": read, "here_is_case": True}
    if read.line.customer_id is not None:
        opened = open_record(request, read.line.customer_id, page="case", at=now, case_id=case_id)
        context["customer_id"] = opened.customer_id
        context["days"] = _story_of(read)
    writing = request.GET.get("writing") == "1"
    context |= {
        "viewers": care_actions.view_case(case_id=case_id, person_id=person.pk, at=now, is_writing=writing),
        "steps": steps_for(read),
        "topics": (f"case:{case_id}",),
        "live_url": live_url(request, (*topics_of(person), f"case:{case_id}")),
    }
    parts = {"fresh-case": "desk/case_fresh.html", "viewers": "desk/case_viewers.html"}
    return page(request, "desk/case.html", context, parts=parts)


def _story_of(read: CaseRead) -> tuple[Day, ...]:
    """The customer's moments that belong to the case or to a contact about it, from its first contact on."""
    contacts = {contact.id for contact in read.contacts}
    assert read.line.customer_id is not None
    since = min([read.line.opened_at, *(contact.began_at for contact in read.contacts)])
    told = record.story_page(read.line.customer_id, since=since, limit=STORY_LENGTH * 4)
    mine = [each for each in told if each.about.case_id == read.line.id or each.about.contact_id in contacts]
    return days_of(entries_of(mine[:STORY_LENGTH]))


@require_POST
def leave(request: HttpRequest, case_id: int) -> HttpResponse:
    """The page of a case was closed."""
    care_actions.leave_case(case_id=case_id, person_id=person_of(request).pk, at=timezone.now())
    return HttpResponse(status=204)


def attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    """A file of a case or contact, to those who may see the customer."""
    found = care.attachment(attachment_id)
    if found.customer_id is not None:
        open_record(request, found.customer_id, page="file", at=timezone.now(), case_id=found.case_id)
    path = settings.SETUP.attachments / found.stored_as
    response = FileResponse(path.open("rb"), content_type=found.content_type, as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
