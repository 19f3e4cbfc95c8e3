"""What cannot be asked of a roster."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class RosterInputError(DomainError):
    """Something that describes no requirement, shift, contract or person; `field` names where it was typed."""

    code: ClassVar[str] = "roster_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field


class NoRosterError(DomainError):
    """No roster was found: `reason` is "stopped" (cancelled or out of time too soon) or "impossible"."""

    code: ClassVar[str] = "no_roster"

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
