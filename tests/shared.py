"""Where the shared data and specifications are: beside the project, or where TELLONCE_DATA and TELLONCE_SPECS say."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parent.parent.parent / "shared"
DATA = Path(os.environ.get("TELLONCE_DATA", _BESIDE / "data"))
SPECS = Path(os.environ.get("TELLONCE_SPECS", _BESIDE / "specs"))


def shared_file(folder: Path, name: str) -> Path:
    """The file, or the test is skipped with the reason."""
    path = folder / name
    if not path.exists():
        pytest.skip(f"the shared file {name} is not here (TELLONCE_DATA, TELLONCE_SPECS)")
    return path
