"""A prompt as sound: its pieces one after the other, with the pauses that a speaker would make."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.g711 import RATE, SILENCE
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Entry
from tellonce.switchboard.voices.errors import VoiceError
from tellonce.switchboard.voices.recordings import is_recorded, recording
from tellonce.switchboard.wording import LANGUAGES, QUEUE, TOPICS, Speech

PAUSES_S = {".": 0.28, ",": 0.12}
"""After a sentence and within one; between words only what recordings have at their ends."""


def speech(prompt: Prompt, *, own: Path | None = None) -> NDArray[np.uint8]:
    """The whole prompt in µ-law, 8 kHz. `own` is the folder with the provider's recordings, LANGUAGE/PIECE.wav.

    Raises VoiceError with the piece that nobody has recorded, or the file that cannot be used.
    """
    return np.concatenate([np.empty(0, dtype=np.uint8), *_parts(prompt, own)])


def can_say(queue: str, speech: Speech, *, own: Path | None = None) -> bool:
    """Whether a menu can name the queue."""
    return is_recorded(speech.language, speech.topic(queue), own=own)


def check_menus(entries: Iterable[Entry], speech: Speech, *, own: Path | None = None) -> None:
    """SettingsError with the first queue in a menu that cannot be named, and how to change that."""
    for entry in entries:
        for queue in entry.menu.values():
            if not can_say(queue, speech, own=own):
                field = f"entries[{entry.number}].menu"
                raise SettingsError(field, _how_to_name(queue, speech, own))


def check_own(own: Path) -> None:
    """VoiceError with the first of the provider's recordings that cannot be used, or that nothing would ever say.

    Asked before calls are taken: a caller should not be the one who finds out.
    """
    for path in sorted(own.rglob("*.wav")):
        language, piece = path.parent.name, path.stem
        if path.parent.parent != own or language not in LANGUAGES:
            raise VoiceError(f"{path} is in no folder of a language: it belongs in {_folders(own)}.")
        if piece not in LANGUAGES[language].texts and not piece.startswith(QUEUE):
            raise VoiceError(f"{path} has the name of nothing that is said: see the pieces in docs/guide/voices.md.")
        if recording(language, piece, own=own) is None:
            raise VoiceError(f"{path} cannot be named so: use small letters, digits, - and _.")


def _folders(own: Path) -> str:
    return " or ".join(str(own / language) for language in LANGUAGES)


def _how_to_name(queue: str, speech: Speech, own: Path | None) -> str:
    file = f"{speech.language}/{speech.topic(queue)}.wav"
    return (
        f"names {queue!r}, for which there is no recording: record how the menu begins its line, as in "
        f'"For your bill,", as {own / file if own else file}, or let it be one of {", ".join(TOPICS)}.'
    )


def _parts(prompt: Prompt, own: Path | None) -> Iterator[NDArray[np.uint8]]:
    texts = LANGUAGES[prompt.language].texts
    for place, piece in enumerate(prompt.pieces):
        sound = recording(prompt.language, piece, own=own)
        if sound is None:
            raise VoiceError(_missing(prompt.language, piece, own))
        yield sound
        if place < len(prompt.pieces) - 1:
            pause_s = PAUSES_S.get(texts.get(piece, ",")[-1], 0.0)
            yield np.full(int(pause_s * RATE), SILENCE, dtype=np.uint8)


def _missing(language: str, piece: str, own: Path | None) -> str:
    file = f"{language}/{piece}.wav"
    return f"{piece!r} is not recorded in {language!r}: record it as {own / file if own else file}."
