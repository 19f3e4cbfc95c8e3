"""The main job, whole: a contact comes in, the brief is there, it is solved or promised, and everyone sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.lives import PASSWORD

LIVE_MS = 60_000


def listening(page: Page) -> Page:
    """The page, once its stream is open."""
    page.wait_for_selector("html[data-live-state=on]", state="attached")
    return page


def took(page: Page, contact: int) -> Page:
    """The page, once the contact in question stands on it."""
    expect(page).to_have_url(re.compile(rf"contact={contact}$"))
    page.wait_for_load_state("load")
    return page


def test_somebody_signs_in(enter: Enter) -> None:
    page = enter(None, "/")
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill("priya@example.net")
    page.keyboard.press("Enter")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()


def test_a_contact_arrives_is_taken_and_solved_by_keys_alone(house: House, enter: Enter) -> None:
    page = listening(enter("dana", "/"))
    contact = house.do("call", str(house.ids["maria"]), "It dropped again last night")
    waiting = page.locator("#hands").get_by_role("button", name=re.compile("Maria Alvarez.*It dropped again"))
    expect(waiting).to_be_visible(timeout=LIVE_MS)
    page.keyboard.press("t")
    took(page, contact)
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Alvarez")
    brief = page.locator("#brief")
    expect(brief).to_contain_text("Probably about")
    expect(brief).to_contain_text("We owe")
    expect(brief).to_contain_text("It has cost them")
    assert 3 <= brief.locator("li").count() <= 6
    bottom = page.evaluate("document.getElementById('brief').getBoundingClientRect().bottom")
    assert bottom < 640  # it is on the screen, without scrolling
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("had to tell it again")
    page.keyboard.press("s")
    expect(page.locator("#solve-note")).to_be_focused()
    page.keyboard.type("The new modem was not registered; it is now.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Solved")
    expect(page).not_to_have_url(re.compile(rf"contact={contact}$"))


def test_a_misspelt_name_is_found_in_the_palette(house: House, enter: Enter) -> None:
    page = enter("dana", "/today")
    page.keyboard.press("Control+k")
    page.keyboard.type("okafar dentl")
    found = page.get_by_role("option", name=re.compile("Okafor Dental"))
    expect(found).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/why\?"))  # no contact: a reason is asked for
    page.get_by_role("textbox").first.fill("They asked me in the street")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Okafor Dental")
    rows = house.do("seen", str(house.ids["okafor"]))
    assert ["Dana Reyes", "customer", None, "They asked me in the street"] in rows


def test_a_promise_made_is_seen_by_a_colleague_at_once(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["novak"]), "The line test?")
    dana = enter("dana", "/")
    dana.keyboard.press("t")
    took(dana, contact)
    sam = listening(enter("sam", f"/customers/{house.ids['novak']}?contact={contact}"))
    expect(sam.locator("#brief")).to_contain_text("Life-line")
    dana.keyboard.press("p")
    dana.locator("#promise-what").fill("Call with the line test's result")
    dana.keyboard.press("Control+Enter")
    expect(dana.locator("#toasts")).to_contain_text("Promised")
    expect(sam.locator("#moments")).to_contain_text("Call with the line test's result", timeout=LIVE_MS)
    expect(sam.locator("#panels")).to_contain_text("Call with the line test's result")


def test_a_contact_is_handed_over_with_a_line_and_taken(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["okafor"]), "Two boxes, one bill")
    dana = enter("dana", "/")
    dana.keyboard.press("t")
    took(dana, contact)
    priya = listening(enter("priya", "/"))
    dana.keyboard.press("h")
    dana.locator("#hand-over-to").select_option(label="Priya Nair · Eastmoor care")
    dana.locator("#hand-over-line").fill("Has the receipt at hand; only the credit is missing.")
    dana.keyboard.press("Control+Enter")
    expect(dana.locator("#toasts")).to_contain_text("Handed over")
    passed = priya.locator("#hands").get_by_text("only the credit is missing")
    expect(passed.first).to_be_visible(timeout=LIVE_MS)
    passed.first.click()
    expect(priya.get_by_role("heading", level=1)).to_have_text("Okafor Dental")
    expect(priya.locator("#moments")).to_contain_text("only the credit is missing")


def test_a_case_is_opened_waits_and_is_solved(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["novak"]), "The box hums")
    page = enter("sam", "/")
    page.keyboard.press("t")
    took(page, contact)
    page.keyboard.press("o")
    page.locator("#open-case-matter").select_option(str(house.ids["matter"]))
    page.locator("#open-case-title_words").fill("The box hums at night")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Case opened")
    page.get_by_role("link", name="The box hums at night").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The box hums at night")
    expect(page).to_have_url(re.compile(r"/cases/\d+"))
    colleague = listening(enter("dana", page.url.split("?")[0].removeprefix(house.url)))
    page.keyboard.press("z")
    expect(page.locator("#wait-until")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#case-head")).to_contain_text("waits for the customer")
    page.keyboard.press("s")
    expect(page.locator("#solve-note")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#case-head")).to_contain_text("solved")
    for each in (page, colleague):
        expect(each.locator("#case-acts")).to_contain_text("Reopen", timeout=LIVE_MS)


def test_two_people_in_one_case_are_told(house: House, enter: Enter) -> None:
    first = enter("sam", f"/cases/{house.ids['case']}")
    second = enter("priya", f"/cases/{house.ids['case']}")
    expect(second.locator("#viewers")).to_contain_text("Sam Ortiz")
    expect(first.locator("#viewers")).to_contain_text("Priya Nair", timeout=LIVE_MS)
    first.get_by_role("toolbar").get_by_role("link").first.click()  # Solve, or Reopen where it is solved already
    first.locator("#action textarea").press_sequentially("The line")
    expect(second.locator("#viewers")).to_contain_text("is writing", timeout=LIVE_MS)


def test_what_was_being_written_survives_a_crash(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["maria"]))
    page = enter("sam", "/")
    page.keyboard.press("t")
    took(page, contact)
    page.keyboard.press("n")
    page.locator("#note-words").fill("She is at work until six; call the mobile")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft kept")
    elsewhere = enter("sam", f"/?contact={contact}")  # another browser: only the server knows the draft
    elsewhere.keyboard.press("n")
    expect(elsewhere.locator("#note-words")).to_have_value("She is at work until six; call the mobile")
    elsewhere.keyboard.press("Control+Enter")
    expect(elsewhere.locator("#moments")).to_contain_text("call the mobile")
    expect(elsewhere.locator("#note-words")).to_have_count(0)  # the story may hear of the note before the form does
    elsewhere.keyboard.press("n")
    expect(elsewhere.locator("#note-words")).to_have_value("")


def test_letters_typed_into_a_field_are_no_keys(enter: Enter) -> None:
    page = enter("ada", "/customers")
    field = page.get_by_role("searchbox")
    field.focus()
    page.keyboard.type("snap")
    expect(field).to_have_value("snap")
    expect(page).to_have_url(re.compile("/customers"))


def test_a_technician_reads_the_same_story_on_a_phone(house: House, enter: Enter) -> None:
    page = enter(
        "tomas", f"/why?customer={house.ids['maria']}&next=/customers/{house.ids['maria']}", width=360, height=740
    )
    page.get_by_role("textbox").first.fill("On my way to her")
    page.get_by_role("button", name=re.compile("open|see|look|go", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Alvarez")
    expect(page.locator("#moments")).to_contain_text("upstream errors on the modem")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("nav.bottom")).to_be_visible()
    for link in page.locator("nav.bottom a").all():
        assert link.bounding_box()["height"] >= 44  # type: ignore[index]  # visible, so it has a box
    assert any(row[0] == "Tomas Bell" for row in house.do("seen", str(house.ids["maria"])))


def test_the_administrator_sees_who_looked(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["maria"]))
    looking = enter("dana", "/")
    looking.keyboard.press("t")
    took(looking, contact)
    page = enter("ada", "/admin/access")
    expect(page.get_by_role("table")).to_contain_text("Dana Reyes")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_kept(enter: Enter, theme: str) -> None:
    page = enter("ada", "/kit")
    page.get_by_label(re.compile("^You:")).click()
    page.get_by_role("banner").get_by_role("button", name=theme.capitalize()).click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_what_is_refused_costs_no_words_and_drafts_stay_with_their_writer(house: House, enter: Enter) -> None:
    contact = house.do("call", str(house.ids["maria"]))
    page = enter("sam", "/", may_fail=True)
    page.keyboard.press("t")
    took(page, contact)
    page.keyboard.press("n")
    page.locator("#note-words").fill("The modem is in the cellar")
    page.context.clear_cookies(name="csrftoken")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("open for too long")
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('draft:'))")
    assert [words for _place, words in kept] == ["The modem is in the cellar"]
    assert all(place.startswith(f"draft:{page.evaluate('document.body.dataset.person')}:") for place, _words in kept)
