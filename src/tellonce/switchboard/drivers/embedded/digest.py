"""Signing in without sending the password (digest access authentication with MD5, RFC 7616 and RFC 3261, 22)."""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

_PART = re.compile(r'(\w+)\s*=\s*(?:"([^"\\]*)"|([^\s",]+))')
_MAX_USED = 50_000


def ha1_of(user: str, realm: str, password: str) -> str:
    """What is kept of a password: it opens this realm only."""
    return _md5(f"{user}:{realm}:{password}")


def response_of(ha1: str, method: str, said: Mapping[str, str]) -> str:
    """What the other side must say if it knows the password."""
    ha2 = _md5(f"{method}:{said.get('uri', '')}")
    if said.get("qop"):
        return _md5(f"{ha1}:{said['nonce']}:{said.get('nc', '')}:{said.get('cnonce', '')}:{said['qop']}:{ha2}")
    return _md5(f"{ha1}:{said['nonce']}:{ha2}")


def read_credentials(header: str) -> dict[str, str]:
    """The parts of an Authorization header by name; empty if it is none that we asked for."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    parts = {match[1].lower(): match[2] or match[3] or "" for match in _PART.finditer(rest)}
    is_whole = all(parts.get(name) for name in ("username", "realm", "nonce", "uri", "response"))
    is_known = parts.get("algorithm", "MD5").upper() == "MD5" and parts.get("qop", "auth") == "auth"
    return parts if is_whole and is_known else {}


class Age(Enum):
    """What a nonce is."""

    FRESH = "fresh"
    STALE = "stale"
    FORGED = "forged"


@dataclass(slots=True)
class Nonces:
    """Nonces that we need not remember: they carry their time, and our mark for the source that was given them."""

    secret: bytes
    good_for_s: float = 300.0
    _used: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)

    def new(self, source: str, now: float) -> str:
        """For one source."""
        begun = f"{int(now):x}-{secrets.token_hex(8)}"
        return f"{begun}.{self._mark(begun, source)}"

    def age(self, nonce: str, source: str, now: float) -> Age:
        """Whether we gave it to this source, and not too long ago."""
        begun, _, mark = nonce.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(begun, source).encode()):
            return Age.FORGED
        return Age.FRESH if now - int(begun.partition("-")[0], 16) <= self.good_for_s else Age.STALE

    def is_first_use(self, nonce: str, count: str) -> bool:
        """Whether this count comes with the nonce for the first time: what was heard by others is no use to them."""
        if (nonce, count) in self._used:
            return False
        self._used[nonce, count] = None
        while len(self._used) > _MAX_USED:
            self._used.popitem(last=False)
        return True

    def _mark(self, begun: str, source: str) -> str:
        return hmac.new(self.secret, f"{begun} {source}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who it is, or what to ask (the value of a WWW-Authenticate header).

    Attributes:
        user: "" unless the password was right.
        has_failed: a password was tried and is wrong.
    """

    user: str = ""
    challenge: str = ""
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Asks for passwords of one realm."""

    realm: str
    nonces: Nonces

    def judge(self, header: str, method: str, source: str, now: float, ha1: Callable[[str], str | None]) -> Verdict:
        """Who sent a request with this Authorization header ("" if there was none)."""
        said = read_credentials(header)
        if not said:
            return Verdict(challenge=self._challenge(source, now), has_failed=bool(header))
        age = self.nonces.age(said["nonce"], source, now)
        expected = response_of(ha1(said["username"]) or "", method, said)
        is_right = hmac.compare_digest(said["response"].encode(), expected.encode())
        is_known = said["realm"] == self.realm and bool(ha1(said["username"]))
        if age is Age.FORGED or not is_right or not is_known:
            return Verdict(challenge=self._challenge(source, now), has_failed=True)
        if age is Age.STALE or not self.nonces.is_first_use(said["nonce"], said.get("nc", said["response"])):
            return Verdict(challenge=self._challenge(source, now) + ", stale=true")
        return Verdict(user=said["username"])

    def _challenge(self, source: str, now: float) -> str:
        return f'Digest realm="{self.realm}", nonce="{self.nonces.new(source, now)}", algorithm=MD5, qop="auth"'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
