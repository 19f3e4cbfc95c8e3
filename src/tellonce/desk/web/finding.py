"""Search: the palette's list, the page of customers, and all stories."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tellonce.desk.asking import person_of
from tellonce.desk.finding import find, find_in_stories, looked_at_lately
from tellonce.webkit.page import page

MOST_LISTED = 30
MOST_MOMENTS = 50


def find_customers(request: HttpRequest) -> HttpResponse:
    """As you type: customers for the palette; a page of its own without it."""
    words = request.GET.get("q", "").strip()[:200]
    found = find(person_of(request), words, at=timezone.now())
    return page(
        request, "desk/customers.html", {"found": found, "words": words}, parts={"palette-list": "desk/found.html"}
    )


def customers(request: HttpRequest) -> HttpResponse:
    """Search, and whom one looked at last."""
    words = request.GET.get("q", "").strip()[:200]
    found = find(person_of(request), words, at=timezone.now(), limit=MOST_LISTED)
    context = {"found": found, "words": words, "recent": [] if words else looked_at_lately(person_of(request))}
    return page(request, "desk/customers.html", context, parts={"customers": "desk/customers_list.html"})


def stories(request: HttpRequest) -> HttpResponse:
    """Words in all stories that the person may see."""
    words = request.GET.get("words", "").strip()[:200]
    moments = find_in_stories(person_of(request), words, at=timezone.now(), limit=MOST_MOMENTS)
    context = {"words": words, "moments": moments}
    return page(request, "desk/stories.html", context, parts={"stories": "desk/stories_list.html"})
