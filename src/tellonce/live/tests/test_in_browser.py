"""live.js in a real browser, under the product's content security policy: one stream for all tabs, nothing missed."""

import asyncio
import importlib.util
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tellonce.kernel.tickets import read
from tellonce.live.tests.serving import SECRET, Running, notify, running, ticket, wait_until
from tellonce.live.wire import Event

pytestmark = pytest.mark.browser

_LIVE_JS = Path(__file__).parents[2] / "webkit" / "static" / "webkit" / "live.js"
_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'"
_PAGE = """<!doctype html><html><head><title>{topic}</title>
<meta name="htmx-config" content='{{"includeIndicatorStyles":false,"allowEval":false,"defaultSettleDelay":0}}'>
<script src="/htmx.js" defer></script><script type="module" src="/live.js"></script></head>
<body data-live-url="/live/events?ticket={ticket}" hx-headers='{{"X-CSRFToken": "token"}}'>
{part}</body></html>"""
_PART = '<p id="part" data-live="{topic}" hx-get="/part" hx-trigger="live" hx-swap="innerHTML">first</p>'
_WHOLE = (
    '<p id="whole" data-live="{topic}" hx-get="/whole?topic={topic}" hx-trigger="live" hx-swap="outerHTML">{says}</p>'
)


class Pages:
    """What a page, its part and its ticket are served from; `renewals` counts tickets that were asked for."""

    def __init__(self) -> None:
        self.fetches = 0
        self.renewals: list[tuple[str, ...]] = []
        self.signed_in = True
        self.before_page: Any = None
        self.knows = 0  # what the part that is replaced whole says
        self.answers: list[tuple[float, int]] = []  # how long the next answers to it take, and their status

    async def page(self, request: Request) -> Response:
        topic = request.query_params["topic"]
        part = (_WHOLE if "whole" in request.query_params else _PART).format(topic=topic, says="knows 0")
        lasts_s = float(request.query_params.get("lasts_s", 600))
        text = _PAGE.format(topic=topic, ticket=ticket(topic, lasts_s=lasts_s), part=part)
        if self.before_page:
            self.before_page()
        return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY})

    async def part(self, _request: Request) -> Response:
        self.fetches += 1
        return HTMLResponse(f"fetched {self.fetches}")

    async def whole(self, request: Request) -> Response:
        self.fetches += 1
        known = self.knows
        wait_s, status = self.answers.pop(0) if self.answers else (0.0, 200)
        await asyncio.sleep(wait_s)
        text = _WHOLE.format(topic=request.query_params["topic"], says=f"knows {known}")
        return HTMLResponse(text, status_code=status)

    async def renew(self, request: Request) -> Response:
        if not self.signed_in:
            return JSONResponse({}, status_code=403)
        assert request.headers["x-csrftoken"] == "token"
        texts = parse_qs((await request.body()).decode())["ticket"]
        given = [read(text, secret=SECRET, now_s=time.time() - 60) for text in texts]
        topics = tuple(sorted({topic for each in given for topic in each.topics}))
        self.renewals.append(topics)
        return JSONResponse({"url": f"/live/events?ticket={ticket(*topics, lasts_s=600)}"})

    def routes(self) -> list[Route]:
        htmx = importlib.util.find_spec("django_htmx")
        assert htmx is not None
        assert htmx.origin is not None
        script = Path(htmx.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"
        return [
            Route("/page", self.page),
            Route("/part", self.part),
            Route("/whole", self.whole),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
            Route("/live-ticket", self.renew, methods=["POST"]),
            Route("/live.js", lambda _: FileResponse(_LIVE_JS)),
            Route("/htmx.js", lambda _: FileResponse(script)),
        ]


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def live(pages: Pages) -> Iterator[Running]:
    with running(more_routes=pages.routes()) as live:
        live.hub._remembers_since -= 60  # it has been up for a while: a slow page is not told to fetch everything
        yield live


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


def opened(context: BrowserContext, live: Running, topic: str, **more: str) -> Page:
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    complaints: list[str] = []
    query = "&".join(f"{name}={value}" for name, value in {"topic": topic, **more}.items())
    page.goto(f"{live.url}/page?{query}")
    page.wait_for_selector("html[data-live-state=on]", state="attached")
    assert not complaints
    return page


def an_event(topic: str) -> Event:
    return Event(topics=(topic,), kind="care.case_opened", ids={"case_id": 1})


def expect_fetched(page: Page, pages: Pages, *, after: int = 0) -> None:
    """The part was fetched again; more than once is right too: an event may come twice, and none may be missed."""
    wait_until(lambda: pages.fetches > after)
    expect(page.locator("#part")).to_have_text(re.compile(rf"fetched (?!{after}$)\d+"))


def test_a_marked_part_is_fetched_again_and_only_for_its_topic(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    page = opened(context, live, "customer:1")
    page.wait_for_timeout(300)  # a stream that opened late fetches all once
    before = pages.fetches
    notify(an_event("customer:2"))
    page.wait_for_timeout(300)
    assert pages.fetches == before
    notify(an_event("customer:1"))
    expect_fetched(page, pages, after=before)
    assert not pages.renewals


def test_what_happened_while_the_page_was_on_its_way_is_not_missed(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    pages.before_page = lambda: live.hub.publish([an_event("customer:1")])
    page = opened(context, live, "customer:1")
    expect_fetched(page, pages)


def test_two_tabs_share_one_stream_and_the_second_takes_over(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    first, second = opened(context, live, "customer:1"), opened(context, live, "customer:2")
    wait_until(lambda: pages.renewals == [("customer:1", "customer:2")])
    wait_until(lambda: len(live.hub.streams) == 1)
    notify(an_event("customer:2"))
    expect_fetched(second, pages)
    expect(first.locator("#part")).to_have_text("first")
    first.close()
    wait_until(lambda: [stream.ticket.topics for stream in live.hub.streams] == [("customer:2",)])
    before = pages.fetches
    notify(an_event("customer:2"))
    expect_fetched(second, pages, after=before)


def test_after_a_loss_every_part_is_fetched_again(live: Running, pages: Pages, context: BrowserContext) -> None:
    page = opened(context, live, "customer:1")
    live.drop_streams()
    expect_fetched(page, pages)
    assert pages.renewals
    before = pages.fetches
    notify(an_event("customer:1"))
    expect_fetched(page, pages, after=before)


def test_a_new_ticket_comes_before_the_old_one_ends(live: Running, pages: Pages, context: BrowserContext) -> None:
    page = opened(context, live, "customer:1", lasts_s="66")
    wait_until(lambda: bool(pages.renewals))
    wait_until(lambda: len(live.hub.streams) == 1)
    before = pages.fetches
    notify(an_event("customer:1"))
    expect_fetched(page, pages, after=before)


def knows(pages: Pages, what: int) -> None:
    pages.knows = what
    notify(an_event("customer:1"))


@pytest.mark.parametrize("pause_ms", [50, 700])
def test_what_happens_while_an_older_answer_is_on_its_way_is_shown_in_the_end(
    live: Running, pages: Pages, context: BrowserContext, pause_ms: int
) -> None:
    page = opened(context, live, "customer:1", whole="yes")
    page.wait_for_timeout(300)
    pages.answers = [(1.0, 200)]
    knows(pages, 1)
    wait_until(lambda: not pages.answers)
    page.wait_for_timeout(pause_ms)
    knows(pages, 2)
    expect(page.locator("#whole")).to_have_text("knows 2")


def test_what_happens_just_after_an_answer_has_taken_its_place_is_shown(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    page = opened(context, live, "customer:1", whole="yes")
    for what in range(1, 8):
        knows(pages, what)
        expect(page.locator("#whole")).to_have_text(f"knows {what}")


def test_an_answer_whose_place_another_has_taken_is_asked_for_again(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    page = opened(context, live, "customer:1", whole="yes")
    page.wait_for_timeout(300)
    pages.answers = [(1.0, 200)]
    knows(pages, 1)
    wait_until(lambda: not pages.answers)
    page.evaluate("htmx.swap('#whole', document.getElementById('whole').outerHTML, { swapStyle: 'outerHTML' })")
    expect(page.locator("#whole")).to_have_text("knows 1")


def test_a_part_that_could_not_be_fetched_is_fetched_later(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    page = opened(context, live, "customer:1", whole="yes")
    page.wait_for_timeout(300)
    page.clock.install()
    pages.answers = [(0.0, 500)]
    knows(pages, 1)
    wait_until(lambda: not pages.answers)
    expect(page.locator("#whole")).to_have_text("knows 0")
    page.clock.fast_forward(31_000)
    expect(page.locator("#whole")).to_have_text("knows 1")


def test_who_signed_out_hears_nothing_more_and_is_not_asked_again(
    live: Running, pages: Pages, context: BrowserContext
) -> None:
    page = opened(context, live, "customer:1")
    pages.signed_in = False
    live.drop_streams()
    page.wait_for_selector("html[data-live-state=out]", state="attached", timeout=60_000)
    assert not live.hub.streams
