"""Constructors of functions of one matrix: transpose, powers, trace, determinant, diagonal, vec, and calls.

Transposes sit on leaves; a row is the transpose of a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from matcalc.expr import application, powers, products, sums
from matcalc.expr.dims import ONE, Dim, as_dim
from matcalc.expr.leaves import (
    commutation,
    dimension,
    identity,
    is_number,
    number,
    ones,
    selector,
    zeros,
)
from matcalc.expr.node import Node, ShapeMismatch, make

__all__ = [
    "adjugate",
    "block",
    "det",
    "diagonal",
    "inverse",
    "logdet",
    "matrix_power",
    "trace",
    "transpose",
    "unvec",
    "vec",
]

_SELF_TRANSPOSED = frozenset({"identity", "diag"})
_SYMMETRIC_TAGS = frozenset({"symmetric", "spd", "psd", "diagonal"})
_TRANSPOSED_MASK = {
    "lower": "upper",
    "upper": "lower",
    "strictly_lower": "strictly_upper",
    "strictly_upper": "strictly_lower",
}
#: Array functions with f(X^T) = f(X)^T [Higham 2008, Theorem 1.13].
TRANSPOSABLE_CALLS = frozenset({"expm", "logm", "sqrtm", "pinv"})


def transpose(node: Node) -> Node:
    """The transpose, pushed to the leaves: (A B)^T = B^T A^T."""
    found = node.cache.get("transpose")
    if found is not None:
        result: Node = found
        return result
    _transpose_below(node)
    result = _transposed(node)
    node.cache["transpose"] = result
    result.cache.setdefault("transpose", node)
    return result


def _transpose_below(root: Node) -> None:
    """Transpose deep operands first, so that no recursion goes deeper than one level."""
    stack = [(root, iter(_pushed(root)))]
    while stack:
        node, rest = stack[-1]
        below = next((a for a in rest if "transpose" not in a.cache), None)
        if below is not None:
            stack.append((below, iter(_pushed(below))))
            continue
        stack.pop()
        if node is not root and "transpose" not in node.cache:
            node.cache["transpose"] = _transposed(node)


def _pushed(node: Node) -> tuple[Node, ...]:
    """The operands that a transpose of the node goes through."""
    if node.is_column or node.is_row:
        return ()
    if node.op in ("add", "matmul", "kron", "block", "apply"):
        return tuple(a for a in node.args if not a.is_scalar)
    if node.op == "power":
        return node.args[::2]
    return {"scale": node.args[1:], "matpow": node.args[:1], "adjugate": node.args}.get(node.op, ())


def _transposed(node: Node) -> Node:
    shape = (node.cols, node.rows)
    if node.is_scalar or node.op in _SELF_TRANSPOSED:
        return node
    if node.op == "zero":
        return zeros(*shape)
    if node.op == "transpose":
        return node.args[0]
    if node.is_column or node.is_row:
        return _row_of(node)
    match node.op:
        case "add":
            return sums.combine(((transpose(t), c) for t, c in sums.terms(node)), shape)
        case "matmul":
            return products.matmul(*(transpose(f) for f in reversed(node.args)))
        case "scale":
            return sums.scale(node.args[0], transpose(node.args[1]))
        case "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            return powers.hadamard(*(powers.power(transpose(b), e) for b, e in pairs))
        case "kron":
            return products.kron(*(transpose(a) for a in node.args))
        case "matpow":
            return matrix_power(transpose(node.args[0]), node.args[1])
        case "apply":
            return application.apply(node.data[0], *(transpose(a) for a in node.args))
        case "adjugate":
            return adjugate(transpose(node.args[0]))
        case "block":
            return _transposed_block(node)
    return _transposed_leaf(node)


def _row_of(node: Node) -> Node:
    if node.op == "add" and len(node.args) == 1:
        return make("add", (transpose(node.args[0]),), node.data, (node.cols, node.rows))
    return make("transpose", (node,), (), (node.cols, node.rows))


def _transposed_leaf(node: Node) -> Node:
    shape = (node.cols, node.rows)
    match node.op:
        case "ones":
            return ones(*shape)
        case "commutation":
            return commutation(node.data[1], node.data[0])
        case "mask" if node.data[0] in _TRANSPOSED_MASK:
            return make("mask", (), (_TRANSPOSED_MASK[node.data[0]],), shape)
        case "variable" | "perturbation":
            tags = node.data[-1]
            if _SYMMETRIC_TAGS.intersection(tags):
                return node
            if "skew" in tags:
                return sums.scaled(-1, node)
        case "call" if node.data[0] in TRANSPOSABLE_CALLS:
            return application.call(node.data[0], transpose(node.args[0]), static=node.data[1:], shape=shape)
        case "call" if node.data[0] in ("eig_gaps", "svd_gaps"):
            return sums.scaled(-1, node)
        case "call" if node.data[0] == "sylvester":
            a, b, c = node.args
            return application.call("sylvester", transpose(b), transpose(a), transpose(c), shape=shape)
        case "call" if node.data[0].startswith("frechet_"):
            turned = (a if a.is_scalar else transpose(a) for a in node.args)
            return application.call(node.data[0], *turned, static=node.data[1:], shape=shape)
    return make("transpose", (node,), (), shape)


def _transposed_block(node: Node) -> Node:
    height, width = node.data
    return block([[transpose(node.args[i * width + j]) for i in range(height)] for j in range(width)])


def matrix_power(base: Node, exponent: Node | int) -> Node:
    """The integer power of a square matrix; -1 is the inverse."""
    e = exponent if isinstance(exponent, Node) else number(exponent)
    if not base.is_square:
        raise ShapeMismatch(f"matrix power of {base.shape}")
    if base.is_scalar:
        return powers.power(base, e)
    value = is_number(e)
    if value == 0 or base.op == "identity":
        return identity(base.rows)
    if value == 1:
        return base
    c, base = sums.content(base)
    factor = powers.power(number(c), e)
    return powers.hadamard(factor, _matrix_power(base, e, value))


def _matrix_power(base: Node, e: Node, value: Fraction | None) -> Node:
    match base.op:
        case "matpow":
            return matrix_power(base.args[0], powers.hadamard(base.args[1], e))
        case "scale":
            return powers.hadamard(powers.power(base.args[0], e), matrix_power(base.args[1], e))
        case "diag":
            return products.diag(powers.power(base.args[0], e))
        case "kron" if all(a.is_square for a in base.args):
            return products.kron(*(matrix_power(a, e) for a in base.args))
        case "matmul" if value == -1 and all(a.is_square for a in base.args):
            return products.matmul(*(matrix_power(a, -1) for a in reversed(base.args)))
        case "commutation":
            if value == -1:
                return transpose(base)
    if value is not None and value < -1 and base.op == "matmul" and all(a.is_square for a in base.args):
        return matrix_power(matrix_power(base, -1), number(-value))
    return make("matpow", (base, e), (), base.shape)


def inverse(base: Node) -> Node:
    """The inverse of a square matrix."""
    return matrix_power(base, -1)


def trace(node: Node) -> Node:
    """The trace, with the factors of a product in canonical rotation: tr(A B) = tr(B A)."""
    if not node.is_square:
        raise ShapeMismatch(f"trace of {node.shape}")
    if node.is_scalar:
        return node
    match node.op:
        case "zero":
            return number(0)
        case "identity":
            return dimension(node.rows)
        case "add":
            return sums.combine(((trace(t), c) for t, c in sums.terms(node)), (ONE, ONE))
        case "scale":
            return powers.hadamard(node.args[0], trace(node.args[1]))
        case "diag":
            return products.matmul(transpose(ones(node.rows)), node.args[0])
        case "ones":
            return dimension(node.rows)
        case "kron" if all(a.is_square for a in node.args):
            return powers.hadamard(*(trace(a) for a in node.args))
        case "matmul":
            return _trace_of_product(node)
        case "transpose":
            return trace(node.args[0])
    return make("trace", (_smaller(node),), (), (ONE, ONE))


def _smaller(node: Node) -> Node:
    """The node or its transpose: a perturbation stands plain, else the smaller key wins."""
    other = transpose(node)
    if (other.op == "transpose", other.key) < (node.op == "transpose", node.key):
        return other
    return node


def _trace_of_product(node: Node) -> Node:
    factors = node.args
    for i, factor in enumerate(factors):
        if factor.rows.is_one:
            return products.matmul(*factors[i:], *factors[:i])
        if factor.op == "matpow" and factor.args[0].op == "matmul":
            for cut in (i, i + 1):
                around = products.matmul(*factors[cut:], *factors[:cut])
                if around.op != "matmul" or len(around.args) < len(factors):
                    return trace(around)
    forward = _rotation(factors)
    turned = [sums.content(transpose(f)) for f in reversed(factors)]
    backward = _rotation(tuple(f for _, f in turned))
    sign = prod((c for c, _ in turned), start=Fraction(1))
    if forward == backward and sign == -1:
        return number(0)
    chosen = min(forward, backward, key=_trace_order)
    rotated = products.matmul(*chosen)
    whole = rotated.op == "matmul" and len(rotated.args) == len(factors)
    value = make("trace", (rotated,), (), (ONE, ONE)) if whole else trace(rotated)
    return value if chosen is forward else sums.scaled(sign, value)


def _trace_order(factors: tuple[Node, ...]) -> tuple[object, ...]:
    last = factors[-1]
    transposed = sum((f.args[0] if f.op == "matpow" else f).op == "transpose" for f in factors)
    return (not last.linear, last.op == "transpose", transposed, tuple(f.key for f in factors))


def _rotation(factors: tuple[Node, ...]) -> tuple[Node, ...]:
    """The rotation with a perturbation last, else with the smallest keys first."""
    linear = [i for i, f in enumerate(factors) if f.linear]
    if len(linear) == 1:
        return factors[linear[0] + 1 :] + factors[: linear[0] + 1]
    rank = {key: r for r, key in enumerate(sorted({f.key for f in factors}))}
    start = _least_rotation([rank[f.key] for f in factors])
    return factors[start:] + factors[:start]


def _least_rotation(ranks: Sequence[int]) -> int:
    """Where the lexicographically least rotation starts, in linear time [Duval 1983]."""
    n, i, j, k = len(ranks), 0, 1, 0
    while i < n and j < n and k < n:
        a, b = ranks[(i + k) % n], ranks[(j + k) % n]
        if a == b:
            k += 1
            continue
        if a > b:
            i += k + 1
        else:
            j += k + 1
        j += i == j
        k = 0
    return min(i, j)


def det(node: Node) -> Node:
    """The determinant: multiplicative, homogeneous of degree n."""
    if not node.is_square:
        raise ShapeMismatch(f"det of {node.shape}")
    if node.is_scalar:
        return node
    c, node = sums.content(node)
    if c != 1:
        return powers.hadamard(powers.power(number(c), dimension(node.rows)), det(node))
    match node.op:
        case "zero":
            return number(0)
        case "identity":
            return number(1)
        case "scale":
            return powers.hadamard(powers.power(node.args[0], dimension(node.rows)), det(node.args[1]))
        case "matmul" if all(a.is_square for a in node.args):
            return powers.hadamard(*(det(a) for a in node.args))
        case "matpow":
            return powers.power(det(node.args[0]), node.args[1])
        case "kron" if all(a.is_square for a in node.args):
            return powers.hadamard(*(powers.power(det(a), _other_sizes(node, a)) for a in node.args))
    return make("det", (_smaller(node),), (), (ONE, ONE))


def logdet(node: Node) -> Node:
    """log |det X|: additive over products, of square factors."""
    if not node.is_square:
        raise ShapeMismatch(f"logdet of {node.shape}")
    if node.is_scalar:
        return application.apply("log", application.apply("abs", node))
    c, node = sums.content(node)
    if c != 1:
        return sums.add(powers.hadamard(dimension(node.rows), application.apply("log", number(abs(c)))), logdet(node))
    match node.op:
        case "identity":
            return number(0)
        case "scale":
            log_scale = application.apply("log", application.apply("abs", node.args[0]))
            return sums.add(powers.hadamard(dimension(node.rows), log_scale), logdet(node.args[1]))
        case "matmul" if all(a.is_square for a in node.args):
            return sums.add(*(logdet(a) for a in node.args))
        case "matpow":
            return powers.hadamard(node.args[1], logdet(node.args[0]))
        case "diag":
            return products.matmul(
                transpose(ones(node.rows)), application.apply("log", application.apply("abs", node.args[0]))
            )
        case "kron" if all(a.is_square for a in node.args):
            return sums.add(*(powers.hadamard(_other_sizes(node, a), logdet(a)) for a in node.args))
    return make("logdet", (_smaller(node),), (), (ONE, ONE))


def _other_sizes(product: Node, factor: Node) -> Node:
    """det(A ⊗ B) = det(A)^(rows of B) det(B)^(rows of A)"""
    return powers.divide(dimension(product.rows), dimension(factor.rows))


def adjugate(node: Node) -> Node:
    """The adjugate: adj(X) = det(X) X^-1 where X is invertible."""
    if not node.is_square:
        raise ShapeMismatch(f"adjugate of {node.shape}")
    if node.is_scalar:
        return number(1)
    return identity(node.rows) if node.op == "identity" else make("adjugate", (node,), (), node.shape)


def diagonal(node: Node) -> Node:
    """The diagonal of a square matrix as a column."""
    if not node.is_square:
        raise ShapeMismatch(f"diagonal of {node.shape}")
    if node.is_scalar:
        return node
    match node.op:
        case "zero":
            return zeros(node.rows)
        case "identity" | "ones":
            return ones(node.rows)
        case "diag":
            return node.args[0]
        case "add":
            return sums.combine(((diagonal(t), c) for t, c in sums.terms(node)), (node.rows, ONE))
        case "scale":
            return sums.scale(node.args[0], diagonal(node.args[1]))
        case "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            return powers.hadamard(*(powers.power(diagonal(b), e) for b, e in pairs))
        case "apply":
            return application.apply(node.data[0], *(a if a.is_scalar else diagonal(a) for a in node.args))
        case "matmul" if len(node.args) == 2 and node.args[0].is_column:
            return powers.hadamard(node.args[0], transpose(node.args[1]))
        case "transpose":
            return diagonal(node.args[0])
    return make("diagonal", (_smaller(node),), (), (node.rows, ONE))


def vec(node: Node) -> Node:
    """The columns stacked into one."""
    if node.is_column:
        return node
    if node.is_row:
        return transpose(node)
    match node.op:
        case "zero":
            return zeros(node.rows * node.cols)
        case "add":
            return sums.combine(((vec(t), c) for t, c in sums.terms(node)), (node.rows * node.cols, ONE))
        case "scale":
            return sums.scale(node.args[0], vec(node.args[1]))
        case "ones":
            return ones(node.rows * node.cols)
        case "unvec":
            return node.args[0]
        case "matmul" if len(node.args) == 2 and node.args[0].is_column:
            return products.kron(transpose(node.args[1]), node.args[0])
    return make("vec", (node,), (), (node.rows * node.cols, ONE))


def unvec(v: Node, m: int | str | Dim, n: int | str | Dim) -> Node:
    """The m x n matrix whose stacked columns are v."""
    rows, cols = as_dim(m), as_dim(n)
    if v.shape != (rows * cols, ONE):
        raise ShapeMismatch(f"unvec: {v.shape} into {rows} x {cols}")
    if cols.is_one:
        return v
    if rows.is_one:
        return transpose(v)
    match v.op:
        case "zero":
            return zeros(rows, cols)
        case "add":
            return sums.combine(((unvec(t, rows, cols), c) for t, c in sums.terms(v)), (rows, cols))
        case "scale":
            return sums.scale(v.args[0], unvec(v.args[1], rows, cols))
        case "vec" if v.args[0].shape == (rows, cols):
            return v.args[0]
        case "ones":
            return ones(rows, cols)
    return make("unvec", (v,), (rows, cols), (rows, cols))


def block(rows: Sequence[Sequence[Node]]) -> Node:
    """The matrix [A, B; C, D] of blocks."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    for row in rows:
        if any(b.rows != row[0].rows for b in row):
            raise ShapeMismatch("block: heights differ in a row")
    if any(tuple(b.cols for b in row) != tuple(b.cols for b in rows[0]) for row in rows):
        raise ShapeMismatch("block: widths differ between rows")
    height, width = Dim.of(0), Dim.of(0)
    for row in rows:
        height = height + row[0].rows
    for entry in rows[0]:
        width = width + entry.cols
    flat = tuple(b for row in rows for b in row)
    if all(b.is_zero for b in flat):
        return zeros(height, width)
    if height.is_one:
        return transpose(block([[transpose(b)] for b in flat]))
    return make("block", flat, (len(rows), len(rows[0])), (height, width))


def slice_of(node: Node, row: tuple[Dim, Dim], col: tuple[Dim, Dim]) -> Node:
    """The block of (offset, size) rows and columns, by selectors from both sides."""
    left = selector(row[0], row[1], node.rows)
    right = transpose(selector(col[0], col[1], node.cols))
    return products.multiply(products.multiply(left, node), right)
