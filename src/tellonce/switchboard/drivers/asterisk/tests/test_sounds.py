"""Prompts as files, and numbers as callers send them."""

from pathlib import Path

import pytest

from tellonce.switchboard.drivers.asterisk.numbers import caller_id, in_full
from tellonce.switchboard.drivers.asterisk.sounds import Sounds
from tellonce.switchboard.drivers.asterisk.tests.scene import BYE, WAIT, speech


def test_what_is_heard_alike_is_one_file_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    sounds = Sounds(tmp_path, uri="tellonce/", speech=speech)
    media = [sounds.media(prompt) for prompt in (WAIT, BYE, WAIT)]
    assert media[0] == media[2] != media[1]
    assert {f"sound:tellonce/{path.stem}" for path in tmp_path.iterdir()} == set(media)
    assert {path.suffix for path in tmp_path.iterdir()} == {".ulaw"}
    assert (tmp_path / f"{media[1].rpartition('/')[2]}.ulaw").read_bytes() == speech(BYE)


def test_a_recording_that_was_spoken_anew_is_another_file(tmp_path: Path) -> None:
    before = Sounds(tmp_path, uri="/srv/sounds", speech=lambda prompt: b"old").media(WAIT)
    after = Sounds(tmp_path, uri="/srv/sounds", speech=lambda prompt: b"new").media(WAIT)
    assert before != after
    assert after.startswith("sound:/srv/sounds/")


@pytest.mark.parametrize(
    ("sent", "full"),
    [
        ("+12025550143", "+12025550143"),
        ("12025550143", "+12025550143"),
        ("(202) 555-0143", "+12025550143"),
        ("+493012345678", "+493012345678"),
        ("101", "101"),
        ("alice", ""),
        ("anonymous", ""),
        ("Restricted", ""),
        ("", ""),
    ],
)
def test_numbers_are_made_full_where_they_can_be(sent: str, full: str) -> None:
    assert in_full(sent, "US") == full


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("+12025550143", "Ida Núñez", '"Ida Núñez" <+12025550143>'),
        ("", "", '"" <>'),
        ("1> <2", 'x" <9', '"x   9" <12>'),
        ("+1", "a\r\nb", '"a  b" <+1>'),
    ],
)
def test_what_a_phone_shows_cannot_be_forged(number: str, name: str, shown: str) -> None:
    assert caller_id(number, name) == shown
