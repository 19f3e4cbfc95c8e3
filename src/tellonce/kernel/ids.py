"""Time-ordered identifiers (UUID version 7, RFC 9562), from a time and randomness that are passed in."""

from datetime import datetime
from uuid import UUID

RANDOM_BYTES = 10


def uuid7(*, at: datetime, random: bytes) -> UUID:
    """UUIDv7 whose first 48 bits are the milliseconds of `at` since 1970 and whose rest is `random` (10 bytes).

    Raises ValueError when `at` is naive or `random` has another length. Layout: RFC 9562, section 5.7.
    """
    if at.tzinfo is None:
        raise ValueError("uuid7 needs an aware datetime")
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"uuid7 needs {RANDOM_BYTES} random bytes, got {len(random)}")
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(random, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
