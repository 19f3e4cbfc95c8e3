"""G.711 to the bit, against the values in the tables of the standard."""

from collections.abc import Callable
from itertools import accumulate, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from tellonce.switchboard.voices import alaw, alaw_of_mulaw, mulaw, pcm, pcm_of_alaw

CODES = np.arange(256, dtype=np.uint8)
SAMPLES = np.arange(-32_768, 32_768).astype(np.int16)
Encode = Callable[[NDArray[np.int16]], NDArray[np.uint8]]

# Table 2a/G.711: decision values x at the ends of the segments, and the size of the intervals between them; the
# first interval of the first segment is half as wide. A value is the middle of its interval, the first one is 0.
MULAW_ENDS = (31, 95, 223, 479, 991, 2_015, 4_063, 8_159)
# Table 1a/G.711.
ALAW_ENDS = (32, 64, 128, 256, 512, 1_024, 2_048, 4_096)


def mulaw_levels() -> list[int]:
    steps = [1, *[2] * 15, *(step for step in (4, 8, 16, 32, 64, 128, 256) for _ in range(16))]
    ends = list(accumulate(steps))
    assert tuple(ends[15::16]) == MULAW_ENDS
    return [0, *((low + high) // 2 for low, high in pairwise(ends))]


def alaw_levels() -> list[int]:
    steps = [2] * 32 + [step for step in (4, 8, 16, 32, 64, 128) for _ in range(16)]
    ends = list(accumulate(steps))
    assert tuple(ends[15::16]) == ALAW_ENDS
    return [(low + high) // 2 for low, high in zip([0, *ends], ends, strict=False)]


def test_every_code_of_mulaw_is_its_value_in_the_standard() -> None:
    """All bits are sent inverted: 0xFF is the softest positive value, 0x00 the loudest negative one."""
    for place, level in enumerate(mulaw_levels()):
        assert pcm(np.array([0xFF - place, 0x7F - place], dtype=np.uint8)).tolist() == [4 * level, -4 * level]


def test_every_code_of_alaw_is_its_value_in_the_standard() -> None:
    """Even bits are sent inverted: 0xD5 is the softest positive value."""
    for place, level in enumerate(alaw_levels()):
        sent = np.array([(0x80 | place) ^ 0x55, place ^ 0x55], dtype=np.uint8)
        assert pcm_of_alaw(sent).tolist() == [8 * level, -8 * level]


def test_a_code_survives_being_heard_and_sent_again() -> None:
    zero = 0x7F  # the negative zero of µ-law is heard as zero, whose code is the positive one
    assert [int(code) for code in CODES if mulaw(pcm(CODES))[code] != code] == [zero]
    assert (alaw(pcm_of_alaw(CODES)) == CODES).all()


@pytest.mark.parametrize(("encode", "levels"), [(mulaw, [4 * each for each in mulaw_levels()]),
                                                (alaw, [8 * each for each in alaw_levels()])])  # fmt: skip
def test_every_sample_is_sent_as_its_nearest_value(encode: Encode, levels: list[int]) -> None:
    """Within half of the widest interval beside it, and never louder for a softer sample."""
    heard = (pcm if encode is mulaw else pcm_of_alaw)(encode(SAMPLES)).astype(int)
    assert (np.diff(heard) >= 0).all()
    inside = np.abs(SAMPLES.astype(int)) <= levels[-1]
    gaps = np.diff([0, *levels])
    widest = gaps[np.minimum(np.searchsorted(levels, np.abs(SAMPLES[inside].astype(int))), len(gaps) - 1)]
    assert (np.abs(heard - SAMPLES)[inside] <= np.maximum(widest, gaps.min() + 4)).all()
    assert heard[0] == -levels[-1]
    assert heard[-1] == levels[-1]


def test_known_samples() -> None:
    """As every telephone has them: silence, the loudest, and one in the middle."""
    samples = np.array([0, 32_767, -32_768, 1_000, -1_000], dtype=np.int16)
    assert mulaw(samples).tolist() == [0xFF, 0x80, 0x00, 0xCE, 0x4E]
    assert alaw(samples).tolist() == [0xD5, 0xAA, 0x2A, 0xFA, 0x7A]


def test_a_prompt_is_turned_for_a_call_in_alaw() -> None:
    assert (alaw_of_mulaw(CODES) == alaw(pcm(CODES))).all()
