"""Sounds for tests: a voice that is none, saved as an operator's recorder would."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]


def tone(hertz: float, *, seconds: float = 1.0, rate: int = 8_000, level: float = 0.3) -> Sound:
    return level * np.sin(2.0 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def save(path: Path, sound: Sound, *, rate: int = 8_000, bits: int = 16) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        whole = (sound * 32_767).astype("<i2")
        file.writeframes(whole.tobytes() if bits == 16 else (whole // 256 + 128).astype(np.uint8).tobytes())
    return path


def level_db(sound: Sound, hertz: float, *, rate: int = 8_000) -> float:
    """How loud the tone is in the sound, against full scale."""
    waves = np.exp(-2j * np.pi * hertz * np.arange(sound.size) / rate)
    return float(20.0 * np.log10(2.0 * abs((sound * waves).mean()) + 1e-9))
