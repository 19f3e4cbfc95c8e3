"""What goes wrong is written where whoever runs it can read it."""

import logging

import pytest
from django.conf import settings

from tellonce.config.logs import LineFormatter


def test_a_line_says_what_came_along_and_a_failure_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    formatter = LineFormatter("%(levelname)s %(name)s: %(message)s")
    record = logging.LogRecord("tellonce.jobs", logging.WARNING, "", 0, "tried again", (), None)
    record.job = 7
    assert formatter.format(record) == "WARNING tellonce.jobs: tried again job=7"
    failed = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, ValueError("a cause"), None))
    assert formatter.format(failed).endswith("ValueError: a cause")


def test_a_failed_page_reaches_the_handler_of_all_and_a_refused_one_does_not() -> None:
    wanted = logging.getLogger("django.request")
    assert wanted.isEnabledFor(logging.ERROR)
    assert settings.LOGGING["root"]["handlers"] == ["standard_error"]
    assert settings.LOGGING["loggers"]["django.request"]["level"] == "ERROR"
