"""Texts of the table as expressions: parsed once, when they are needed, and instantiated with operands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Node, Shape, postorder, substitute_sizes
from matcalc.expr.built.lifting import lift
from matcalc.functions.table import FUNCTIONS, Function
from matcalc.language.parsing import parse
from matcalc.language.sizes.signatures import parse_signature

__all__ = [
    "adjoint",
    "differential",
    "expand_macro",
    "instance",
    "may_stay_equal",
    "partial_derivative",
    "vec_form",
]

Operands = tuple[Node, ...]


def partial_derivative(name: str, i: int, args: Operands, shape: Shape) -> Node:
    """f_i'(args), entry by entry, for an elementwise function."""
    row = FUNCTIONS[name]
    if i >= len(row.derivatives) or row.derivatives[i] == "undefined":
        raise UnsupportedError(f"{name} has no derivative by its argument {row.parameters[i]}")
    texts = row.derivatives_of_equals if row.derivatives_of_equals and may_stay_equal(args) else row.derivatives
    template, leaves = _scalar_template(name, texts[i])
    return lift(template, dict(zip(leaves, args, strict=True)), shape)


def may_stay_equal(args: Operands) -> bool:
    """Whether two expressions may be equal on an open set without being one: they share a name, and one has pieces.

    Those without pieces are analytic, and analytic functions that are equal on an open set are so everywhere.
    """
    first, second = (set(postorder(a)) for a in args)
    shared = {node for node in first & second if node.op == "variable"}
    return bool(shared) and any(node.op in ("apply", "call") and _has_pieces(node) for node in first | second)


def _has_pieces(node: Node) -> bool:
    row = FUNCTIONS.get(node.data[0])
    return row is not None and not row.analytic


@cache
def _scalar_template(name: str, text: str) -> tuple[Node, Operands]:
    return _parsed(text, dict.fromkeys(FUNCTIONS[name].parameters, "scalar"))


def forget() -> None:
    """Parse every text anew: a row of the table was replaced."""
    _scalar_template.cache_clear()
    _call_template.cache_clear()


def _parsed(text: str, where: Mapping[str, str]) -> tuple[Node, Operands]:
    """The text as a node, and the nodes of the names in ``where``."""
    parsed = parse(text, dict(where), trust=True)
    leaves = parse(" + ".join(f"tr({n}^T {n})" for n in where), dict(where)) if where else parsed
    declared = leaves.declarations
    return parsed.node, tuple(declared[name].node for name in where)


# --- calls ------------------------------------------------------------------------------------


def signature_number(row: Function, static: Sequence[object], args: Operands) -> int:
    """Which signature a call node belongs to."""
    if row.static:
        return row.static.index(tuple(static))
    return next(i for i in range(len(row.signatures)) if len(_shapes(row.name, i)[0]) == len(args))


@cache
def _call_template(name: str, number: int, text: str, extra: tuple[tuple[str, str], ...]) -> tuple[Node, Operands]:
    row = FUNCTIONS[name]
    where = {p: _declared(shape) for p, shape in zip(row.parameters, _shapes(name, number)[0], strict=False)}
    return _parsed(text, where | dict(extra))


def _shapes(name: str, number: int) -> tuple[tuple[Shape, ...], Shape]:
    signature = parse_signature(FUNCTIONS[name].signatures[number])
    return tuple(p.shape for p in signature.parameters if p.kind == "array"), signature.result


def _declared(shape: Shape) -> str:
    rows, cols = shape
    if rows.is_one and cols.is_one:
        return "scalar"
    return f"vector({rows})" if cols.is_one else f"matrix({rows}, {cols})"


def instance(name: str, number: int, text: str, values: Mapping[str, Node], extra: Mapping[str, Shape]) -> Node:
    """A text of the row with nodes for its parameters and for the extra names."""
    declared = tuple((n, _declared(s)) for n, s in extra.items())
    template, leaves = _call_template(name, number, text, declared)
    shapes = dict(zip(FUNCTIONS[name].parameters, _shapes(name, number)[0], strict=False)) | dict(extra)
    sizes: dict[str, Dim] = {}
    replacements: dict[Node, Node] = {}
    for leaf in leaves:
        parameter = str(leaf.data[0])
        value = values[parameter]
        for symbol, actual in zip(shapes[parameter], value.shape, strict=True):
            if len(symbol.names) == 1 and symbol == Dim.of(symbol.names[0]):
                sizes[symbol.names[0]] = actual
        replacements[leaf] = value
    for leaf in leaves:
        for symbol, actual in zip(shapes[str(leaf.data[0])], replacements[leaf].shape, strict=True):
            _solve(symbol, actual, sizes)
    return substitute_sizes(template, sizes, replacements)


def _solve(symbol: Dim, actual: Dim, sizes: dict[str, Dim]) -> None:
    """The one size that is still open in a sum of sizes, as the m in m + n - 1."""
    open_names = [name for name in symbol.names if name not in sizes]
    if len(open_names) == 1 and symbol - Dim.of(open_names[0]) == (
        rest := symbol.substitute({open_names[0]: Dim.of(0)})
    ):
        sizes[open_names[0]] = actual - rest.substitute(sizes)


def differential(name: str, static: Sequence[object], args: Operands, d: Operands, shape: Shape) -> Node:
    """The differential of a call, for the operands and their differentials."""
    row = FUNCTIONS[name]
    number = signature_number(row, static, args)
    if not row.differential:
        raise UnsupportedError(f"the derivative of {name} is not known")
    text = row.differential[number if len(row.differential) > 1 else 0]
    shapes = _shapes(name, number)[0]
    names = row.parameters[: len(shapes)]
    values = dict(zip(names, args, strict=True)) | {f"d{p}": x for p, x in zip(names, d, strict=True)}
    return instance(name, number, text, values, {f"d{p}": s for p, s in zip(names, shapes, strict=True)})


def adjoint(name: str, static: Sequence[object], i: int, args: Operands, g: Node, shape: Shape) -> Node:
    """The adjoint of a call in its i-th operand, applied to the cotangent G."""
    row = FUNCTIONS[name]
    number = signature_number(row, static, args)
    text = row.adjoints.get(f"{row.parameters[i]} of {len(args)}", row.adjoints.get(row.parameters[i]))
    if text is None:
        raise AssertionError(f"{name} is not linear in {row.parameters[i]}, or its adjoint is missing in the table")
    values = dict(zip(row.parameters, args, strict=False)) | {"G": g}
    return instance(name, number, text, values, {"G": _shapes(name, number)[1]})


def vec_form(name: str, static: Sequence[object], i: int, args: Operands, shape: Shape) -> Node | None:
    """The matrix of a linear call on vec of its i-th operand, where the table has one."""
    row = FUNCTIONS.get(name)
    if row is None or i >= len(row.parameters):
        return None
    text = row.vec_forms.get(row.parameters[i])
    if text is None:
        return None
    values = dict(zip(row.parameters, args, strict=False))
    return instance(name, signature_number(row, static, args), text, values, {})


def expand_macro(name: str, number: int, args: Operands) -> Node:
    """The definition of a macro with its arguments put in."""
    row = FUNCTIONS[name]
    text = row.definition[number if len(row.definition) > 1 else 0]
    return instance(name, number, text, dict(zip(row.parameters, args, strict=False)), {})
