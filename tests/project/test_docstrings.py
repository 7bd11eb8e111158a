"""What a docstring explains is there: its arguments and attributes are those of the code."""

import ast
import re
from collections.abc import Iterator

from tests.project.sources import modules


def explained(docstring: str, section: str) -> Iterator[str]:
    """The names under `Args:` or `Attributes:`."""
    under = re.search(rf"^{section}:\n((?:    .*\n?|\n)+)", docstring, re.MULTILINE)
    for names in re.findall(r"^    (\w+(?:, \w+)*):", under[1] if under else "", re.MULTILINE):
        yield from names.split(", ")


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    every = function.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs]
    return {each.arg for each in (*named, every.vararg, every.kwarg) if each is not None}


def attributes(of: ast.ClassDef) -> set[str]:
    """Fields, methods, what is set on `self`, and what the class is made from."""
    found = set(re.findall(r"self\.(\w+)", ast.unparse(of)))
    for part in of.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
        elif isinstance(part, ast.FunctionDef):
            found |= {part.name} | (arguments(part) if part.name == "__init__" else set())
    return found


def test_every_argument_and_attribute_that_is_explained_exists() -> None:
    missing, seen = [], 0
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            there = attributes(node) if isinstance(node, ast.ClassDef) else arguments(node)
            for section in ("Args", "Attributes"):
                names = list(explained(ast.get_docstring(node) or "", section))
                seen += len(names)
                missing += [f"{module}.{node.name}: {name}" for name in names if name not in there]

    assert seen > 100
    assert missing == []
