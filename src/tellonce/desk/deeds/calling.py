"""Numbers and queues by which the switchboard may call a customer."""

from datetime import datetime

from django.utils.translation import gettext

from tellonce.desk.deeds.base import Place
from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.actions import CallTerms
from tellonce.modules.phone.queries.dialling import why_not_dialled
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import FlagKind, shown_phone

_MOST_NUMBERS, _MOST_QUEUES = 3, 6


def call_choices(place: Place) -> list[tuple[str, str]]:
    """Each number of theirs that we may dial, by each queue; none where they do not want to be called.

    A value is a queue and a number, as in `7:+12025550123`.
    """
    if not place.customer_id:
        return []
    card = record.card(place.customer_id, at=place.at)
    if any(flag.kind == FlagKind.DO_NOT_CALL for flag in card.flags):
        return []
    called_from = [place.contact.reached_from] if place.contact and place.contact.reached_from else []
    known = dict.fromkeys([*called_from, *(point.value for point in card.phones)])
    numbers = [number for number in known if not why_not_dialled(number)][:_MOST_NUMBERS]
    queues = phone.queues()[:_MOST_QUEUES]
    told = gettext("The switchboard: %(number)s, for whoever is free in %(queue)s")
    return [
        (f"{queue.id}:{number}", told % {"number": shown_phone(number), "queue": queue.name})
        for number in numbers
        for queue in queues
    ]


def call_terms(value: str, due_at: datetime) -> CallTerms:
    """What a value of `call_choices` says, for a time."""
    queue, _colon, number = value.partition(":")
    return CallTerms(number, int(queue), due_at)
