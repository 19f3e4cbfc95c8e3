"""What other systems may read: a customer's story, and what is promised to them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from tellonce.modules.care import queries as care_queries
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import ToldMoment, as_json
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import BadRequestError, Scope

router = Router(tags=["story", "promises"])
_MOST = 200
Limit = Annotated[int, Query(ge=1, le=_MOST)]


@router.get("/customers/{int:customer_id}/story", auth=Key(Scope.STORY_READ), url_name="story", response=dict[str, Any])
def story(request: HttpRequest, customer_id: int, limit: Limit = 50, before: str = "") -> dict[str, Any]:
    """The story, newest first; `next` continues it (as `before`), and is null at its beginning."""
    seen = asker(request).see(customer_id, "api story")
    moments = record_queries.story_page(seen, before=_cursor(before), limit=limit + 1)
    more = len(moments) > limit
    last = moments[limit - 1] if more else None
    return {
        "customer_id": seen,
        "moments": [_moment(moment) for moment in moments[:limit]],
        "next": f"{last.at.isoformat()}/{last.id}" if last else None,
    }


@router.get("/promises", auth=Key(Scope.PROMISES_READ), url_name="promises", response=dict[str, Any])
def promises(request: HttpRequest, customer_id: int) -> dict[str, Any]:
    """What is promised to a customer, and what became of it."""
    seen = asker(request).see(customer_id, "api promises")
    lines = care_queries.customer_promises(record_queries.same_customer_ids(seen))
    return {
        "customer_id": seen,
        "promises": [
            {
                "id": line.id,
                "kind": line.kind,
                "what": line.what,
                "state": line.state,
                "made_at": line.made_at,
                "due_at": line.due_at,
                "settled_at": line.settled_at,
                "broken_at": line.broken_at,
                "owned_up_at": line.owned_up_at,
                "case_id": line.case_id,
            }
            for line in lines
        ],
    }


def _moment(moment: ToldMoment) -> dict[str, Any]:
    headline = moment.headline
    return {
        "id": str(moment.id),
        "at": moment.at,
        "kind": moment.kind,
        "headline": f"{headline.lead} {headline.rest}".strip(),
        "channel": moment.channel,
        "direction": moment.direction,
        "by": moment.by_name,
        "words": moment.words,
        "data": as_json(moment.data) if moment.data else {},
        "contact_id": moment.about.contact_id,
        "case_id": moment.about.case_id,
        "corrects": str(moment.corrects) if moment.corrects else None,
        "erased": moment.erased,
    }


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    at, _sep, moment_id = text.partition("/")
    try:
        when, last = datetime.fromisoformat(at), UUID(moment_id)
    except ValueError:
        when, last = None, UUID(int=0)
    if when is None or when.tzinfo is None:
        raise BadRequestError(_("“before” is what an earlier answer gave as “next”."))
    return when, last
