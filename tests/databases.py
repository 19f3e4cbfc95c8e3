"""The test's own database, for processes beside the test."""

from django.db import connection


def url_of_test_database() -> str:
    """The address of the database that this test uses, as DATABASE_URL takes it."""
    settings = connection.settings_dict
    user = f"{settings['USER']}@" if settings["USER"] else ""
    if str(settings["HOST"]).startswith("/"):
        return f"postgresql://{user}/{settings['NAME']}?host={settings['HOST']}"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}{settings['HOST']}{port}/{settings['NAME']}"
