"""What two parties say of their sound (SDP, RFC 8866; offer and answer, RFC 3264)."""

import ipaddress
from dataclasses import dataclass

PCMU, PCMA = 0, 8
CODEC_NAMES = {PCMU: "PCMU", PCMA: "PCMA"}
KEYS_TYPE = 101
"""Payload type that we offer for keys (telephone-event, RFC 4733)."""

_ANSWERS = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_LAST_PORT = 65_535
_LONGEST = 8_192


class SdpError(ValueError):
    """Sound that we cannot take; the text says why, for the other side."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Where a party wants to hear us, and how.

    Attributes:
        codecs: of those that we know, in the party's order.
        keys_type: payload type of keys, 0 if they cannot be sent.
        media: the first words of every medium offered, of which an answer refuses all but that at `index`.
    """

    address: str
    port: int
    codecs: tuple[int, ...]
    keys_type: int
    direction: str
    media: tuple[str, ...]
    index: int

    @property
    def is_held(self) -> bool:
        """Whether the party does not listen: it has put us on hold."""
        return self.direction in {"sendonly", "inactive"} or self.address == "0.0.0.0"  # noqa: S104 - the old way to hold


def read(text: str) -> Sound:
    """SdpError where there is no sound that we can take."""
    sections = _sections(text)
    media = tuple(section[0] for section in sections[1:])
    for index, section in enumerate(sections[1:]):
        words = section[0].split()
        if len(words) > 3 and words[:1] == ["audio"] and words[2].upper() == "RTP/AVP":  # noqa: PLR2004
            return _sound(words, sections[0], section, media, index)
    raise SdpError("No plain audio (RTP/AVP) is offered")


def _sections(text: str) -> list[list[str]]:
    """The lines before the first medium, then those of each medium, which begin with its m= line without m=."""
    if len(text) > _LONGEST:
        raise SdpError("The description is too long")
    sections: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append([line[2:]])
        else:
            sections[-1].append(line.strip())
    return sections


def _sound(words: list[str], session: list[str], section: list[str], media: tuple[str, ...], index: int) -> Sound:
    port = words[1].split("/")[0]
    if not port.isdecimal() or not 0 < int(port) <= _LAST_PORT:
        raise SdpError("The audio has no port")
    formats = [int(word) for word in words[3:] if word.isdecimal()]
    codecs = tuple(each for each in formats if each in CODEC_NAMES)
    if not codecs:
        raise SdpError("Only PCMU and PCMA can be heard here")
    address = _connection(section) or _connection(session)
    if not address:
        raise SdpError("The audio has no IPv4 address")
    direction = _direction(section) or _direction(session) or "sendrecv"
    return Sound(address, int(port), codecs, _keys_type(section, formats), direction, media, index)


def _connection(lines: list[str]) -> str:
    for line in lines:
        words = line[2:].split()
        if line.startswith("c=") and words[:2] == ["IN", "IP4"] and len(words) > 2:  # noqa: PLR2004
            return _ipv4(words[2].split("/")[0])
    return ""


def _ipv4(text: str) -> str:
    """An address, never a name: nobody makes us look up names while a call is set up."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError as error:
        raise SdpError("The audio has no IPv4 address") from error
    if address.is_multicast:
        raise SdpError("The audio has a multicast address")
    return str(address)


def _direction(lines: list[str]) -> str:
    return next((line[2:] for line in lines if line.startswith("a=") and line[2:] in _ANSWERS), "")


def _keys_type(lines: list[str], formats: list[int]) -> int:
    for line in lines:
        name, _, rest = line.partition(":")
        number, _, kind = rest.partition(" ")
        if name == "a=rtpmap" and kind.strip().lower() == "telephone-event/8000" and number.isdecimal():
            return int(number) if int(number) in formats else 0
    return 0


def offer(address: str, port: int, codec: int) -> str:
    """Our sound at this address with one codec, and keys."""
    return _text(address, 1, [_audio(port, codec, KEYS_TYPE, "sendrecv")])


def answer(asked: Sound, address: str, port: int, codec: int, version: int = 1) -> str:
    """Our sound for what was asked; every other medium is refused."""
    direction = "inactive" if asked.address == "0.0.0.0" else _ANSWERS[asked.direction]  # noqa: S104
    parts = [_refused(each) for each in asked.media]
    parts[asked.index] = _audio(port, codec, asked.keys_type, direction)
    return _text(address, version, parts)


def _refused(medium: str) -> str:
    kind, _, rest = medium.partition(" ")
    return f"m={kind} 0 {rest.partition(' ')[2]}\r\n"


def _audio(port: int, codec: int, keys_type: int, direction: str) -> str:
    lines = [f"m=audio {port} RTP/AVP {codec}" + (f" {keys_type}" if keys_type else "")]
    lines.append(f"a=rtpmap:{codec} {CODEC_NAMES[codec]}/8000")
    if keys_type:
        lines += [f"a=rtpmap:{keys_type} telephone-event/8000", f"a=fmtp:{keys_type} 0-15"]
    return "".join(f"{line}\r\n" for line in [*lines, "a=ptime:20", f"a={direction}"])


def _text(address: str, version: int, parts: list[str]) -> str:
    head = ["v=0", f"o=- {_port_of(parts)} {version} IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0"]
    return "".join(f"{line}\r\n" for line in head) + "".join(parts)


def _port_of(parts: list[str]) -> str:
    """The audio's port: it names the session as well as any number would, as each call has its own."""
    return next(part.split()[1] for part in parts if part.startswith("m=audio") and part.split()[1] != "0")
