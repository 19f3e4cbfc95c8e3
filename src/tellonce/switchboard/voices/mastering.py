"""A recording made ready for the telephone: 8 kHz, one channel, its band, no silence around it, one loudness."""

from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from tellonce.switchboard.g711 import RATE
from tellonce.switchboard.voices.errors import VoiceError

LOUDNESS_DB = -21.0
"""RMS of what is spoken, of full scale: loud and clear, with room for its peaks."""

BAND_HZ = (300.0, 3_400.0)
"""What telephones carry."""

KEEP_S = 0.02
"""Left before and after the speech, so that no sound is cut."""

_FRAME = RATE // 100
_QUIET_DB = -38.0
_SOFT_DB = -25.0
_KNEE = 0.7
_BAND = signal.butter(4, BAND_HZ, btype="bandpass", fs=RATE, output="sos")
_LEAST = _FRAME * 4
_FAINTEST = 1e-3


def mastered(samples: NDArray[np.float64], *, rate: int) -> NDArray[np.float64]:
    """The recording (between -1 and 1; one channel, or channels as columns) as 8 kHz speech of LOUDNESS_DB.

    Raises VoiceError where there is nothing to be heard.
    """
    mono = samples.mean(axis=1) if samples.ndim > 1 else samples
    divisor = gcd(RATE, rate)
    at_rate = signal.resample_poly(mono - mono.mean(), RATE // divisor, rate // divisor) if mono.size else mono
    if at_rate.size < _LEAST or np.abs(at_rate).max() < _FAINTEST:
        raise VoiceError("holds nothing that can be heard: record it again.")
    spoken = _faded(_trimmed(signal.sosfiltfilt(_BAND, at_rate)))
    return _limited(spoken * 10.0 ** ((LOUDNESS_DB - loudness_db(spoken)) / 20.0))


def loudness_db(samples: NDArray[np.float64]) -> float:
    """RMS of the frames in which there is speech, against full scale."""
    powers = _powers(samples)
    loud = powers[powers > powers.max() * 10.0 ** (_SOFT_DB / 10.0)]
    return float(10.0 * np.log10(loud.mean()))


def edges_s(samples: NDArray[np.float64]) -> tuple[float, float]:
    """Seconds of silence before and after the speech."""
    first, last = _spoken_frames(samples)
    return first * _FRAME / RATE, (samples.size - last * _FRAME) / RATE


def _powers(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean power of each hundredth of a second; the rest at the end is left out."""
    frames = samples[: samples.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    return np.asarray((frames**2).mean(axis=1) + 1e-12)


def _spoken_frames(samples: NDArray[np.float64]) -> tuple[int, int]:
    powers = _powers(samples)
    loud = np.flatnonzero(powers > powers.max() * 10.0 ** (_QUIET_DB / 10.0))
    return int(loud[0]), int(loud[-1]) + 1


def _trimmed(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    first, last = _spoken_frames(samples)
    keep = int(KEEP_S * RATE)
    return samples[max(0, first * _FRAME - keep) : last * _FRAME + keep]


def _faded(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Begins and ends in silence, without a click."""
    ramp = np.sin(np.linspace(0.0, np.pi / 2.0, _FRAME)) ** 2
    faded = samples.copy()
    faded[:_FRAME] *= ramp
    faded[-_FRAME:] *= ramp[::-1]
    return faded


def _limited(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Peaks above the knee are bent so that none reaches full scale."""
    over = np.abs(samples) - _KNEE
    bent = _KNEE + (0.95 - _KNEE) * np.tanh(over / (0.95 - _KNEE))
    return np.where(over > 0.0, np.sign(samples) * bent, samples)
