"""The number of who calls, as it comes: callers choose it, so it may be anything."""

import re

_NUMBER = re.compile(r"\+?[0-9*#]{1,24}")
"""Full numbers have 15 digits at most; carriers put a code to dial abroad, or one of their own, before them."""


def shown_number(sent: str) -> str:
    """The number; "", as if it were withheld, for what is none."""
    return sent if _NUMBER.fullmatch(sent) else ""
