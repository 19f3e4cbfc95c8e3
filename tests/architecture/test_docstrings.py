"""What others rely on is described: every public name of kernel, lab and the modules' contracts."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.trees import SOURCE, product_files, shown, tree

DESCRIBED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def relied_on(path: Path) -> bool:
    parts = path.relative_to(SOURCE).parts
    return parts[0] in {"kernel", "lab"} or "contracts" in parts or parts[-1] == "contracts.py"


def public(nodes: list[ast.stmt], *, inside: str = "") -> Iterator[tuple[str, DESCRIBED]]:
    for node in nodes:
        if isinstance(node, DESCRIBED) and not node.name.startswith("_"):
            yield f"{inside}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, inside=f"{node.name}.")


def needs_none(name: str, node: DESCRIBED) -> bool:
    """The headline of a moment's kind says itself what it is; a Protocol's other implementations repeat nothing."""
    return name.endswith(".headline") or any(
        isinstance(decorator, ast.Name) and decorator.id in {"overload", "override"}
        for decorator in node.decorator_list
    )


def test_every_module_says_what_it_is() -> None:
    assert [shown(path) for path in product_files() if path.stat().st_size and not ast.get_docstring(tree(path))] == []


def test_public_names_of_kernel_lab_and_contracts_are_described() -> None:
    bare = [
        f"{shown(path)}: {name}"
        for path in product_files()
        if relied_on(path)
        for name, node in public(tree(path).body)
        if not ast.get_docstring(node) and not needs_none(name, node)
    ]
    assert bare == []
