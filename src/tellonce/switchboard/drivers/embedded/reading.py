"""Settings of the gateway from a file that an operator writes (TOML)."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk, check_settings
from tellonce.switchboard.errors import DriverError

_GIVEN = {"folder"}
"""What the installation says, not the file."""


def read_settings(path: Path, *, folder: Path) -> GatewaySettings:
    """What the file says; DriverError with the first thing in it that cannot be."""
    try:
        plain = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise DriverError(f"{path} cannot be read: {error}") from error
    _refuse_unknown(plain, GatewaySettings, path, "")
    for number, trunk in enumerate(plain.get("trunks", ())):
        _refuse_unknown(trunk, Trunk, path, f"trunks[{number}].")
    try:
        settings = TypeAdapter(GatewaySettings).validate_python(plain | {"folder": str(folder)})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(each) for each in first["loc"])
        raise DriverError(f"{path}: {place} cannot be so ({first['msg']}).") from error
    check_settings(settings)
    return settings


def _refuse_unknown(plain: Any, kind: type, path: Path, before: str) -> None:
    if not isinstance(plain, Mapping):
        raise DriverError(f"{path}: {before.rstrip('.')} must be a table.")
    known = {each.name for each in fields(kind)} - _GIVEN
    unknown = sorted(set(plain) - known)
    if unknown:
        raise DriverError(f"{path}: {before}{unknown[0]} is no setting; there are {', '.join(sorted(known))}.")
