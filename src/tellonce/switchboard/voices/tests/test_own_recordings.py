"""The provider's own recordings go before ours, and say what is wrong with them."""

import os
from pathlib import Path

import numpy as np
import pytest

from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Entry
from tellonce.switchboard.voices import VoiceError, can_say, check_menus, check_own, pcm, speech
from tellonce.switchboard.voices.tests.sounds import level_db, save, tone
from tellonce.switchboard.wording import Speech

GREETING = Prompt("en", ("greeting",))


def heard(prompt: Prompt, own: Path) -> np.ndarray:
    return pcm(speech(prompt, own=own)) / 32_768.0


def test_ones_own_goes_before_ours(tmp_path: Path) -> None:
    save(tmp_path / "en" / "greeting.wav", tone(1_000.0, seconds=2.0, rate=44_100), rate=44_100)
    sound = heard(GREETING, tmp_path)
    assert sound.size == pytest.approx(16_000, abs=500)
    assert level_db(sound, 1_000.0) > -21.0
    assert heard(Prompt("en", ("goodbye",)), tmp_path).size != sound.size
    assert heard(Prompt("es", ("greeting",)), tmp_path).size != sound.size


def test_a_recording_that_is_replaced_is_heard_at_once(tmp_path: Path) -> None:
    path = save(tmp_path / "en" / "greeting.wav", tone(1_000.0))
    first = heard(GREETING, tmp_path)
    save(path, tone(1_000.0, seconds=2.0))
    os.utime(path, ns=(1, 1))
    assert heard(GREETING, tmp_path).size > 1.5 * first.size


@pytest.mark.parametrize(
    ("sound", "rate", "bits", "told"),
    [
        (tone(1_000.0), 8_000, 8, "has 8 bits a sample: save it as WAV, 16-bit PCM."),
        (np.zeros(8_000), 8_000, 16, "holds nothing that can be heard: record it again."),
        (np.zeros((800, 3)), 8_000, 16, "has 3 channels: save it in mono or stereo."),
        (tone(1_000.0), 4_000, 16, "has 4000 samples a second: save it with 8000 to 192000."),
        (np.zeros(8_000 * 61), 8_000, 16, "is longer than 60 seconds"),
    ],
)
def test_a_recording_that_cannot_be_used_is_named(
    tmp_path: Path, sound: np.ndarray, rate: int, bits: int, told: str
) -> None:
    path = save(tmp_path / "en" / "greeting.wav", sound, rate=rate, bits=bits)
    with pytest.raises(VoiceError) as caught:
        speech(GREETING, own=tmp_path)
    assert str(caught.value).startswith(f"{path} {told}")


@pytest.mark.parametrize("content", [b"", b"ID3 an mp3 with another name", b"RIFF\x04\x00\x00\x00WAVE"])
def test_a_file_that_is_no_wav_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "greeting.wav").write_bytes(content)
    with pytest.raises(VoiceError, match=r"greeting\.wav is no WAV file that can be read .*save it as WAV"):
        speech(GREETING, own=tmp_path)


def test_a_recording_that_was_cut_off_is_said_as_far_as_it_goes(tmp_path: Path) -> None:
    path = save(tmp_path / "en" / "greeting.wav", tone(1_000.0))
    path.write_bytes(path.read_bytes()[:-4_001])
    assert heard(GREETING, tmp_path).size == pytest.approx(6_000, abs=300)


def test_a_piece_that_nobody_recorded_is_named_with_the_file_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"'queue-shop' is not recorded in 'en': record it as .*en/queue-shop\.wav"):
        speech(Prompt("en", ("queue-shop",)), own=tmp_path)


@pytest.mark.parametrize("piece", ["../en/greeting", "/etc/passwd", "", "Greeting", "a.b"])
def test_a_piece_is_never_a_path(tmp_path: Path, piece: str) -> None:
    save(tmp_path / "en" / "greeting.wav", tone(1_000.0))
    with pytest.raises(VoiceError, match="is not recorded"):
        speech(Prompt("en", (piece,)), own=tmp_path)


def test_a_queue_is_named_by_our_topics_or_by_a_recording_of_ones_own(tmp_path: Path) -> None:
    speaks = Speech("es", topics={"bills": "billing", "odd": "nothing-of-ours"})
    assert can_say("technical", speaks)
    assert can_say("bills", speaks)
    assert not can_say("odd", speaks)
    assert not can_say("shop", speaks, own=tmp_path)
    save(tmp_path / "es" / "queue-shop.wav", tone(1_000.0))
    assert can_say("shop", speaks, own=tmp_path)


def test_a_menu_with_a_queue_that_cannot_be_named_is_refused_with_what_to_do(tmp_path: Path) -> None:
    entries = [Entry("+15550100", "care", {"1": "billing", "2": "shop"})]
    with pytest.raises(SettingsError) as caught:
        check_menus(entries, Speech("en"), own=tmp_path)
    told = str(caught.value)
    assert told.startswith("entries[+15550100].menu names 'shop', for which there is no recording")
    assert str(tmp_path / "en" / "queue-shop.wav") in told
    assert "appointment, billing, cancelling, care" in told
    save(tmp_path / "en" / "queue-shop.wav", tone(1_000.0))
    check_menus(entries, Speech("en"), own=tmp_path)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("greeting.wav", "is in no folder of a language: it belongs in"),
        ("fr/greeting.wav", "is in no folder of a language"),
        ("en/old/greeting.wav", "is in no folder of a language"),
        ("en/greting.wav", "has the name of nothing that is said"),
        ("en/queue-The Shop.wav", "cannot be named so: use small letters"),
    ],
)
def test_a_recording_that_would_never_be_heard_is_found_before_a_call(tmp_path: Path, name: str, told: str) -> None:
    path = save(tmp_path / name, tone(1_000.0))
    with pytest.raises(VoiceError) as caught:
        check_own(tmp_path)
    assert str(caught.value).startswith(f"{path} {told}")


def test_a_broken_recording_is_found_before_a_call(tmp_path: Path) -> None:
    save(tmp_path / "en" / "greeting.wav", tone(1_000.0))
    save(tmp_path / "es" / "queue-shop.wav", tone(1_000.0))
    check_own(tmp_path)
    save(tmp_path / "es" / "queue-shop.wav", tone(1_000.0), bits=8)
    with pytest.raises(VoiceError, match=r"queue-shop\.wav has 8 bits"):
        check_own(tmp_path)
