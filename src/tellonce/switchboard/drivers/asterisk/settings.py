"""What the Asterisk driver must be told: where Asterisk is, how it reaches phones, and where files are put."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tellonce.switchboard.errors import DriverError

_APP = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_PHONE = re.compile(r"([A-Za-z0-9]+)/\{user\}")


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """An Asterisk and the ways to people through it.

    Attributes:
        address: of its REST interface, such as http://127.0.0.1:8088/ari.
        user, password: of ari.conf.
        entries: the numbers that callers dial, as the switchboard knows them; a call to any other is refused.
        sounds: a folder that Asterisk can read, and we can write: prompts are put there.
        sounds_uri: the same folder as Asterisk knows it: below its own folder of sounds, or an absolute path.
        app: the name that extensions.conf gives to `Stasis`.
        phone: the endpoint of a person's phone, with {user}.
        trunk: the endpoint that customers are called through, with {number} in full or {digits}, the same without +.
        shown_number: our number, shown to customers whom we call.
        music_class: of musiconhold.conf.
        recordings: where recordings are kept; without it nothing is recorded.
        country: whose numbers may be written without their country code: ISO 3166, two letters.
        ring_limit_s: a phone rings no longer than this, whatever happens to us.
        lost_after_s: calls are given up when Asterisk was out of reach for so long.
    """

    address: str
    user: str
    password: str = field(repr=False)
    entries: frozenset[str]
    sounds: Path
    sounds_uri: str = "tellonce"
    app: str = "tellonce"
    phone: str = "PJSIP/{user}"
    trunk: str = "PJSIP/{number}@trunk"
    shown_number: str = ""
    music_class: str = "default"
    recordings: Path | None = None
    country: str = "US"
    ring_limit_s: float = 120.0
    lost_after_s: float = 30.0

    @property
    def technology(self) -> str:
        """Of the persons' phones: PJSIP."""
        return self.phone.partition("/")[0]

    def endpoint_of(self, user: str) -> str:
        """Where the phone of a user is rung."""
        return self.phone.format(user=user)

    def trunk_to(self, number: str) -> str:
        """Where a full number is called."""
        return self.trunk.format(number=number, digits=number.lstrip("+"))


def check_settings(settings: AsteriskSettings) -> None:
    """DriverError with the first thing that cannot be, and what to do."""
    if not settings.address.startswith(("http://", "https://")):
        raise DriverError(f"{settings.address!r} is no address of Asterisk: give one like http://127.0.0.1:8088/ari.")
    if not _APP.fullmatch(settings.app):
        raise DriverError(f"{settings.app!r} cannot name an application of Asterisk: use letters, digits and _.")
    if not _PHONE.fullmatch(settings.phone):
        raise DriverError(f"{settings.phone!r} names no phones: write it like PJSIP/{{user}}.")
    if ("{number}" in settings.trunk) == ("{digits}" in settings.trunk):
        raise DriverError(f"{settings.trunk!r} leads nowhere: write it like PJSIP/{{number}}@trunk.")
    if not settings.entries:
        raise DriverError("No entries are given: name the numbers that callers dial.")
    for folder in (settings.sounds, settings.recordings):
        if folder is not None and not folder.is_dir():
            raise DriverError(f"There is no folder {folder}: make it, and let this process write there.")
