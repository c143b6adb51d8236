"""What code differentiates as one function, where the derivatives are printed with quotients or differences.

Products of entries are polynomials, and are differentiated as such: as the adjugate stands for det(X) X^-1, products without
some of the entries stand for what is divided by them.

Softmax is the gradient of log Σ e^x: D^k softmax(X)[E_1, …, E_k] is the derivative of order k + 1 of that, symmetric in its
directions and what it is paired with: the joint cumulants of the directions under the probabilities softmax(X)
[McCullagh 1987, 2.3]. These are computed from deviations, no digit of which is lost where one entry dominates.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.expr import (
    ONE,
    Dim,
    Node,
    add,
    bottom_up,
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
    rebuild,
    scale,
    split_scalar,
    trace,
    transpose,
    unvec,
    vec,
    zeros,
)
from matcalc.functions import row_of

__all__ = [
    "LOGARITHM",
    "LOGARITHMS",
    "OTHERS",
    "SHARES",
    "adjoint_along",
    "differential_along",
    "differential_of_logarithms",
    "differential_of_product",
    "divided_entries",
    "is_product",
    "product_opened",
    "product_stand_in",
    "with_shares",
    "without_shares",
]


# --- products of entries ------------------------------------------------------------------------

#: D^k f(X)[E_1, …, E_k] for f(X) that has the product of all other entries at each place, linear in every direction.
OTHERS = {name: row_of(name).derivative_of for name in ("prod_others_along", "prod_others_rows_along")}
#: product -> its stand-in
_OF_PRODUCTS = {"prod": "frechet_prod", "prod_rows": "frechet_prod_rows"}
_CUMULATIVE = "cumprod_columns"


def is_product(node: Node) -> bool:
    """Whether the node is the product of all entries, of those of each row, or of those up to each one."""
    return node.op == "call" and (node.data[0] in _OF_PRODUCTS or node.data[0] == _CUMULATIVE)


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
    name = _OF_PRODUCTS[node.data[0]]
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
    names = {stand_in: name for name, stand_in in _OF_PRODUCTS.items()} | OTHERS
    name = names.get(node.data[0])
    return None if name is None else call(name, node.args[0], shape=node.shape)


def differential_of_product(node: Node, dx: Node) -> Node:
    """d Π x_i = Σ dx_i Π x_j over all others j, and so in each row"""
    (x,) = node.args
    if node.data[0] == "frechet_prod":
        return matmul(transpose(call("prod_others_along", x, shape=x.shape)), dx)
    return matmul(hadamard(call("prod_others_rows_along", x, shape=x.shape), dx), ones(x.cols))


# --- softmax ------------------------------------------------------------------------------------

SHARES, LOGARITHM, LOGARITHMS = "softmax_along", "logsumexp_along", "logsoftmax_along"
#: The data of a function -> its stand-in, and the axis that it runs over: 0 all entries, 1 the columns, 2 the rows.
_OF_SOFTMAX = {
    ("softmax",): (SHARES, 0),
    ("softmax_all",): (SHARES, 0),
    ("softmax", 1): (SHARES, 1),
    ("softmax", 2): (SHARES, 2),
    ("logsumexp",): (LOGARITHM, 0),
    ("logsumexp_rows",): (LOGARITHM, 2),
    ("logsoftmax_rows",): (LOGARITHMS, 2),
}
_FUNCTIONS = {stand_in: data for data, stand_in in _OF_SOFTMAX.items() if data != ("softmax",)}


def with_shares(f: Node) -> Node:
    """f with a stand-in for every softmax and for the logarithms beside them; f itself where it has no softmax."""
    order = postorder(f)
    if not any(n.op == "call" and _OF_SOFTMAX.get(n.data, ("", 0))[0] == SHARES for n in order):
        return f
    new: dict[Node, Node] = {}
    for node in order:
        new[node] = rebuild(node, tuple(new[a] for a in node.args))
        name, axis = _OF_SOFTMAX.get(node.data, ("", 0)) if node.op == "call" else ("", 0)
        if name and not (axis and ONE in node.args[0].shape):
            new[node] = call(name, new[node.args[0]], static=(axis,), shape=node.shape)
    return new[f]


def without_shares(node: Node) -> Node:
    """The stand-ins without directions as the functions themselves."""
    return bottom_up(node, _opened)


def _opened(node: Node) -> Node:
    data = _FUNCTIONS.get(node.data) if node.op == "call" and len(node.args) == 1 else None
    if data is None:
        return node
    name, *static = data
    return call(str(name), node.args[0], static=static, shape=node.shape)


def differential_of_logarithms(node: Node, dx: Node) -> Node:
    """d log Σ e^x = softmax(x)^T dx, of all entries or in each row; d log softmax(X) = dX - (softmax(X) ⊙ dX) 1 1^T"""
    (x,) = node.args
    p = call(SHARES, x, static=node.data[1:], shape=x.shape)
    if node.data[1] == 0:
        return trace(matmul(transpose(p), dx))
    means = matmul(hadamard(p, dx), ones(x.cols))
    return means if node.data[0] == LOGARITHM else dx - matmul(means, transpose(ones(x.cols)))


# --- derivatives along directions -----------------------------------------------------------------


def differential_along(node: Node, d: tuple[Node, ...]) -> Node:
    """Linear in each direction, and by X one direction more"""
    x, *directions = node.args
    total = _along(node, x, *directions, d[0])
    for i, moved in enumerate(d[1:]):
        total = total + _along(node, x, *directions[:i], moved, *directions[i + 1 :])
    return total


def adjoint_along(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """<G, D^k f(X)[E, H, …]> = <D^k f(X)[G, H, …], E>"""
    x, *directions = node.args
    for i, e in enumerate(directions):
        if dx in e.linear:
            yield e, _along(node, x, g, *directions[:i], *directions[i + 1 :])


def _along(node: Node, x: Node, *directions: Node) -> Node:
    """The same derivative along other directions; of softmax f(X; c s E) = c s f(X; E)."""
    if node.data[0] != SHARES:
        return call(node.data[0], x, *directions, shape=node.shape)
    if any(e.is_zero for e in directions):
        return zeros(*node.shape)
    split = [split_scalar(e) for e in directions]
    plain = sorted((e for _, e in split), key=lambda e: e.key)
    found = call(SHARES, x, *plain, static=node.data[1:], shape=node.shape)
    return scale(hadamard(*(s for s, _ in split)), found) if split else found
