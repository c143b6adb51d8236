"""Functions that nobody defined, in code: the caller hands them over, with the derivatives that the result needs.

For a function ``g`` of numbers the code asks for ``g``, ``g_prime``, ``g_prime2`` …, which take arrays and act on every
entry; for one of arrays for ``f``, ``grad_f`` and ``hess_f`` where its value is a number, else for ``f``, ``jac_f``, ``d2_f``,
and of any order ``d3_f``. With several arguments the places by which it is differentiated stand in the name: ``d12_l``,
``grad1_k``, ``hess12_k``. All of them take the arguments of the function and return arrays with the axes of its value
first, then those of each argument by which it is differentiated, as `jax.jacobian` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from matcalc.compiling.planning.contracting.terms import Factor, Indices, Term
from matcalc.compiling.planning.program import Axes, Value
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Node, OpenFunction, postorder, variable
from matcalc.expr.canonical.open_functions import OUT, fillings_of, operands_of

if TYPE_CHECKING:
    from matcalc.compiling.planning.multilinear import Terms
    from matcalc.compiling.planning.plan import Planner

__all__ = ["is_contracted", "open_terms", "open_value", "symbols_of"]

#: Derivatives up to this order are arguments of every function that contains the function.
ACCEPTED_ORDER = 2


def symbols_of(roots: Iterable[Node]) -> list[str]:
    """The names of the functions that code may ask for, each function before its derivatives."""
    found: dict[str, None] = {}
    nodes = [n for n in postorder(*roots) if n.op == "open"]
    for node in nodes:
        function, _, free, legs = node.data
        is_array = any(OUT in group for group in (free, *legs))
        numbers = [function.entrywise or a.is_scalar for a in operands_of(node)]
        for order in range(ACCEPTED_ORDER + 1):
            for slots in combinations_with_replacement(range(len(numbers)), order):
                found[_symbol(function, slots, numbers, is_array)] = None
    found.update(dict.fromkeys(symbol_of_node(n) for n in nodes))
    return list(found)


def symbol_of_node(node: Node) -> str:
    """The name of the function that computes all partial derivatives of which the node is made."""
    function, partials, free, legs = node.data
    slots = [leg for group in (free, *legs) for leg in group]
    numbers = [function.entrywise or a.is_scalar for a in operands_of(node)]
    return _symbol(function, sorted([*partials, *(s for s in slots if s != OUT)]), numbers, OUT in slots)


def _symbol(function: OpenFunction, slots: Iterable[int], numbers: list[bool], is_array: bool) -> str:
    slots = tuple(slots)
    order, name = len(slots), function.name
    if not order:
        return name
    digits = "".join(str(s + 1) for s in slots) if len(numbers) > 1 else ""
    if not digits and numbers[0]:
        return f"{name}_prime{order if order > 1 else ''}"
    if not any(numbers[s] for s in slots):
        word = {1: "jac", 2: ""} if is_array else {1: "grad", 2: "hess"}
        if word.get(order):
            return f"{word[order]}{digits}_{name}"
    return f"d{digits or order}_{name}"


def is_contracted(node: Node) -> bool:
    """Whether a node fills legs of the array that the function returns."""
    return node.op == "open" and bool(node.data[3])


def open_value(p: Planner, node: Node) -> Value:
    """The array that the function returns, with the axes of the node."""
    function, _, free, _ = node.data
    tensor, legs = _tensor(p, node)
    if function.entrywise:
        return tensor
    order = [axis for leg in free for axis in legs[leg].pop(0)]
    return p.program.permute(tensor, order)


def _tensor(p: Planner, node: Node) -> tuple[Value, dict[int, list[list[int]]]]:
    """All partial derivatives as one array, and for each kind of leg the numbers of its axes, leg by leg."""
    function, _, free, groups = node.data
    args = [p.array(a) for a in operands_of(node)]
    call = p.program.input(p.functions[symbol_of_node(node)], ())
    if function.entrywise:
        shape = max(args, key=lambda a: a.stacked).like(p.axes(node))
        return p.program.emit("open", (call, *args), ("entrywise",), shape), {}
    if any(a.stacked for a in args):
        raise UnsupportedError(
            f"{function.name} of a batched value is not supported", hint="call the function for each input"
        )
    legs = sorted(leg for group in (free, *groups) for leg in group)
    axes: list[Dim] = []
    places: dict[int, list[list[int]]] = {}
    for leg in legs:
        own = [d for d in _shape_of_leg(node, leg) if not d.is_one]
        places.setdefault(leg, []).append(list(range(len(axes), len(axes) + len(own))))
        axes += own
    return p.program.emit("open", (call, *args), (), tuple(axes)), places


def _shape_of_leg(node: Node, leg: int) -> Axes:
    if leg != OUT:
        return operands_of(node)[leg].shape
    free = node.data[2]
    if free == (OUT,):
        return node.shape
    if free and OUT in free:
        return (node.rows, Dim.of(1))
    legs, filling = next((group, x) for group, x in fillings_of(node) if OUT in group)
    return filling.shape if len(legs) == 1 else (filling.rows, Dim.of(1))


def open_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """The array of all partial derivatives contracted with what its legs are filled with."""
    from matcalc.compiling.planning.multilinear import multiplied

    tensor, legs = _tensor(p, node)
    indices = tuple(p.algebra.index(d) for d in tensor.axes)
    places = {leg: [tuple(indices[k] for k in axes) for axes in found] for leg, found in legs.items()}
    rows, cols = _sides([places[leg].pop(0) for leg in node.data[2]])
    # a leg that waits for its filling stands among the directions, as its indices are renamed with the term
    waiting = [variable(f"leg {k}", (1, 1)) for k in range(len(operands))]
    sides = [_sides([places[leg].pop(0) for leg in group]) for group, _ in fillings_of(node)]
    steps = tuple((mark, *side) for mark, side in zip(waiting, sides, strict=True))
    terms: Terms = [Term(Fraction(1), (Factor(tensor, indices),), rows, cols, steps)]
    for mark, filling in zip(waiting, operands, strict=True):
        terms = multiplied(p, [terms, filling], _contraction(p, mark))
    return terms


def _sides(legs: list[Indices]) -> tuple[Indices, Indices]:
    """The row and column indices of an array with these legs."""
    if len(legs) == 1 and len(legs[0]) == 2:
        return legs[0][:1], legs[0][1:]
    return legs[0] if legs else (), legs[1] if len(legs) > 1 else ()


def _contraction(p: Planner, mark: Node) -> Callable[[Term, Term], Term]:
    """Σ over the leg that waits, times the filling."""

    def contracted(whole: Term, filling: Term) -> Term:
        both = replace(p.algebra.joined(whole, replace(filling, rows=(), cols=())), cols=whole.cols)
        rows, cols = next((r, c) for d, r, c in both.directions if d is mark)
        both = p.algebra.identified(both, (*rows, *cols), (*filling.rows, *filling.cols))[0]
        return replace(both, directions=tuple(step for step in both.directions if step[0] is not mark))

    return contracted
