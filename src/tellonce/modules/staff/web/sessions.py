"""Sessions that bring the person who signed in along: every page needs both, and one query reads them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tellonce.datakit import Row, alone
from tellonce.modules.staff.models import Person, Site, Team

M = TypeVar("M", bound=Model)
_PLACES: tuple[tuple[str, type[Model]], ...] = (("p", Person), ("t", Team), ("ts", Site), ("s", Site))
_FROM = """
FROM django_session d
LEFT JOIN usersessions_usersession u ON u.session_key = d.session_key
LEFT JOIN staff_person p ON p.id = u.user_id
LEFT JOIN staff_team t ON t.id = p.team_id
LEFT JOIN staff_site ts ON ts.id = t.site_id
LEFT JOIN staff_site s ON s.id = p.site_id
WHERE d.session_key = %(key)s AND d.expire_date > %(now)s
"""
_brought: ContextVar[Person | None] = ContextVar("brought", default=None)


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; `person` is who signed in with this one, once it is loaded."""

    person: Person | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and without a key, when it is over."""
        values = {"key": self.session_key, "now": timezone.now()}
        row: Row | None = alone(lambda ask: ask(_statement(), values, lambda rows: rows[0] if rows else None))
        if row is None:
            self._session_key = None
            return {}
        self.person = _person(row[1:])
        held: dict[str, Any] = self.decode(row[0])
        return held


class PersonMiddleware(AuthenticationMiddleware):
    """Django's, with the person whom the session brought along: who it is, is verified as ever."""

    def process_request(self, request: HttpRequest) -> None:
        """Makes `request.user`, read when it is first asked for."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _signed_in(request))  # type: ignore[assignment] # as Django's own


def brought_along(person_id: int) -> Person | None:
    """The person of this id, when the session in whose request this is asked brought them."""
    person = _brought.get()
    return person if person is not None and person.pk == person_id else None


def _signed_in(request: HttpRequest) -> Person | AnonymousUser:
    if SESSION_KEY not in request.session:
        return AnonymousUser()
    with _bringing(getattr(request.session, "person", None)):
        return get_user(request)


@contextmanager
def _bringing(person: Person | None) -> Iterator[None]:
    token = _brought.set(person)
    try:
        yield
    finally:
        _brought.reset(token)


@cache
def _statement() -> str:
    columns = [f"{place}.{field.column}" for place, model in _PLACES for field in _fields(model)]
    return f"SELECT d.session_data, {', '.join(columns)} {_FROM}"


def _person(values: Sequence[Any]) -> Person | None:
    """The person with team and sites, out of the columns of all four."""
    rest = list(values)
    person, team, team_site, site = (_made(model, rest) for _place, model in _PLACES)
    if not isinstance(person, Person):
        return None
    if isinstance(team, Team):
        team.site = team_site if isinstance(team_site, Site) else None
        person.team = team
    person.site = site if isinstance(site, Site) else None
    return person


def _fields(model: type[Model]) -> "Sequence[Field[Any, Any]]":
    return model._meta.concrete_fields  # noqa: SLF001 -- Django's documented way to a model's fields


def _made(model: type[Model], rest: list[Any]) -> Model | None:
    """Takes a model's columns off the front; None where the join found nothing."""
    fields = [field.attname for field in _fields(model)]
    values, rest[:] = rest[: len(fields)], rest[len(fields) :]
    return model.from_db("default", fields, values) if values[0] is not None else None
