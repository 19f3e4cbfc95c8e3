"""Notices phones from which no sound comes any more: they were unplugged, or their network is gone."""

from dataclasses import dataclass, field
from functools import partial

from tellonce.switchboard.drivers.embedded.legs import SipLeg, Stage

EVERY_S = 5.0


@dataclass(slots=True)
class Silence:
    """Looks at how many packets have come. A phone that has put us on hold may be silent."""

    after_s: float
    _heard: dict[SipLeg, tuple[int, float]] = field(default_factory=dict)

    def look(self, legs: set[SipLeg], now: float) -> None:
        """Asks for the counts of all that are up; those that were silent for too long are lost."""
        self._heard = {leg: each for leg, each in self._heard.items() if leg in legs}
        for leg in legs:
            if leg.stage is Stage.UP:
                leg.media.count(partial(self._counted, leg, now))

    def _counted(self, leg: SipLeg, now: float, packets: int) -> None:
        if leg.stage is not Stage.UP or leg.heard is None:
            return
        before, since = self._heard.get(leg, (-1, now))
        if packets != before or leg.heard.is_held:
            self._heard[leg] = (packets, now)
        elif now - since > self.after_s:
            leg.lost()
