"""axe finds nothing serious on any page, light and dark; nothing is wider than a phone or than a wall."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.pages import NO_PAGES, NOWHERE, PAGES, REFUSED

SCREENS = ((2560, 1440), (360, 740))


OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds that is serious: rule and element."""
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    grave = [each for each in found["violations"] if each["impact"] in {"serious", "critical"}]
    return [f"{each['id']}: {node['html'][:160]}" for each in grave for node in each["nodes"][:3]]


def test_every_address_that_shows_a_page_is_looked_at() -> None:
    """By the addresses below, with any ids; what shows no page says why."""
    addresses = [address.format_map(_Ones()).partition("?")[0] for _, address in PAGES.values()]
    looked_at = {resolve(address).view_name for address in addresses if address != NOWHERE}
    pages = {name for name in settings.PERMISSION_MATRIX if ":" not in name and not name.startswith("api")}
    assert pages - looked_at - NO_PAGES.keys() == set()
    assert looked_at & NO_PAGES.keys() == set()


class _Ones(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 1


@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_in_light_and_dark(house: House, enter: Enter, name: str) -> None:
    who, address = PAGES[name]
    at = address.format_map(house.ids)
    page = enter(who or None, at, color_scheme="light", reduced_motion="reduce", may_fail=name in REFUSED)
    assert page.url.removeprefix(house.url).partition("?")[0] == at.partition("?")[0]
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")  # the same elements in other colours
    assert violations(page, runOnly=OF_COLOUR) == []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
