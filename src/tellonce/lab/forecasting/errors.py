"""What cannot be forecast."""

from typing import ClassVar

from tellonce.kernel.errors import InputError


class SeriesError(InputError):
    """Arrivals, or a wish about them, that describe no series; `field` names the argument."""

    code: ClassVar[str] = "forecast_input"
