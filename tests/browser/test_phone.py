"""A call rings on the desk with the brief before the first word; it is answered, held, passed on and ended by keys."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.test_accessible import violations

START_MS = 60_000  # the switchboard starts after the pages
MARIA = "+15035550142"


def available(page: Page) -> None:
    """Ready to take calls, whatever was before."""
    phone = page.locator("#phone")
    expect(phone).to_be_visible(timeout=START_MS)
    if not phone.get_by_text("Available", exact=True).is_visible():
        phone.get_by_role("button", name="Be available").click()
    expect(phone.get_by_text("Available", exact=True)).to_be_visible(timeout=START_MS)


def test_a_call_rings_with_the_brief_and_is_done_by_keys(house: House, enter: Enter) -> None:
    page = enter("sam", "/")
    page.wait_for_selector("html[data-live-state=on]", state="attached")
    available(page)
    call = house.do("ring", MARIA)
    rings = page.locator("#phone .rings")
    expect(rings.get_by_role("heading")).to_have_text("Maria Alvarez")
    expect(rings.locator(".brief")).to_contain_text("We owe")
    assert ["Sam Ortiz", "phone", None, "Their call rings here."] in house.do("seen", str(house.ids["maria"]))
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile("contact="), timeout=START_MS)
    expect(page.locator("#phone")).to_contain_text("In a call")
    expect(page.locator("#hands").get_by_text("Maria Alvarez").first).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#phone .held")).to_contain_text("on hold")
    page.keyboard.press("z")
    expect(page.locator("#phone .held")).to_have_count(0)
    page.keyboard.press("v")
    expect(page.get_by_label("What they must know")).to_be_visible()
    assert violations(page) == []
    house.do("hang-up", call)
    expect(page.locator("#phone")).to_contain_text("Wrapping up")
    page.keyboard.press("y")
    expect(page.locator("#phone").get_by_text("Available", exact=True)).to_be_visible()


def test_a_pause_is_a_choice_with_a_reason(enter: Enter) -> None:
    page = enter("sam", "/")
    available(page)
    page.keyboard.press("l")
    page.get_by_role("button", name="Lunch").click()
    expect(page.locator("#phone")).to_contain_text("Paused")
    expect(page.locator("#phone")).to_contain_text("lunch since")
    page.keyboard.press("l")
    expect(page.locator("#phone").get_by_text("Available", exact=True)).to_be_visible()


def test_who_answers_no_calls_has_no_phone(enter: Enter) -> None:
    page = enter("dana", "/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#phone")).to_have_count(0)
