"""Every recording that we ship is of its text as it is now, and fit for a telephone."""

import json
from collections.abc import Iterator
from importlib import resources
from itertools import pairwise

import numpy as np
import pytest

from tellonce.switchboard.commands import SayWait
from tellonce.switchboard.decisions import Form
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.voices import RATE, mulaw, pcm, speech
from tellonce.switchboard.voices.mastering import LOUDNESS_DB, edges_s, loudness_db
from tellonce.switchboard.voices.speaking import PAUSES_S
from tellonce.switchboard.wording import LANGUAGES, Speech, said

FOLDERS = resources.files("tellonce.switchboard.voices")
LOUDEST = mulaw(np.array([32_767, -32_768], dtype=np.int16)).tolist()
MOST_BYTES = 3 * 1_024 * 1_024


def sounds(language: str) -> Iterator[tuple[str, np.ndarray]]:
    for piece in LANGUAGES[language].texts:
        yield piece, pcm(speech(Prompt(language, (piece,)))) / 32_768.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_recorded_is_what_is_written(language: str) -> None:
    """A text was changed: run tellonce.switchboard.voices.making."""
    made = json.loads((FOLDERS / language / "made.json").read_text(encoding="utf-8"))
    assert made == dict(LANGUAGES[language].texts)
    files = {file.name for file in (FOLDERS / language).iterdir() if file.name.endswith(".ulaw")}
    assert files == {f"{piece}.ulaw" for piece in made}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_begin_and_end_with_speech_are_equally_loud_and_not_cut(language: str) -> None:
    unfit = [
        (piece, edges_s(sound), loudness_db(sound), float(np.abs(sound).max()), float(sound.mean()))
        for piece, sound in sounds(language)
        if max(edges_s(sound)) > 0.08
        or abs(loudness_db(sound) - LOUDNESS_DB) > 2.0
        or np.isin(mulaw((sound * 32_768).astype(np.int16)), LOUDEST).any()
        or abs(sound.mean()) > 2e-3
    ]
    assert unfit == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_are_spoken_at_the_pace_of_speech(language: str) -> None:
    """Neither cut off nor with something after the text."""
    paces = {piece: len(LANGUAGES[language].texts[piece]) / (sound.size / RATE) for piece, sound in sounds(language)}
    assert {piece: pace for piece, pace in paces.items() if not 4.0 < pace < 26.0} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_piece_holds_a_long_silence(language: str) -> None:
    silent = []
    for piece, sound in sounds(language):
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        if max(after - before for before, after in pairwise(loud)) > 0.8 * RATE:
            silent.append(piece)
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_package_stays_small(language: str) -> None:
    assert sum(sound.size for _, sound in sounds(language)) < MOST_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [Form.UNDER_A_MINUTE, Form.ABOUT, Form.BETWEEN, Form.MORE_THAN])
def test_a_wait_is_told_in_about_four_seconds(language: str, form: Form) -> None:
    speaks = Speech(language)
    longest = max(
        speech(said(SayWait("a", form, low, low + 9, False, False), speaks, at=0.0)).size for low in range(1, 51)
    )
    assert longest / RATE < 4.5  # the longest are numbers like "cuarenta y nueve"


def test_between_sentences_there_is_a_pause() -> None:
    alone = sum(speech(Prompt("en", (piece,))).size for piece in ("greeting", "recorded"))
    assert speech(Prompt("en", ("greeting", "recorded"))).size == alone + int(PAUSES_S["."] * RATE)
