"""The ladder of modules, where import-linter cannot see it: in strings, and in querysets."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.trees import MODULES, SOURCE, module_of, product_files, shown, tree

POINTERS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
QUERYSETS = {"objects", "_default_manager", "_base_manager"}


def pointers(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, target app and related_name of every foreign key that is given as a string."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in POINTERS:
            target = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "to")
            if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                names = [k.value for k in node.keywords if k.arg == "related_name"]
                name = names[0].value if names and isinstance(names[0], ast.Constant) else ""
                yield node.lineno, target.value.split(".")[0], str(name)


def test_foreign_keys_point_down_the_ladder_and_leave_nothing_behind() -> None:
    wrong = []
    for path in product_files():
        own = module_of(path)
        for line, target, name in pointers(path):
            if target in MODULES and own in MODULES and MODULES.index(target) > MODULES.index(own):
                wrong.append(f"{shown(path)}:{line} points up to {target}")
            if target in MODULES and target != own and name != "+":
                wrong.append(f"{shown(path)}:{line} leaves a reverse attribute in {target}")
    assert wrong == []


def foreign_models(path: Path) -> dict[str, str]:
    """The models of other modules that a file imports: the name it uses, and whose they are."""
    own = module_of(path)
    found = {}
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("tellonce.modules."):
            continue
        parts = (node.module or "").split(".")
        for alias in node.names:
            is_model = len(parts) > 3 and parts[3] == "models" and alias.name[0].isupper()
            if is_model and parts[2] != own:
                found[alias.asname or alias.name] = parts[2]
    return found


def test_no_module_asks_another_ones_tables() -> None:
    wrong = []
    for path in product_files():
        foreign = foreign_models(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in QUERYSETS:
                name = node.value.id
                wrong += [f"{shown(path)}:{node.lineno} {name} is of {foreign[name]}"] if name in foreign else []
    assert wrong == []


def test_every_module_stands_on_the_ladder() -> None:
    assert {path.name for path in (SOURCE / "modules").iterdir() if (path / "apps.py").exists()} == set(MODULES)
