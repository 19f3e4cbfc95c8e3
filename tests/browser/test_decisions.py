"""A manager asks, says what could be done, sees what each does to callers, and takes one."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.house import House

WORKER_MS = 120_000


def test_a_decision_is_asked_rehearsed_seen_and_taken(house: House, enter: Enter) -> None:
    page = enter("paula", "/decisions", may_fail=True)  # a 422 is part of the journey
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("What is to be decided?").fill("Two people more in the mornings?")
    page.locator("label", has_text="Lines").click()
    page.get_by_label("Weeks of calls to rehearse on").fill("1")
    page.get_by_role("button", name="Draft it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two people more in the mornings?")
    expect(page.get_by_text("Reading the calls")).to_have_count(0, timeout=WORKER_MS)
    page.reload()
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Hours long").fill("30")
    page.get_by_label("Name of the policy").fill("Two more")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#change")).to_contain_text("A shift is at most a day long.")
    page.get_by_label("Hours long").fill("4")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Two more")).to_be_visible()
    page.get_by_role("button", name="Rehearse").click()
    policy = page.get_by_role("region", name="Two more")
    expect(policy).to_contain_text("of quarter hours", timeout=WORKER_MS)
    expect(page.locator("#rehearsal svg.chart").first).to_be_visible()
    for width, drawn in ((1440, ".figure-wide"), (360, ".figure-narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        drawing = policy.locator(f".decision-effects {drawn}").get_by_role("img", name="What “Two more” sets off")
        expect(drawing).to_be_visible()
        expect(drawing).to_contain_text("Hours at work")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    take = page.get_by_role("button", name="Take “Two more”")
    expect(take).to_be_visible(timeout=WORKER_MS)
    take.click()
    expect(page.locator("#rehearsal")).to_contain_text(re.compile("Paula Quist took “Two more”"))
    expect(page.locator("#rehearsal")).to_contain_text("After 7 days")
