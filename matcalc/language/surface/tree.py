"""The surface tree: what was written, before shapes are known, and the same tree with shapes.

Node kinds, their children and their `value`:

=================  ==============================  =====================================================
kind               children                        value
=================  ==============================  =====================================================
number             —                               its Fraction
name               —                               canonical ASCII name
add                terms                           a sign, +1 or -1, for each term
negate             x                               —
multiply           a, b                            "·" or "@" if typed so (a scalar times anything, else the matrix product),
                                                   `OF_MATRICES` where nothing else is meant
divide             a, s                            — (s a scalar)
left_divide        A, B                            — (A^-1 B)
hadamard           a, b                            — (entrywise product; scalars broadcast)
hadamard_divide    a, b                            — (entrywise quotient; scalars broadcast)
hadamard_power     a, e                            — (entrywise power; scalars broadcast)
kron               A, B                            — (Kronecker product)
transpose          x                               —
power              x, e                            — (of a scalar, or an integer power of a square matrix),
                                                   `OF_VALUES` where it stands before the bracket: sin^2(x)
norm               x                               "", "2" or "F"; other subscripts are calls
bars               x                               — (absolute value of a scalar, determinant of a matrix)
inner              a, b                            — (tr(a^T b))
entry              x, then the index expressions   for each index: "at" (1 child), "all" (0), "range" (2)
block              blocks, row by row              (rows of blocks, columns of blocks)
call               arguments                       canonical name of the function
open               G, arguments, directions        the `OpenUse` of a function that nobody defined
exponential        s                               — (e^s of a scalar, in LaTeX)
=================  ==============================  =====================================================

A typed tree (`Typed`) has the same kinds and children, and a `shape` on every node; a ``name`` has become one of

=================  ======================================================================================
variable           value: its name
dimension          value: the Dim whose number it is
constant           value: "pi"
identity           — (of the node's shape)
bound              value: the expression Node that the caller bound to the name
=================  ======================================================================================

and a ``number`` 0 that stands for a whole zero block keeps its kind and has the block's shape. Arguments that
are sizes, indices or literal options (`unvec(v, m, n)`, `sum(X, 1)`) have kind ``size`` and a Dim as value. An
``exponential`` is a call of exp. The value of an ``open`` node is an `OpenTyped`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from matcalc.errors import Span
from matcalc.expr.dims import Dim
from matcalc.records import dataclass

__all__ = ["EXPONENTIAL", "OF_MATRICES", "OF_VALUES", "TYPED", "Surface", "Typed", "mapped", "outline", "walk"]

#: The name under which e^s passes through the grammar.
EXPONENTIAL = "e^"
#: The kinds of the typed tree.
TYPED = frozenset(
    "number variable dimension constant identity bound add negate multiply divide left_divide hadamard hadamard_divide "
    "hadamard_power kron transpose power norm bars inner entry block call open size at member place same total".split()
)
#: The value of a product of two matrices, as in a commutator.
OF_MATRICES = "matrices"
#: The value of a power of all values of a function of numbers, sin^2(x).
OF_VALUES = "values"


@dataclass(frozen=True, eq=False, slots=True)
class Surface:
    """A node of the untyped tree; `span` points into the text it was read from."""

    kind: str
    children: tuple[Surface, ...] = ()
    value: Any = None
    span: Span = (0, 0)

    def __repr__(self) -> str:
        return f"<{outline(self)}>"


@dataclass(frozen=True, eq=False, slots=True)
class Typed:
    """A node of the typed tree."""

    kind: str
    children: tuple[Typed, ...]
    value: Any
    span: Span
    shape: tuple[Dim, Dim]

    def __repr__(self) -> str:
        return f"<{outline(self)}: {self.shape[0]} x {self.shape[1]}>"


#: A tree before shapes are known, or with them.
Tree = TypeVar("Tree", Surface, Typed)


def walk(root: Tree) -> list[Tree]:
    """Every node once, operands before the node that uses them; without recursion."""
    order: list[Tree] = []
    seen: set[int] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            return _walk_shared(root)
        seen.add(id(node))
        order.append(node)
        pending.extend(node.children)
    order.reverse()
    return order


def _walk_shared(root: Tree) -> list[Tree]:
    """The same where a node stands in several places."""
    order: list[Tree] = []
    seen: set[int] = set()
    stack: list[tuple[Tree, Iterator[Tree]]] = [(root, iter(root.children))]
    seen.add(id(root))
    while stack:
        node, rest = stack[-1]
        for child in rest:
            if id(child) not in seen:
                seen.add(id(child))
                stack.append((child, iter(child.children)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


def mapped(root: Surface, change: Callable[[Surface], Surface]) -> Surface:
    """The tree with a change of every node, operands first; what is shared stays so."""
    done: dict[int, Surface] = {}
    for node in walk(root):
        children = tuple(done[id(c)] for c in node.children)
        same = all(a is b for a, b in zip(children, node.children, strict=True))
        done[id(node)] = change(node if same else Surface(node.kind, children, node.value, node.span))
    return done[id(root)]


def outline(root: Surface | Typed) -> str:
    """The tree as one line, without spans: ``multiply(transpose(x), x)``."""
    parts: list[str] = []
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        label = item.kind if item.value is None else f"{item.kind}:{_label(item.value)}"
        if item.kind in ("number", "name", "variable"):
            label = _label(item.value)
        parts.append(label)
        if item.children:
            stack.append(")")
            for i, child in enumerate(reversed(item.children)):
                stack.extend([child, ", "] if i < len(item.children) - 1 else [child])
            parts.append("(")
    return "".join(parts)


def _label(value: object) -> str:
    if isinstance(value, tuple):
        return "".join("+" if v == 1 else "-" if v == -1 else str(v) for v in value)
    return str(value)
