"""The X with L[X] = R for a linear operator L, by the structure of L.

`P dX Q` gives P^-1 R Q^-1, `A dX + dX B` a Sylvester equation, `V .* dX` a quotient, `s dX + tr(A dX) B` the rank-one update of
Sherman and Morrison; what is none of these goes through the vec form [Magnus & Neudecker 2.4].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from matcalc.calculus.adjoint import entrywise_parts, product_around
from matcalc.calculus.vecform import vec_form
from matcalc.expr import (
    Node,
    call,
    chain,
    content,
    divide,
    duplication,
    elimination,
    hadamard,
    identity,
    inverse,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    transpose,
    unvec,
    vec,
)
from matcalc.expr.facts import is_invertible, is_symmetric
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Affine, Root

__all__ = ["divided", "preimage"]


@dataclass(frozen=True)
class Piece:
    """One term of an operator: ``P dX Q``, ``P dX^T Q`` (flipped), ``V .* dX`` (entrywise) or ``l(dX) M`` (functional)."""

    kind: str
    left: Node
    right: Node


#: What P x = 0 has beside 0: an eigenvector, where P is A - s I.
NULL_SPACE = "where {P} is singular, every {x} of its null space"
KERNEL = "where there is one, every other {x} that solves the equation"


def preimage(affine: Affine, structure: str | None) -> Root | None:
    """The solution of L[X] = R, or None where no way is known; of R = 0 it says that there may be others beside 0."""
    shape = affine.d.shape
    if affine.d.is_scalar:
        return _scalar(affine)
    if shape[0].is_one or shape[1].is_one:
        return _column(affine)
    pieces = _pieces(affine.operator, affine.d)
    for way in (_sandwiches, _entrywise, _with_transpose, _with_functional):
        root = way(pieces, affine) if pieces else None
        if root is not None:
            return _beside_zero(root, affine)
    return _beside_zero(_by_vec(affine, structure), affine)


def _beside_zero(root: Root | None, affine: Affine) -> Root | None:
    """The solution 0 of L[X] = 0 with what else there may be."""
    return replace(root, also=KERNEL) if root is not None and affine.right.is_zero else root


def _scalar(affine: Affine) -> Root | None:
    """s t = r; of an array equation nothing is known to be solvable."""
    s = simplify(substitute(affine.operator, {affine.d: number(1)}))
    if not s.is_scalar or s.is_zero:
        return None
    return Root(simplify(divide(affine.right, s)), "divided by the factor of the unknown")


def _column(affine: Affine) -> Root | None:
    """P x = r"""
    flipped = affine.d.is_row
    operator, right = affine.operator, affine.right
    if right.shape != affine.d.shape:
        return None
    matrix = vec_form(operator, affine.d)
    if matrix is None or matrix.is_zero:
        return None
    c, matrix = content(simplify(matrix))
    right = scaled(1 / c, transpose(right) if flipped else right)
    value, shortest = divided(matrix, right)
    back = transpose if flipped else _same
    least = None if shortest is None else simplify(back(shortest))
    root = Root(simplify(back(value)), "P x = r gives x = P^-1 r", least)
    if not right.is_zero or is_invertible(matrix):
        return root
    return replace(root, also=NULL_SPACE, matrix=matrix)


def _same(node: Node) -> Node:
    return node


def divided(matrix: Node, right: Node) -> tuple[Node, Node | None]:
    """P^-1 r, and pinv(P) r where P may be singular."""
    if matrix.op == "diag":
        return divide(right, matrix.args[0]), None
    s, rest = split_scalar(matrix)
    if rest.op == "identity":
        return divide(right, s), None
    value = matmul(inverse(matrix), right)
    return value, None if is_invertible(matrix) else _least(matrix, right)


def _least(matrix: Node, right: Node) -> Node:
    """pinv(P) R, where pinv(A^T A) A^T = pinv(A) [Penrose 1955]"""
    own, given = chain(matrix), chain(right)
    half = len(own) // 2
    outer, inner = own[:half], own[half:]
    is_gram = half and len(own) == 2 * half and all(transpose(a) is b for a, b in zip(outer, inner[::-1], strict=True))
    if is_gram and given[:half] == outer:
        return matmul(pinv(matmul(*inner)), *given[half:])
    return matmul(pinv(matrix), right)


def pinv(matrix: Node) -> Node:
    """The Moore-Penrose inverse."""
    return call("pinv", matrix, shape=(matrix.cols, matrix.rows))


# --- the terms of an operator on matrices -----------------------------------------------------


def _pieces(operator: Node, d: Node) -> list[Piece]:
    """Every term, or none where one has another form."""
    found: list[Piece] = []
    for term, c in terms(expanded(operator)):
        piece = _peeled(term, d, identity(operator.rows), identity(operator.cols))
        if piece is None:
            return []
        found.append(Piece(piece.kind, scaled(c, piece.left), piece.right))
    return found


def _peeled(node: Node, d: Node, left: Node, right: Node) -> Piece | None:
    """One term with its factors moved to the left and to the right of dX."""
    if node is d:
        return Piece("plain", left, right)
    if node is transpose(d):
        return Piece("flipped", left, right)
    if node.op == "matmul" or (node.op == "transpose" and node.args[0].op == "matmul"):
        before, inside, after = product_around(node, d)
        left = left if before is None else multiply(left, before)
        return _peeled(inside, d, left, right if after is None else multiply(after, right))
    if node.op == "scale" and d not in node.args[0].linear:
        return _peeled(node.args[1], d, scale(node.args[0], left), right)
    return _peeled_special(node, d, left, right)


def _peeled_special(node: Node, d: Node, left: Node, right: Node) -> Piece | None:
    s, rest = split_scalar(left)
    alone = rest.op == "identity" and right.op == "identity"
    if node.op == "power" and alone:
        weight, inside = entrywise_parts(node, d)
        return Piece("entrywise", scale(s, weight), right) if inside is d else None
    if node.op == "scale" and not node.args[1].linear:
        return Piece("functional", node.args[0], multiply(multiply(left, node.args[1]), right))
    return None


# --- ways -------------------------------------------------------------------------------------


def _sandwiches(pieces: list[Piece], affine: Affine) -> Root | None:
    """P X Q = R, and A X + X B = C"""
    if {p.kind for p in pieces} != {"plain"}:
        return None
    joined = _joined(pieces)
    if len(joined) == 1:
        return _around(*joined[0], affine.right)
    return _sylvester(joined, affine.right) if len(joined) == 2 else None


def _joined(pieces: Iterable[Piece]) -> list[tuple[Node, Node]]:
    """(P, Q) with equal Q added, then with equal P; numbers go where they are needed."""
    by_right = _added((p.right, p.left) for p in pieces)
    pairs = [(simplify(left), right) for right, left in by_right.items()]
    by_left: dict[Node, Node] = {}
    for left, right in pairs:
        s, rest = split_scalar(left)
        key = rest if rest.op == "identity" else left
        weighted = scale(s, right) if key is rest else right
        by_left[key] = by_left[key] + weighted if key in by_left else weighted
    return [(left, simplify(right)) for left, right in by_left.items()]


def _added(pairs: Iterable[tuple[Node, Node]]) -> dict[Node, Node]:
    found: dict[Node, Node] = {}
    for key, value in pairs:
        found[key] = found[key] + value if key in found else value
    return found


def _around(left: Node, right: Node, given: Node) -> Root | None:
    """P^-1 R Q^-1"""
    if left.is_zero or right.is_zero or not (left.is_square and right.is_square):
        return None
    value, shortest = divided(left, given)
    least = value if shortest is None else shortest
    turned, flat = divided(transpose(right), transpose(value))
    value = transpose(turned)
    missing = shortest is not None or flat is not None
    if flat is not None:
        least = transpose(_least(transpose(right), transpose(least)))
    elif shortest is not None:
        least = transpose(divided(transpose(right), transpose(least))[0])
    way = "P X Q = R gives X = P^-1 R Q^-1"
    return Root(simplify(value), way, simplify(least) if missing else None)


def _sylvester(pairs: list[tuple[Node, Node]], given: Node) -> Root | None:
    """P_1 X Q_1 + P_2 X Q_2 = R is A X + X B = C with A = P_2^-1 P_1, B = Q_2 Q_1^-1, C = P_2^-1 R Q_1^-1"""
    for (p1, q1), (p2, q2) in (pairs, pairs[::-1]):
        if not (_is_divisor(p2) and _is_divisor(q1)):
            continue
        a, b = simplify(matmul(inverse(p2), p1)), simplify(matmul(q2, inverse(q1)))
        c = simplify(matmul(inverse(p2), given, inverse(q1)))
        value = call("sylvester", a, b, c, shape=c.shape)
        return Root(value, "A X + X B = C, a Sylvester equation")
    return None


def _is_divisor(factor: Node) -> bool:
    return split_scalar(factor)[1].op == "identity" or is_invertible(factor)


def _entrywise(pieces: list[Piece], affine: Affine) -> Root | None:
    """(V + s) .* X = R"""
    weights: list[Node] = []
    for piece in pieces:
        s, rest = split_scalar(piece.left)
        t, other = split_scalar(piece.right)
        if piece.kind == "plain" and rest.op == "identity" and other.op == "identity":
            weights.append(scale(hadamard(s, t), ones(*affine.d.shape)))
        elif piece.kind == "entrywise":
            weights.append(piece.left)
        else:
            return None
    weight = _sum(weights)
    return Root(simplify(divide(affine.right, simplify(weight))), "divided entry by entry")


def _sum(nodes: list[Node]) -> Node:
    total = nodes[0]
    for node in nodes[1:]:
        total = total + node
    return total


def _with_transpose(pieces: list[Piece], affine: Affine) -> Root | None:
    """s X + t X^T = R gives X = (s R - t R^T) / (s^2 - t^2)"""
    factors = {"plain": number(0), "flipped": number(0)}
    for piece in pieces:
        s, rest = split_scalar(piece.left)
        t, other = split_scalar(piece.right)
        if piece.kind not in factors or rest.op != "identity" or other.op != "identity":
            return None
        factors[piece.kind] = factors[piece.kind] + hadamard(s, t)
    s, t = factors["plain"], factors["flipped"]
    below = simplify(hadamard(s, s) - hadamard(t, t))
    if below.is_zero:
        return None
    r = affine.right
    return Root(simplify(divide(scale(s, r) - scale(t, transpose(r)), below)), "with its transpose eliminated")


def _with_functional(pieces: list[Piece], affine: Affine) -> Root | None:
    """L_0[X] + l(X) M = R gives X = Y - l(Y) / (1 + l(Z)) Z with L_0[Y] = R, L_0[Z] = M [Sherman & Morrison 1950]"""
    own = [p for p in pieces if p.kind == "functional"]
    rest = [p for p in pieces if p.kind != "functional"]
    if not rest or len(own) != 1:
        return None
    (piece,) = own
    y, z = (_of_rest(rest, affine, right) for right in (affine.right, piece.right))
    if y is None or z is None:
        return None
    at_y, at_z = (simplify(substitute(piece.left, {affine.d: node.value})) for node in (y, z))
    share = divide(at_y, number(1) + at_z)
    return Root(simplify(y.value - scale(share, z.value)), "with the number that holds the unknown eliminated")


def _of_rest(rest: list[Piece], affine: Affine, right: Node) -> Root | None:
    other = Affine(affine.operator, affine.d, right)
    ways: tuple[Callable[[list[Piece], Affine], Root | None], ...] = (_sandwiches, _entrywise)
    return next((root for way in ways if (root := way(rest, other)) is not None), None)


def _by_vec(affine: Affine, structure: str | None) -> Root | None:
    """vec(X) = M^-1 vec(R); of a symmetric X the entries on and below the diagonal."""
    matrix, right = vec_form(affine.operator, affine.d), affine.right
    if matrix is None or right.shape != affine.d.shape or is_number(matrix) is not None:
        return None
    rows, cols = affine.d.shape
    if structure == "symmetric":
        if not is_symmetric(right):
            return None
        half, whole = elimination(rows), duplication(rows)
        system = simplify(matmul(half, matrix, whole))
        found = matmul(whole, inverse(system), half, vec(right))
    elif structure is None:
        found = matmul(inverse(simplify(matrix)), vec(right))
    else:
        return None
    return Root(simplify(unvec(found, rows, cols)), "by the vec form")
