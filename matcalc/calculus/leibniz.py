"""Products of entries where entries are 0: a polynomial, whose derivatives are printed with divisions.

As the adjugate stands for det(X) X^-1, products without some of the entries stand for what is divided by them.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.expr import (
    ONE,
    Dim,
    Node,
    add,
    call,
    content,
    factors,
    hadamard,
    is_number,
    kron,
    mask,
    matmul,
    ones,
    postorder,
    transpose,
    unvec,
    vec,
)
from matcalc.functions import row_of

__all__ = [
    "OTHERS",
    "adjoint_of_others",
    "differential_of_others",
    "differential_of_product",
    "divided_entries",
    "is_product",
    "product_opened",
    "product_stand_in",
]

#: D^k f(X)[E_1, …, E_k] for f(X) that has the product of all other entries at each place, linear in every direction.
OTHERS = {name: row_of(name).derivative_of for name in ("prod_others_along", "prod_others_rows_along")}
#: product -> its stand-in
_STAND_INS = {"prod": "frechet_prod", "prod_rows": "frechet_prod_rows"}
_CUMULATIVE = "cumprod_columns"


def is_product(node: Node) -> bool:
    """Whether the node is the product of all entries, of those of each row, or of those up to each one."""
    return node.op == "call" and (node.data[0] in _STAND_INS or node.data[0] == _CUMULATIVE)


def divided_entries(f: Node, printed: Node, computed: Node) -> list[Node]:
    """The factors in products of entries in f by which a derivative divides as it is printed, and not as it is computed."""
    below = _divisors(printed) - _divisors(computed)
    if not below:
        return []
    parts = (b for n in postorder(f) if is_product(n) for b in _parts(n.args[0].upright))
    return [x for x in dict.fromkeys(parts) if x in below]


def _divisors(root: Node) -> set[Node]:
    found = {b for n in postorder(root) for b, e in factors(n) if n.op == "power" and (is_number(e) or 0) < 0}
    return {b.upright for b in found} | {b.args[0].upright for b in found if b.op == "vec"}


def _parts(x: Node) -> Iterator[Node]:
    """x itself without the numbers before it, and the factors of its entries."""
    _, plain = content(x)
    if plain.op == "scale":
        return _parts(plain.args[1])
    return iter({plain.upright: None} | {b.upright: None for b, _ in factors(plain)})


def product_stand_in(node: Node, x: Node) -> Node:
    """What stands for such a product, of x, while it is differentiated."""
    if node.data[0] == _CUMULATIVE:
        return unvec(call("frechet_prod_rows", _up_to_each(x), shape=(x.rows * x.cols, ONE)), *x.shape)
    name = _STAND_INS[node.data[0]]
    return call(name, vec(x) if name == "frechet_prod" else x, shape=node.shape)


def _up_to_each(x: Node) -> Node:
    """For each entry of x a row with those above it and itself, and 1 in place of those below."""
    m, n = x.shape
    above, below = (_stacked(mask(part, m, m), n) for part in ("lower", "strictly_upper"))
    return add(hadamard(above, kron(transpose(x), ones(m))), below)


def _stacked(x: Node, times: Dim) -> Node:
    return x if times.is_one else kron(ones(times), x)


def product_opened(node: Node) -> Node | None:
    """The stand-in as the product, and products of others without directions by their name."""
    if node.op != "call" or len(node.args) > 1:
        return None
    names = {stand_in: name for name, stand_in in _STAND_INS.items()} | OTHERS
    name = names.get(node.data[0])
    return None if name is None else call(name, node.args[0], shape=node.shape)


def differential_of_product(node: Node, dx: Node) -> Node:
    """d Π x_i = Σ dx_i Π x_j over all others j, and so in each row"""
    (x,) = node.args
    if node.data[0] == "frechet_prod":
        return matmul(transpose(call("prod_others_along", x, shape=x.shape)), dx)
    return matmul(hadamard(call("prod_others_rows_along", x, shape=x.shape), dx), ones(x.cols))


def differential_of_others(node: Node, d: tuple[Node, ...]) -> Node:
    """Linear in each direction, and by X one direction more"""
    x, *directions = node.args
    total = call(node.data[0], x, *directions, d[0], shape=node.shape)
    for i, moved in enumerate(d[1:]):
        total = total + call(node.data[0], x, *directions[:i], moved, *directions[i + 1 :], shape=node.shape)
    return total


def adjoint_of_others(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """<G, D^k f(X)[E, H, …]> = <D^k f(X)[G, H, …], E>"""
    x, *directions = node.args
    for i, e in enumerate(directions):
        if dx in e.linear:
            yield e, call(node.data[0], x, g, *directions[:i], *directions[i + 1 :], shape=g.shape)
