"""What cannot be said."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class VoiceError(DomainError):
    """A recording is missing or cannot be used; the text names it and says what to do."""

    code: ClassVar[str] = "voice"
