"""Health and figures: cheap, honest, and not for everybody."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from tellonce.config import health
from tellonce.kernel.scraping import may_scrape


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_known_good", set())


def test_health_is_good_with_all_migrations_and_asks_little_afterwards(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert client.get("/healthz").json() == {"ok": True}
    with django_assert_num_queries(1):
        assert client.get("/healthz").status_code == 200


def test_a_missing_migration_is_not_well(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'network'")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["wrong"] == "migrations"


def test_a_lost_database_is_not_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", lost)
    assert client.get("/healthz").json() == {"ok": False, "wrong": "database"}


def test_figures_count_pages_by_name_and_never_by_address(client: Client, db: None) -> None:
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'tellonce_requests_total{page="healthz",status="200"}' in text
    assert "tellonce_outbox_rows 0.0" in text
    assert "/healthz" not in text


@pytest.mark.parametrize(
    ("headers", "address", "token", "may"),
    [
        ({}, "127.0.0.1", "", True),
        ({}, "::1", "", True),
        ({}, "192.0.2.7", "", False),
        ({"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", "", False),
        ({}, "127.0.0.1", "secret", False),
        ({"Authorization": "Bearer secret"}, "192.0.2.7", "secret", True),
        ({"Authorization": "Bearer other"}, "127.0.0.1", "secret", False),
    ],
)
def test_figures_are_for_this_machine_or_the_bearer(
    headers: dict[str, str], address: str, token: str, may: bool
) -> None:
    request = RequestFactory().get("/metrics", headers=headers)
    assert may_scrape(headers=request.headers, address=address, token=token) is may
