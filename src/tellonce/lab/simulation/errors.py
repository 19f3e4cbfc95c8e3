"""What cannot be simulated."""

from typing import ClassVar

from tellonce.kernel.errors import InputError


class ScenarioError(InputError):
    """Something in a scenario that cannot be; `field` says where, as in `people[3].shifts[0].end_s`."""

    code: ClassVar[str] = "scenario"
