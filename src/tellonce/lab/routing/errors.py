"""What cannot be routed."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class RoutingInputError(DomainError):
    """Lines, groups or rules that do not fit together; `field` names the argument."""

    code: ClassVar[str] = "routing_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field
