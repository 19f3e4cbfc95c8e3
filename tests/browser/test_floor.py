"""A supervisor sees who waits, by a call that comes in while the page is open, and what would help."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.test_accessible import OF_COLOUR, violations

WORKED_OUT_MS = 120_000  # the first time it may have to be compiled
WATCH = """() => {
  window.isSamePage = true;
  window.heard = [];
  document.addEventListener("live:floor", (event) => window.heard.push(event.detail.kind));
}"""


@pytest.fixture(autouse=True)
def _left_as_it_was(house: House) -> Iterator[None]:
    """Nobody waits and nobody is there, whatever became of the test before; nor for the next one."""
    house.do("at-the-phones", "over")
    yield
    house.do("at-the-phones", "over")


def watched(page: Page) -> Page:
    """The page listens, and notes what it hears."""
    expect(page.locator("html")).to_have_attribute("data-live-state", "on")
    page.evaluate(WATCH)
    return page


def test_a_call_that_comes_in_is_on_the_floor_without_a_reload(house: House, enter: Enter) -> None:
    page = watched(enter("paula", "/floor", reduced_motion="reduce"))
    care = page.get_by_role("region", name="Care", exact=True)
    said = page.get_by_role("region", name="Who waits too long")
    expect(said).to_have_text("Nobody waits too long.")
    expect(care.locator(".floor-waiters")).to_have_count(0)

    house.do("at-the-phones", "calls", "floor-1", "care")
    expect(said).to_have_text(re.compile("Care: 1 person has waited for .* Nobody is at work for it."))
    wait = care.locator(".floor-waiters time").first
    before = wait.inner_text()
    expect(wait).not_to_have_text(before)
    expect(page.locator("#floor-said")).to_contain_text("Care:")
    assert page.evaluate("window.isSamePage && window.heard.includes('phone.floor_changed')")

    expect(page.get_by_role("heading", name="What would help in the next 30 minutes")).to_be_visible(
        timeout=WORKED_OUT_MS
    )
    expect(page.locator(".floor-moves")).to_contain_text("more people for Care")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=OF_COLOUR) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    house.do("at-the-phones", "hangs-up", "floor-1")
    expect(said).to_have_text("Nobody waits too long.")
    assert page.evaluate("window.isSamePage")


def test_names_stay_open_while_the_floor_changes(house: House, enter: Enter) -> None:
    page = watched(enter("ada", "/floor"))
    care = page.get_by_role("region", name="Care", exact=True)
    house.do("at-the-phones", "is", "priya", "available")
    names = care.locator("summary", has_text="1 available")
    names.focus()
    page.keyboard.press("Enter")
    expect(care.get_by_role("definition").filter(has_text="Priya Nair")).to_be_visible()
    house.do("at-the-phones", "is", "priya", "paused")
    expect(care.locator("summary", has_text="1 paused (lunch)")).to_be_focused()
    expect(care.get_by_role("definition").filter(has_text="Priya Nair (lunch)")).to_be_visible()
    house.do("at-the-phones", "is", "priya", "away")
    expect(care.get_by_text("1 paused")).to_have_count(0)


def test_the_wall_has_no_names_and_no_bar(house: House, enter: Enter) -> None:
    house.do("at-the-phones", "is", "priya", "available")
    page = enter("paula", "/floor?wall=1", width=2560, height=1440)
    care = page.get_by_role("region", name="Care", exact=True)
    expect(care.get_by_text("1 available")).to_be_visible()
    expect(page.get_by_text("Priya Nair")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.floor-figures b')).fontSize)") > 40


def test_without_scripts_the_floor_and_what_would_help_are_plain_pages(house: House, enter: Enter) -> None:
    page = enter("paula", "/floor", java_script_enabled=False)
    page.get_by_role("link", name="How will the next 30 minutes go, and what would help?").click(timeout=WORKED_OUT_MS)
    expect(page.get_by_role("heading", name="What would help", exact=True)).to_be_visible()
    page.get_by_role("link", name="Floor").first.click()
    expect(page.get_by_text("Nobody waits too long.")).to_be_visible()
