"""A conversation of a made-up customer, as callers and colleagues know it."""

from dataclasses import dataclass

from tellonce.demo.reasons import REASONS, Reason
from tellonce.demo.writing import Voice


@dataclass(frozen=True, slots=True)
class Talk:
    """Who is in touch, in whose voice about what, on which channel; `round` counts their earlier contacts about it."""

    customer_id: int | None
    voice: Voice
    channel: str
    reached_from: str
    round: int
    is_west: bool = False

    @property
    def reason(self) -> Reason:
        """What it is really about."""
        return REASONS[self.voice.topic.reason]
