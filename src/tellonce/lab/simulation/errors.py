"""What cannot be simulated."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class ScenarioError(DomainError):
    """Something in a scenario that cannot be; `field` says where, as in `people[3].shifts[0].end_s`."""

    code: ClassVar[str] = "scenario"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field
