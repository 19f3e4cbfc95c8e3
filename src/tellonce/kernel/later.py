"""Libraries that take long to load and that most processes never use."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module, which is imported when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, what: str) -> Any:
        """What the module calls so."""
        return getattr(import_module(self._name), what)
