"""A server on this machine with as much STUN and TURN as it takes to see who asks it, and with which password."""

import contextlib
import hashlib
import socket
import threading
from collections.abc import Iterator

from aioice import stun

REALM, NONCE = "relay.example", b"nonce"
SEEN_AS, RELAYED = ("203.0.113.9", 40_009), ("203.0.113.7", 50_007)


class Relay:
    """Tells whoever asks that they are seen as SEEN_AS, and relays by RELAYED for whoever has the password.

    Attributes:
        asked: methods of requests, in order.
        users: who was let in; `refused` who was not, of those who said a name.
    """

    def __init__(self, password: str = "") -> None:
        self.asked: list[str] = []
        self.users: list[str] = []
        self.refused: list[str] = []
        self._password = password
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            data, address = self._socket.recvfrom(2_048)
            if not data:
                return
            with contextlib.suppress(ValueError):
                self._socket.sendto(bytes(self._answer(data, address)), address)

    def _answer(self, data: bytes, address: tuple[str, int]) -> stun.Message:
        asked = stun.parse_message(data)
        self.asked.append(asked.message_method.name)
        if asked.message_method is stun.Method.BINDING:
            return self._said(asked, {"XOR-MAPPED-ADDRESS": SEEN_AS})
        user = asked.attributes.get("USERNAME", "")
        key = hashlib.md5(f"{user}:{REALM}:{self._password}".encode()).digest()
        if not user or not asked.check_message_integrity(key):
            self.refused += [user] if user else []
            return self._said(
                asked, {"ERROR-CODE": (401, "Unauthorized"), "REALM": REALM, "NONCE": NONCE}, stun.Class.ERROR
            )
        self.users.append(user)
        told = {"LIFETIME": 600, "XOR-RELAYED-ADDRESS": RELAYED, "XOR-MAPPED-ADDRESS": address}
        answer = self._said(asked, told)
        answer.add_message_integrity(key)
        return answer

    @staticmethod
    def _said(asked: stun.Message, told: dict[str, object], kind: stun.Class = stun.Class.RESPONSE) -> stun.Message:
        return stun.Message(asked.message_method, kind, asked.transaction_id, told)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()


@contextlib.contextmanager
def a_relay(password: str = "") -> Iterator[Relay]:
    """One that runs."""
    relay = Relay(password)
    try:
        yield relay
    finally:
        relay.close()
