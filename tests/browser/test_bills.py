"""Journeys through bills: what was put right comes back and is answered; an error of three hundred is corrected."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.house import House
from tests.browser.test_accessible import violations


def test_a_disputed_charge_comes_back_and_is_credited_reopened_and_told(house: House, enter: Enter) -> None:
    """By two keys from the desk: disputed, upheld, on the next bill again, and all of it on the story."""
    okafor, talk = house.ids["okafor"], house.ids["talk"]
    page = enter("dana", f"/?contact={talk}")
    card = page.locator(".bill-card")
    expect(card).to_contain_text("more than last time")
    page.keyboard.press("x")
    expect(page.get_by_label("Modem rental")).to_be_focused()
    expect(page.get_by_label("Modem rental")).to_be_checked()
    expect(page.get_by_text("New on this bill: Modem rental. Chosen already: Enter disputes it.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Disputed; dunning is held")).to_be_visible()
    page.get_by_role("complementary", name="What they have").get_by_role(
        "link", name="Modem rental", exact=True
    ).click()
    page.get_by_text("Upheld: all of it was wrong").click()
    page.get_by_label("Why", exact=True).fill("The modem came back to us in January.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Decided: credited, watched from now on")).to_be_visible()

    assert house.do("bill", str(okafor)) == "OK-0"

    page.goto(f"{house.url}/?contact={talk}")
    story = page.locator("#story")
    for said in (
        "Charge disputed",
        "Dispute upheld",
        "Watching every later bill",
        "Solved",
        "Credit arrived",
        "A wrong charge came back",
        "Case reopened",
        "A charge that we took off is on your bill again",
    ):
        expect(story.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("came back once")).to_be_visible()
    bills = enter("bea", "/bills")
    row = bills.get_by_role("row").filter(has_text="Okafor Dental")
    expect(row).to_contain_text("9.72 credited, case open again")


def test_other_lines_are_chosen_by_their_keys_and_one_under_the_focus_by_x(house: House, enter: Enter) -> None:
    """What is chosen already is a proposal: a number takes it back or adds to it; the keys that help says are true."""
    house.do("call", str(house.ids["maria"]))
    page = enter("sam", "/")
    page.keyboard.press("t")
    expect(page.locator("#hands .hand[data-key='1']")).to_be_visible()  # numbers are of contacts in hand, too
    page.goto(f"{house.url}/why?customer={house.ids['novak']}&next=/customers/{house.ids['novak']}")
    page.get_by_role("textbox").first.fill("They say that their bill is wrong")
    page.keyboard.press("Control+Enter")
    card = page.locator(".bill-card")
    expect(card).to_contain_text("more than last time")
    page.keyboard.press("x")
    expect(page.get_by_label("Sports package")).to_be_checked()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys).to_contain_text("Dispute")
    expect(keys).to_contain_text("Sports package 12.96")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.press("2")
    expect(page.get_by_label("Sports package")).not_to_be_checked()
    expect(page.get_by_label("TV Family")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#action")).to_be_empty()
    page.keyboard.press("b")
    page.keyboard.press("l")
    expect(card.locator("details")).to_have_attribute("open", "")
    fibre = card.get_by_role("link", name="Fibre 500")
    fibre.focus()
    page.keyboard.press("x")
    expect(page.get_by_label("Fibre 500")).to_be_checked()
    expect(page.get_by_label("Sports package")).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Disputed; dunning is held")).to_be_visible()
    have = page.get_by_role("complementary", name="What they have")
    expect(have.get_by_role("link", name="Fibre 500", exact=True)).to_be_visible()
    expect(have.get_by_role("link", name="Sports package", exact=True)).to_have_count(0)


def test_what_is_watched_is_chosen_with_the_decision_and_widened_afterwards(house: House, enter: Enter) -> None:
    """What a rule would have met is seen while it is chosen; nothing is decided by looking."""
    page = enter("bea", f"/bills/disputes/{house.ids['to_choose']}")
    said = page.locator(".watch-said")
    expect(said).to_contain_text("charge code RENT-ROOM, product Box TV-3, device TV3-0077, at any amount")
    expect(said).to_contain_text("and no other")
    page.get_by_text("Narrow or widen it").click()
    page.locator("label", has_text="Device TV3-0077").click()
    expect(said).to_contain_text("And 2 lines that nobody said to be wrong")
    expect(said).not_to_contain_text("TV3-0077")
    page.get_by_label("Amount without tax").select_option(label="Exactly")
    page.get_by_label("Amount", exact=True).fill("14.99")
    page.get_by_label("Words on the line").fill("rental")
    expect(said).to_contain_text("has not these words")
    page.get_by_label("Words on the line").fill("*second room*")
    expect(said).to_contain_text("words like “*second room*”, at exactly 14.99 USD without tax")
    expect(said).to_contain_text("and no other")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    page.get_by_text("Upheld: all of it was wrong").click()
    page.get_by_label("Why", exact=True).fill("The second box came back to us.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Decided: credited, watched from now on")).to_be_visible()
    page.get_by_role("region", name="Watched since").get_by_role("link").click()
    expect(page.get_by_role("heading", name="What must not come again")).to_be_visible()
    page.get_by_label("Words on the line").fill("")
    page.get_by_label("Amount without tax").select_option(label="Any amount")
    expect(page.locator(".watch-said")).to_contain_text("And 2 lines that nobody said to be wrong")
    page.locator("label", has_text="Device TV3-0077").click()
    expect(page.locator(".watch-said")).to_contain_text("and no other")
    page.get_by_label("Why", exact=True).fill("The words on the bill change every month.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Changed: from the next bill on this is watched for.")).to_be_visible()
    changed = page.get_by_role("region", name="What was changed")
    expect(changed).to_contain_text("The words on the bill change every month.")
    expect(changed).to_contain_text("Bea Bills")


def test_every_earlier_bill_is_reached_and_explained(house: House, enter: Enter) -> None:
    """From the card by a key, then bill by bill; each says what changed since the one before it."""
    page = enter("bea", f"/bills/disputes/{house.ids['upheld']}?case={house.ids['upheld_case']}")
    case = house.ids["upheld_case"]
    page.get_by_role("navigation", name="Where this is").get_by_role("link", name="Rosa Vidal").click()
    expect(page.locator(".bill-card")).to_be_visible()
    page.keyboard.press("b")
    page.keyboard.press("e")
    every = page.get_by_role("region", name="Every bill")
    expect(every.get_by_role("listitem")).to_have_count(24)
    changed = page.get_by_role("region", name="What changed since the bill of")
    expect(changed).to_contain_text("22.68 USD more than last time.")
    page.keyboard.press("j")
    expect(changed).to_contain_text("The same as last time.")
    every.get_by_role("listitem").nth(4).get_by_role("link").click()
    expect(changed).to_contain_text("9.72 USD more than last time. New on this bill: Modem rental.")
    expect(page.get_by_role("link", name="put right")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_label("Fibre 500")).to_be_visible()
    expect(page.get_by_label("Modem rental")).to_have_count(0)
    assert f"case={case}" in page.url


def test_an_error_is_corrected_for_three_hundred_accounts(house: House, enter: Enter) -> None:
    """Asked for by one, approved by another, run by the worker; also for those who never said a word."""
    at = f"/bills/causes/{house.ids['cause']}"
    asking = enter("bea", at)
    expect(asking.get_by_role("link", name="297", exact=True)).to_be_visible()
    told = "You paid rent for a box that you had given back. We are sorry."
    words = asking.get_by_label("What customers are told")
    words.fill(told)
    approving = enter("lena", at)
    approving.get_by_role("button", name="Look anew").click()  # the other's page hears of it, and keeps what was typed
    asking.wait_for_timeout(2_500)
    expect(words).to_have_value(told)
    asking.get_by_role("button", name="Ask to credit 300 accounts").click()
    expect(asking.get_by_text("waits for a second person")).to_be_visible()
    expect(asking.get_by_role("button", name="Approve")).to_have_count(0)
    approving.goto(house.url + at)
    approving.get_by_role("button", name="Approve, and credit all of them").click()
    expect(
        approving.get_by_text("300 accounts were credited. Asked for by Bea Bills, approved by Lena Lead.")
    ).to_be_visible(timeout=400_000)
    customer = house.ids["hired"]
    approving.goto(f"{house.url}/why?customer={customer}&next=/customers/{customer}")
    approving.get_by_role("textbox").first.fill("I look whether the correction arrived")
    approving.keyboard.press("Control+Enter")
    story = approving.locator("#story")
    expect(story.get_by_text("We found and corrected an error").first).to_be_visible()
    expect(story.get_by_text("You paid rent for a box that you had given back.").first).to_be_visible()


def test_on_a_narrow_screen_each_value_says_its_column_and_the_chosen_tab_is_in_sight(
    house: House, enter: Enter
) -> None:
    """Also after the list came anew; the title of a row needs no words before it."""
    page = enter("ada", "/bills?tab=findings", width=360, height=740)
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("scrollY") == 0
    page.goto(f"{house.url}/bills?tab=causes")
    labels = "row => [...row.cells].map((cell) => cell.dataset.label ?? '')"
    row = page.get_by_role("row").filter(has_text="Box rental billed after the box came back")
    said = ["", "Where it stands", "Accounts", "of them complained", "Wrongly charged", "Corrected", "Owner"]
    assert row.evaluate(labels) == said
    with page.expect_response(lambda answer: "tab=causes" in answer.url):
        page.evaluate("htmx.trigger('#bills', 'live')")
    expect(row.locator("[data-label='Accounts']")).to_have_count(1)
    expect(tab).to_be_in_viewport(ratio=0.9)
    assert violations(page) == []
