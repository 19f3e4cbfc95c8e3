"""Lists of what customers had with us: of all, or of one party."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse

from tellonce.modules.record import queries as record_queries
from tellonce.openapi.asking import asker
from tellonce.openapi.tmf.shaping import JsonObject, listed, whole


class OfCustomer(Protocol):
    """A line that may name a customer."""

    @property
    def customer_id(self) -> int | None:
        """Whose it is, if that is known."""


Line = TypeVar("Line", bound=OfCustomer)
Line_co = TypeVar("Line_co", bound=OfCustomer, covariant=True)


class ReadsPage(Protocol[Line_co]):
    """Reads how many there are and some of them."""

    def __call__(
        self, *, offset: int, limit: int, customer_ids: Sequence[int] | None = None
    ) -> tuple[int, Sequence[Line_co]]:
        """Of these customers only, where given."""


@dataclass(frozen=True, slots=True)
class ListOf(Generic[Line]):
    """One kind of resource: its name, how its lines are read, and how one is shaped."""

    name: str
    read: ReadsPage[Line]
    shape: Callable[[Line], JsonObject]

    def answer(self, request: HttpRequest, *, party: str, offset: int, limit: int, fields: str) -> HttpResponse:
        """A part of the list; those of restricted customers are left out, and every customer shown is logged."""
        asking, page, ids = asker(request), f"api {self.name}", None
        if party:
            ids = record_queries.same_customer_ids(asking.see(whole(party, "relatedParty.id"), page))
        total, lines = self.read(offset=offset, limit=limit, customer_ids=ids)
        seen = [line for line in lines if line.customer_id is None or asking.may_see(line.customer_id)]
        asking.log((line.customer_id for line in seen), page)
        return listed([self.shape(line) for line in seen], total=total, fields=fields)
