"""Signed tickets: what a page lets a browser listen to, for how long, checked without a database."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from tellonce.kernel.errors import DomainError


class BadTicketError(DomainError):
    """The ticket is malformed, forged or over; the page fetches a new one."""

    code = "bad_ticket"
    status = 403


@dataclass(frozen=True, slots=True)
class Ticket:
    """`person_id` may hear `topics` until `ends_at_s` (seconds since 1970) or until `session` signs out."""

    person_id: int
    session: str
    topics: tuple[str, ...]
    ends_at_s: int


def _mac(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), b"tellonce.ticket:" + body, hashlib.sha256).hexdigest()


def sign(ticket: Ticket, *, secret: str) -> str:
    """The ticket as URL-safe text, `body.mac`, signed by HMAC-SHA256."""
    body = base64.urlsafe_b64encode(json.dumps(asdict(ticket), separators=(",", ":")).encode()).rstrip(b"=")
    return f"{body.decode()}.{_mac(body, secret)}"


def read(text: str, *, secret: str, now_s: float) -> Ticket:
    """The ticket in `text`; BadTicketError when it was not signed with `secret` or ended before `now_s`."""
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(body.encode(), secret).encode()):
        raise BadTicketError("This ticket was not signed here.")
    try:
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        ticket = Ticket(
            person_id=int(fields["person_id"]),
            session=str(fields["session"]),
            topics=tuple(str(topic) for topic in fields["topics"]),
            ends_at_s=int(fields["ends_at_s"]),
        )
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadTicketError("This ticket cannot be read.") from error
    if ticket.ends_at_s < now_s:
        raise BadTicketError("This ticket is over; load the page again.")
    return ticket
