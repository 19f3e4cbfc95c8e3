"""One house and one browser for all journeys; a page that breaks the policy or logs an error fails its test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.house import House, a_house

_PATIENCE_MS = 60_000  # however slow the machine is: what does not come true fails all the same

expect.set_options(timeout=_PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with a_house() as built:
        yield built


def a_tab(
    house: House,
    browser: Browser,
    who: str | None,
    complaints: list[str],
    *,
    width: int = 1440,
    height: int = 900,
    may_fail: bool = False,
    **more: Any,
) -> Page:
    """An empty page of somebody who is signed in; what is wrong with it later is added to `complaints`."""
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width <= 480, **more)
    context.set_default_timeout(_PATIENCE_MS)
    if who is not None:
        key = str(house.ids[f"session:{who}"])
        context.add_cookies([{"name": "sessionid", "value": key, "url": house.url}])
    page = context.new_page()
    if not may_fail:
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


Enter = Callable[..., Page]


@pytest.fixture
def enter(house: House, browser: Browser) -> Iterator[Enter]:
    """Opens an address as somebody: enter("dana", "/"); complaints of the page fail the test at its end."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def _enter(who: str | None, path: str = "/", **more: Any) -> Page:
        page = a_tab(house, browser, who, complaints, **more)
        contexts.append(page.context)
        page.goto(house.url + path, wait_until="load")
        return page

    yield _enter
    for context in contexts:
        context.close()
    assert not complaints, complaints
