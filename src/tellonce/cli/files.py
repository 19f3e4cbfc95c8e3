"""The files that commands write: refused in one line before any work, and readable by their owner only."""

import os
from pathlib import Path
from typing import IO

from tellonce.kernel.errors import DomainError


class UnwritableFileError(DomainError):
    """The file that a command was told to write cannot be written; the text says what to do."""

    code = "unwritable_file"


def refuse_unless_writable(path: Path) -> None:
    """Says what is wrong with the place of a file that is to be written; folders are never made unasked."""
    if path.is_dir():
        raise UnwritableFileError(f"{path} is a folder: name the file to write in it.")
    if not path.parent.is_dir():
        raise UnwritableFileError(f"There is no folder {path.parent}: make it first, or name another file.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UnwritableFileError(f"You may not write {path}: name a file elsewhere.")


def private_file(path: Path) -> IO[str]:
    """The file, opened to be written anew."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="")
    except OSError as error:
        raise UnwritableFileError(f"{path} cannot be written ({error.strerror}): name another file.") from error
