"""What every test of the project shares."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests import originals
from tests.emptying import keep_as_migrated, put_back

pytest_plugins = ["tests.noted"]
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last: once it is open, no other test of the process can run an event loop.

    Of these the one with real phones, which takes longest, comes first: at the end the other process would wait for it.
    """
    for item in items:
        if "browser" in item.keywords and _CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker("browser") is None:
        return 0
    return 1 if item.get_closest_marker("phones") else 2


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process; Playwright cannot be started twice in one."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=_CHROMIUM, args=arguments)
        yield launched
        launched.close()


def pytest_configure() -> None:
    """Passwords are hashed by Argon2 as everywhere, with the least work: that it is slow protects nobody here.

    No example of hypothesis is too slow: a busy machine is no fault of what is tested.
    """
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    for work, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        setattr(Argon2PasswordHasher, work, least)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        originals.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """The test database of each process is a copy of one that was migrated once."""
    with django_db_blocker.unblock():
        originals.made(originals.MIGRATED, _migrate)
    connection.settings_dict["TEST"]["TEMPLATE"] = originals.database(originals.MIGRATED)


def _migrate(database: str, _home: Path) -> str:
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = usual
    return ""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database; at the end it is left by processes that a test killed or that have not noticed it yet."""
    with django_db_blocker.unblock():
        keep_as_migrated()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: put_back())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
