"""What no survival curve can be learned from."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class SurvivalInputError(DomainError):
    """Durations that no curve or hazard can be learned from; `field` names the argument."""

    code: ClassVar[str] = "survival_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field
