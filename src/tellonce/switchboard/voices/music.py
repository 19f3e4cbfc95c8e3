"""Hold music of our own: broken chords and a slow melody, soft, that begin again without a seam."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tellonce.switchboard.g711 import RATE, clipped, mulaw

LOUDNESS_DB = -27.0
"""Softer than speech."""

BEAT_S = 0.75
"""A quarter; a bar has four."""

BARS = (
    (60, 64, 67, 71), (57, 60, 64, 67), (62, 65, 69, 72), (55, 59, 62, 65),
    (60, 64, 67, 71), (57, 60, 64, 69), (65, 69, 72, 76), (55, 59, 62, 67),
)  # fmt: skip
"""The notes of each bar's chord, in semitones (69 is the A of 440 Hz)."""

FIGURE = (0, 1, 2, 3, 2, 1, 2, 3)
"""Which note of the chord is plucked at each eighth."""

MELODY = (
    (0.0, 76, 3.0), (3.0, 74, 1.0), (4.0, 72, 4.0), (8.0, 77, 3.0), (11.0, 76, 1.0), (12.0, 74, 4.0),
    (16.0, 79, 3.0), (19.0, 76, 1.0), (20.0, 72, 4.0), (24.0, 76, 2.0), (26.0, 72, 2.0), (28.0, 71, 3.0),
)  # fmt: skip
"""Beat, note, and for how many beats."""

OVERTONES = (1.0, 0.35, 0.12, 0.04)
_ATTACK_S = 0.012
_RELEASE_S = 0.25


@cache
def music() -> NDArray[np.uint8]:
    """24 seconds in µ-law, a whole number of packets of 20 ms; played again and again it has no seam."""
    length = int(len(BARS) * 4 * BEAT_S * RATE)
    sound = np.zeros(length)
    for start, tone in (*_chords(), *_melody()):
        places = (int(start * BEAT_S * RATE) + np.arange(tone.size)) % length
        np.add.at(sound, places, tone)  # what rings on at the end is heard at the beginning
    sound *= 10.0 ** (LOUDNESS_DB / 20.0) / np.sqrt((sound**2).mean())
    codes = mulaw(clipped(sound))
    codes.flags.writeable = False
    return codes


def _chords() -> Iterator[tuple[float, NDArray[np.float64]]]:
    for bar, chord in enumerate(BARS):
        for eighth, note in enumerate(FIGURE):
            yield bar * 4 + eighth / 2, 0.5 * _tone(chord[note], beats=3.0, fades_s=0.7)


def _melody() -> Iterator[tuple[float, NDArray[np.float64]]]:
    for start, note, beats in MELODY:
        yield start, 0.6 * _tone(note, beats=beats, fades_s=2.0)


def _tone(note: int, *, beats: float, fades_s: float) -> NDArray[np.float64]:
    """A string, plucked softly: each overtone fades faster than the one below."""
    seconds = np.arange(int((beats * BEAT_S + _RELEASE_S) * RATE)) / RATE
    hertz = 440.0 * 2.0 ** ((note - 69) / 12.0)
    waves = (
        level * np.exp(-seconds * overtone / fades_s) * np.sin(2.0 * np.pi * overtone * hertz * seconds)
        for overtone, level in enumerate(OVERTONES, start=1)
    )
    envelope = np.minimum(1.0, seconds / _ATTACK_S) * np.minimum(1.0, (seconds[-1] - seconds) / _RELEASE_S)
    return np.asarray(sum(waves) * envelope)
