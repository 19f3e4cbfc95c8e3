"""Who called in an outage and chose to hear of its end is told, once; what they chose stands in their story.

Customers are written to. Of somebody who is on no record there is only the number: a person calls them back.
"""

import logging
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from tellonce.modules.care import actions as care
from tellonce.modules.network.contracts import OutageLine, OutageNotFoundError
from tellonce.modules.network.queries import outage
from tellonce.modules.phone.actions.callbacks import CallTerms, ask_callback, new_callback
from tellonce.modules.phone.contracts import NewsOfOutageWanted
from tellonce.modules.phone.queries.dialling import may_be_called_from, why_not_dialled
from tellonce.modules.phone.queries.queues import queue_of_entry
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Channel, Direction, Told
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.switchboard.trails import Trail

log = logging.getLogger(__name__)


def note_wish(trail: Trail, *, at: datetime) -> None:
    """That they wish to hear is a moment of their story."""
    about = _outage_of(trail)
    if about is None or not trail.customer:
        return
    what = NewsOfOutageWanted(about.id, about.area)
    story.tell(
        Told(
            customer_id=trail.customer,
            what=what,
            at=at,
            by=SYSTEM,
            channel=Channel.CALL,
            direction=Direction.FROM,
            about=About("outage", about.id),
        )
    )


def tell_news(trail: Trail, *, at: datetime) -> None:
    """Writes to them in their language; without an address it becomes a promise that is due for a person.

    Who is known by their number only is called back.
    """
    about = _outage_of(trail)
    if about is None:
        return
    if not trail.customer:
        _have_called(trail, about, at=at)
        return
    card = record.card(trail.customer)
    with translation.override(next(iter(card.languages), None) or translation.get_language()):
        subject, words = _letter(about)
        care.write_customer(customer_id=card.id, subject=subject, words=words, by=SYSTEM, at=at)


def _have_called(trail: Trail, about: OutageLine, *, at: datetime) -> None:
    """By our own line for whoever is free, when the queue of the number that they had called is open."""
    queue = queue_of_entry(trail.entry, trail.asked_queue)
    if queue is None or why_not_dialled(trail.number):
        log.warning("phone.news_cannot_be_told", extra={"contact": trail.contact})
        return
    terms = CallTerms(trail.number, queue.id, may_be_called_from(queue, at=at))
    ask_callback(new_callback(at=at), terms, customer_id=0, at=at, note=_line(about))


def _line(about: OutageLine) -> str:
    """For the person who calls."""
    if about.ended_at is None:
        said = gettext(
            "Asked to hear when the outage in %(area)s is over. It was reported by mistake, or put off: say that"
            " there is none as far as we know, and ask whether something does not work."
        )
    else:
        said = gettext(
            "Asked to hear when the outage in %(area)s is over. It is fixed: say so, and ask whether everything"
            " works again."
        )
    return said % {"area": about.area}


def _letter(about: OutageLine) -> tuple[str, str]:
    if about.ended_at is None:
        subject = gettext("No outage in %(area)s")
        words = gettext(
            "You asked us to tell you when the outage in %(area)s is over. It was reported by mistake, or put off:"
            " as far as we know there is none now. If something does not work, please tell us."
        )
    else:
        subject = gettext("Fixed: the outage in %(area)s")
        words = gettext(
            "You asked us to tell you when the outage in %(area)s is over. It is fixed now. If something still does not"
            " work, switch your equipment off and on once; if that does not help, please tell us."
        )
    area = {"area": about.area}
    return subject % area, words % area


def _outage_of(trail: Trail) -> OutageLine | None:
    try:
        return outage(int(trail.outage))
    except (ValueError, OutageNotFoundError):
        log.warning("phone.news_of_no_outage", extra={"contact": trail.contact})
        return None
