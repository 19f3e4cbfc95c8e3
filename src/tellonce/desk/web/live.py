"""New tickets for pages that stay open: what the pages of this session were granted, for ten minutes more."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tellonce.desk.asking import person_of
from tellonce.desk.live import TICKET_S, live_url
from tellonce.kernel.tickets import BadTicketError, read
from tellonce.modules.staff.contracts import session_mark

LASTS_S = 12 * 3600  # as long as a session
MOST_TICKETS = 100
MOST_TOPICS = 200  # they stand in an address


@require_POST
@never_cache
def live_ticket(request: HttpRequest) -> JsonResponse:
    """One ticket for all pages that the browser has open.

    A page proves what it may hear by the ticket that it was rendered with: whoever rendered it had checked that the
    person may see it. So nothing is granted here that was not granted before, to this person, in this session.
    """
    texts = request.POST.getlist("ticket")[:MOST_TICKETS]
    topics = list(dict.fromkeys(topic for text in texts for topic in _granted(text, request)))
    if not topics:
        raise BadTicketError(gettext("These tickets are not of this session; load the page again."))
    return JsonResponse({"url": live_url(request, topics[:MOST_TOPICS]), "ends_in_s": TICKET_S})


def _granted(text: str, request: HttpRequest) -> tuple[str, ...]:
    """The topics of one ticket; none of a ticket that is forged, of somebody else, of another session or too old."""
    try:
        ticket = read(text, secret=settings.SECRET_KEY, now_s=timezone.now().timestamp() - LASTS_S)
    except BadTicketError:
        return ()
    session = session_mark(request.session.session_key or "")
    return ticket.topics if (ticket.person_id, ticket.session) == (person_of(request).pk, session) else ()
