"""Which phone the switchboard has, from the settings and phones.toml; what cannot be is said with its place."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tellonce.config.phones import FILE, PhonesFileError, spoken, wiring_of
from tellonce.config.setup import Setup, read_setup
from tellonce.switchboard.drivers.asterisk import AsteriskDriver
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.errors import DriverError
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Entry, Queue, Settings
from tellonce.switchboard.voices import VoiceError, speech

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "phones.md"
TRUNK = """
[[embedded.trunks]]
name = "carrier"
host = "192.0.2.10"
numbers = ["+12025550100"]
"""


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return read_setup({"TELLONCE_HOME": str(tmp_path), "TELLONCE_SECRET_KEY": "x", "TELLONCE_PHONE": "embedded"})


def write(setup: Setup, text: str) -> Setup:
    (setup.home / FILE).write_text(text)
    return setup


def test_without_a_phone_nothing_is_needed(setup: Setup) -> None:
    assert isinstance(wiring_of(replace(setup, phone="none")).driver, FakeDriver)


def test_a_menu_that_nobody_has_recorded_is_left_out_and_said(setup: Setup, caplog: pytest.LogCaptureFixture) -> None:
    entries = (Entry("100", "care", {"1": "billing"}), Entry("200", "care", {"1": "zeppelins"}))
    settings = Settings((Queue("care", "care"),), (), entries)
    sayable = wiring_of(setup).manners.sayable
    for _again in range(2):
        assert [each.menu for each in sayable(settings).entries] == [{"1": "billing"}, {}]
    assert [record.getMessage() for record in caplog.records] == ["switchboard.menu_left_out"]


def test_the_embedded_phone_reads_its_trunks(setup: Setup) -> None:
    assert isinstance(wiring_of(write(setup, TRUNK)).driver, EmbeddedDriver)


def test_asterisk_is_reached_as_the_file_says(setup: Setup) -> None:
    sounds = setup.home / "sounds"
    sounds.mkdir()
    asterisk = f"""
[asterisk]
address = "http://127.0.0.1:8088/ari"
user = "tellonce"
password = "hush"
entries = ["100"]
sounds = "{sounds}"
"""
    assert isinstance(wiring_of(replace(write(setup, asterisk), phone="asterisk")).driver, AsteriskDriver)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[trunk", "is not TOML"),
        ("adress = 3\n", "adress is no setting"),
        ('[embedded]\nadress = "192.0.2.1"\n', r"embedded\.adress is no setting"),
        ('[embedded]\nfolder = "/x"\n', r"embedded\.folder is no setting"),
        ('[[embedded.trunks]]\nnumber = "1"\n', r"embedded\.trunks\[0\]\.number is no setting"),
        ("embedded = 3\n", "embedded must be a table"),
        ('[embedded]\naddress = "0.0.0.0"\n', "wildcard"),
        ('[[embedded.trunks]]\nname = "carrier"\n', r"embedded\.trunks\.0\.host: Field required"),
        ('[embedded]\nport = "soon"\n', r"embedded\.port: Input should be a valid integer"),
        ("topics = 3\n", "topics: Input should be a valid dictionary"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(setup: Setup, text: str, told: str) -> None:
    with pytest.raises((PhonesFileError, DriverError), match=told):
        wiring_of(write(setup, text))


def test_the_example_of_the_guide_is_read(setup: Setup) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert isinstance(wiring_of(write(setup, example)).driver, EmbeddedDriver)


def test_a_trunk_that_cannot_be_is_refused_by_the_driver(setup: Setup) -> None:
    with pytest.raises(DriverError):
        wiring_of(write(setup, TRUNK.replace("192.0.2.10", "carrier.example.net")))


def test_recordings_of_ones_own_are_looked_at_before_a_call(setup: Setup) -> None:
    own = setup.home / "voices" / "en"
    own.mkdir(parents=True)
    (own / "greeting.wav").write_bytes(b"no sound")
    with pytest.raises(VoiceError, match=r"greeting\.wav"):
        wiring_of(setup)


def test_a_recording_of_ones_own_that_breaks_later_is_said_with_ours(tmp_path: Path) -> None:
    prompt = Prompt("en", ("greeting", "recorded"))
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "greeting.wav").write_bytes(b"no sound")
    assert spoken(prompt, own=tmp_path) == spoken(prompt, own=None) == speech(prompt).tobytes()
    with pytest.raises(VoiceError, match="nobody"):
        spoken(Prompt("en", ("nobody",)), own=tmp_path)
