"""What goes wrong is written to standard error, with what is known of it."""

import logging
from typing import Any

_OWN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}
_NOT_SAID = frozenset({"request", "status_code", "server_time"})


class LineFormatter(logging.Formatter):
    """One line with the values that came along; a failure with its traceback below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Time, level, what happened, and the extra values."""
        extra = {name: value for name, value in record.__dict__.items() if name not in _OWN | _NOT_SAID}
        said = "".join(f" {name}={value!r}" for name, value in extra.items())
        return f"{super().formatMessage(record)}{said}"


def logging_settings() -> dict[str, Any]:
    """Warnings of everybody, our own news too; a refused request is no news, a failed one is."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": LineFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard_error"], "level": "WARNING"},
        "loggers": {
            "tellonce": {"level": "INFO"},
            # Django's own handlers are silent without DEBUG; what it logs goes to the root's.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }
