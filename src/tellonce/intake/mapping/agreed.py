"""Rows of a file to what was ordered and to what was used, by a mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import Mapping
from tellonce.intake.mapping.parts import Unfit, compile_part


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the file tells it; account and service are looked up by what other systems call them."""

    number: str
    account_number: str
    code: str
    on: date
    service: str = ""

    @property
    def external_id(self) -> str:
        """What there is one of: the number."""
        return self.number


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """What was used of a service in a month, as the file tells it."""

    service: str
    month: date
    units: int
    account_number: str = ""

    @property
    def external_id(self) -> str:
        """What there is one of: a service of an account, and the month."""
        return " ".join(filter(None, (self.account_number, self.service, self.month.strftime("%Y-%m"))))


class OrderShape:
    """Makes an order of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.order is not None
        self._take = compile_part(mapping.order, header)

    def __call__(self, row: Sequence[str], unfit: Unfit) -> OrderRow | None:
        """The order of this row."""
        fields = self._take(row, unfit) or {}
        return None if unfit else OrderRow(**fields)


class TrafficShape:
    """Makes what was used of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.traffic is not None
        self._take = compile_part(mapping.traffic, header)

    def __call__(self, row: Sequence[str], unfit: Unfit) -> TrafficRow | None:
        """What this row says was used, in the month of its day."""
        fields = self._take(row, unfit) or {}
        return None if unfit else TrafficRow(**fields | {"month": fields["month"].replace(day=1)})
