"""A moment is told and never changed; the one exception, erasure, lives in record."""

import ast
import re
from pathlib import Path

from tests.architecture.trees import SOURCE, product_files, shown, tree

CHANGES = {"update", "delete", "bulk_update", "update_or_create", "save"}
STATEMENT = re.compile(r"(UPDATE|DELETE\s+FROM|TRUNCATE)\s+(ONLY\s+)?\"?record_moment\b", re.IGNORECASE)


def is_change_of_moments(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        return re.match(r"Moment\.(objects|_default_manager)\b", ast.unparse(node.func.value)) is not None
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(STATEMENT.search(node.value))


def changes(path: Path) -> list[str]:
    return [f"{shown(path)}:{node.lineno}" for node in ast.walk(tree(path)) if is_change_of_moments(node)]


def test_nobody_but_record_changes_a_moment() -> None:
    record = SOURCE / "modules" / "record"
    wrong = [found for path in product_files() if not path.is_relative_to(record) for found in changes(path)]
    assert wrong == []
