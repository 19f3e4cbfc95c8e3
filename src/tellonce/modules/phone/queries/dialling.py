"""Which numbers we call, and when."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext
from phonenumbers import country_code_for_region

from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.staff.queries import calendar_of_site
from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.settings import Dialling

_FROM, _UNTIL = time(8), time(21)
"""Nobody is called by us without a time agreed on before eight or after nine (as 47 CFR 64.1200(c)(1) for sellers)."""


def dialling_rules() -> Dialling:
    """Ordinary numbers of the countries that we call, but for those that are never called."""
    countries = settings.SETUP.dialled_countries
    return Dialling(
        beginnings=tuple(sorted({f"+{country_code_for_region(country)}" for country in countries})),
        never=frozenset(settings.SETUP.never_dialled),
        countries=countries,
    )


def why_not_dialled(number: str) -> str:
    """In words; empty where the switchboard would dial it."""
    match refusal_to_dial(number, dialling_rules()):
        case None:
            return ""
        case Refusal.NO_NUMBER:
            return gettext("Their number is not known.")
        case _:
            return gettext("We do not dial this number: it is no full number of a country that we call.")


def may_be_called_from(queue: QueueLine, *, at: datetime) -> datetime:
    """The first time from `at` on at which the queue is open, and nobody is called at night."""
    by_day = _by_day(at, ZoneInfo(queue.time_zone))
    if queue.site_id is None:
        return by_day
    opens = calendar_of_site(queue.site_id).next_open(by_day) or by_day
    return opens if opens == by_day else _by_day(opens, ZoneInfo(queue.time_zone))


def _by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the next morning."""
    local = at.astimezone(zone)
    if _FROM <= local.time() < _UNTIL:
        return at
    morning = local.date() + timedelta(days=local.time() >= _UNTIL)
    return datetime.combine(morning, _FROM, tzinfo=zone)
