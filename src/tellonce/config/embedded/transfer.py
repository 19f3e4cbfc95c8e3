"""A database written to one file and read from it again, by the wheel's pg_dump and pg_restore."""

import re
import subprocess
from pathlib import Path

from tellonce.config.embedded.cluster import clean_environment
from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.files import ServerFiles

# Some distributions' servers mark every column with an option of their own (seen: pg_attver), which no other server
# takes. PostgreSQL itself knows only n_distinct and n_distinct_inherited.
_FOREIGN_OPTION = re.compile(r"^ALTER TABLE .* ALTER COLUMN .* SET \((?!n_distinct)[^)]*\);$\n?", re.MULTILINE)

# A function of ours sets a parameter of pg_trgm. A role that is no superuser may do that only once the library is
# loaded, which any call does.
_TRIGRAMS = re.compile(r"^(CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA (\S+);)$", re.MULTILINE)


def dump(*, files: ServerFiles, source: str, target: Path, environment: dict[str, str] | None = None) -> None:
    """Writes the database at `source` (a connection string) to `target`: one consistent moment, compressed."""
    _run(files, "pg_dump", "--format=custom", "--compress=1", "--file", str(target), source, more=environment)


def restore(*, files: ServerFiles, source: Path, target: str, environment: dict[str, str] | None = None) -> None:
    """Reads `source` into the empty database at `target` (a connection string); the first error ends it."""
    tables = source.with_name(f"{source.name}.sql")
    try:
        _run(files, "pg_restore", "--section=pre-data", "--file", str(tables), str(source))
        tables.write_text(_acceptable(tables.read_text()))
        words = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file", str(tables))
        _run(files, "psql", *words, target, more=environment)
    finally:
        tables.unlink(missing_ok=True)
    for section in ("data", "post-data"):
        words = (f"--section={section}", "--exit-on-error", "--jobs=2", "--dbname", target, str(source))
        _run(files, "pg_restore", *words, more=environment)


def _acceptable(script: str) -> str:
    """The script as any server takes it, from any role that owns the database."""
    return _TRIGRAMS.sub(r"\1\nSELECT \2.similarity('', '');", _FOREIGN_OPTION.sub("", script))


def _run(files: ServerFiles, program: str, *words: str, more: dict[str, str] | None = None) -> None:
    command = [files.program(program), *words]
    environment = clean_environment() | (more or {})
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if done.returncode != 0:
        raise EmbeddedDatabaseError(f"{program} failed: {done.stderr.strip()}")
