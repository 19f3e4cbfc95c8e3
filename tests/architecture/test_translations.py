"""Spanish is complete: every text that a person reads is collected, translated and compiled."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tellonce"
CATALOGUE = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|\{(\w*)\}")


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def test_every_text_is_translated() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    missing = [entry.msgid for entry in catalogue if not entry.translated() and not entry.obsolete]
    assert not missing, f"{len(missing)} texts have no Spanish: {missing[:10]}"


def test_translations_keep_their_placeholders() -> None:
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(CATALOGUE))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and not placeholders(text) <= placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    ]
    assert not wrong


def test_the_compiled_catalogue_is_of_this_text() -> None:
    compiled = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    }
    written = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.pofile(str(CATALOGUE)).translated_entries()
    }
    assert compiled == written, "run `make messages`"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="collecting texts needs GNU gettext")
def test_every_text_is_collected(tmp_path: Path) -> None:
    copy = tmp_path / "tellonce"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "es", "--no-location", "--no-wrap", "-v", "0"],
        cwd=copy,
        check=True,
    )
    fresh = polib.pofile(str(copy / "locale" / "es" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
    new = [entry.msgid for entry in fresh if not entry.obsolete and (entry.msgctxt, entry.msgid) not in known]
    assert not new, f"run `make messages`, and translate: {new[:10]}"
