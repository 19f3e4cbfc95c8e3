"""My day: what is promised and due, what waits, what others ask."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from tellonce.desk.asking import person_of
from tellonce.desk.hands import end_of_day, topics_of
from tellonce.desk.live import live_url
from tellonce.modules.care import queries as care
from tellonce.modules.staff.web.gate import may_open_named
from tellonce.webkit.page import page

AHEAD_DAYS = 7
OWN_UP_DAYS = 30
PROMISED_DAYS = 7


def today(request: HttpRequest) -> HttpResponse:
    """Promises by when they are due, hand-overs, own cases, and the team's asks."""
    person, now = person_of(request), timezone.now()
    ends = end_of_day(now)
    promises = care.due_promises(person, until=now + timedelta(days=AHEAD_DAYS))
    to_own_up = care.promises_to_own_up(person, since=now - timedelta(days=OWN_UP_DAYS))
    asks = care.team_asks(person)
    context = {
        "now": now,
        "to_own_up": to_own_up,
        "late": [each for each in promises if each.due_at < now and not each.is_to_own_up],
        "due": [each for each in promises if now <= each.due_at < ends],
        "ahead": [each for each in promises if each.due_at >= ends],
        "promised": care.promises_to_department(person, since=now - timedelta(days=PROMISED_DAYS)),
        "asks": asks,
        "team_cases": [each for each in asks.cases if each.owner_person_id != person.pk],
        "cases": care.owned_cases(person.pk),
        "in_hand": care.in_hand(person.pk),
        "topics": topics_of(person),
        "serves": may_open_named("customer", person),
        "live_url": live_url(request, topics_of(person)),
    }
    if request.GET.get("thanks"):
        messages.success(request, gettext("Thank you."))
    return page(request, "desk/today.html", context, parts={"day": "desk/today_list.html"})
