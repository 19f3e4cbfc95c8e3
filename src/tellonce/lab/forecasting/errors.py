"""What cannot be forecast."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class SeriesError(DomainError):
    """Arrivals, or a wish about them, that describe no series; `field` names the argument."""

    code: ClassVar[str] = "forecast_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field
