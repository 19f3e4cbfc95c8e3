"""Two recordings of one direction each become one of two sides: the customer left, the person right."""

import io
import wave
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
_WIDTH = 2

_MARGIN_S = 0.25
"""How much earlier than we know a recording may have begun: private times are silent for so much more on each end."""

_LONGEST_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Track:
    """One direction as Asterisk recorded it (WAV, mono, 16 bits; b"" if there is none), from `began` on."""

    wav: bytes
    began: float


def join(left: Track, right: Track, *, private: Iterable[tuple[float, float]]) -> tuple[bytes, float]:
    """A stereo WAV that begins with the earlier of both, and its length in seconds; silent in `private` times."""
    began = min(left.began, right.began)
    sides = [_samples(track, began) for track in (left, right)]
    both = np.zeros((max(len(side) for side in sides), len(sides)), dtype="<i2")
    for place, side in enumerate(sides):
        both[: len(side), place] = side
    for start, end in private:
        both[_at(start - began - _MARGIN_S) : _at(end - began + _MARGIN_S)] = 0
    return _as_wav(both), len(both) / RATE


def _samples(track: Track, began: float) -> NDArray[np.int16]:
    if not track.wav:
        return np.zeros(0, dtype="<i2")
    with wave.open(io.BytesIO(track.wav)) as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, _WIDTH, 1):
            raise ValueError(f"a recording that is not mono, 16 bits, {RATE} samples a second: {file.getparams()}")
        spoken = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return np.concatenate([np.zeros(_at(track.began - began), dtype="<i2"), spoken])


def _at(seconds: float) -> int:
    return round(min(max(0.0, seconds), _LONGEST_S) * RATE)


def _as_wav(both: NDArray[np.int16]) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(both.shape[1])
        file.setsampwidth(_WIDTH)
        file.setframerate(RATE)
        file.writeframes(both.tobytes())
    return written.getvalue()
