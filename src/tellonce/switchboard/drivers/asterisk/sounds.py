"""Prompts as files that Asterisk plays: µ-law, one file for all that is said at once."""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

from tellonce.switchboard.prompts import Prompt

Speech = Callable[[Prompt], bytes]
"""Makes the sound of a prompt: µ-law, 8,000 samples a second, without a header."""


class Sounds:
    """A folder that Asterisk reads. A file is named by what is heard: what was composed once is there for the next."""

    def __init__(self, folder: Path, *, uri: str, speech: Speech) -> None:
        self._folder, self._uri, self._speech = folder, uri.rstrip("/"), speech

    def media(self, prompt: Prompt) -> str:
        """What to play for it; its file is whole before this returns."""
        sound = self._speech(prompt)
        name = hashlib.sha256(sound).hexdigest()[:32]
        path = self._folder / f"{name}.ulaw"
        if not path.exists():
            part = path.with_suffix(f".{secrets.token_hex(4)}")
            part.write_bytes(sound)
            part.replace(path)
        return f"sound:{self._uri}/{name}"
