"""Keys that a phone sends in a message instead of in its sound (SIP INFO)."""

import re

KEYS = frozenset("0123456789*#")
_SIGNAL = re.compile(r"^\s*Signal\s*=\s*([0-9*#])\s*$", re.IGNORECASE | re.MULTILINE)


def key_of_info(body: str) -> str:
    """Of `application/dtmf-relay` (Signal=5) or `application/dtmf` (5); "" if there is none."""
    found = _SIGNAL.search(body)
    if found:
        return found[1]
    return body.strip() if body.strip() in KEYS and body.strip() else ""
