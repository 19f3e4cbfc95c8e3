"""Who may read a process's figures: the pages and the live streams decide alike."""

import hmac
import ipaddress
from collections.abc import Mapping

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def may_scrape(*, headers: Mapping[str, str], address: str, token: str) -> bool:
    """With a `token`, only its bearer; without, this machine, unless a proxy on it speaks for somebody else.

    `headers` must find names in any case; `address` is the peer's, as text.
    """
    if token:
        return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    if any(name in headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
