"""One piece of speech: the provider's own WAV file if there is one, else ours."""

import re
import wave
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tellonce.switchboard.g711 import clipped, mulaw
from tellonce.switchboard.voices.errors import VoiceError
from tellonce.switchboard.voices.mastering import mastered

ENDING = ".ulaw"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SAMPLE_BYTES = 2
_MOST_CHANNELS = 2
_RATES_HZ = range(8_000, 192_001)
_LONGEST_S = 60


def recording(language: str, piece: str, *, own: Path | None) -> NDArray[np.uint8] | None:
    """The piece in µ-law, or None if nobody has recorded it. VoiceError if one's own cannot be used."""
    if not _NAME.fullmatch(piece):
        return None
    path = own / language / f"{piece}.wav" if own else None
    if path is not None and path.is_file():
        return _own(path, path.stat().st_mtime_ns)
    return _ours(language, piece)


def is_recorded(language: str, piece: str, *, own: Path | None) -> bool:
    """Whether there is a recording of the piece; whether one's own can be used shows when it is read."""
    if not _NAME.fullmatch(piece):
        return False
    return bool(own and (own / language / f"{piece}.wav").is_file()) or _ours(language, piece) is not None


@lru_cache(maxsize=2_000)
def _ours(language: str, piece: str) -> NDArray[np.uint8] | None:
    file = resources.files("tellonce.switchboard.voices") / language / (piece + ENDING)
    return _fixed(np.frombuffer(file.read_bytes(), dtype=np.uint8)) if file.is_file() else None


@lru_cache(maxsize=500)
def _own(path: Path, _changed_ns: int) -> NDArray[np.uint8]:
    try:
        samples, rate = read_wav(path)
        return _fixed(mulaw(clipped(mastered(samples, rate=rate))))
    except VoiceError as error:
        raise VoiceError(f"{path} {error}") from error


def _fixed(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shared by all who say it: nobody may change it."""
    codes.flags.writeable = False
    return codes


def read_wav(path: Path) -> tuple[NDArray[np.float64], int]:
    """Samples between -1 and 1, channels as columns, and their rate; VoiceError says what to save differently."""
    try:
        with wave.open(str(path), "rb") as file:
            _check(file)
            frames, channels, rate = file.readframes(file.getnframes()), file.getnchannels(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise VoiceError(f"is no WAV file that can be read ({error}): save it as WAV, 16-bit PCM.") from error
    except OSError as error:
        raise VoiceError(f"cannot be read: {error.strerror}.") from error
    whole = len(frames) // (_SAMPLE_BYTES * channels) * _SAMPLE_BYTES * channels
    samples = np.frombuffer(frames[:whole], dtype="<i2").reshape(-1, channels)
    return samples.astype(np.float64) / 32_768.0, rate


def _check(file: wave.Wave_read) -> None:
    if file.getsampwidth() != _SAMPLE_BYTES:
        raise VoiceError(f"has {8 * file.getsampwidth()} bits a sample: save it as WAV, 16-bit PCM.")
    if file.getnchannels() > _MOST_CHANNELS:
        raise VoiceError(f"has {file.getnchannels()} channels: save it in mono or stereo.")
    if file.getframerate() not in _RATES_HZ:
        raise VoiceError(f"has {file.getframerate()} samples a second: save it with 8000 to 192000.")
    if file.getnframes() > _LONGEST_S * file.getframerate():
        raise VoiceError(f"is longer than {_LONGEST_S} seconds: nobody wants to hear that; cut it.")
