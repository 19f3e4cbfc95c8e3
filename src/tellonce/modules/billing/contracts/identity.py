"""By what a bill and its lines are known again: ids and digests, as every way in makes them.

An id is the MD5 (RFC 1321) of the source and the thing's own number there, as a UUID: no secret and no seal, only the
same id for the same thing. A digest is the MD5 of what the bill says. That of its lines is made of the sum of their
digests, so that the order in which lines come makes no difference. DuckDB makes the same ones set-wise
(intake/bulk/told.py); a test holds the two together.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

MARK = "\x1f"
"""Between the parts of an id."""

SEPARATOR = "|"

BILL_SAYS = (
    *("number", "account_number", "issued_on", "due_on", "period_from", "period_until"),
    *("currency", "total", "carried"),
)
"""What the digest of a bill is made of, in order; None is an empty text, a day is ISO 8601.

What is carried over and not said is as 0: such a bill is the same as before it could be left open.
"""

LINE_SAYS = (
    *("kind", "code", "words", "product", "service_ref", "device_serial"),
    *("period_from", "period_until", "amount", "tax"),
)
"""What the digest of a line is made of: not its number, so that lines in another order are the same bill."""


def bill_id(*, source: str, number: str) -> UUID:
    """The id of the bill with this number in a source system."""
    return _uuid(f"{source}{MARK}{number}")


def charge_id(*, source: str, number: str, line: int) -> UUID:
    """The id of a line of a bill."""
    return _uuid(f"{source}{MARK}{number}{MARK}{line}")


def payment_id(*, source: str, number: str) -> UUID:
    """The id of a payment."""
    return _uuid(f"{source}{MARK}payment{MARK}{number}")


def order_id(*, source: str, number: str) -> UUID:
    """The id of what was ordered with this number in a source system."""
    return _uuid(f"{source}{MARK}order{MARK}{number}")


def outside_id(pk: UUID) -> int:
    """A bill's id where ids are whole numbers (the files of the checks): its last 63 bits, 0 or above."""
    return pk.int & (1 << 63) - 1


def digest_of_bill(says: Sequence[Any]) -> UUID:
    """The digest of a bill, of values in the order of BILL_SAYS."""
    return _uuid(_text(says))


def digest_of_lines(lines: Iterable[Sequence[Any]]) -> UUID:
    """The digest of all lines of a bill, each given as values in the order of LINE_SAYS."""
    halves = [hashlib.md5(_text(line).encode(), usedforsecurity=False).digest()[8:] for line in lines]
    return _uuid(f"{len(halves)}/{sum(int.from_bytes(half, 'little') for half in halves)}")


def _text(values: Sequence[Any]) -> str:
    return SEPARATOR.join("" if value is None else str(value) for value in values)


def _uuid(text: str) -> UUID:
    return UUID(bytes=hashlib.md5(text.encode(), usedforsecurity=False).digest())
