"""µ-law and A-law (ITU-T G.711), 8,000 samples a second, by tables.

Samples are 16-bit: those of the standard (14 bits for µ-law, 13 for A-law) times 4 and 8.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 8_000

SILENCE = 0xFF
"""Zero in µ-law."""

_SIGN = 0x80
_ALTERNATE = 0x55
"""A-law inverts every other bit before it is sent."""

_SEGMENT, _STEP = np.divmod(np.arange(128, dtype=np.int64), np.int64(16))
"""Of the 128 codes without sign, softest first: the steps of a segment are twice those of the one before."""

_MULAW_LEVELS = (2 * _STEP + 33) * 2**_SEGMENT - 33
_MULAW_DECISIONS = np.maximum((2 * _STEP + 32) * 2**_SEGMENT - 33, 0)
_SIZE = 2 ** np.maximum(_SEGMENT - 1, 0)  # the first two segments of A-law have steps of one size
_ALAW_LEVELS = (2 * _STEP + 33 - 32 * (_SEGMENT == 0)) * _SIZE
_ALAW_DECISIONS = (2 * _STEP + 32 - 32 * (_SEGMENT == 0)) * _SIZE


def _encoder(decisions: NDArray[np.int64], *, scale: int, positive: int, negative: int) -> NDArray[np.uint8]:
    """The code of each 16-bit sample, at its place among the unsigned; a value on a decision is the louder code's."""
    samples = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int64)
    magnitudes = np.where(samples < 0, ~samples, samples) // scale
    codes = np.searchsorted(decisions, magnitudes, side="right") - 1
    return np.asarray(np.where(samples < 0, codes ^ negative, codes ^ positive), dtype=np.uint8)


def _decoder(levels: NDArray[np.int64], *, scale: int, positive: int) -> NDArray[np.int16]:
    codes = np.arange(256) ^ positive
    magnitudes = levels[codes & ~_SIGN] * scale
    return np.asarray(np.where(codes & _SIGN, -magnitudes, magnitudes), dtype=np.int16)


_TO_MULAW = _encoder(_MULAW_DECISIONS, scale=4, positive=SILENCE, negative=SILENCE ^ _SIGN)
_TO_ALAW = _encoder(_ALAW_DECISIONS, scale=8, positive=_ALTERNATE ^ _SIGN, negative=_ALTERNATE)
_OF_MULAW = _decoder(_MULAW_LEVELS, scale=4, positive=SILENCE)
_OF_ALAW = _decoder(_ALAW_LEVELS, scale=8, positive=_ALTERNATE ^ _SIGN)
_MULAW_TO_ALAW = _TO_ALAW[_OF_MULAW.view(np.uint16)]


def mulaw(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """16-bit samples as µ-law."""
    return _TO_MULAW[samples.view(np.uint16)]


def alaw(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """16-bit samples as A-law."""
    return _TO_ALAW[samples.view(np.uint16)]


def pcm(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """µ-law as 16-bit samples."""
    return _OF_MULAW[codes]


def pcm_of_alaw(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """A-law as 16-bit samples."""
    return _OF_ALAW[codes]


def alaw_of_mulaw(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A prompt in µ-law for a call in A-law."""
    return _MULAW_TO_ALAW[codes]


def clipped(samples: ArrayLike) -> NDArray[np.int16]:
    """Samples between -1 and 1 as 16-bit; louder ones are cut."""
    return np.clip(np.rint(np.asarray(samples) * 32_767.0), -32_768, 32_767).astype(np.int16)
