"""What callers hear, as pieces of recorded speech."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """Pieces of speech, said one after the other; each names a recording of the language."""

    language: str
    pieces: tuple[str, ...]
