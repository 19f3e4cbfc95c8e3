"""The mail server that a setting names."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from tellonce.kernel.environment import BadSettingError

_PORTS = {"smtp": 587, "smtps": 465}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in: an address such as smtp://user:password@host:port?starttls=1 says so."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    starttls: bool = False


def read_smtp_url(url: str) -> SmtpServer:
    """The server named by TELLONCE_SMTP_URL; BadSettingError says what it takes.

    smtps is TLS from the start; smtp is STARTTLS, but on this machine, unless ?starttls=0 or 1 says otherwise.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadSettingError("TELLONCE_SMTP_URL must look like smtp://user:password@host:587?starttls=1.")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as error:
        raise BadSettingError("TELLONCE_SMTP_URL names a port that is no number up to 65535.") from error
    by_default = "0" if parts.hostname in _HERE else "1"
    starttls = parse_qs(parts.query).get("starttls", [by_default])[0] in {"1", "true", "yes", "on"}
    return SmtpServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        starttls=starttls and parts.scheme == "smtp",
    )
