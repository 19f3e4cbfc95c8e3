"""A journal that an engine wrote, without a switchboard that runs."""

from collections.abc import Iterable

from tellonce.modules.phone.models import JournalEvent
from tellonce.modules.phone.serving.filing import file_events
from tellonce.switchboard.codec import encode
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.facts import Configured, Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Settings

START = 1_772_463_600.0  # 2 March 2026, 15:00 UTC


class Journalled:
    """An engine whose events are kept and filed as they happen."""

    def __init__(self, settings: Settings) -> None:
        self.engine, self.at = Engine(), START
        self.take(Configured(self.at, settings))

    def take(self, *facts: Fact) -> list[Event]:
        """Takes them, keeps what came of them, and files it."""
        events = [event for fact in facts for event in self.engine.take(fact).events]
        keep(events)
        return events


def keep(events: Iterable[Event]) -> None:
    """Kept, and filed."""
    for event in events:
        kind, data = encode(event)
        JournalEvent.objects.create(at=event.at, kind=kind, contact=data.get("contact", ""), data=data)
    while file_events():
        pass
