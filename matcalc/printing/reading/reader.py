"""A node is read both ways, as it is and transposed: ``(A x - b)^T`` stands where it is shorter than ``x^T A^T - b^T``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import OPERATORS, Node, transpose
from matcalc.expr.passes import Fold, Known, OnNodes, Pass, rows_of
from matcalc.printing.layout import Layout, lay, number_layout, transposed
from matcalc.printing.reading import chains, indices, monomials, terms
from matcalc.printing.reading.nodes import READINGS
from matcalc.printing.reading.spelling import Respelled
from matcalc.records import dataclass

__all__ = ["LAYOUT", "Notation", "Reader"]

BothWays = tuple[Layout, Layout]
#: Operators that are asked whether their value is its own transpose.
_OWN_TRANSPOSE = frozenset({"variable", "perturbation", "diag", "identity"})
#: Columns that are transposed as a whole: (x ./ y)^T rather than x^T ./ y^T.
_OUTSIDE_OF_COLUMNS = frozenset({"sum", "function", "open", "hadamard", "hadamard_power", "hadamard_quotient"})
#: What the transpose of a whole, (A x - b)^T, costs beside its length, by what is transposed: less than 0 where it is the plainer.
SURCHARGES: dict[str, int] = {
    "matrix": 2,  # A^T B^T rather than (B A)^T
    "number": -3,  # (x - mean(x))^T rather than x^T - mean(x)
    "column": -1,  # sigmoid(x)^T x rather than sigmoid(x^T) x
    "factor": -3,  # 1/2 (exp(s) - 1)^T ds rather than 1/2 (exp(s)^T - 1) ds: the gradient is recognised
    "entries": -1,  # (X.^2)^T rather than (X^T).^2
}


@dataclass(frozen=True)
class Notation:
    """What a family of formats calls by name.

    Attributes:
        name: distinguishes the results kept on nodes.
        sums_by_name: ``sum(x)`` instead of the product with a row of ones.
        broadcast: a scalar may be added to an array: ``1 - x`` instead of a column of ones.
        plain_identity: every identity is ``I``, also where nothing but the shape of the whole fixes its size.
        shown: the indices whose range is written at their sums.
    """

    name: str
    sums_by_name: bool
    broadcast: bool
    plain_identity: bool = False
    shown: frozenset[str] = frozenset()


class Reader:
    """Reads nodes in one notation; results are kept on the nodes."""

    def __init__(self, notation: Notation, decimals: bool = False, respelled: Respelled | None = None) -> None:
        self.notation = notation
        #: Whether fractions are printed as decimals, where they have few digits.
        self.decimals = decimals
        #: How sums were typed.
        self.fixed = respelled.fixed if respelled is not None else frozenset()
        self.orders = respelled.orders if respelled is not None else {}
        self.turned = respelled.turned if respelled is not None else frozenset()
        self.upright = respelled.upright if respelled is not None else frozenset()
        self.written = respelled.written if respelled is not None else frozenset()
        #: How many sums were spelled with their signs reversed.
        self.reversals = 0
        key = f"layout {notation.name} {notation.plain_identity} {sorted(notation.shown)} {decimals}"
        #: What was read before: on the node, unless it depends on what was typed.
        self._known: Known[BothWays] = OnNodes(key) if respelled is None else {}

    def number(self, value: Fraction | int) -> Layout:
        """A rational number."""
        return number_layout(value, self.decimals)

    def read(self, root: Node) -> Layout:
        """The layout of an expression, in time linear in its DAG."""
        return self.of(root)

    def of(self, node: Node, flipped: bool = False) -> Layout:
        """The layout of a node, or of its transpose."""
        known = self._known[node] if node in self._known else LAYOUT.within(node, self._known, self)
        return known[flipped]

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
        return (
            REVERSED_INSIDE.row(node.op)(self, node, flipped, minus)
            if monomials.holds(node, minus)
            else self.of(node, flipped)
        )

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
        return shorter(direct, other, SURCHARGES["factor" if node.is_column and flipped else "matrix"])

    def _factor(self, node: Node, flipped: bool) -> Layout:
        direct = self.of(node, flipped)
        is_row = node.is_row != flipped and (node.is_row or node.is_column)
        if not is_row or direct.kind != "sum":
            return direct
        return shorter(direct, self.of(node, not flipped), SURCHARGES["factor"])

    def both_ways(self, node: Node, reading: Callable[[Reader, Node, bool], Layout]) -> BothWays:
        """The layouts of a node and of its transpose, each in the shorter of its two forms."""
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
            return shorter(plain, flipped), shorter(flipped, plain, SURCHARGES["number"])
        if node.is_column and flipped.kind in _OUTSIDE_OF_COLUMNS:
            return shorter(plain, flipped), shorter(flipped, plain, SURCHARGES["column"])
        masked = any(a.op == "mask" for a in node.args)
        if node.op in ("power", "apply", "open") and not node.is_column and not masked:  # (X.^2)^T rather than (X^T).^2
            return shorter(plain, flipped, SURCHARGES["entries"]), shorter(flipped, plain)
        back = 0 if node.is_column else _surcharge(flipped)
        return shorter(plain, flipped, _surcharge(plain)), shorter(flipped, plain, back)


def _both_ways(reading: Callable[[Reader, Node, bool], Layout]) -> Callable[..., BothWays]:
    return lambda node, below, reader: reader.both_ways(node, reading)


#: The layouts of a node and of its transpose; its context is the reader.
LAYOUT: Fold[BothWays] = Fold("layout", {op: _both_ways(row) for op, row in READINGS.items()})


def _reversed_diagonal(reader: Reader, node: Node, flipped: bool, minus: Node) -> Layout:
    shown = lay("function", reader.spelled(node.args[0], False, minus), value="diag")
    return transposed(shown) if flipped and node.op == "diagonal" else shown


def _reversed_factors(reader: Reader, node: Node, flipped: bool, minus: Node) -> Layout:
    return lay("kron", *(reader.spelled(a, flipped, minus) for a in node.args))


_REVERSED: dict[str, Callable[[Reader, Node, bool, Node], Layout]] = {
    "power": monomials.read_entrywise,
    "matmul": chains.read_product,
    "total": indices.read_total,
    "kron": _reversed_factors,
    "trace": lambda reader, node, flipped, minus: chains.read_trace_reversed(reader, node, minus),
    "transpose": lambda reader, node, flipped, minus: reader.spelled(node.args[0], not flipped, minus),
    **rows_of("diag diagonal", _reversed_diagonal),
}
#: The layout of a node somewhere in which a sum shows its signs reversed: `monomials.holds` says that it is in one of these.
REVERSED_INSIDE: Pass[Callable[[Reader, Node, bool, Node], Layout]] = Pass(
    "layout with a sign turned inside", _REVERSED, never=OPERATORS.keys() - _REVERSED
)


def shorter(direct: Layout, other: Layout, surcharge: int | None = None) -> Layout:
    """The direct layout, or the transpose of the other one where that is shorter."""
    around = transposed(other)
    more = SURCHARGES["matrix"] if surcharge is None else surcharge
    return around if around.size + more < direct.size else direct


def _surcharge(direct: Layout) -> int:
    """(X - M)^T is preferred to X^T - M^T, where every term has its transpose."""
    every = direct.kind == "sum" and all(part.kind in ("transpose", "inverse_transpose") for part in direct.parts)
    return 0 if every else SURCHARGES["matrix"]
