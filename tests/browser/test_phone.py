"""A call rings on the desk with the brief before the first word; it is answered, held, passed on and ended by keys."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.test_accessible import violations

START_MS = 180_000  # the switchboard starts after the pages
MARIA = "+15035550142"


def connected(page: Page) -> None:
    """The page hears what happens, and its keys: on a slow machine both come seconds after what it shows."""
    page.wait_for_selector("html[data-live-state=on]", state="attached", timeout=START_MS)


def available(page: Page) -> None:
    """Ready to take calls, whatever was before."""
    phone = page.locator("#phone")
    expect(phone).to_be_visible(timeout=START_MS)
    if not phone.get_by_text("Available", exact=True).is_visible():
        phone.get_by_role("button", name="Be available").click()
    expect(phone.get_by_text("Available", exact=True)).to_be_visible(timeout=START_MS)


def test_a_call_rings_with_the_brief_and_is_done_by_keys(house: House, enter: Enter) -> None:
    page = enter("sam", "/")
    connected(page)
    available(page)
    call = house.do("ring", MARIA)
    rings = page.locator("#phone .rings")
    expect(rings.get_by_role("heading")).to_have_text("Maria Alvarez")
    expect(rings.locator(".brief")).to_contain_text("We owe")
    assert ["Sam Ortiz", "phone", None, "Their call rings here."] in house.do("seen", str(house.ids["maria"]))
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile("contact="), timeout=START_MS)
    connected(page)
    expect(page.locator("#phone")).to_contain_text("In a call")
    expect(page.locator("#hands").get_by_text("Maria Alvarez").first).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#phone .held")).to_contain_text("on hold")
    page.keyboard.press("z")
    expect(page.locator("#phone .held")).to_have_count(0)
    page.keyboard.press("v")
    note = page.get_by_label("What they must know")
    note.press_sequentially("Their box hums")
    with page.expect_response("**/phone"):
        page.evaluate("htmx.trigger('#phone', 'live')")
    page.wait_for_timeout(200)
    expect(note).to_have_value("Their box hums")
    expect(note).to_be_focused()
    assert violations(page) == []
    house.do("hang-up", call)
    expect(page.locator("#phone")).to_contain_text("Wrapping up")
    page.keyboard.press("y")
    expect(page.locator("#phone").get_by_text("Available", exact=True)).to_be_visible()


def test_why_a_call_cannot_be_passed_on_is_said_at_once_and_goes_with_the_next_act(house: House, enter: Enter) -> None:
    page = enter("sam", "/")
    page.wait_for_selector("html[data-live-state=on]", state="attached")
    available(page)
    call = house.do("ring", MARIA)
    expect(page.locator("#phone .rings")).to_be_visible(timeout=START_MS)
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile("contact="), timeout=START_MS)
    refused = page.locator("#phone").get_by_role("alert")
    expect(refused).to_have_count(0)
    house.do("at-the-phones", "passes-on", call)
    expect(refused).to_contain_text("Your colleague has just been taken")
    assert violations(page) == []
    page.keyboard.press("z")
    expect(page.locator("#phone .held")).to_contain_text("on hold")
    expect(refused).to_have_count(0)
    house.do("hang-up", call)
    expect(page.locator("#phone")).to_contain_text("Wrapping up")
    page.keyboard.press("y")
    expect(page.locator("#phone").get_by_text("Available", exact=True)).to_be_visible()


def test_a_card_number_that_is_typed_pauses_the_recording(house: House, enter: Enter) -> None:
    page = enter("sam", "/")
    connected(page)
    available(page)
    call = house.do("ring", MARIA)
    expect(page.locator("#phone .rings")).to_be_visible(timeout=START_MS)
    expect(page.locator("#desk-state")).to_have_text("It rings")
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile("contact="), timeout=START_MS)
    connected(page)
    house.do("at-the-phones", "recorded", call)
    page.reload()
    connected(page)
    expect(page.locator("#phone .recording")).to_contain_text("Recorded")
    assert violations(page) == []
    page.keyboard.press("n")
    with page.expect_response(lambda said: said.request.method == "POST" and "/pause-recording" in said.url):
        page.locator("#action textarea").first.press_sequentially("It is 4111 1111 1111 1")
    house.do("hang-up", call)
    expect(page.locator("#phone")).to_contain_text("Wrapping up", timeout=START_MS)
    page.keyboard.press("Escape")
    page.locator("#phone").get_by_role("button", name="Ready").click()
    expect(page.locator("#phone").get_by_text("Available", exact=True)).to_be_visible()


def test_a_pause_is_a_choice_with_a_reason(enter: Enter) -> None:
    page = enter("sam", "/")
    connected(page)
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


def test_an_answer_reaches_the_page_when_its_asker_is_gone(enter: Enter) -> None:
    page = enter("sam", "/")
    connected(page)
    available(page)
    page.evaluate("document.getElementById('desk-state').textContent = 'stale'")
    page.route("**/phone", _after_its_asker_has_gone)
    page.evaluate("htmx.trigger('#phone', 'live')")
    expect(page.locator("#desk-state")).to_have_text(re.compile("Free|in hand"))  # of the tests before it


def _after_its_asker_has_gone(route: Route) -> None:
    route.request.frame.evaluate("document.getElementById('phone').remove()")
    route.continue_()
