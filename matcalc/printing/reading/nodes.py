"""How an expression is read: from nodes to the layout tree, one row for every operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcalc.expr import Node, entrywise_power, is_number, transpose
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.conjugates import original
from matcalc.functions import row_of
from matcalc.printing.layout import Layout, lay, number_layout, transposed
from matcalc.printing.reading import chains, contractions, indices, monomials, piecewise, terms
from matcalc.printing.reading.open_functions import read_open

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = ["READINGS"]


def _kind_of_value(node: Node) -> str:
    return "scalar" if node.is_scalar else "vector" if node.is_column else "matrix"


def _turned(layout: Layout, flipped: bool) -> Layout:
    return transposed(layout) if flipped else layout


def _variable(reader: Reader, node: Node, flipped: bool) -> Layout:
    name = lay("name", value=(original(node.data[0]) or node.data[0], _kind_of_value(node)))
    return _turned(_of_leaf(node, name), flipped)


def _of_leaf(node: Node, shown: Layout) -> Layout:
    """The conjugate of what is shown, where the leaf is that."""
    return lay("conjugate", shown) if original(node.data[0]) is not None else shown


def _perturbation(reader: Reader, node: Node, flipped: bool) -> Layout:
    name, index, _ = node.data
    shown = lay("perturbation", value=(original(name) or name, index, _kind_of_value(node)))
    return _turned(_of_leaf(node, shown), flipped)


def _ones(reader: Reader, node: Node, flipped: bool) -> Layout:
    if node.is_scalar:
        return number_layout(1)
    if node.is_column:
        return _turned(lay("ones", value=node.shape), flipped)
    return lay("ones", value=node.shape[::-1] if flipped else node.shape)


def _zero(reader: Reader, node: Node, flipped: bool) -> Layout:
    if node.is_scalar:
        return number_layout(0)
    return lay("zeros", value=node.shape[::-1] if flipped else node.shape)


def _identity(reader: Reader, node: Node, flipped: bool) -> Layout:
    return lay("identity", value=None if reader.notation.plain_identity else node.rows)


def _constant_array(reader: Reader, node: Node, flipped: bool) -> Layout:
    """unit, commutation, duplication, elimination, mask, selector"""
    values = {
        "unit": (*node.data, node.rows),
        "mask": (*node.data, *node.shape),
        "selector": (*node.data, *node.shape),
    }
    return _turned(lay(node.op, value=values.get(node.op, node.data)), flipped)


def _transpose(reader: Reader, node: Node, flipped: bool) -> Layout:
    return reader.of(node.args[0], not flipped)


def _matpow(reader: Reader, node: Node, flipped: bool) -> Layout:
    base, exponent = node.args
    inside = reader.of(base, flipped)
    if is_number(exponent) == -1:
        return lay("inverse_transpose", *inside.parts) if inside.kind == "transpose" else lay("inverse", inside)
    if inside.kind == "transpose":
        return transposed(lay("power", inside.parts[0], reader.of(exponent)))
    return lay("power", inside, reader.of(exponent))


def _kron(reader: Reader, node: Node, flipped: bool) -> Layout:
    return lay("kron", *(reader.of(a, flipped) for a in node.args))


#: Kernel operators that the language writes as a function, with the function's name there.
FUNCTION_NAMES = {"diagonal": "diag", "trace": "tr", "adjugate": "adj"}


def _function(reader: Reader, node: Node, flipped: bool) -> Layout:
    return _turned(
        lay("function", *(reader.of(a) for a in node.args), value=FUNCTION_NAMES.get(node.op, node.op)), flipped
    )


def _adjugate(reader: Reader, node: Node, flipped: bool) -> Layout:
    """adj(X)^T for adj(X^T)"""
    (inside,) = node.args
    if inside.upright.op != "variable":
        return lay("function", reader.of(inside, flipped), value="adj")
    shown = lay("function", reader.of(inside.upright), value="adj")
    return _turned(shown, flipped != (inside.op == "transpose"))


def _unvec(reader: Reader, node: Node, flipped: bool) -> Layout:
    sizes = (lay("literal", value=str(size)) for size in node.shape)
    return _turned(lay("function", reader.of(node.args[0]), *sizes, value="unvec"), flipped)


def _block(reader: Reader, node: Node, flipped: bool) -> Layout:
    height, width = node.data
    blocks = [_in_block(reader, node, k, flipped) for k in range(height * width)]
    if flipped:
        order = [i * width + j for j in range(width) for i in range(height)]
        return lay("block", *(blocks[k] for k in order), value=(width, height))
    return lay("block", *blocks, value=(height, width))


def _in_block(reader: Reader, node: Node, place: int, flipped: bool) -> Layout:
    """A block; 0 and I take their size from neighbours that have one."""
    part = node.args[place]
    height, width = node.data
    i, j = divmod(place, width)
    row = any(_has_size(node.args[i * width + k]) for k in range(width))
    column = any(_has_size(node.args[k * width + j]) for k in range(height))
    if part.op == "zero" and row and column:
        return number_layout(0)
    if part.op == "identity" and (row or column):
        return lay("identity")
    return reader.of(part, flipped)


def _has_size(node: Node) -> bool:
    return node.op not in ("zero", "identity") and not node.is_scalar


def _apply(reader: Reader, node: Node, flipped: bool) -> Layout:
    """|s| of a scalar has bars of its own; of an array, bars would be a norm."""
    name = node.data[0]
    if name == "abs" and node.is_scalar:
        return lay("absolute", reader.of(node.args[0]))
    if name in RELATIONS:
        return piecewise.indicator(name, *(reader.of(a, flipped) for a in node.args))
    if name == "where":
        return piecewise.cases(*(reader.of(a, flipped) for a in node.args))
    raised = entrywise_power(node)
    if raised is not None:
        return lay("hadamard_power", *(reader.of(a, flipped) for a in raised))
    return lay("function", *(reader.of(a, flipped) for a in node.args), value=name)


def _call(reader: Reader, node: Node, flipped: bool) -> Layout:
    name, *static = node.data
    if name == "kron_contract":
        return contractions.read_contraction(reader, node, flipped)
    arguments = [reader.of(a) for a in node.args]
    row = row_of(name)
    if row.bars is not None and len(arguments) == 1 and not static and not node.args[0].is_column:
        return lay("norm", *arguments, value=row.bars)
    if row.along is not None and len(arguments) == 1:
        return _along_axis(reader, node, row.along, flipped)
    if row.turned and len(arguments) == 1 and arguments[0].kind == "transpose":  # f(X^T) = f(X)^T
        arguments, flipped = list(arguments[0].parts), not flipped
    if name == "pinv":
        return _turned(lay("pseudoinverse", *arguments), flipped)
    shown = static if (name, *static) != ("softmax", 2) else ()
    flat = (part for option in shown for part in (option if isinstance(option, tuple) else (option,)))
    options = (lay("literal", value=str(option)) for option in flat)
    return _turned(lay("function", *arguments, *options, value=name), flipped)


#: Functions whose second argument may be an array: an axis is named.
TWO_ARRAYS = frozenset(("max", "min"))


def _along_axis(reader: Reader, node: Node, along: tuple[str, int], flipped: bool) -> Layout:
    """f(X, 2), or f(X, 1) for the transpose of what it is of X^T; of a column without an axis."""
    name, axis = along
    (x,) = node.args
    if flipped and reader.of(x).kind == "transpose":
        x, axis, flipped = transpose(x), 3 - axis, False
    option = f"axis={axis}" if name in TWO_ARRAYS else str(axis)
    options = () if x.is_column else (lay("literal", value=option),)
    return _turned(lay("function", reader.of(x), *options, value=name), flipped)


# fmt: off
#: How each operator is read: (reader, node, whether its transpose is wanted) -> layout.
READINGS: dict[str, Callable[[Reader, Node, bool], Layout]] = {
    "variable":     _variable,
    "perturbation": _perturbation,
    "ones":         _ones,
    "zero":         _zero,
    "identity":     _identity,
    "unit":         _constant_array,
    "at":           indices.read_at,
    "total":        indices.read_total,
    "constant":     lambda reader, node, flipped: lay("constant", value=node.data[0]),
    "dimension":    lambda reader, node, flipped: lay("name", value=(str(node.data[0]), "scalar")),
    "commutation":  _constant_array,
    "duplication":  _constant_array,
    "elimination":  _constant_array,
    "mask":         _constant_array,
    "selector":     _constant_array,
    "add":          terms.read_sum,
    "matmul":       chains.read_product,
    "scale":        monomials.read_scale,
    "power":        monomials.read_power,
    "transpose":    _transpose,
    "matpow":       _matpow,
    "kron":         _kron,
    "diag":         _function,
    "diagonal":     _function,
    "trace":        chains.read_trace,
    "det":          _function,
    "logdet":       _function,
    "adjugate":     _adjugate,
    "vec":          _function,
    "unvec":        _unvec,
    "block":        _block,
    "apply":        _apply,
    "call":         _call,
    "open":         read_open,
}
# fmt: on
