"""Speech and music as files that rtp.io plays: raw, `NAME.0` in µ-law and `NAME.8` in A-law."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tellonce.switchboard.g711 import RATE, alaw_of_mulaw
from tellonce.switchboard.prompts import Prompt

Speech = Callable[[Prompt], bytes]
"""Gives the words of a prompt, µ-law, 8,000 samples a second."""


class Sounds:
    """What was said once is kept: it is often said again."""

    def __init__(self, folder: Path, speech: Speech, music: Callable[[], bytes]) -> None:
        self._folder, self._speech = folder, speech
        self._known: dict[Prompt, tuple[str, float]] = {}
        try:
            self._write("music", music())
        except OSError:  # a full disk must not keep callers from people: the music of last time is as good
            if not (folder / "music.0").exists():
                raise

    def of(self, prompt: Prompt) -> tuple[str, float]:
        """The path without its ending, and how many seconds it takes to say."""
        if prompt not in self._known:
            spoken = self._speech(prompt)
            name = hashlib.sha256(repr((prompt.language, prompt.pieces)).encode()).hexdigest()[:32]
            self._known[prompt] = (str(self._write(name, spoken)), len(spoken) / RATE)
        return self._known[prompt]

    def _write(self, name: str, ulaw: bytes) -> Path:
        path = self._folder / name
        for ending, coded in ((".0", ulaw), (".8", alaw_of_mulaw(np.frombuffer(ulaw, np.uint8)).tobytes())):
            part = path.with_suffix(".part")
            part.write_bytes(coded)
            part.replace(path.with_suffix(ending))
        return path
