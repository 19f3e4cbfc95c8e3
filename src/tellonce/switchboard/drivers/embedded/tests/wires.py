"""A SIP party made of nothing but a socket: says exactly what a test wants, and reads what comes back."""

import socket
import time
from dataclasses import dataclass, field
from itertools import count

from tellonce.switchboard.drivers.embedded.digest import ha1_of, response_of
from tellonce.switchboard.drivers.embedded.tests.offices import NAMES, REALM, password

_NUMBERS = count(1)

SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One that came: the first line, headers by lower name, and the body."""

    start: str
    headers: dict[str, str]
    body: str

    @property
    def code(self) -> int:
        words = self.start.split()
        return int(words[1]) if words[0] == "SIP/2.0" else 0

    @property
    def method(self) -> str:
        return self.start.split()[0]


def read(raw: bytes) -> Message:
    head, _, body = raw.decode().partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Message(start, {name.strip().lower(): value.strip() for name, _, value in pairs}, body)


@dataclass
class Party:
    """Talks to one gateway, from a port of its own."""

    to_port: int
    line: socket.socket = field(init=False)
    port: int = field(init=False)
    number: int = field(default_factory=lambda: next(_NUMBERS))

    def __post_init__(self) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.line.settimeout(3.0)
        self.port = self.line.getsockname()[1]

    def close(self) -> None:
        self.line.close()

    def send(self, raw: str | bytes) -> None:
        self.line.sendto(raw if isinstance(raw, bytes) else raw.encode(), ("127.0.0.1", self.to_port))

    def hears(self, seconds: float = 3.0) -> Message | None:
        """The next message but 100, None if there is none in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.line.settimeout(left)
            try:
                message = read(self.line.recv(65_535))
            except TimeoutError:
                return None
            if message.code != 100:
                return message
        return None

    def request(
        self, method: str, user: str = "care", *, caller: str = "2025550199", cseq: int = 1, more: str = "",
        contact: str = "", body: str = "", to_tag: str = "", branch: str = "",
    ) -> str:  # fmt: skip
        """A request as text; `contact` in place of a plain one."""
        address = f"127.0.0.1:{self.port}"
        contact = contact or f"<sip:{caller}@{address}>"
        to = caller if method == "REGISTER" else user
        lines = [
            f"{method} sip:{user}@127.0.0.1:{self.to_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {address};branch=z9hG4bK{branch or f'{self.number}-{method}-{cseq}'};rport",
            "Max-Forwards: 70",
            f"From: <sip:{caller}@127.0.0.1>;tag=f{self.number}",
            f"To: <sip:{to}@127.0.0.1:{self.to_port}>{f';tag={to_tag}' if to_tag else ''}",
            f"Call-ID: {self.number}@{address}",
            f"CSeq: {cseq} {method}",
            f"Contact: {contact}",
            *([more] if more else []),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def invite(self, user: str = "care", **more: str) -> str:
        """With sound at the port after this party's own."""
        body = more.pop("body", SDP.format(port=self.port).replace("\n", "\r\n"))
        return self.request("INVITE", user, body=body, **more)  # type: ignore[arg-type]

    def asks(self, raw: str | bytes) -> Message:
        """Sends it and gives the answer."""
        self.send(raw)
        answer = self.hears()
        assert answer is not None
        return answer

    def signs_in(self, person: int, *, contact: str = "", expires: int = 300) -> Message:
        """Registers with the right password."""
        name, expiry = NAMES[person], f"Expires: {expires}"
        challenge = self.asks(self.request("REGISTER", "", caller=name, contact=contact, more=expiry))
        nonce = challenge.headers["www-authenticate"].split('nonce="')[1].split('"')[0]
        said = {"username": name, "realm": REALM, "nonce": nonce, "uri": "sip:x", "nc": "00000001", "cnonce": "c"}
        said["qop"] = "auth"
        said["response"] = response_of(ha1_of(name, REALM, password(person)), "REGISTER", said)
        header = "Authorization: Digest " + ", ".join(f'{key}="{value}"' for key, value in said.items())
        return self.asks(
            self.request("REGISTER", "", caller=name, cseq=2, contact=contact, more=f"{expiry}\r\n{header}")
        )
