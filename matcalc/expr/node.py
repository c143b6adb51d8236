"""The node of an expression: immutable, typed by its shape, and interned.

Equal expressions are the same object, so equality is identity and a hash costs nothing.
The order between nodes (`key`) is structural: it never depends on `id` or on the hash seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from matcalc.budget import spend
from matcalc.expr.dims import Dim

if TYPE_CHECKING:
    from fractions import Fraction

    from matcalc.expr.indices import Index

__all__ = [
    "COMPLEX_TAGS",
    "CONJUGATED",
    "IMAGINARY_UNIT",
    "LEAVES",
    "OPERATORS",
    "Node",
    "Shape",
    "ShapeMismatch",
    "depends",
    "has_complex_leaves",
    "is_complex_leaf",
    "make",
    "outside_of_sums",
    "postorder",
    "variables",
]

Shape = tuple[Dim, Dim]

#: Every operator of the kernel, simplest first: the order in which terms and factors are sorted.
OPERATORS: dict[str, int] = {
    name: rank
    for rank, name in enumerate(
        (
            "constant dimension zero ones identity unit at mask selector commutation duplication elimination "
            "variable power apply trace det logdet call open matmul matpow transpose scale kron diag diagonal "
            "adjugate vec unvec total block add perturbation"
        ).split()
    )
}

#: Those without operands.
LEAVES = frozenset(
    "constant dimension zero ones identity unit at mask selector commutation duplication elimination variable perturbation".split()
)

#: So far down a node is shown to who looks at it.
DEPTH_SHOWN = 12
#: Tags of variables whose entries are complex numbers, and the name of the imaginary unit.
COMPLEX_TAGS = frozenset({"complex", "hermitian", "hpd"})
CONJUGATED = "conjugated"
IMAGINARY_UNIT = "j"
#: Whether a leaf of complex numbers was ever made: where not, nobody looks for one.
_complex_leaves: list[str] = []
_NO_PERTURBATIONS: frozenset[Node] = frozenset()
_NO_INDICES: frozenset[Index] = frozenset()


class ShapeMismatch(Exception):
    """A constructor was given operands whose shapes disagree: a bug in the engine, never the user's."""


class Node:
    """One operator applied to its operands; build it with the constructors of `matcalc.expr` only.

    Attributes:
        op: the operator, a key of `OPERATORS`.
        args: operands.
        data: what else identifies it (a name, coefficients, sizes).
        shape: (rows, columns); every value is a matrix, a scalar is 1 x 1; what has complex entries is seen by `is_complex`.
        key: structural sort key, total, reproducible between processes.
        linear: the perturbations (`dX`) that occur in it.
        free: the indices that it depends on: it is then a value for each of theirs.
        cache: results of passes that depend on nothing but the node, such as its transpose.
    """

    __slots__ = ("__weakref__", "args", "cache", "data", "digest", "free", "key", "linear", "op", "shape")

    op: str
    args: tuple[Node, ...]
    data: tuple[Any, ...]
    shape: Shape
    digest: bytes
    key: tuple[int, str, bytes]
    linear: frozenset[Node]
    free: frozenset[Index]
    cache: dict[str, Any]

    @property
    def rows(self) -> Dim:
        return self.shape[0]

    @property
    def cols(self) -> Dim:
        return self.shape[1]

    @property
    def is_scalar(self) -> bool:
        return self.shape[0].is_one and self.shape[1].is_one

    @property
    def is_column(self) -> bool:
        """One column; a scalar is one, too."""
        return self.shape[1].is_one

    @property
    def is_row(self) -> bool:
        """One row of more than one entry."""
        return self.shape[0].is_one and not self.shape[1].is_one

    @property
    def is_square(self) -> bool:
        return self.shape[0] == self.shape[1]

    @property
    def is_zero(self) -> bool:
        return self.op == "zero"

    @property
    def upright(self) -> Node:
        """The matrix of which this is the transpose, or the node itself."""
        return self.args[0] if self.op == "transpose" else self

    @property
    def is_number(self) -> bool:
        """A rational number (see `matcalc.expr.is_number` for its value)."""
        if self.op == "add":
            return len(self.args) == 1 and self.args[0].op == "ones" and self.is_scalar
        return self.op in ("ones", "zero") and self.is_scalar

    def __add__(self, other: Node) -> Node:
        from matcalc.expr.canonical.sums import add

        return add(self, other)

    def __sub__(self, other: Node) -> Node:
        from matcalc.expr.canonical.sums import add, scaled

        return add(self, scaled(-1, other))

    def __neg__(self) -> Node:
        from matcalc.expr.canonical.sums import scaled

        return scaled(-1, self)

    def __matmul__(self, other: Node) -> Node:
        from matcalc.expr.canonical.products import multiply

        return multiply(self, other)

    def __rmul__(self, factor: int | Fraction) -> Node:
        from matcalc.expr.canonical.sums import scaled

        return scaled(factor, self)

    @property
    def T(self) -> Node:
        from matcalc.expr.canonical.transposition import transpose

        return transpose(self)

    def __lt__(self, other: Node) -> bool:
        return self.key < other.key

    def __repr__(self) -> str:
        return self._shown(DEPTH_SHOWN)

    def _shown(self, depth: int) -> str:
        if not depth:
            return "…"
        inside = ", ".join([*(a._shown(depth - 1) for a in self.args), *(str(d) for d in self.data)])
        return f"{self.op}({inside})" if inside else f"{self.op}{self.rows, self.cols}"

    def __reduce__(self) -> tuple[Callable[..., Node], tuple[Any, ...]]:
        order = postorder(self)
        places = {node: k for k, node in enumerate(order)}
        return _restored, ([(n.op, tuple(places[a] for a in n.args), n.data, n.shape) for n in order],)


#: By what identifies a node. Its arguments are named by their digests: a key that held them would keep them alive for
#: ever as soon as the cache of one of them leads to the node, as that of x does to x^T.
_interned: WeakValueDictionary[tuple[Hashable, ...], Node] = WeakValueDictionary()


def make(op: str, args: tuple[Node, ...], data: tuple[Any, ...], shape: Shape) -> Node:
    """The node with exactly these parts, as they are: constructors call it, nobody else."""
    identity = (op, tuple([a.digest for a in args]), data, shape)
    found = _interned.get(identity)
    if found is not None:
        return found
    spend()
    node = object.__new__(Node)
    node.op, node.args, node.data, node.shape = op, args, data, shape
    node.digest = _digest(op, args, data, shape)
    node.key = (OPERATORS[op], _label(op, args, data), node.digest)
    node.linear = _perturbations(node)
    node.free = _free(node)
    node.cache = {}
    if op in ("variable", "constant") and not _complex_leaves and is_complex_leaf(node):
        _complex_leaves.append(op)
    return _interned.setdefault(identity, node)


def is_complex_leaf(node: Node) -> bool:
    """Whether it is the imaginary unit, or a variable or perturbation of complex numbers."""
    if node.op == "constant":
        return bool(node.data[0] == IMAGINARY_UNIT)
    return node.op in ("variable", "perturbation") and not COMPLEX_TAGS.isdisjoint(node.data[-1])


def has_complex_leaves() -> bool:
    """Whether there may be nodes with complex values at all."""
    return bool(_complex_leaves)


def _restored(parts: Sequence[tuple[str, tuple[int, ...], tuple[Any, ...], Shape]]) -> Node:
    """The last of the nodes, each with the places of its operands among those before it."""
    nodes: list[Node] = []
    for op, places, data, shape in parts:
        nodes.append(make(op, tuple(nodes[k] for k in places), data, shape))
    return nodes[-1]


def _digest(op: str, args: tuple[Node, ...], data: tuple[Any, ...], shape: Shape) -> bytes:
    state = hashlib.blake2b(f"{op}|{data}|{shape[0]}|{shape[1]}|".encode("utf-8", "surrogatepass"), digest_size=12)
    for arg in args:
        state.update(arg.digest)
    return state.digest()


def _label(op: str, args: tuple[Node, ...], data: tuple[Any, ...]) -> str:
    if op in ("variable", "perturbation", "constant", "apply", "call"):
        return str(data[0])
    if op == "open":
        return str(data[0].name)
    return args[0].key[1] if args else ""


def _perturbations(node: Node) -> frozenset[Node]:
    if node.op == "perturbation":
        return frozenset((node,))
    found = _NO_PERTURBATIONS
    for arg in node.args:
        if arg.linear and not arg.linear <= found:
            found = found | arg.linear if found else arg.linear
    return found


def _free(node: Node) -> frozenset[Index]:
    if node.op == "at":
        return frozenset(node.data)
    found = _NO_INDICES
    for arg in node.args:
        if arg.free and not arg.free <= found:
            found = found | arg.free if found else arg.free
    return found.difference(node.data) if node.op == "total" else found


def postorder(*roots: Node) -> list[Node]:
    """Every node below the roots once, operands before the node that uses them."""
    order: list[Node] = []
    done: set[Node] = set()
    stack: list[tuple[Node, Iterator[Node]]] = []
    for root in roots:
        if root in done:
            continue
        done.add(root)
        stack.append((root, iter(root.args)))
        while stack:
            node, rest = stack[-1]
            for arg in rest:
                if arg not in done:
                    done.add(arg)
                    stack.append((arg, iter(arg.args)))
                    break
            else:
                order.append(node)
                stack.pop()
    return order


def outside_of_sums(*roots: Node) -> list[Node]:
    """The same without what stands inside of sums over indices."""
    order: list[Node] = []
    done: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            if node.op != "total":
                stack.extend((a, False) for a in reversed(node.args))
    return order


def variables(*roots: Node) -> tuple[Node, ...]:
    """The variables that occur, in the order of their first appearance."""
    return tuple(node for node in postorder(*roots) if node.op == "variable")


def depends(root: Node, on: Container[Node], known: dict[Node, bool]) -> bool:
    """Whether one of these occurs in it; what is found of its parts is added to what is known."""
    if root not in known:
        for node in postorder(root):
            known[node] = node in on or any(known[a] for a in node.args)
    return known[root]
