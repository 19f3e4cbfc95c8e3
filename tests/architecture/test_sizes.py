"""Files stay short enough to be read at once."""

from tests.architecture.trees import python_files, shown

LONGEST = 500


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
