"""What cannot be routed."""

from typing import ClassVar

from tellonce.kernel.errors import InputError


class RoutingInputError(InputError):
    """Lines, groups or rules that do not fit together; `field` names the argument."""

    code: ClassVar[str] = "routing_input"
