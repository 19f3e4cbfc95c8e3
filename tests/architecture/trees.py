"""The source as syntax trees, read once for all architecture tests."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tellonce"
MODULES = (
    "staff",
    "record",
    "care",
    "channels",
    "network",
    "billing",
    "field",
    "phone",
    "planning",
)  # the ladder, from the bottom


@cache
def python_files() -> tuple[Path, ...]:
    """Every file of ours but migrations."""
    folders = (SOURCE, ROOT / "tests", ROOT / "benchmarks")
    files = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return tuple(path for path in files if "migrations" not in path.parts)


@cache
def product_files() -> tuple[Path, ...]:
    """The product's files, without their tests."""
    return tuple(path for path in python_files() if path.is_relative_to(SOURCE) and "tests" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(), filename=str(path))


def shown(path: Path) -> str:
    """The path as one would write it."""
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str | None:
    """The module of the ladder that a file belongs to, or None."""
    parts = path.relative_to(SOURCE).parts if path.is_relative_to(SOURCE) else ()
    return parts[1] if len(parts) > 1 and parts[0] == "modules" else None
