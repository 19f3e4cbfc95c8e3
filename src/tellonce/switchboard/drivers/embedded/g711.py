"""µ-law and A-law (ITU-T G.711), by table: a byte is a sample, 8,000 a second."""

import numpy as np
from numpy.typing import NDArray

RATE = 8_000
PCMU, PCMA = 0, 8


def _from_ulaw() -> NDArray[np.int16]:
    code = ~np.arange(256) & 0xFF
    size = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _from_alaw() -> NDArray[np.int16]:
    code = np.arange(256) ^ 0x55
    segment, step = (code & 0x70) >> 4, (code & 0x0F) << 4
    size = np.where(segment > 0, step + 0x108 << np.maximum(segment - 1, 0), step + 8)
    return np.where(code & 0x80, size, -size).astype(np.int16)


_ULAW, _ALAW = _from_ulaw(), _from_alaw()
_PCM = {PCMU: _ULAW, PCMA: _ALAW}


def _nearest(table: NDArray[np.int16], values: NDArray[np.int16]) -> NDArray[np.uint8]:
    """The codes whose sound is nearest to each value."""
    order = np.argsort(table, kind="stable")
    known = table[order].astype(np.int32)
    right = np.clip(np.searchsorted(known, values), 1, 255)
    is_left = values - known[right - 1] <= known[right] - values
    return order[np.where(is_left, right - 1, right)].astype(np.uint8)


_ULAW_TO_ALAW = _nearest(_ALAW, _ULAW)


def sound(codec: int, coded: bytes) -> NDArray[np.int16]:
    """What is heard of coded bytes; `codec` is the payload type, PCMU or PCMA."""
    return _PCM[codec][np.frombuffer(coded, np.uint8)]


def ulaw(pcm: NDArray[np.int16]) -> bytes:
    """Sound as µ-law."""
    return _nearest(_ULAW, pcm).tobytes()


def ulaw_to_alaw(coded: bytes) -> bytes:
    """µ-law as A-law."""
    return _ULAW_TO_ALAW[np.frombuffer(coded, np.uint8)].tobytes()
