"""Where somebody's phone in the browser is, with a signed ticket that opens it for ten minutes."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tellonce.audio.tickets import topic_of
from tellonce.kernel.tickets import Ticket, sign
from tellonce.modules.staff.contracts import session_mark
from tellonce.modules.staff.web.gate import signed_in
from tellonce.modules.staff.web.listening import TICKET_S


def audio_place(request: HttpRequest) -> dict[str, Any]:
    """The address of the process that has the phone of who is signed in, their ticket, and servers of ICE.

    A password of a TURN server stands here and in no page: only who is signed in is told it.
    """
    person = signed_in(request).pk
    number = person % settings.SETUP.audio_processes
    origins = settings.SETUP.audio_origins
    now_s = timezone.now().timestamp()
    ticket = Ticket(
        person_id=person,
        session=session_mark(request.session.session_key or ""),
        topics=(topic_of(person),),
        ends_at_s=int(now_s) + TICKET_S,
    )
    base = f"{origins[number] if origins else ''}/audio/{number}/"
    servers = settings.SETUP.ice.servers(whose=str(person), now_s=now_s)
    return {"base": base, "ticket": sign(ticket, secret=settings.SECRET_KEY), "iceServers": servers}
