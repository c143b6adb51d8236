"""Functions of Python that give several values at once: the one that is meant, by its place or by its name, as a call of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import Fault
from matcalc.language.foreign.python_axes.python_evidence import arguments_of, word_of
from matcalc.language.foreign.python_axes.python_names import is_integer

__all__ = ["one_by_one"]

#: Function -> the names of its values, and the function that gives each; None where that has no meaning here.
_PARTS: Mapping[str, Mapping[str, str | None]] = {
    "slogdet": {"sign": "sign_of_det", "logabsdet": "logdet"},
    "eigh": {"eigenvalues": "eigvalsh", "eigenvectors": None},
    "svd": {"U": None, "S": "svdvals", "Vh": None},
    "cho_factor": {"c": "cho_factor", "lower": None},
    "max": {"values": "amax", "indices": None},
    "min": {"values": "amin", "indices": None},
    "var_mean": {"var": "var", "mean": "mean"},
    "std_mean": {"std": "std", "mean": "mean"},
}


def one_by_one(tree: ast.Module, text: str, span: Callable[[ast.AST], Span]) -> ast.Module:
    """s, l = slogdet(X) is s = …, l = logdet(X), and svd(X)[1] is svdvals(X); cho_solve(cho_factor(K), y) is solve(K, y)."""
    made: ast.Module = _Parts(tree, text, span).visit(tree)
    return ast.fix_missing_locations(made)


class _Parts(ast.NodeTransformer):
    def __init__(self, tree: ast.Module, text: str, span: Callable[[ast.AST], Span]) -> None:
        self.span, self.is_torch = span, "torch" in text
        self.read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        self.known: dict[str, tuple[str, dict[str, ast.expr]]] = {}
        self.lower: dict[str, bool] = {}

    # Statements.

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets) | ast.List(elts=targets)], value=ast.Call() as call):
                return list(self.separate(node, targets, call)) if self.has_parts(call) else node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                self.known.pop(name, None)
                return [*self.separate_names(name, call), node] if self.has_parts(call) else node
        return node

    def separate(self, node: ast.Assign, targets: Sequence[ast.expr], call: ast.Call) -> Iterator[ast.stmt]:
        """Of the values only those that are read anywhere."""
        parts = _PARTS[word_of(call.func)]
        if len(targets) != len(parts):
            raise Fault(f"{word_of(call.func)} gives {len(parts)} values", self.span(node))
        for target, part in zip(targets, parts, strict=True):
            if isinstance(target, ast.Name) and part == "lower":
                self.lower[target.id] = _is_lower(call)
            elif isinstance(target, ast.Name) and target.id in self.read:
                yield ast.copy_location(ast.Assign([target], self.part(call, part)), node)

    def separate_names(self, name: str, call: ast.Call) -> Iterator[ast.stmt]:
        """s_sign and s_logabsdet of s = slogdet(X)"""
        function = word_of(call.func)
        known = {part: f"{name}_{part}" for part, other in _PARTS[function].items() if other is not None}
        for part, own in known.items():
            target = ast.copy_location(ast.Name(id=own, ctx=ast.Store()), call)
            yield ast.copy_location(ast.Assign([target], self.part(call, part)), call)
        named = {part: ast.copy_location(ast.Name(id=own, ctx=ast.Load()), call) for part, own in known.items()}
        self.known[name] = function, {**named}
        self.lower[name] = _is_lower(call)

    # Expressions.

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        function = self.function(node.value)
        if function is None:
            return node
        names, place = list(_PARTS[function]), is_integer(node.slice)
        if place is None or not -len(names) <= place < len(names):
            raise Fault(f"{function} gives {len(names)} values", self.span(node))
        return self.part(node.value, names[place])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        function = self.function(node.value)
        return self.part(node.value, node.attr) if function is not None and node.attr in _PARTS[function] else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if word_of(node.func) == "cho_solve" and len(node.args) > 1:
            return self.solved(node, node.args[0], node.args[1])
        if word_of(node.func) == "svd" and any(k.arg == "compute_uv" and not _value(k.value) for k in node.keywords):
            return _renamed(node, "svdvals")
        return node

    def function(self, node: ast.expr) -> str | None:
        """The function that gives several values there."""
        if isinstance(node, ast.Name) and node.id in self.known:
            return self.known[node.id][0]
        return word_of(node.func) if isinstance(node, ast.Call) and self.has_parts(node) else None

    def has_parts(self, call: ast.Call) -> bool:
        """Whether it gives several values; max and min do so along an axis in PyTorch."""
        word, operands = word_of(call.func), arguments_of(call)
        if word not in ("max", "min"):
            return word in _PARTS and bool(operands) and not any(k.arg == "compute_uv" for k in call.keywords)
        along = any(k.arg == "dim" for k in call.keywords) or (
            len(operands) == 2 and is_integer(operands[1]) is not None
        )
        return along and (self.is_torch or any(k.arg == "dim" for k in call.keywords))

    def part(self, node: ast.expr, name: str) -> ast.expr:
        """One of the values. Raises Fault where it has no meaning here."""
        if isinstance(node, ast.Name):
            function, known = self.known[node.id]
            made = known.get(name)
        else:
            assert isinstance(node, ast.Call)
            function = word_of(node.func)
            other = _PARTS[function][name]
            made = _renamed(node, other) if other is not None else None
        if made is None:
            known_parts = " and ".join(part for part, other in _PARTS[function].items() if other is not None)
            raise Fault(
                f"of what {function} gives, {known_parts} is known here", self.span(node), "write what it computes"
            )
        return made

    def solved(self, node: ast.Call, factor: ast.expr, right: ast.expr) -> ast.expr:
        """cho_solve((L, True), y), and that of a factor that cho_factor gives"""
        if isinstance(factor, ast.Call) and word_of(factor.func) == "cho_factor" and factor.args:
            return _solve(node, factor.args[0], right)
        if isinstance(factor, ast.Name) and factor.id in self.known:
            lower, factor = self.lower[factor.id], self.part(factor, "c")
        elif isinstance(factor, ast.Tuple) and len(factor.elts) == 2:
            factor, flag = factor.elts
            if not isinstance(flag, ast.Constant) and not (isinstance(flag, ast.Name) and flag.id in self.lower):
                raise Fault(
                    "whether the factor is the lower one is not known here", self.span(flag), "write True or False"
                )
            lower = self.lower[flag.id] if isinstance(flag, ast.Name) else _value(flag)
        else:
            return node
        turned = ast.Attribute(value=factor, attr="T", ctx=ast.Load())
        left, other = (factor, turned) if lower else (turned, factor)
        return _solve(node, ast.BinOp(left, ast.MatMult(), other), right)


def _renamed(call: ast.Call, name: str) -> ast.expr:
    """The same call of another function of the same module, or another method."""
    function = call.func
    if isinstance(function, ast.Attribute):
        function = ast.copy_location(ast.Attribute(value=function.value, attr=name, ctx=ast.Load()), function)
    else:
        function = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), function)
    keywords = [k for k in call.keywords if k.arg not in ("compute_uv", "full_matrices")]
    return ast.copy_location(ast.Call(func=function, args=call.args, keywords=keywords), call)


def _solve(node: ast.Call, matrix: ast.expr, right: ast.expr) -> ast.expr:
    function = ast.Attribute(value=ast.Name(id="linalg", ctx=ast.Load()), attr="solve", ctx=ast.Load())
    made = ast.Call(func=function, args=[matrix, right], keywords=[])
    for inner in ast.walk(made):
        if not hasattr(inner, "lineno"):
            ast.copy_location(inner, node)
    return made


def _is_lower(call: ast.Call) -> bool:
    """cho_factor(K, lower=True); else its factor is the upper one."""
    given = next((k.value for k in call.keywords if k.arg == "lower"), call.args[1] if len(call.args) > 1 else None)
    return given is not None and _value(given)


def _value(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)
