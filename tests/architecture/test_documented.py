"""Every setting, command and address is described for whoever runs or uses it."""

import re

import typer

from tellonce.cli.app import app
from tests.architecture.addresses import ADDRESSES, as_text
from tests.architecture.trees import ROOT, SOURCE

OPERATORS = ROOT / "docs" / "guide" / "operators.md"


def test_every_setting_is_in_the_operators_guide() -> None:
    read = "".join((SOURCE / "config" / name).read_text() for name in ("setup.py", "ice.py"))
    settings = set(re.findall(r'"((?:TELLONCE|DATABASE)_[A-Z_]+)"', read))
    told = set(re.findall(r"`((?:TELLONCE|DATABASE)_[A-Z_]+)`", OPERATORS.read_text()))
    assert settings - told == set()
    assert {name for name in told if name not in settings and not name.startswith("TELLONCE_TEST")} == set()


def commands() -> list[tuple[str, str]]:
    """Every command with its help, as people type it."""
    group = typer.main.get_command(app)
    found: list[tuple[str, str]] = []

    def walk(command: object, name: str) -> None:
        children = getattr(command, "commands", None)
        if children is None:
            found.append((name, str(getattr(command, "help", ""))))
            return
        for child_name, child in children.items():
            if not child.hidden:
                walk(child, f"{name} {child_name}")

    walk(group, "tellonce")
    return found


def test_every_command_is_in_the_operators_guide_and_its_help_has_an_example() -> None:
    text = OPERATORS.read_text()
    assert [name for name, _ in commands() if f"`{name}" not in text] == []
    assert [name for name, told in commands() if "Example: `tellonce" not in told] == []


def test_every_address_is_in_the_list_of_addresses() -> None:
    assert ADDRESSES.read_text() == as_text(), "write it anew: make addresses"
