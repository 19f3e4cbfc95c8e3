"""Every dependency is pinned, with its reason, and the pins agree."""

import re
import tomllib

from tests.architecture.trees import ROOT

PIN = re.compile(r'^\s+"(?P<name>[A-Za-z0-9_.-]+)(\[[^\]]*\])?==(?P<version>[^";]+)(; [^"]+)?",\s*(?P<reason>#.*\S)?$')


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line.strip() and not line.startswith("#"))
    return {normal(name): version for name, version in pairs}


def declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *(pin for extra in project["optional-dependencies"].values() for pin in extra)]


def test_direct_dependencies_are_pinned_with_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    pinned = [found for line in lines if (found := PIN.match(line))]
    assert len(pinned) == len(declared())
    assert [found["name"] for found in pinned if not found["reason"]] == []


def test_pins_agree_with_the_constraints() -> None:
    pins = {normal(re.split(r"[\[=]", text)[0]): text.partition("==")[2].partition(";")[0] for text in declared()}
    assert {name: version for name, version in pins.items() if constraints().get(name) != version} == {}
