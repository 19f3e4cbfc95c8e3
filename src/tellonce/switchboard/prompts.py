"""What callers hear, as pieces of recorded speech."""

from dataclasses import dataclass
from typing import Final

NOTICE: Final = "recorded"
"""The piece that says that the call is recorded."""

CONNECTING: Final = "connecting"
"""The piece that says that somebody is there in a moment."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Pieces of speech, said one after the other; each names a recording of the language."""

    language: str
    pieces: tuple[str, ...]

    @property
    def is_notice(self) -> bool:
        """Whether it says that the call is recorded: then nobody is connected before it was heard to its end."""
        return NOTICE in self.pieces

    @property
    def is_last(self) -> bool:
        """Whether it leads to the person: where it would be cut off by them, it is heard to its end before."""
        return CONNECTING in self.pieces
