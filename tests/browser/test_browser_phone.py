"""A representative takes a real call with nothing but a browser: both hear each other, whatever happens meanwhile."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tellonce.audio.tests.relays import a_relay
from tellonce.switchboard.drivers.embedded.tests.telephones import a_free_port
from tests.browser.caller import TONE as CALLER
from tests.browser.house import ROOT, House, a_house
from tests.browser.test_accessible import violations

pytestmark = pytest.mark.phones

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PERSON = 1_000
PATIENCE_S = 60.0
_BEHIND_THE_PAGES = """if (location.pathname === "/phone/window") {
  Object.defineProperty(Document.prototype, "hidden", { get: () => true });
}"""
"""The phone's window lies where nobody sees it, and rings all the same."""

_NOTES_ITS_SERVERS = """window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(given) { super(given); window.givenServers = given.iceServers; }
}"""

FREQUENCY = """() => {
  const { srcObject } = document.querySelector("[data-phone-voice]");
  if (!srcObject) return 0;
  if (window.heard !== srcObject) {
    window.ears ??= new AudioContext();
    window.ear = new AnalyserNode(window.ears, { fftSize: 8192 });
    window.ears.createMediaStreamSource(window.heard = srcObject).connect(window.ear);
  }
  const levels = new Float32Array(window.ear.frequencyBinCount);
  window.ear.getFloatFrequencyData(levels);
  const loudest = levels.reduce((best, each, index) => (each > levels[best] ? index : best), 3);
  return levels[loudest] < -70 ? 0 : Math.round((loudest * window.ears.sampleRate) / window.ear.fftSize / 10) * 10;
}"""


class Caller:
    """With a real SIP phone, in a process of its own; `hears` is what it heard last."""

    def __init__(self, house: House, address: str) -> None:
        self.hears = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.caller", address], cwd=ROOT, env=house.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def look(self) -> str:
        """What it heard last."""
        assert self._process.stdout is not None
        while select.select([self._process.stdout], [], [], 0)[0]:
            said = os.read(self._process.stdout.fileno(), 4_096).decode().split()
            if not said:
                break
            self.hears = said[-1]
        return self.hears

    def end(self) -> None:
        """Hangs up, if it has not."""
        self._process.communicate(timeout=PATIENCE_S)


def until(is_so: Callable[[], bool], page: Page, about: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for {about}"
        page.wait_for_timeout(50)


@contextmanager
def headset(browser: Browser, folder: Path) -> Iterator[Browser]:
    """A Chromium whose microphone says a tone, and which may use it."""
    at = np.arange(48_000 * 4) / 48_000
    with wave.open(str(folder / "microphone.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((12_000 * np.sin(2 * np.pi * PERSON * at)).astype("<i2").tobytes())
    arguments = [
        "--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={folder / 'microphone.wav'}", "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
    ]  # fmt: skip
    launched = browser.browser_type.launch(executable_path=_CHROMIUM, args=arguments)
    try:
        yield launched
    finally:
        launched.close()


def the_audio_process(house: House) -> int:
    """Its process id, by what it was started with."""
    for each in Path("/proc").iterdir():
        try:
            words = (each / "cmdline").read_bytes().split(b"\0")
            home = f"TELLONCE_HOME={house.environment['TELLONCE_HOME']}".encode() in (each / "environ").read_bytes()
        except OSError:
            continue
        if home and b"audio" in words:
            return int(each.name)
    raise AssertionError("no audio process runs")


def test_a_call_is_taken_in_the_browser(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = a_free_port()
    with a_relay() as relay:
        monkeypatch.setenv("TELLONCE_STUN", f"stun:127.0.0.1:{relay.port}")
        _is_taken(browser, tmp_path, port, servers=[{"urls": [f"stun:127.0.0.1:{relay.port}"]}])
        assert "BINDING" in relay.asked


def _is_taken(browser: Browser, folder: Path, port: int, *, servers: list[dict[str, list[str]]]) -> None:
    with a_house(sip_port=port) as house, headset(browser, folder) as chromium:
        house.do("line", "care")
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE_S * 1_000)
        context.add_cookies([{"name": "sessionid", "value": str(house.ids["session:sam"]), "url": house.url}])
        context.add_init_script(_BEHIND_THE_PAGES)
        context.add_init_script(_NOTES_ITS_SERVERS)
        complaints: list[str] = []
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        desk = context.new_page()
        desk.goto(house.url)
        _says_what_is_wrong(desk)
        _panel_says_what_is_wrong(desk)
        window = _opens(desk)
        assert window.evaluate("window.givenServers") == servers
        caller = _answers(house, desk, f"sip:care@127.0.0.1:{port}")
        _both_hear(caller, window)
        desk.keyboard.press("m")
        until(lambda: caller.look() == "0", window, "silence while muted")
        desk.keyboard.press("m")
        _both_hear(caller, window)
        window.on("dialog", lambda dialog: dialog.accept())
        window.reload()
        _both_hear(caller, window)
        os.kill(the_audio_process(house), signal.SIGKILL)
        until(lambda: caller.look() == "0", window, "silence while the process is gone")
        _both_hear(caller, window)
        desk.keyboard.press("x")
        until(lambda: caller.look() == "over", window, "the end of the call")
        caller.end()
        expect(desk.locator("#phone")).to_contain_text("Wrapping up")
        desk.locator("#phone").get_by_role("button", name="Use a SIP phone").click()
        expect(window.locator(".sound")).to_have_attribute("data-state", "off")
        assert complaints == []
        context.close()


def _says_what_is_wrong(desk: Page) -> None:
    """A window that gets no microphone says so, and takes no calls."""
    for error, state, words in (
        ("NotAllowedError", "refused", "The microphone is refused."),
        ("NotFoundError", "none", "There is no microphone."),
    ):
        window = desk.context.new_page()
        window.add_init_script(
            f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{error}'))"
        )
        window.goto(f"{desk.url}phone/window")
        expect(window.locator(".sound")).to_have_attribute("data-state", state)
        expect(window.get_by_text(words)).to_be_visible()
        expect(window.get_by_role("button", name="Take calls in this browser")).to_be_hidden()
        expect(window.locator(".sound").get_by_text("tellonce person phone sam@example.net")).to_be_visible()
        expect(window.locator("#phone .phone-state")).to_be_visible()
        expect(window.locator("#phone .phone-place")).to_be_hidden()  # what it says is said above
        window.close()


def _panel_says_what_is_wrong(desk: Page) -> None:
    """Without a microphone the panel offers no browser, but says how else; one that is plugged in is noticed."""
    page = desk.context.new_page()
    page.add_init_script("""window.devices = [];
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve(window.devices);""")
    page.goto(desk.url)
    panel = page.locator("#phone")
    expect(panel.get_by_text("This browser has no microphone.")).to_be_visible()
    expect(panel.get_by_text("Your calls ring on a SIP phone.")).to_be_hidden()
    expect(panel.get_by_role("link", name="Use this browser")).to_be_hidden()
    panel.get_by_text("Use a SIP phone instead").click()
    expect(panel.get_by_text("tellonce person phone sam@example.net")).to_be_visible()
    assert violations(page) == []
    page.evaluate("""() => {
      window.devices = [{ kind: "audioinput" }];
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    }""")
    expect(panel.get_by_role("link", name="Use this browser")).to_be_visible()
    expect(panel.get_by_text("This browser has no microphone.")).to_be_hidden()
    page.close()


def _opens(desk: Page) -> Page:
    """The phone's window: first the sound is tried, then calls are taken there."""
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Use this browser").click()
    window = opened.value
    expect(window.locator(".sound")).to_have_attribute("data-state", "off", timeout=PATIENCE_S * 1_000)
    expect(window.locator(".level-fill")).not_to_have_attribute("width", "0")
    assert violations(window) == []
    _tries_the_sound(window)
    window.get_by_role("button", name="Take calls in this browser").click()
    expect(window.locator(".sound")).to_have_attribute("data-state", "ready", timeout=PATIENCE_S * 1_000)
    expect(desk.get_by_text("In this browser", exact=True)).to_be_visible()
    return window


def _tries_the_sound(window: Page) -> None:
    """What is said is recorded and played back; another microphone may be chosen, and is remembered."""
    test, microphone = window.locator("[data-phone-test]"), window.locator("#microphone")
    words = test.inner_text()
    test.click()
    for said in ("Speak now…", "Listen…", words):
        expect(test).to_have_text(said)
    other = microphone.locator("option").last.get_attribute("value")
    assert microphone.locator("option").count() > 1
    microphone.select_option(other)
    expect(window.locator(".level-fill")).not_to_have_attribute("width", "0")
    assert window.evaluate("localStorage.getItem('tellonce-microphone')") == other


def _answers(house: House, desk: Page, address: str) -> Caller:
    phone = desk.locator("#phone")
    expect(phone).to_contain_text(re.compile("Be available|Paused|Pause"), timeout=PATIENCE_S * 1_000)
    phone.get_by_role("button", name="Be available").click()
    expect(phone.get_by_text("Available", exact=True)).to_be_visible(timeout=PATIENCE_S * 1_000)
    caller = Caller(house, address)
    expect(phone.locator(".rings").get_by_role("heading")).to_have_text("Maria Alvarez", timeout=PATIENCE_S * 1_000)
    desk.keyboard.press("y")
    expect(desk).to_have_url(re.compile("contact="), timeout=PATIENCE_S * 1_000)
    expect(phone).to_contain_text("In a call")
    return caller


def _both_hear(caller: Caller, window: Page) -> None:
    expect(window.locator(".sound")).to_have_attribute("data-state", "ready", timeout=PATIENCE_S * 1_000)
    until(lambda: caller.look() == str(PERSON), window, f"{PERSON} Hz at the caller's")
    until(lambda: window.evaluate(FREQUENCY) == CALLER, window, f"{CALLER} Hz in the browser")
