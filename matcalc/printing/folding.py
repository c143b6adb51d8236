"""Functions that the engine writes by others, where they were typed: silu(u) for u ⊙ sigmoid(u)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from matcalc.expr import Node, apply, content, hadamard, number, ones, postorder, power, scale, scaled
from matcalc.printing.defined import Defined, contracted

__all__ = ["FOLDED", "folded"]


def _silu(u: Node) -> Node:
    return hadamard(u, apply("sigmoid", u))


def _gelu(u: Node) -> Node:
    return scaled(
        Fraction(1, 2), hadamard(u, ones(*u.shape) + apply("erf", scale(power(number(2), Fraction(-1, 2)), u)))
    )


#: function -> (the function in its definition, u from that function's argument, the definition at u)
FOLDED: dict[str, tuple[str, Callable[[Node], Node], Callable[[Node], Node]]] = {
    "silu": ("sigmoid", lambda v: v, _silu),
    "gelu": ("erf", lambda v: scale(power(number(2), Fraction(1, 2)), v), _gelu),
}


def folded(root: Node, functions: Iterable[str]) -> Node:
    """The expression with these functions in place of what they stand for; for the printer only."""
    for name in sorted(functions):
        inner, argument, definition = FOLDED[name]
        found = dict.fromkeys(argument(n.args[0]) for n in postorder(root) if n.op == "apply" and n.data[0] == inner)
        plain = [u for u in found if content(u)[0] > 0 or scaled(-1, u) not in found]
        root = contracted(root, [Defined(apply(name, u), definition(u)) for u in plain])
    return root
