"""The demo's phone gateway: on loopback, at a port that is free, and for calls from this machine alone."""

import importlib.util
import os
import re
import socket
import tomllib
from pathlib import Path
from typing import Final

from tellonce.demo.entry import ENTRY

FIRST_PORT: Final = 5060
_TRIES: Final = 40
_FILE: Final = "phones.toml"


def lay_phone(home: Path) -> int:
    """Chooses the embedded phone for this demo, if it can run here and nobody has chosen another; its port, or 0.

    The port of the last time is kept while it is free, so that a softphone need not be told another.
    """
    can_run = all(importlib.util.find_spec(name) for name in ("sippy", "rtp")) and not re.search(r"[\s;]", str(home))
    if os.environ.setdefault("TELLONCE_PHONE", "embedded" if can_run else "none") != "embedded":
        return 0
    file = home / _FILE
    before = _port_in(file)
    port = next((each for each in (before, *range(FIRST_PORT, FIRST_PORT + _TRIES)) if each and _is_free(each)), 0)
    if not port:
        os.environ["TELLONCE_PHONE"] = "none"
    elif port != before:
        file.write_text(f'[embedded]\naddress = "127.0.0.1"\nport = {port}\nopen_entries = ["{ENTRY}"]\n')
    return port


def _port_in(file: Path) -> int:
    try:
        return int(tomllib.loads(file.read_text())["embedded"]["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
