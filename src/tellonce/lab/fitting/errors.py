"""What no call log can teach."""

from typing import ClassVar

from tellonce.kernel.errors import InputError


class FittingInputError(InputError):
    """A log, arrivals or people at work that do not hold together; `field` names the array."""

    code: ClassVar[str] = "fitting_input"
