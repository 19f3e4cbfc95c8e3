"""How a provider speaks: the languages, and what its own recordings say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import MappingProxyType

from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.wording import english, spanish
from tellonce.switchboard.wording.moments import Moment

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Language:
    """The text of each piece, and the pieces of a time, for "we expect it to be fixed", "we open", "we will call"."""

    texts: Mapping[str, str]
    when: Callable[[str, Moment], tuple[str, ...]]


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {"en": Language(english.TEXTS, english.when), "es": Language(spanish.TEXTS, spanish.when)}
)

QUEUE = "queue-"
"""How the pieces begin that name a queue."""

TOPICS = tuple(sorted(english.TOPICS))
"""What a menu can say of a queue without a recording of the provider's own."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What is the provider's own in what callers hear.

    Attributes:
        language: of the line.
        zone: in which times are told.
        topics: what a menu says of a queue, by its code: one of TOPICS, or a code with a recording of one's own.
            A queue that is not named here is said by its own code.
        texts: what one's own recordings say, by piece, for what is kept of a call.
    """

    language: str = "en"
    zone: tzinfo = UTC
    topics: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    texts: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise SettingsError("language", f"must be one of {', '.join(LANGUAGES)}, not {self.language!r}.")

    def topic(self, queue: str) -> str:
        """The piece that names the queue in a menu."""
        return QUEUE + self.topics.get(queue, queue)


def text_of(prompt: Prompt, *, own: Mapping[str, str] = NOTHING) -> str:
    """What the prompt says, sentence by sentence; `own` goes before our texts.

    A piece that only the provider has recorded, and has given no text for, stands in brackets.
    """
    texts = LANGUAGES[prompt.language].texts
    return " ".join(own.get(piece, texts.get(piece, f"[{piece}]")) for piece in prompt.pieces)
