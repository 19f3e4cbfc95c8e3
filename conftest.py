"""What every test of the project shares."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last: once it is open, no other test of the process can run an event loop."""
    for item in items:
        if "browser" in item.keywords and _CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process; Playwright cannot be started twice in one."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=_CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database; at the end it is left by processes that a test killed or that have not noticed it yet.

    Between tests it is emptied, which the access log refuses anywhere else.
    """
    operations = type(connection.ops)
    flush = operations.execute_sql_flush
    allow = "SET LOCAL tellonce.may_truncate = 'on'"
    operations.execute_sql_flush = lambda self, statements: flush(self, [allow, *statements])
    yield
    operations.execute_sql_flush = flush
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
