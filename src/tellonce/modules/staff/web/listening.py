"""Tickets for live pages: which topics a page may hear of, signed, for ten minutes."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tellonce.kernel.tickets import Ticket, sign
from tellonce.modules.staff.contracts import session_mark
from tellonce.modules.staff.web.gate import signed_in

TICKET_S = 600


def live_url(request: HttpRequest, topics: Sequence[str]) -> str:
    """Where the browser listens to these topics."""
    ticket = Ticket(
        person_id=signed_in(request).pk,
        session=session_mark(request.session.session_key or ""),
        topics=tuple(dict.fromkeys(topics)),
        ends_at_s=int(timezone.now().timestamp()) + TICKET_S,
    )
    return f"{settings.SETUP.live_origin}/live/events?ticket={sign(ticket, secret=settings.SECRET_KEY)}"
