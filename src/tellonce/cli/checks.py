"""What `tellonce check` finds before it needs the database."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tellonce.config.setup import Setup

_LEAST_FREE = 1 << 30
_GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do when it is not well."""

    what: str
    found: str
    is_good: bool = True
    advice: str = ""


def before_django(settings: Setup) -> list[Finding]:
    """Settings, home and disk."""
    return [_settings(settings), _home(settings.home), _disk(settings.home), _mail(settings)]


def _settings(settings: Setup) -> Finding:
    where = "a server of your own (DATABASE_URL)" if settings.database_url else f"embedded under {settings.home}"
    return Finding("Settings", f"readable; pages at {settings.origin}; database: {where}")


def _home(home: Path) -> Finding:
    if os.access(home, os.W_OK | os.X_OK):
        return Finding("Home", str(home))
    return Finding("Home", f"{home} cannot be written", is_good=False, advice="Give it to the user who runs Tellonce.")


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    found = f"{free / _GIGABYTE:.1f} GB free at {home}"
    if free < _LEAST_FREE:
        return Finding("Disk", found, is_good=False, advice="Free some: the database stops when the disk is full.")
    return Finding("Disk", found)


def _mail(settings: Setup) -> Finding:
    if settings.smtp_url:
        return Finding("Mail", f"sent from {settings.mail_from}")
    return Finding(
        "Mail", "not sent: TELLONCE_SMTP_URL is not set", advice="Set it, or messages become work for people."
    )
