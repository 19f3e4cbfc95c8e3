"""Readers of files: CSV in any encoding and delimiter, JSON Lines, XLSX; a row at a time, never a whole file."""

from tellonce.intake.readers.files import open_table
from tellonce.intake.readers.tables import FileSpec, Table

__all__ = ["FileSpec", "Table", "open_table"]
