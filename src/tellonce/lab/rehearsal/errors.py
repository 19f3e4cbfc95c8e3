"""What cannot be rehearsed."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class RehearsalInputError(DomainError):
    """Something in a policy that cannot be; `field` names what was said there, as in `from_h`."""

    code: ClassVar[str] = "rehearsal_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
