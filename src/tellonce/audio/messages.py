"""SIP messages as a phone needs them: read, answered, and asked (RFC 3261)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tellonce.switchboard.drivers.embedded.digest import response_of

_SHORT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
_LONGEST = 16_384

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer; `headers` in their order, names in small letters."""

    start: str
    headers: Headers
    body: str = ""

    @property
    def method(self) -> str:
        """Of a request; SIP/2.0 of an answer."""
        return self.start.split(" ")[0]

    @property
    def code(self) -> int:
        """Of an answer; 0 of a request."""
        words = self.start.split(" ")
        return int(words[1]) if words[0] == "SIP/2.0" and len(words) > 1 and words[1].isdecimal() else 0

    @property
    def user(self) -> str:
        """Whom a request is for."""
        words = self.start.split(" ")
        address = words[1] if len(words) > 1 else ""
        return address.partition(":")[2].partition("@")[0] if "@" in address else ""

    @property
    def branch(self) -> str:
        """What names the transaction."""
        return parameter(self.get("via"), "branch")

    def get(self, name: str) -> str:
        """The first header of this name; "" if there is none."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[tuple[str, str]]:
        """All headers of this name."""
        return [(key, value) for key, value in self.headers if key == name]

    @property
    def as_bytes(self) -> bytes:
        """As it is sent."""
        body = self.body.encode()
        lines = [self.start, *(f"{_written(name)}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def read(raw: bytes) -> Message | None:
    """What came; None if it is no SIP."""
    if len(raw) > _LONGEST:
        return None
    head, _, body = raw.decode("utf-8", "replace").partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    if not (start.startswith("SIP/2.0 ") or start.endswith(" SIP/2.0")):
        return None
    pairs = [
        (name.strip().lower(), value.strip()) for name, sep, value in (line.partition(":") for line in lines) if sep
    ]
    return Message(start, tuple((_SHORT.get(name, name), value) for name, value in pairs), body)


def parameter(header: str, name: str) -> str:
    """A parameter behind an address, such as the tag of To; "" if there is none."""
    for part in header.rpartition(">")[2].split(";")[1:] if ">" in header else header.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip()
    return ""


def address_in(header: str) -> str:
    """The address between < and >, or all of it before the parameters."""
    inside = header.partition("<")[2].partition(">")[0]
    return inside or header.split(";", maxsplit=1)[0].strip()


def answer_to(asked: Message, code: int, reason: str, *, tag: str = "", more: Sequence[tuple[str, str]] = (),
              body: str = "") -> Message:  # fmt: skip
    """An answer of ours; `tag` is put to To where it has none."""
    to = asked.get("to")
    if tag and not parameter(to, "tag"):
        to = f"{to};tag={tag}"
    kept = [*asked.all("via"), *asked.all("record-route"), ("from", asked.get("from")), ("to", to)]
    kept += [("call-id", asked.get("call-id")), ("cseq", asked.get("cseq")), *more]
    return Message(f"SIP/2.0 {code} {reason}", tuple(kept), body)


def request(method: str, address: str, *, via: str, headers: Iterable[tuple[str, str]]) -> Message:
    """A request of ours."""
    return Message(f"{method} {address} SIP/2.0", (("via", via), ("max-forwards", "70"), *headers))


def proof(challenge: str, *, user: str, ha1: str, method: str, address: str, cnonce: str) -> str:
    """The value of Authorization for a WWW-Authenticate; "" if it is none that we can answer."""
    scheme, _, rest = challenge.partition(" ")
    said = {key.strip().lower(): value.strip().strip('"') for key, _, value in
            (part.partition("=") for part in rest.split(","))}  # fmt: skip
    if scheme.lower() != "digest" or not said.get("nonce") or not said.get("realm"):
        return ""
    told = {"username": user, "realm": said["realm"], "nonce": said["nonce"], "uri": address}
    if said.get("qop"):
        told |= {"qop": "auth", "nc": "00000001", "cnonce": cnonce}
    told["response"] = response_of(ha1, method, told)
    plain = {"qop", "nc"}
    return "Digest " + ", ".join(
        f"{key}={value}" if key in plain else f'{key}="{value}"' for key, value in told.items()
    )


def _written(name: str) -> str:
    special = {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}
    return special.get(name, "-".join(part.capitalize() for part in name.split("-")))
