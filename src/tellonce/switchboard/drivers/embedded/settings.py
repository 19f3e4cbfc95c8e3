"""What the embedded driver is told by whoever runs it: address, trunks, folders."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tellonce.switchboard.errors import DriverError

CODECS = {"pcmu": 0, "pcma": 8}
"""What we can play, by name and RTP payload type (RFC 3551). Nothing is transcoded."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """A carrier's line.

    Attributes:
        name: unique, for the log.
        host: address that our calls go to.
        port: of it.
        sources: addresses or networks that calls come from; `host` if empty.
        country: of numbers without a country code, as ISO 3166 ("US").
        numbers: the entries that are called by it, as the switchboard names them ("+12025550123").
        shown_number: what a customer sees when we call; without it we never call out by this trunk.
        user: name and `password` to sign in with when the carrier asks for it.
        asks_password: whether the carrier has to sign in with them as well when a call comes in.
        codec: of calls out, "pcmu" or "pcma".
        dial_prefix: what stands before the country code when we call: "+", "00", "".
    """

    name: str
    host: str
    port: int = 5060
    sources: tuple[str, ...] = ()
    country: str = "US"
    numbers: tuple[str, ...] = ()
    shown_number: str = ""
    user: str = ""
    password: str = ""
    asks_password: bool = False
    codec: str = "pcmu"
    dial_prefix: str = "+"

    def is_source(self, host: str) -> bool:
        """Whether a call from this address comes by the trunk."""
        address = ipaddress.ip_address(host)
        return any(address in ipaddress.ip_network(each, strict=False) for each in self.sources or (self.host,))


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """All of it.

    Attributes:
        folder: private, on a disk with room for recordings.
        address: of this machine, as phones and trunks reach it; never a wildcard, as it is told in SIP and SDP.
        port: UDP; 0 for one that is free.
        media_ports: UDP, four for each phone that is up.
        trunks: in the order in which calls out try them.
        open_entries: entries that anybody on this machine may call without a trunk, for a demo; loopback only.
        silent_s: a phone from which no sound came for so long, and that has not put us on hold, is lost.
    """

    folder: str
    address: str = "127.0.0.1"
    port: int = 5060
    media_ports: tuple[int, int] = (20_000, 28_000)
    trunks: tuple[Trunk, ...] = ()
    open_entries: tuple[str, ...] = ()
    silent_s: float = 120.0

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the child process."""
        return asdict(self)

    def trunk_out(self) -> Trunk | None:
        """The first by which we may call."""
        return next((trunk for trunk in self.trunks if trunk.shown_number), None)

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> "GatewaySettings":
        """The same again."""
        trunks = tuple(
            Trunk(**{**each, "sources": tuple(each["sources"]), "numbers": tuple(each["numbers"])})
            for each in plain["trunks"]
        )
        low, high = plain["media_ports"]
        open_entries = tuple(plain["open_entries"])
        return GatewaySettings(**{**plain, "trunks": trunks, "media_ports": (low, high), "open_entries": open_entries})


def check_settings(settings: GatewaySettings) -> None:
    """DriverError with the first thing that cannot be, and what to do about it."""
    address = _address(settings.address)
    _refuse(address.is_unspecified, "The phone gateway needs the address itself, not a wildcard: phones are told it.")
    _refuse(address.version != 4, f"The phone gateway speaks IPv4 only; {settings.address} is not.")  # noqa: PLR2004
    is_open_to_others = bool(settings.open_entries) and not address.is_loopback
    _refuse(
        is_open_to_others, "Entries without a trunk are for loopback: set address to 127.0.0.1, or configure a trunk."
    )
    is_odd = re.search(r"[\s;]", settings.folder) is not None
    _refuse(is_odd, f"The folder of the phone gateway has a space or a semicolon in its path: {settings.folder!r}.")
    low, high = settings.media_ports
    _refuse(not 1024 <= low < high <= 65_535, f"Media ports {low}-{high} must lie between 1024 and 65535.")  # noqa: PLR2004
    names = [trunk.name for trunk in settings.trunks]
    _refuse(len(set(names)) < len(names), "Two trunks have the same name.")
    for trunk in settings.trunks:
        _check_trunk(trunk)


def _check_trunk(trunk: Trunk) -> None:
    _refuse(trunk.codec not in CODECS, f"Trunk {trunk.name}: the codec must be pcmu or pcma, not {trunk.codec!r}.")
    for each in trunk.sources or (trunk.host,):
        try:
            ipaddress.ip_network(each, strict=False)
        except ValueError as error:
            text = f"Trunk {trunk.name}: {each!r} is no address or network; list those that calls come from in sources."
            raise DriverError(text) from error
    is_open = trunk.asks_password and not (trunk.user and trunk.password)
    _refuse(is_open, f"Trunk {trunk.name} asks for a password and has none: set user and password.")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise DriverError(f"{text!r} is no address: the phone gateway needs one of this machine's.") from error


def _refuse(is_wrong: bool, text: str) -> None:
    if is_wrong:
        raise DriverError(text)
