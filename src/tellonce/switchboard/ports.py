"""What the switchboard needs of the house around it; `modules/phone` gives it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from tellonce.switchboard.facts import Arrived, Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Settings


class Journal(Protocol):
    """Where events are kept. One engine writes it at a time: a standby waits for the lock."""

    def events(self) -> Iterator[Event]:
        """All of them, in the order in which they were kept, for `rebuild`."""
        ...

    def append(self, events: Sequence[Event]) -> None:
        """Keeps all events of one step in one transaction, before any command of the step is carried out.

        If it raises, the engine knows more than the journal: it is thrown away and rebuilt.
        """
        ...


class Directory(Protocol):
    """Who and what there is."""

    def settings(self) -> Settings:
        """Queues, people and numbers, as they are now."""
        ...

    def known(self, arrived: Arrived) -> Arrived:
        """The same with what is on record of the number: customer, area, efforts, who had the matter last, story.

        It answers at once with what it was given where nothing is on record, or reading takes too long: no caller
        waits for it.
        """
        ...

    def missed_since(self, at: float) -> Iterator[Fact]:
        """Hours, outages and calibration that changed since then, for an engine that was just rebuilt."""
        ...
