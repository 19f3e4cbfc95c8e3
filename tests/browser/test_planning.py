"""A planner sees where callers would wait, mends it, takes it back, and has a roster made."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.house import House

WORKER_MS = 120_000


def monday(weeks: int) -> date:
    """The Monday of this week or of one to come."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def hour(page: Page, begins: str) -> str:
    """What the page says of an hour of the day."""
    return page.locator(".plan-hours tr", has=page.get_by_role("rowheader", name=begins, exact=True)).inner_text()


def test_more_people_shorten_the_waits_and_one_key_takes_them_back(house: House, enter: Enter) -> None:
    page = enter("paula", f"/plan?queue={house.ids['queue']}&day={monday(0)}")
    expect(page.locator(".plan-main")).to_contain_text("This roster")
    short = hour(page, "9:00")
    assert "short" in short
    changes = page.locator(".plan-changes li")
    before = changes.count()
    for number in range(1, 4):
        page.get_by_role("button", name="One more at 9:00").click()
        expect(changes).to_have_count(before + number)
    expect(page.locator(".plan-changes li").first).to_contain_text("+1")
    assert "short" not in hour(page, "9:00")
    for number in range(1, 4):
        page.keyboard.press("u")
        expect(changes.filter(has_text="taken back")).to_have_count(number)
    assert hour(page, "9:00") == short


def test_two_planners_at_once_the_second_is_told(house: House, enter: Enter) -> None:
    address = f"/plan?queue={house.ids['queue']}&day={monday(1)}"
    paula, ada = enter("paula", address), enter("ada", address, may_fail=True)
    with paula.expect_response(re.compile("/people$")):
        paula.get_by_role("button", name="One more at 11:00").click()
    ada.get_by_role("button", name="One more at 12:00").click()
    expect(ada.get_by_role("alert")).to_contain_text("Paula Quist changed this plan")
    expect(ada.locator(".plan-changes li")).to_have_count(1)


def test_a_roster_is_made_seen_and_taken_over(house: House, enter: Enter) -> None:
    page = enter("paula", f"/plan?queue={house.ids['queue']}&day={monday(2)}")
    expect(page.locator(".plan-main")).to_contain_text("Nobody is planned")
    page.get_by_text("Make a roster", exact=True).click()
    page.get_by_label("Or so many, not named").fill("8")
    page.get_by_label("Search for seconds").fill("3")
    page.get_by_role("button", name="Make it", exact=True).click()
    take = page.get_by_role("button", name="Take it over")
    expect(take).to_be_visible(timeout=WORKER_MS)
    expect(page.locator("#roster")).to_contain_text("Proven")
    take.click()
    expect(page.locator(".plan-main")).to_contain_text("This roster", timeout=WORKER_MS)
    expect(page.locator(".plan-shifts li").first).to_be_visible()
