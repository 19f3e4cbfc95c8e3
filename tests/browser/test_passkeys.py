"""A passkey, made and used by a virtual authenticator in the browser."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.lives import PASSWORD

MAIL = "tomas@example.net"  # nobody signs in as Tomas by password alone: from here on that takes two steps


def with_authenticator(page: Page) -> Page:
    """The page's browser gets a device that holds passkeys and always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def enter_password(page: Page, mail: str) -> None:
    page.get_by_label("Mail address").fill(mail)
    page.keyboard.press("Enter")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_made_signs_in_alone_and_is_the_second_step_after_a_password(enter: Enter) -> None:
    page = with_authenticator(enter(None, "/sign-in?next=/me/passkeys/add"))
    sign_in = page.url
    enter_password(page, MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.context.clear_cookies()
    page.goto(sign_in.replace("/passkeys/add", ""))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Tomas Bell")).to_be_visible()

    page.context.clear_cookies()
    page.goto(sign_in.replace("/passkeys/add", ""))
    enter_password(page, MAIL)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Tomas Bell")).to_be_visible()
