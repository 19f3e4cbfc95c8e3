"""Every address against every role and against nobody: the matrix is whole, and the gate keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tellonce.modules.staff.contracts import ANYONE, SIGNED_IN, PermissionSet, Role
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open
from tests.factories import PASSWORD, a_person

EXAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "018f0000-0000-7000-8000-000000000000"}
PERSONAS: tuple[str, ...] = ("nobody", *Role.values)


@dataclass(frozen=True, slots=True)
class Address:
    """A url name, and one path that leads to it."""

    name: str
    path: str


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + _example(pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, route, inner)
        else:
            yield Address(":".join((*namespaces, pattern.name or "")), "/" + route)


def _example(pattern: URLPattern | URLResolver) -> str:
    if not isinstance(pattern.pattern, RoutePattern):
        return "sign-in/link/1-key" if getattr(pattern, "name", "") == "account_reset_password_from_key" else ""
    route = str(pattern.pattern)
    for converter, example in EXAMPLES.items():
        for name in pattern.pattern.converters:
            route = route.replace(f"<{converter}:{name}>", example).replace(f"<{name}>", example)
    return route


ADDRESSES = sorted(_walk(get_resolver(), "", ()), key=lambda each: each.name)


@pytest.fixture(scope="module")
def personas(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, Client]]:
    """One browser for each role and one for nobody, signed in once for all tests of this file."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker has no public type
        people = {
            role: a_person(role=role, email=f"{role}@permissions.example.net", password=PASSWORD)
            for role in Role.values
        }
        clients = {"nobody": Client()}
        for role, person in people.items():
            clients[role] = Client()
            clients[role].force_login(person)
        for client in clients.values():
            client.raise_request_exception = False
        yield clients
        Session.objects.all().delete()
        Person.objects.filter(pk__in=[person.pk for person in people.values()]).delete()


def test_every_address_has_a_name_and_a_line_in_the_matrix() -> None:
    nameless = [each.path for each in ADDRESSES if each.name.endswith(":") or not each.name]
    missing = sorted({each.name for each in ADDRESSES} - set(settings.PERMISSION_MATRIX))

    assert not nameless
    assert not missing, f"add these to config/permissions.py: {missing}"


@pytest.mark.django_db
@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda each: each.name)
def test_the_gate_keeps_the_matrix(personas: dict[str, Client], address: Address, persona: str) -> None:
    gate = settings.PERMISSION_MATRIX[address.name]
    person = None if persona == "nobody" else Person(role=persona, permission_sets=[])

    response = personas[persona].get(address.path)

    assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert response.resolver_match is None or response.resolver_match.view_name == address.name
    is_sent_away = response.status_code == HTTPStatus.FOUND and "/sign-in?" in response["Location"]
    is_refused = response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED} or is_sent_away
    if may_open(gate, person):
        assert not is_refused or gate is ANYONE, f"{persona} should be let in, and got {response.status_code}"
    else:
        assert is_refused, f"{persona} should be kept out, and got {response.status_code}"


@pytest.mark.parametrize(
    ("gate", "person", "opens"),
    [
        (ANYONE, None, True),
        (SIGNED_IN, None, False),
        (SIGNED_IN, Person(role=Role.ANALYST), True),
        (frozenset({Role.MANAGER}), Person(role=Role.ANALYST), False),
        (frozenset({Role.MANAGER, PermissionSet.COACH}), Person(role=Role.ANALYST, permission_sets=["coach"]), True),
        (frozenset({Role.MANAGER, PermissionSet.COACH}), Person(role=Role.ANALYST, permission_sets=["planner"]), False),
        (frozenset(), Person(role=Role.ADMINISTRATOR), False),
    ],
)
def test_roles_and_permission_sets_open(gate: object, person: Person | None, opens: bool) -> None:
    assert may_open(gate, person) is opens  # type: ignore[arg-type]  # the table is of all kinds


@pytest.mark.django_db
def test_an_address_that_is_not_listed_is_refused_to_everybody(client: Client, settings: object) -> None:
    matrix = dict(settings.PERMISSION_MATRIX)  # type: ignore[attr-defined]  # pytest-django's settings
    del matrix["me"]
    settings.PERMISSION_MATRIX = matrix  # type: ignore[attr-defined]  # the same
    client.force_login(a_person(role=Role.ADMINISTRATOR))

    assert client.get("/me").status_code == HTTPStatus.FORBIDDEN
