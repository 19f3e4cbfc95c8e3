"""What no survival curve can be learned from."""

from typing import ClassVar

from tellonce.kernel.errors import InputError


class SurvivalInputError(InputError):
    """Durations that no curve or hazard can be learned from; `field` names the argument."""

    code: ClassVar[str] = "survival_input"
