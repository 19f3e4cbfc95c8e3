"""What an operator writes becomes settings, or is refused with the place in the file."""

import re
from pathlib import Path

import pytest

from tellonce.switchboard.drivers.embedded.reading import read_settings
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk
from tellonce.switchboard.errors import DriverError

GUIDE = Path(__file__).parents[6] / "docs" / "guide" / "phones.md"

WHOLE = """
address = "192.0.2.1"
media_ports = [30000, 31000]

[[trunks]]
name = "carrier"
host = "203.0.113.5"
sources = ["203.0.113.0/28"]
numbers = ["+12025550123"]
"""


def read(folder: Path, text: str) -> GatewaySettings:
    path = folder / "phones.toml"
    path.write_text(text)
    return read_settings(path, folder=folder)


def test_what_is_not_said_is_as_usual(tmp_path: Path) -> None:
    trunk = Trunk("carrier", "203.0.113.5", sources=("203.0.113.0/28",), numbers=("+12025550123",))
    assert read(tmp_path, WHOLE) == GatewaySettings(
        str(tmp_path), address="192.0.2.1", media_ports=(30_000, 31_000), trunks=(trunk,)
    )


def test_the_example_of_the_guide_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert read(tmp_path, example).trunk_out() is not None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("address", "adress", "adress is no setting"),
        ("numbers", "number", r"trunks\[0\].number is no setting"),
        ('host = "203.0.113.5"\n', "", "trunks.0.host"),
        ("[30000, 31000]", '"all"', "media_ports"),
        ("[[trunks]]", "[[trunks", "cannot be read"),
        ('"192.0.2.1"', '"0.0.0.0"', "wildcard"),
        ('address = "192.0.2.1"', 'folder = "/x"', "folder is no setting"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(DriverError, match=why):
        read(tmp_path, WHOLE.replace(old, new))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DriverError, match=r"phones\.toml cannot be read"):
        read_settings(tmp_path / "phones.toml", folder=tmp_path)
