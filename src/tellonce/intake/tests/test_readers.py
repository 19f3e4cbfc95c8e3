"""Files as they really come: odd encodings and delimiters, quoted newlines, ragged rows, and hostile ones."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tellonce.intake.contracts import Problem, UnreadableFileError, in_short
from tellonce.intake.readers import FileSpec, open_table


def _written(folder: Path, content: bytes | str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _read(path: Path, spec: FileSpec | None = None) -> tuple[tuple[str, ...], list[object], str]:
    with open_table(path, spec) as table:
        return table.columns, list(table.rows), table.how


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_where_values_hold_others(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "name", "note"], ["1", "Ng, Li", "a;b"], ["2", "O'Hara", "x|y"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    columns, read, _ = _read(_written(tmp_path, text))
    assert columns == ("id", "name", "note")
    assert read == [(2, rows[1]), (3, rows[2])]


@pytest.mark.parametrize(
    ("encoding", "how"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "guessed"), ("utf-32", "utf-32")],
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str, how: str) -> None:
    names = ["Jürgen Größer", "Zoë Núñez", "François Lefèvre", "Søren Ångström"] * 5
    text = "id,name\n" + "\n".join(f"{at},{name}" for at, name in enumerate(names))
    columns, read, said = _read(_written(tmp_path, text.encode(encoding)))
    assert columns == ("id", "name")
    assert [row[1][1] for row in read] == names  # type: ignore[index]  # rows, no problems
    assert how in said


def test_latin_letters_are_read_as_the_country_writes_them_and_shown(tmp_path: Path) -> None:
    western = _written(tmp_path, "id;name\n1;Käthe Müller\n2;Søren Peña\n3;Renée Núñez\n".encode("latin-1"))
    with open_table(western, FileSpec(country="US")) as table:
        assert [row[1][1] for row in table.rows if not isinstance(row, Problem)][1] == "Søren Peña"
        assert table.words == ("Käthe", "Müller", "Søren", "Peña", "Renée", "Núñez")
    czech = _written(tmp_path, "id;name\n1;Jiří Dvořák\n2;Zdeňka Němcová\n".encode("cp1250"))
    with open_table(czech, FileSpec(country="CZ")) as table:
        assert table.words == ("Jiří", "Dvořák", "Zdeňka", "Němcová")
    plain = _written(tmp_path, "id;name\n1;Käthe\n")
    with open_table(plain) as table:
        assert table.words == ()


def test_a_stated_encoding_that_does_not_fit_is_refused_with_its_line(tmp_path: Path) -> None:
    path = _written(tmp_path, b"id,name\n1,Ana\n2,J\xfcrgen\n")
    with pytest.raises(UnreadableFileError, match="Line 3 is not text in utf-8") as refused:
        _read(path, FileSpec(encoding="utf-8"))
    assert refused.value.problem.line == 3
    assert refused.value.problem.value == "fc"


def test_quoted_newlines_stay_in_their_value_and_lines_still_count(tmp_path: Path) -> None:
    _, rows, _ = _read(_written(tmp_path, 'id,note\n1,"first\nsecond"\n2,plain\n'))
    assert rows == [(2, ["1", "first\nsecond"]), (4, ["2", "plain"])]


def test_ragged_rows_are_told_by_line_and_the_rest_is_read(tmp_path: Path) -> None:
    _, rows, _ = _read(_written(tmp_path, "id,name\n1,Ana\n2\n3,Ben,extra\n4,Cem,,\n"))
    assert rows[0] == (2, ["1", "Ana"])
    assert [row.line for row in rows if isinstance(row, Problem)] == [3, 4]
    assert rows[3] == (5, ["4", "Cem"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"id,id\n1,2\n", "Two columns are named"),
        (b"id,,name\n1,2,3\n", "Column 2 has no name"),
        (b'id,name\n1,"never closed\n2,Ben\n', "never closed"),
        (b"id,name\n1,a\x00b\n", "NUL"),
        (b'id,note\n1,"' + b"x" * 10_000_000 + b'"\n', "longer than a million"),
        (b"id,note\n1," + b"x" * 10_000_000 + b"\n", "longer than a million"),
        (b'[{"id": 1}]', "one JSON list"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd3\x077u\xd2\xbch,\xe5\x01\n", "holds control characters"),
        (b"PK\x03\x04 broken", "not a whole XLSX"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        _read(_written(tmp_path, content))


def test_a_sentence_lists_so_many_names_of_columns_and_no_more() -> None:
    assert in_short(["id", "name"]) == "id, name"
    assert len(in_short(["x" * 1_000] * 1_000)) < 2_000


def test_json_lines_become_columns_and_a_bad_line_is_told(tmp_path: Path) -> None:
    text = '{"id": 1, "at": {"town": "Ely"}, "ok": true, "price": 19.90}\nnonsense\n{"id": "2", "late": null}\n[1]\n'
    columns, rows, _ = _read(_written(tmp_path, text, "file.jsonl"))
    assert columns == ("id", "at.town", "ok", "price", "late")
    assert rows[0] == (1, ["1", "Ely", "yes", "19.90", ""])
    assert rows[2] == (3, ["2", "", "", "", ""])
    assert [row.line for row in rows if isinstance(row, Problem)] == [2, 4]


def test_a_sheet_is_read_with_numbers_and_dates_as_text(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "since", "price", "late"])
    sheet.append([250635.0, datetime(2024, 2, 29), 19.5, True])  # noqa: DTZ001 - a sheet's own
    sheet.append([None, None, None, None])
    sheet.append(["A7", "x", None, False])
    path = tmp_path / "book.xlsx"
    book.save(path)
    columns, rows, how = _read(path)
    assert columns == ("id", "since", "price", "late")
    assert rows == [(2, ["250635", "2024-02-29", "19.5", "yes"]), (4, ["A7", "x", "", "no"])]
    assert "XLSX" in how
    with pytest.raises(UnreadableFileError, match="no sheet"):
        _read(path, FileSpec(sheet="Nowhere"))


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableFileError, match="unpacks to 60 MB"):
        _read(path)
