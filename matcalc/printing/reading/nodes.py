"""How an expression is read: from nodes to the layout tree, one row for every operator.

`Reader.of(node, flipped)` is the layout of a node or of its transpose. Transposes sit on leaves inside; here
each node is read both ways, and ``(A x - b)^T`` stands where it is shorter than ``x^T A^T - b^T``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcalc.expr import Node, entrywise_power, is_number, postorder, transpose
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.canonical.transposition import TRANSPOSABLE_CALLS
from matcalc.printing.decimals import decimals_are_used
from matcalc.printing.layout import Layout, lay, number_layout, transposed
from matcalc.printing.reading import chains, contractions, indices, monomials, piecewise, terms
from matcalc.printing.reading.open_functions import read_open
from matcalc.printing.reading.spelling import Respelled

__all__ = ["READINGS", "Notation", "Reader"]

#: Operators that are asked whether their value is its own transpose.
_OWN_TRANSPOSE = frozenset({"variable", "perturbation", "diag", "identity"})
#: Columns that are transposed as a whole: (x ./ y)^T rather than x^T ./ y^T.
_OUTSIDE_OF_COLUMNS = frozenset({"sum", "function", "open", "hadamard", "hadamard_power", "hadamard_quotient"})
#: Brackets around a transposed matrix are worth this many characters more than they take.
OUTER_TRANSPOSE = 2
#: The same beside a number: (x - mean(x))^T rather than x^T - mean(x).
NUMBER_IN_ROW = -3
#: Around a column that is a sum or f(u).
OF_A_COLUMN = -1
#: The same in a product, where a sum stands in brackets anyway: a gradient is recognised in (…)^T dx.
OF_A_FACTOR = -3


@dataclass(frozen=True)
class Notation:
    """What a family of formats calls by name.

    Attributes:
        name: distinguishes the results kept on nodes.
        sums_by_name: ``sum(x)`` instead of the product with a row of ones.
        broadcast: a scalar may be added to an array: ``1 - x`` instead of a column of ones.
        plain_identity: every identity is ``I``, also where nothing but the shape of the whole fixes its size.
    """

    name: str
    sums_by_name: bool
    broadcast: bool
    plain_identity: bool = False


class Reader:
    """Reads nodes in one notation; results are kept on the nodes."""

    def __init__(self, notation: Notation, respelled: Respelled | None = None) -> None:
        self.notation = notation
        #: How sums were typed.
        self.fixed = respelled.fixed if respelled is not None else frozenset()
        self.orders = respelled.orders if respelled is not None else {}
        self.turned = respelled.turned if respelled is not None else frozenset()
        self.upright = respelled.upright if respelled is not None else frozenset()
        self.written = respelled.written if respelled is not None else frozenset()
        #: How many sums were spelled with their signs reversed.
        self.reversals = 0
        self._key = f"layout {notation.name} {notation.plain_identity} {decimals_are_used()}"
        self._read: dict[Node, tuple[Layout, Layout]] | None = None if respelled is None else {}

    def read(self, root: Node) -> Layout:
        """The layout of an expression, in time linear in its DAG."""
        if self._known(root) is None:
            for node in postorder(root):
                if self._known(node) is None:
                    self._keep(node, self._both_ways(node))
        return self.of(root)

    def _known(self, node: Node) -> tuple[Layout, Layout] | None:
        """What was read before: on the node, unless it depends on what was typed."""
        return node.cache.get(self._key) if self._read is None else self._read.get(node)

    def _keep(self, node: Node, both: tuple[Layout, Layout]) -> None:
        if self._read is None:
            node.cache[self._key] = both
        else:
            self._read[node] = both

    def of(self, node: Node, flipped: bool = False) -> Layout:
        """The layout of a node, or of its transpose, that was read before."""
        both = self._known(node)
        if both is None:
            self.read(node)
            both = self._known(node)
            assert both is not None
        return both[flipped]

    def spelled(self, node: Node, flipped: bool, minus: Node | None) -> Layout:
        """The layout of a node in which the sum ``minus`` shows all its signs reversed."""
        if minus is None:
            return self._factor(node, flipped)
        if node is minus:
            self.reversals += 1
            return self._reversed(node, flipped)
        if node.op == "transpose" and node.args[0] is minus:
            self.reversals += 1
            return self._reversed(minus, not flipped)
        return self._reversed_inside(node, flipped, minus) if monomials.holds(node, minus) else self.of(node, flipped)

    def _reversed_inside(self, node: Node, flipped: bool, minus: Node) -> Layout:
        """The layout of a node somewhere in which the sum ``minus`` shows its signs reversed."""
        match node.op:
            case "power":
                return monomials.read_entrywise(self, node, flipped, minus)
            case "matmul":
                return chains.read_product(self, node, flipped, minus)
            case "kron":
                return lay("kron", *(self.spelled(a, flipped, minus) for a in node.args))
            case "trace":
                return chains.read_trace_reversed(self, node, minus)
            case "transpose":
                return self.spelled(node.args[0], not flipped, minus)
            case "diag" | "diagonal":
                inside = self.spelled(node.args[0], False, minus)
                return _turned(lay("function", inside, value="diag"), flipped and node.op == "diagonal")
        return self.of(node, flipped)

    def _reversed(self, node: Node, flipped: bool) -> Layout:
        """A sum with all its signs reversed, turned as it would be without that."""
        if node in self.turned:
            node, flipped = transpose(node), not flipped
        direct = terms.read_sum(self, node, flipped, reversed_signs=True)
        if node.is_scalar:
            return direct
        other = terms.read_sum(self, node, not flipped, reversed_signs=True)
        if node in self.upright:
            return transposed(other) if flipped else direct
        return shorter(direct, other, OF_A_FACTOR if node.is_column and flipped else OUTER_TRANSPOSE)

    def _factor(self, node: Node, flipped: bool) -> Layout:
        direct = self.of(node, flipped)
        is_row = node.is_row != flipped and (node.is_row or node.is_column)
        if not is_row or direct.kind != "sum":
            return direct
        return shorter(direct, self.of(node, not flipped), OF_A_FACTOR)

    def _both_ways(self, node: Node) -> tuple[Layout, Layout]:
        reading = READINGS[node.op]
        plain = reading(self, node, False)
        if node.is_scalar:
            return plain, plain
        flipped = reading(self, node, True)
        if node.op in _OWN_TRANSPOSE and transpose(node) is node:
            return plain, plain
        if node in self.turned:
            upright = self.of(transpose(node))
            return transposed(upright), upright
        if node in self.upright:
            return plain, transposed(plain)
        if node.is_column and terms.has_number(node):
            return shorter(plain, flipped), shorter(flipped, plain, NUMBER_IN_ROW)
        if node.is_column and flipped.kind in _OUTSIDE_OF_COLUMNS:
            return shorter(plain, flipped), shorter(flipped, plain, OF_A_COLUMN)
        masked = any(a.op == "mask" for a in node.args)
        if node.op in ("power", "apply", "open") and not node.is_column and not masked:  # (X.^2)^T rather than (X^T).^2
            return shorter(plain, flipped, -1), shorter(flipped, plain)
        back = 0 if node.is_column else _surcharge(flipped)
        return shorter(plain, flipped, _surcharge(plain)), shorter(flipped, plain, back)


def shorter(direct: Layout, other: Layout, surcharge: int = OUTER_TRANSPOSE) -> Layout:
    """The direct layout, or the transpose of the other one where that is shorter."""
    around = transposed(other)
    return around if around.size + surcharge < direct.size else direct


def _surcharge(direct: Layout) -> int:
    """(X - M)^T is preferred to X^T - M^T, where every term has its transpose."""
    every = direct.kind == "sum" and all(part.kind in ("transpose", "inverse_transpose") for part in direct.parts)
    return 0 if every else OUTER_TRANSPOSE


def _kind_of_value(node: Node) -> str:
    return "scalar" if node.is_scalar else "vector" if node.is_column else "matrix"


def _turned(layout: Layout, flipped: bool) -> Layout:
    return transposed(layout) if flipped else layout


def _variable(reader: Reader, node: Node, flipped: bool) -> Layout:
    return _turned(lay("name", value=(node.data[0], _kind_of_value(node))), flipped)


def _perturbation(reader: Reader, node: Node, flipped: bool) -> Layout:
    name, index, _ = node.data
    return _turned(lay("perturbation", value=(name, index, _kind_of_value(node))), flipped)


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


_NORMS_OF_CALLS = {"norm_spec": "2", "norm_nuc": "*", "norm_inf": "inf"}


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
    if name in _NORMS_OF_CALLS and len(arguments) == 1 and not static and not node.args[0].is_column:
        return lay("norm", *arguments, value=_NORMS_OF_CALLS[name])
    if name in ALONG_AXES and len(arguments) == 1:
        return _along_axis(reader, node, flipped)
    if name in TRANSPOSABLE_CALLS and not static and arguments[0].kind == "transpose":  # f(X^T) = f(X)^T
        arguments, flipped = list(arguments[0].parts), not flipped
    if name == "pinv":
        return _turned(lay("pseudoinverse", *arguments), flipped)
    shown = static if (name, *static) != ("softmax", 2) else ()
    flat = (part for option in shown for part in (option if isinstance(option, tuple) else (option,)))
    options = (lay("literal", value=str(option)) for option in flat)
    return _turned(lay("function", *arguments, *options, value=name), flipped)


#: call -> the function that a user writes for it, and along which axis of a matrix it runs
ALONG_AXES = {
    "prod_rows": ("prod", 2),
    "cumprod_columns": ("cumprod", 1),
    "logsumexp_rows": ("logsumexp", 2),
    "row_max": ("max", 2),
    "row_min": ("min", 2),
}


#: Functions whose second argument may be an array: an axis is named.
TWO_ARRAYS = frozenset(("max", "min"))


def _along_axis(reader: Reader, node: Node, flipped: bool) -> Layout:
    """f(X, 2), or f(X, 1) for the transpose of what it is of X^T; of a column without an axis."""
    name, axis = ALONG_AXES[node.data[0]]
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
