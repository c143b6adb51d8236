"""Logarithms of what may overflow or vanish, without computing it: sums and products of exponentials and their kin.

A factor counts as extreme if its logarithm is known in a stable form. The logarithm of a product is the sum of the
logarithms, that of a sum the log-sum-exp of the logarithms; factors whose sign is not known become weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from matcalc.compiling.stability.logarithm_table import (
    LOGARITHMS,
    OF_ABSOLUTE,
    log_half_erfc,
    log_number,
    spread_over,
)
from matcalc.expr import (
    ONE,
    Node,
    apply,
    at,
    block,
    call,
    chain,
    factors,
    hadamard,
    is_number,
    kron,
    logdet,
    matmul,
    multiply,
    number,
    ones,
    postorder,
    power,
    scale,
    scaled,
    terms,
    total,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_pd, is_positive
from matcalc.records import dataclass

__all__ = ["Exponentials", "exponent_and_weights", "exponentials", "log_of", "spread_over"]

Pairs = Sequence[tuple[Node, Fraction]]


#: A power of this order is not computed below a logarithm.
LARGE_EXPONENT = 8


def log_of(x: Node) -> Node | None:
    """log(x) in a stable form; None where nothing in x is extreme, or its sign is not known."""
    pairs = terms(x)
    if len(pairs) > 1:
        return _of_sum(x, pairs)
    ((term, c),) = pairs or ((x, Fraction(0)),)
    if c == Fraction(1, 2) and term.op == "apply" and term.data[0] == "erfc":
        return log_half_erfc(term.args[0])
    if c < 0:  # log(1 - e^u)
        inside = apply("log1mexp", term.args[0]) if term.op == "apply" and term.data[0] == "expm1" else None
    else:
        inside = _of_term(term) if c else None
    return None if inside is None else inside + spread_over(log_number(abs(c)), inside)


def _of_term(term: Node) -> Node | None:
    match term.op:
        case "apply" if term.data[0] in LOGARITHMS:
            return LOGARITHMS[term.data[0]](term.args[0])
        case "call" if term.data[0] == "softmax" and term.data[1:] == (2,):
            return call("logsoftmax_rows", term.args[0], shape=term.shape)
        case "transpose":
            inside = log_of(term.args[0])
            return None if inside is None else transpose(inside)
        case "det" if is_pd(term.args[0]):
            return logdet(term.args[0])
        case "call" if term.data[0] == "prod" and is_positive(term.args[0]):
            x = term.args[0]
            return matmul(transpose(ones(x.rows)), apply("log", x), ones(x.cols))
        case "power":
            return _of_product(factors(term), term)
        case "scale":
            return _of_product([(a, number(1)) for a in term.args], term)
        case "matmul" | "trace":
            found = exponentials(term)
            return None if found is None else found.logarithm()
        case "total":
            return _of_total(term)
    return None


def _of_total(node: Node) -> Node | None:
    """log(Σ_k p_k e^(u_k)), and of a column with the entries a_k the column of their logarithms."""
    (body,) = node.args
    if body.op == "scale" and body.args[1].op == "at" and body.args[1].data == node.data:
        inside = log_of(body.args[0])
        return None if inside is None else total(node.data, scale(inside, body.args[1]))
    found = exponentials(node)
    return None if found is None else found.logarithm()


def _is_positive(base: Node) -> bool:
    is_ratio = base.op == "apply" and base.data[0] == "ratio"
    return all(map(is_positive, base.args)) if is_ratio else is_positive(base)


def _is_large(exponent: Node) -> bool:
    """Whether a power is too large or too small for a number of the machine where its base need not be."""
    e = is_number(exponent)
    return e is None or abs(e) >= LARGE_EXPONENT


def _of_product(pairs: Sequence[tuple[Node, Node]], whole: Node) -> Node | None:
    """log(Π b^e) = Σ e log(b), where all b but one are positive."""
    total, is_extreme, unknown = zeros(*whole.shape), False, 0
    for base, e in pairs:
        value, is_signed = is_number(e), not _is_positive(base)
        is_square = is_signed and value is not None and value.numerator % 2 == 0
        inside = _log_of_absolute(base) if is_square else log_of(base)
        is_extreme |= inside is not None or _is_large(e) or is_square
        if is_signed and not is_square:
            unknown += 1
            if value is None or value.denominator % 2 == 0:
                return None
        inside = apply("log", apply("abs", base) if is_square else base) if inside is None else inside
        total = total + spread_over(hadamard(e, inside) if inside.is_scalar else scale(e, inside), whole)
    return total if is_extreme and unknown <= 1 else None


def _log_of_absolute(base: Node) -> Node | None:
    """log |b| in a stable form, where b may be negative."""
    if base.op != "apply":
        return None
    if base.data[0] == "ratio":
        inside = [(_log_of_absolute(a) if log_of(a) is None else log_of(a), a) for a in base.args]
        above, below = (apply("log", apply("abs", a)) if known is None else known for known, a in inside)
        return above - below if any(known is not None for known, _ in inside) else None
    known = OF_ABSOLUTE.get(base.data[0])
    return None if known is None else known(base.args[0])


# --- sums -----------------------------------------------------------------------------------------


def _of_sum(x: Node, pairs: Pairs) -> Node | None:
    """log(Σ c t): log-sum-exp of the logarithms, log(1 - e^u) where one of two is subtracted, else with weights."""
    found = [None if _holds_square(t) else _of_term(t) for t, _ in pairs]
    if not any(f is not None for f in found):
        return None
    special = _of_cosine(pairs) or _of_sigmoids(pairs)
    if special is not None:
        return special
    if all(is_positive(t) for t, _ in pairs):
        logs = [
            (inside if inside is not None else apply("log", t)) + spread_over(log_number(abs(c)), t)
            for inside, (t, c) in zip(found, pairs, strict=True)
        ]
        return _added(logs, [c > 0 for _, c in pairs])
    parts = exponentials(x)
    return None if parts is None else parts.logarithm()


def _holds_square(term: Node) -> bool:
    """Whether an even power of what may be negative is a factor: alone a logarithm is better for it, a sum is not."""
    if term.op == "scale":
        return any(map(_holds_square, term.args))
    even = (b for b, e in factors(term) if (k := is_number(e)) is not None and k.numerator % 2 == 0)
    return term.op == "power" and not all(map(_is_positive, even))


def _of_cosine(pairs: Pairs) -> Node | None:
    """log(c e^u + c e^-u) = log(2 c) + log(cosh(u))"""
    if len(pairs) != 2 or pairs[0][1] != pairs[1][1] or pairs[0][1] <= 0:
        return None
    u, v = (t.args[0] if t.op == "apply" and t.data[0] == "exp" else None for t, _ in pairs)
    if u is None or v is None or scaled(-1, u) is not v:
        return None
    return apply("logcosh", u) + spread_over(log_number(2 * pairs[0][1]), u)


def _of_sigmoids(pairs: Pairs) -> Node | None:
    """log(c σ(u) - c σ(v)) = log(c) + log σ(u) + log σ(-v) + log(1 - e^(v - u))"""
    if len(pairs) != 2 or pairs[0][1] != -pairs[1][1]:
        return None
    (above, c), (below, _) = pairs if pairs[0][1] > 0 else pairs[::-1]
    if any(t.op != "apply" or t.data[0] != "sigmoid" for t in (above, below)):
        return None
    u, v = above.args[0], below.args[0]
    logs = LOGARITHMS["sigmoid"](u) + LOGARITHMS["sigmoid"](scaled(-1, v)) + apply("log1mexp", v - u)
    return logs + spread_over(log_number(c), u)


def _added(logs: list[Node], signs: list[bool]) -> Node | None:
    if all(signs):
        total = logs[0]
        for other in logs[1:]:
            total = _log_add(total, other)
        return total
    if len(logs) == 2 and any(signs):
        larger, smaller = logs if signs[0] else logs[::-1]
        return larger + apply("log1mexp", smaller - larger)
    return None


def _log_add(a: Node, b: Node) -> Node:
    if b.is_zero:
        return apply("softplus", a)
    return apply("softplus", b) if a.is_zero else apply("logaddexp", a, b)


# --- weighted sums of exponentials ------------------------------------------------------------------


@dataclass(frozen=True)
class Exponentials:
    """Σ weights ⊙ exp(exponents), over all entries or along each row."""

    exponents: Node
    weights: Node
    rows: bool = False

    @property
    def is_plain(self) -> bool:
        return all(f.upright.op == "ones" for f in chain(self.weights))

    def logarithm(self) -> Node:
        """log of the sum"""
        name = "logsumexp_rows" if self.rows else "logsumexp"
        shape = (self.exponents.rows if self.rows else ONE, ONE)
        if self.is_plain:
            return call(name, self.exponents, shape=shape)
        return call(f"{name}_weighted", self.exponents, self.weights, shape=shape)

    def share(self) -> Node:
        """exp(exponents) / sum"""
        x = self.exponents
        if not self.is_plain:
            return call("exp_share_rows" if self.rows else "exp_share", x, self.weights, shape=x.shape)
        if self.rows:
            return call("softmax", x, static=(2,), shape=x.shape)
        return call("softmax" if x.is_column else "softmax_all", x, shape=x.shape)


def exponentials(node: Node) -> Exponentials | None:
    """The node as a weighted sum of exponentials: a number over all entries of a matrix, a column along its rows."""
    match node.op:
        case "matmul":
            return _of_chain(chain(node), node)
        case "trace":
            return _of_trace(node.args[0])
        case "add" if node.is_scalar:
            return _stacked(node)
        case "total":
            return _over_indices(node) if node.is_scalar else _along_rows(node)
    return None


def _along_rows(node: Node) -> Exponentials | None:
    """Σ_k exp(U e_k), where the columns make an array that is there"""
    found = _bearing(node.args[0]) if len(node.data) == 1 and node.is_column else None
    if found is None:
        return None
    u, w = (total(node.data, multiply(part, transpose(at(*node.data)))) for part in found)
    return Exponentials(u, w, rows=True) if not any(part.op == "total" for part in postorder(u, w)) else None


def _over_indices(node: Node) -> Exponentials | None:
    """The values of a number for all indices below each other."""
    u, w = exponent_and_weights(node.args[0])
    if not u.free.intersection(node.data):
        return None
    places = [at(index) for index in node.data]
    stacks = [total(node.data, kron(*places, spread_over(part, u))) for part in (u, w)]
    return Exponentials(stacks[0], stacks[1])


def _bearing(node: Node) -> tuple[Node, Node] | None:
    """(u, w) with node = w ⊙ exp(u)"""
    pairs = factors(node)
    exponent = next((b.args[0] for b, e in pairs if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1), None)
    if exponent is None or exponent.shape != node.shape:
        return None
    rest = [power(b, e) for b, e in pairs if not (b.op == "apply" and b.data[0] == "exp")]
    return exponent, hadamard(ones(*node.shape), *rest)


def _bearers(links: Sequence[Node]) -> Iterator[tuple[int, Node, Node]]:
    for place, link in enumerate(links):
        found = _bearing(link.upright)
        if found is not None:
            u, w = found if link.op != "transpose" else (transpose(f) for f in found)
            yield place, u, w


def _of_chain(links: Sequence[Node], node: Node) -> Exponentials | None:
    for place, u, w in _bearers(links):
        left, right = links[:place], links[place + 1 :]
        if not node.is_column:
            return None
        if node.is_scalar:
            return _over_all(u, w, left, right)
        if not left and right:
            sides = multiply(ones(u.rows), transpose(matmul(*right)))
            return Exponentials(u, hadamard(w, sides), rows=True)
        if left and not right:
            spread = multiply(ones(node.rows), transpose(u))
            return Exponentials(spread, hadamard(matmul(*left), multiply(ones(node.rows), transpose(w))), rows=True)
    return None


def _over_all(u: Node, w: Node, left: Sequence[Node], right: Sequence[Node]) -> Exponentials:
    """l^T (w ⊙ exp(u)) r, upright where u is a row"""
    column = transpose(matmul(*left)) if left else ones(u.rows)
    row = transpose(matmul(*right)) if right else transpose(ones(u.cols))
    if u.is_row:
        u, w, column, row = transpose(u), transpose(w), transpose(row), transpose(column)
    return Exponentials(u, hadamard(w, multiply(column, row)))


def _of_trace(node: Node) -> Exponentials | None:
    """tr(A (w ⊙ exp(u)) B) = Σ (B A)^T ⊙ w ⊙ exp(u)"""
    links = chain(node)
    for place, u, w in _bearers(links):
        others = [*links[place + 1 :], *links[:place]]
        if others:
            return Exponentials(u, hadamard(transpose(matmul(*others)), w))
    return None


def _stacked(node: Node) -> Exponentials | None:
    """The terms of a sum of numbers below each other."""
    us, ws = [], []
    for term, c in terms(node):
        u, w = exponent_and_weights(term)
        us.append([u])
        ws.append([scaled(c, w)])
    return Exponentials(block(us), block(ws))


def exponent_and_weights(term: Node) -> tuple[Node, Node]:
    """(u, w) with the number term = w^T exp(u)"""
    weights, exponent = number(1), zeros(ONE, ONE)
    inside: Exponentials | None = None
    for base, e in factors(term):
        found = exponentials(base) if is_number(e) == 1 and inside is None else None
        known = log_of(base) if is_positive(base) else None
        if known is not None:
            exponent = exponent + hadamard(e, known)
        elif found is not None and found.exponents.is_column:
            inside = found
        else:
            weights = hadamard(weights, power(base, e))
    if inside is None:
        return exponent, weights
    return inside.exponents + spread_over(exponent, inside.exponents), scale(weights, inside.weights)
