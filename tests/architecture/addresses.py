"""The list of addresses in docs/guide/addresses.md, from the code: `make addresses` writes it anew."""

import inspect
import os
from collections.abc import Callable, Iterator

import django
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.trees import ROOT

ADDRESSES = ROOT / "docs" / "guide" / "addresses.md"
_HEAD = """# Addresses

Every address, who may open it, and what it is for. Written from the code by `make addresses`.

| address | who | what |
| --- | --- | --- |
"""


def patterns(
    inside: URLResolver, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, Callable[..., object]]]:
    """Address, name and view of every pattern."""
    for pattern in inside.url_patterns:
        address = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, address, inner)
        elif isinstance(pattern, URLPattern):
            yield address, f"{space}{pattern.name}", pattern.callback


def who(name: str) -> str:
    gate = settings.PERMISSION_MATRIX.get(name)
    if gate is None:
        return "**nobody: not in the matrix**"
    if isinstance(gate, frozenset):
        return ", ".join(sorted(str(one.value) for one in gate))
    return {"anyone": "anyone", "signed_in": "everybody on staff"}[gate.value]


def what(view: Callable[..., object]) -> str:
    told = inspect.getdoc(getattr(view, "view_class", view)) or ""
    first = told.strip().split("\n\n")[0].replace("\n", " ")
    if view.__module__.startswith("allauth"):
        return "Sign-in, by django-allauth."
    return first if view.__module__.startswith("tellonce") or first else view.__module__


def as_text() -> str:
    """The whole list."""
    rows = sorted({(f"/{address}", who(name), what(view)) for address, name, view in patterns(get_resolver())})
    return _HEAD + "".join(f"| `{address}` | {people} | {told.replace('|', '/')} |\n" for address, people, told in rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellonce.config.settings")
    django.setup()
    ADDRESSES.write_text(as_text())
