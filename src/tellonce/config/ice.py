"""STUN and TURN servers of the browser's phone, from the environment: what cannot work is refused at the start."""

import re
from typing import Final

from tellonce.audio.ice import Ice
from tellonce.kernel.environment import BadSettingError, Environment

_STUN: Final = re.compile(r"stun:[^\s?:/@]+(:(?P<port>\d+))?")
_TURN: Final = re.compile(r"(turn:[^\s?:/@]+(:(?P<port>\d+))?(\?transport=(udp|tcp))?"
                          r"|turns:[^\s?:/@]+(:(?P<tls_port>\d+))?(\?transport=tcp)?)")  # fmt: skip
_MOST_PORT: Final = 65_535


def read_ice(environment: Environment) -> Ice:
    """BadSettingError names the first that cannot be used."""
    stun = _addresses(environment, "TELLONCE_STUN", _STUN, like="stun:stun.example.net:3478")
    turn = _addresses(environment, "TELLONCE_TURN", _TURN, like="turn:turn.example.net:3478?transport=udp")
    user = environment.text("TELLONCE_TURN_USER", default="")
    password = environment.text("TELLONCE_TURN_PASSWORD", default="")
    secret = environment.text("TELLONCE_TURN_SECRET", default="")
    if bool(user) != bool(password):
        raise BadSettingError("TELLONCE_TURN_USER and TELLONCE_TURN_PASSWORD belong together: set both, or neither.")
    if user and secret:
        raise BadSettingError("TELLONCE_TURN_SECRET makes users and passwords: leave out TELLONCE_TURN_USER.")
    if bool(turn) != bool(user or secret):
        raise BadSettingError(
            "TELLONCE_TURN needs TELLONCE_TURN_SECRET, or TELLONCE_TURN_USER and TELLONCE_TURN_PASSWORD, and they it."
        )
    return Ice(stun, turn, user, password, secret)


def _addresses(environment: Environment, name: str, form: re.Pattern[str], *, like: str) -> tuple[str, ...]:
    found = environment.words(name)
    for each in found:
        match = form.fullmatch(each)
        ports = [int(port) for which, port in match.groupdict().items() if port] if match else []
        if match is None or not all(0 < port <= _MOST_PORT for port in ports):
            raise BadSettingError(f"{name}={each!r} is no address of such a server, as in {like}.")
    return found
