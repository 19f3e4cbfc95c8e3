"""At which port the demo's phone gateway listens, and that it can be left out."""

import socket
import tomllib
from pathlib import Path

import pytest

from tellonce.cli.demo import children_beside
from tellonce.cli.sip_port import lay_phone
from tellonce.config.setup import read_setup
from tellonce.demo.entry import ENTRY


def _port_of(home: Path) -> int:
    settings = tomllib.loads((home / "phones.toml").read_text())["embedded"]
    assert (settings["address"], settings["open_entries"]) == ("127.0.0.1", [ENTRY])
    return int(settings["port"])


def test_the_port_stays_while_it_is_free_and_another_is_taken_when_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELLONCE_PHONE", "embedded")
    first = lay_phone(tmp_path)
    assert first == lay_phone(tmp_path) == _port_of(tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", first))
        second = lay_phone(tmp_path)
        assert second not in {0, first}
    assert lay_phone(tmp_path) == second == _port_of(tmp_path)


def test_whoever_wants_no_phone_in_the_demo_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLONCE_PHONE", "none")
    assert lay_phone(tmp_path) == 0
    assert not (tmp_path / "phones.toml").exists()


@pytest.mark.parametrize(
    ("phone", "calls", "beside"),
    [
        ("embedded", True, ["callers --pace 2.5"]),
        ("none", True, ["callers --pace 2.5"]),
        ("embedded", False, ["own-line"]),
        ("none", False, []),
    ],
)
def test_the_line_for_real_phones_is_kept_with_and_without_made_up_callers(
    tmp_path: Path, phone: str, calls: bool, beside: list[str]
) -> None:
    settings = read_setup({"TELLONCE_HOME": str(tmp_path), "TELLONCE_PHONE": phone})
    children = children_beside(settings, calls=calls, pace=2.5)
    assert [" ".join(each.command).split("tellonce.cli ")[1] for each in children] == beside
