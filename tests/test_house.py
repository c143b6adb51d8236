"""The house: which package may import which, how many modules stand in one folder, and what each package says of itself.

What is checked is read from the imports of the code. ARCHITECTURE.md says why the order is as it is.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import matcalc
from matcalc.compiling.targets import TARGETS

ROOT = Path(matcalc.__file__).parent
#: From the ground up: a package imports from those before it alone, when it is loaded.
ORDER = (
    "records", "errors", "patterns", "budget", "notes", "functions", "expr", "language", "simplify", "calculus", "printing",
    "explaining", "objects", "checking", "compiling", "interop", "convexity", "solving", "minimizing", "answers", "api", "documents", "serving", "command", "__main__",
)  # fmt: skip
#: So many modules in one folder, beside the package's own.
MOST = 12
#: Packages whose constructors may need each other: nothing else is circular.
MUTUAL = ("matcalc.expr",)
#: So many lines in one module, and in one function.
LONGEST, LONGEST_FUNCTION = 400, 40
#: Written by Lark.
GENERATED = {f"matcalc.language.parse_tables.{grammar}" for grammar in ("matcalc", "latex")}


@cache
def modules() -> dict[str, Path]:
    """All modules by their names."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[str]:
    """The modules of the package that a module imports when it is loaded."""
    for node in _at_load(parsed(name).body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "matcalc":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else str(node.module)


def _at_load(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements outside of functions and of what is for type checkers alone."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        for part in ("body", "orelse", "handlers", "finalbody"):
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield from _at_load(getattr(node, part, []))


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else "matcalc"


def test_packages_import_from_those_below_them() -> None:
    upwards = defaultdict(set)
    for name in modules():
        for other in imports(name):
            pair = room(name), room(other)
            if "matcalc" not in pair and pair[0] != pair[1] and ORDER.index(pair[1]) > ORDER.index(pair[0]):
                upwards[pair].add(f"{name} -> {other}")
    assert not upwards, {pair: sorted(found)[:3] for pair, found in upwards.items()}


def test_every_package_has_its_place_in_the_order() -> None:
    assert {room(name) for name in modules()} - {"matcalc"} == set(ORDER)


def test_modules_are_in_no_circle() -> None:
    """Only the constructors of nodes need each other. Importing a package is importing what it lists: it is no module here."""
    names = {name for name in modules() if not name.startswith(MUTUAL)}
    plain = {n for n in names if modules()[n].name != "__init__.py"}
    graph = {name: {other for other in imports(name) if other in plain and other != name} for name in names}
    assert not [name for name in sorted(names) if name in _reached(graph, name)]


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """The modules that are loaded for this one."""
    seen: set[str] = set()
    pending = list(graph[start])
    while pending:
        here = pending.pop()
        if here not in seen:
            seen.add(here)
            pending += graph[here]
    return seen


@pytest.mark.parametrize("folder", sorted({p.parent for p in ROOT.rglob("*.py")}), ids=lambda p: p.name)
def test_folders_are_rooms(folder: Path) -> None:
    """Few enough files to be seen at once, and a docstring that says what the room is for."""
    inside = [p for p in folder.glob("*.py") if p.name != "__init__.py"]
    assert len(inside) <= MOST
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def test_printing_has_no_ambient_state() -> None:
    """How something is printed is an argument: a `Style`."""
    printers = [name for name in modules() if room(name) in ("printing", "explaining", "objects", "documents")]
    assert not [name for name in printers if "contextvars" in modules()[name].read_text(encoding="utf-8")]


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert not {name: n for name, n in lines.items() if n > LONGEST and name not in GENERATED}


def test_functions_are_short() -> None:
    """A docstring is no line of what a function does."""
    sizes = sorted((size, where) for name in modules().keys() - GENERATED for where, size in _functions(name))
    assert not [where for size, where in sizes if size > LONGEST_FUNCTION]
    assert sizes[len(sizes) // 2][0] <= 5 and sizes[len(sizes) * 9 // 10][0] <= 15


def _functions(name: str) -> Iterator[tuple[str, int]]:
    """The lines of each function, from its first to its last."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            said = node.body[0] if ast.get_docstring(node) is not None else None
            text = 0 if said is None else (said.end_lineno or 0) - said.lineno + 1
            yield f"{name}.{node.name}", (node.end_lineno or 0) - node.lineno + 1 - text


def test_targets_are_told_by_their_descriptions() -> None:
    """No branch on the name or the class of a target: what differs is a field or a row of it."""
    names = {*TARGETS, *(target.columns[0] for target in TARGETS.values())}
    found = [
        f"{name}: {ast.unparse(node)}"
        for name in modules()
        if room(name) == "compiling"
        for node in ast.walk(parsed(name))
        if _asks_for(node, names)
    ]
    assert not found


def _asks_for(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Compare():
            return any(isinstance(c, ast.Constant) and c.value in names for c in ast.walk(node))
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
            return any(isinstance(k, ast.Name) and k.id.endswith("Target") for k in ast.walk(kind))
        case ast.MatchValue(value=ast.Constant(value=value)):
            return value in names
    return False
