"""What cannot be asked of a queue."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError, InputError


class QueueInputError(InputError):
    """A number that describes no queue, or no target; `field` names the argument."""

    code: ClassVar[str] = "queue_input"


class UnreachableTargetError(DomainError):
    """No number of people meets what is asked; `places` are the places of such queues in the flattened arrays."""

    code: ClassVar[str] = "unreachable_target"

    def __init__(self, places: tuple[int, ...], most: int) -> None:
        where = ", ".join(str(place) for place in places[:5])
        super().__init__(
            f"The targets cannot be met with the lines given, nor by {most:,} people (queues {where}, counted from 0)."
        )
        self.places = places
