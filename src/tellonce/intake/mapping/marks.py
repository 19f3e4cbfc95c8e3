"""What a row is known again by before anything is made of it: the customer's id, and a digest of what the row says."""

import hashlib
from collections.abc import Sequence
from operator import itemgetter

from tellonce.intake.mapping.compiling import Header, compile_cell
from tellonce.intake.mapping.model import Mapping, slot_of
from tellonce.intake.mapping.transforms import UnfitError

_READING = 1
"""Raised when the same row comes to mean something else: then every row is compared once more."""


class RowMarks:
    """Digests of rows of customers: the same columns, read in the same way, saying the same, give the same digest.

    A column that the mapping does not use, the order of columns, and a mapping's comments make no difference.
    """

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.customer is not None
        self._external_id = compile_cell(mapping.customer.external_id, slot_of(mapping.customer, "external_id"), header)
        used = sorted(mapping.used_columns() & set(header.columns))
        self._cells = itemgetter(*(header.columns.index(name) for name in used))
        says = mapping.model_dump_json(exclude={"name", "title", "ignored"})
        how = repr((_READING, says, used, header.as_of, header.currency, header.country))
        self._how = hashlib.blake2b(how.encode(), digest_size=16)

    def of(self, row: Sequence[str]) -> tuple[str, str] | None:
        """The customer's id in the source system and the digest; None where the id cannot be read."""
        try:
            external_id = self._external_id(row)
        except UnfitError:
            return None
        digest = self._how.copy()
        digest.update(repr(self._cells(row)).encode("utf-8", "surrogatepass"))
        return external_id, digest.hexdigest()
