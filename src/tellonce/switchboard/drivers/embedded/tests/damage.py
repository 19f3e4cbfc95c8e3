"""SIP as it should not be: messages of a corpus, damaged in ways that a seed repeats."""

import random
from collections.abc import Iterator

CRLF = "\r\n"
NASTY = (
    "", " ", "\t", "0", "-1", "99999999999999999999", "%00", "%s%n", '"', "<", ">", ";", ",", "=", "@", ":", "sip:",
    "sips:x", "tel:911", "sip:@", "sip:[::1", "sip:a@b:99999", "sip:a@b;transport=tcp", "*", "\u0000", "\u00e9" * 40,
    "A" * 3_000, "z9hG4bK", "Digest", 'Digest username="', "application/sdp", "multipart/mixed;boundary=x",
)  # fmt: skip
SDP = CRLF.join([
    "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 4000 RTP/AVP 0 8 101",
    "a=rtpmap:101 telephone-event/8000", "a=sendrecv", "",
])  # fmt: skip
METHODS = (
    *["INVITE"] * 8,
    "REGISTER",
    "OPTIONS",
    "BYE",
    "CANCEL",
    "ACK",
    "INFO",
    "REFER",
    "UPDATE",
    "NOTIFY",
    "PRACK",
    "X",
)


def messages(seed: int, number: int, port: int, sender: tuple[str, int]) -> Iterator[bytes]:
    """So many, from this sender to the gateway's port."""
    chance = random.Random(seed)
    for index in range(number):
        whole = _whole(chance, f"{seed}-{index}", port, sender)
        yield damaged(chance, whole)


def _whole(chance: random.Random, name: str, port: int, sender: tuple[str, int]) -> str:
    method, host = chance.choice(METHODS), f"{sender[0]}:{sender[1]}"
    user = chance.choice(["care", "2025550123", "911", "ann"])
    body = SDP if chance.random() < 0.5 else ""
    first = f"{method} sip:{user}@127.0.0.1:{port} SIP/2.0"
    if chance.random() < 0.15:
        first = f"SIP/2.0 {chance.choice([100, 180, 200, 302, 401, 486, 503, 700])} Whatever"
    tag = ";tag=there" if chance.random() < 0.3 else ""
    lines = [
        first,
        f"Via: SIP/2.0/UDP {host};branch=z9hG4bK{name};rport",
        "Max-Forwards: 70",
        f'From: "A caller" <sip:2025550111@127.0.0.1>;tag={name}',
        f"To: <sip:{user}@127.0.0.1>{tag}",
        f"Call-ID: {name}@127.0.0.1",
        f"CSeq: 1 {method}",
        f"Contact: <sip:caller@{host}>",
        'Authorization: Digest username="ann", realm="tellonce", nonce="a.b", uri="sip:x", response="0", qop=auth',
        "Expires: 300",
        "Content-Type: application/sdp",
        f"Content-Length: {len(body)}",
    ]
    return CRLF.join(lines) + CRLF + CRLF + body


def damaged(chance: random.Random, whole: str) -> bytes:
    """The same message, up to four times damaged."""
    text = whole
    for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
        text = chance.choice([_cut, _lost_line, _line_twice, _moved_line, _nasty_value, _nasty_word, _nasty_sdp])(
            chance, text
        )
    raw = text.encode("utf-8", "surrogatepass")
    return _flipped(chance, raw) if chance.random() < 0.2 else raw


def _cut(chance: random.Random, text: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _lost_line(chance: random.Random, text: str) -> str:
    lines = text.split(CRLF)
    del lines[chance.randrange(len(lines))]
    return CRLF.join(lines)


def _line_twice(chance: random.Random, text: str) -> str:
    lines = text.split(CRLF)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return CRLF.join(lines)


def _moved_line(chance: random.Random, text: str) -> str:
    lines = text.split(CRLF)
    chance.shuffle(lines)
    return CRLF.join(lines)


def _nasty_value(chance: random.Random, text: str) -> str:
    lines = text.split(CRLF)
    at = chance.randrange(len(lines))
    lines[at] = lines[at].partition(":")[0] + ": " + chance.choice(NASTY)
    return CRLF.join(lines)


def _nasty_word(chance: random.Random, text: str) -> str:
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(NASTY)
    return " ".join(words)


def _nasty_sdp(chance: random.Random, text: str) -> str:
    head, _, body = text.partition(CRLF + CRLF)
    pairs = [line.partition("=") for line in body.split(CRLF)]
    spoilt = [f"{name}={chance.choice(NASTY) if chance.random() < 0.3 else value}" for name, _, value in pairs]
    return head + CRLF + CRLF + CRLF.join(spoilt)


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    spoilt = bytearray(raw)
    for _ in range(chance.randrange(1, 20)):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)
