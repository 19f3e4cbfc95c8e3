"""Servers that help a browser and us to find each other through routers: STUN tells addresses, TURN relays sound."""

import base64
import hmac
from dataclasses import dataclass, field
from typing import Final, TypedDict

LASTS_S: Final = 12 * 3_600
"""How long a made password of a TURN server is good: longer than anybody's shift."""


class Server(TypedDict, total=False):
    """As browsers take it (RTCIceServer of WebRTC), and aiortc."""

    urls: list[str]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class Ice:
    """What is configured.

    Attributes:
        stun, turn: addresses (RFC 7064, RFC 7065); browsers use all of them, we the first of each.
        user, password: the TURN servers' own, the same for everybody.
        secret: shared with the TURN servers instead, so that each person gets a password of their own that ends.
    """

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    def servers(self, *, whose: str, now_s: float) -> list[Server]:
        """For one end of a connection, `whose` name the TURN server may show."""
        found: list[Server] = [{"urls": list(self.stun)}] if self.stun else []
        if self.turn:
            user, password = self._signs_in(whose, now_s)
            found.append({"urls": list(self.turn), "username": user, "credential": password})
        return found

    def _signs_in(self, whose: str, now_s: float) -> tuple[str, str]:
        """With a secret as in draft-uberti-behave-turn-rest, which coturn knows as use-auth-secret."""
        if not self.secret:
            return self.user, self.password
        user = f"{int(now_s) + LASTS_S}:{whose}"
        mark = hmac.new(self.secret.encode(), user.encode(), "sha1").digest()
        return user, base64.b64encode(mark).decode()
