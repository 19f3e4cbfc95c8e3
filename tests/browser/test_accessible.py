"""axe finds nothing serious on any page, light and dark; nothing is wider than a phone or than a wall."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Enter, a_tab
from tests.browser.house import House
from tests.browser.pages import NO_PAGES, NOWHERE, PAGES, REFUSED

SCREENS = ((2560, 1440), (360, 740))


OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds that is serious: rule and element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"], **options}
    found: list[dict[str, Any]] = page.evaluate("asked => axe.run(asked).then(({violations}) => violations)", asked)
    grave = [each for each in found if each["impact"] in {"serious", "critical"}]
    return [f"{each['id']}: {node['html'][:160]}" for each in grave for node in each["nodes"][:3]]


def test_every_address_that_shows_a_page_is_looked_at() -> None:
    """By the addresses below, with any ids; what shows no page says why."""
    addresses = [address.format_map(_Ones()).partition("?")[0] for _, address in PAGES.values()]
    looked_at = {resolve(address).view_name for address in addresses if address != NOWHERE}
    pages = {name for name in settings.PERMISSION_MATRIX if ":" not in name and not name.startswith("api")}
    assert pages - looked_at - NO_PAGES.keys() == set()
    assert looked_at & NO_PAGES.keys() == set()


class _Ones(dict[str, int | UUID]):
    def __missing__(self, key: str) -> int | UUID:
        return UUID(int=1) if key == "bill" else 1


Tab = Callable[[str], Page]


@pytest.fixture(scope="module")
def all_tabs(house: House, browser: Browser) -> Iterator[tuple[Tab, list[str]]]:
    """One tab for each person, who goes from page to page in it: a new one takes as long as a page."""
    complaints: list[str] = []
    tabs: list[Page] = []

    @cache
    def tab(who: str) -> Page:
        tabs.append(a_tab(house, browser, who or None, complaints, reduced_motion="reduce"))
        return tabs[-1]

    yield tab, complaints
    for page in tabs:
        page.context.close()


@pytest.fixture
def tab(all_tabs: tuple[Tab, list[str]]) -> Iterator[Tab]:
    """The tab of somebody; complaints of a page fail the test at its end."""
    opened, complaints = all_tabs
    complaints.clear()
    yield opened
    assert not complaints, complaints


@pytest.mark.parametrize("name", [name for name in PAGES if name not in REFUSED])
def test_nothing_serious_in_light_and_dark(house: House, tab: Tab, name: str) -> None:
    who, _ = PAGES[name]
    look_at(tab(who), name, house)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_nothing_serious_where_a_page_says_no(house: House, enter: Enter, name: str) -> None:
    who, _ = PAGES[name]
    look_at(enter(who or None, "/healthz", reduced_motion="reduce", may_fail=True), name, house)


def look_at(page: Page, name: str, house: House) -> None:
    at = PAGES[name][1].format_map(house.ids)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(house.url + at, wait_until="load")
    assert page.url.removeprefix(house.url).partition("?")[0] == at.partition("?")[0]
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")  # the same elements in other colours
    assert violations(page, runOnly=OF_COLOUR) == []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
