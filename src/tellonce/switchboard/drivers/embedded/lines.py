"""Calls out: to persons' phones where they signed in, and to customers by a trunk."""

import time
from collections.abc import Callable

from tellonce.switchboard.drivers.embedded.legs import SipLeg, Target
from tellonce.switchboard.drivers.embedded.numbers import is_full
from tellonce.switchboard.drivers.embedded.phones import Side
from tellonce.switchboard.drivers.embedded.registrar import Registrar
from tellonce.switchboard.drivers.embedded.settings import CODECS, GatewaySettings


class PhoneLines:
    """`make_leg` makes one with a codec, which is rung then."""

    def __init__(self, settings: GatewaySettings, registrar: Registrar, make_leg: Callable[[int], SipLeg]) -> None:
        self._settings, self._registrar, self._make_leg = settings, registrar, make_leg

    @property
    def codec_out(self) -> int:
        """Of the trunk by which customers are called."""
        trunk = self._settings.trunk_out()
        return CODECS[trunk.codec] if trunk is not None else 0

    def ring(
        self, person: int, side: Side, *, codec: int, number: str, name: str, picks_up: bool = False
    ) -> SipLeg | None:
        """A person's phone; it is offered the codec of whom it will hear only, as nothing is transcoded."""
        at = self._registrar.where(person, time.time())
        if at is None:
            return None
        leg = self._make_leg(codec)
        leg.call(Target(at.host, at.port, at.user, number, name, contact=at.contact, picks_up=picks_up), side)
        return leg

    def dial(self, number: str, side: Side) -> SipLeg | None:
        """A customer, by the first trunk that calls out; nothing but a full number is ever dialled."""
        trunk = self._settings.trunk_out()
        if trunk is None or not is_full(number):
            return None
        leg = self._make_leg(self.codec_out)
        sign_in = (trunk.user, trunk.password) if trunk.user else None
        dialled = trunk.dial_prefix + number.removeprefix("+")
        leg.call(Target(trunk.host, trunk.port, dialled, trunk.shown_number, sign_in=sign_in), side)
        return leg
