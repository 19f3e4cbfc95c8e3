"""Who asks: the key of a request, what it may do, and the log of what it saw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import CustomerNotFoundError, FlagKind
from tellonce.modules.staff.actions.programs import log_program_views
from tellonce.modules.staff.contracts import Actor, ActorKind
from tellonce.openapi.actions import use_key
from tellonce.openapi.contracts import Scope, ScopeMissingError
from tellonce.openapi.models import ApiKey


@dataclass(frozen=True, slots=True)
class Asker:
    """The program that asks, and when."""

    key: ApiKey
    at: datetime

    @property
    def actor(self) -> Actor:
        """The program as the author of a write."""
        return Actor(kind=ActorKind.SYSTEM, name=self.key.name)

    def may_see(self, customer_id: int) -> bool:
        """Whether this customer may be shown: a restricted one needs a scope of its own."""
        if Scope.RESTRICTED in self.key.scopes:
            return True
        return not record_queries.has_flag(
            record_queries.same_customer_ids(customer_id), FlagKind.RESTRICTED, at=self.at
        )

    def see(self, customer_id: int, page: str) -> int:
        """The customer that remains after merges, its view logged; CustomerNotFoundError also when it is restricted."""
        seen = record_queries.customer(customer_id).pk
        if not self.may_see(seen):
            raise CustomerNotFoundError(_("There is no customer %(id)d.") % {"id": customer_id})
        self.log([seen], page)
        return seen

    def log(self, customer_ids: Iterable[int | None], page: str) -> None:
        """Notes in the access log which customers' data went out."""
        ids = [customer_id for customer_id in customer_ids if customer_id is not None]
        log_program_views(name=f"API: {self.key.name}", customer_ids=ids, page=page, at=self.at)


class Key(HttpBearer):
    """Lets a request through whose key has the scope; `request.auth` is then the Asker."""

    openapi_scheme = "bearer"

    def __init__(self, scope: Scope, *, clock: Callable[[], datetime] = timezone.now) -> None:
        super().__init__()
        self.scope = scope
        self._clock = clock

    def __call__(self, request: HttpRequest) -> Any:
        """Refuses a request without a key by the same error as one with a wrong key."""
        words = request.headers.get("Authorization", "").split(" ")
        text = words[1] if len(words) == 2 and words[0].lower() == "bearer" else ""  # noqa: PLR2004 - scheme and key
        return self.authenticate(request, text)

    def authenticate(self, request: HttpRequest, token: str) -> Asker:
        """The asker behind the key."""
        at = self._clock()
        key = use_key(token, at=at)
        if self.scope not in key.scopes:
            raise ScopeMissingError(_("This key may not: %(scope)s.") % {"scope": self.scope.value})
        return Asker(key=key, at=at)


def asker(request: HttpRequest) -> Asker:
    """Who asks, after the key was checked."""
    found: Asker = request.auth  # type: ignore[attr-defined]  # set by ninja from what Key gives
    return found
