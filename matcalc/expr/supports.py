"""Where a matrix is zero by its structure, and what that means for products with what is infinite there.

A structural zero does not move: as a factor it makes 0 of anything. d sqrt(L) = dL ./ (2 sqrt(L)) of a triangular L is
0 above the diagonal, although 1 / sqrt(0) is infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.expr import facts
from matcalc.expr.canonical import powers, products, sums, transposition, unary
from matcalc.expr.canonical.members import member_tags
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.dims import ONE
from matcalc.expr.leaves import identity, is_number, mask, ones
from matcalc.expr.node import Node
from matcalc.expr.passes import Always, Fold, rows_of
from matcalc.functions import UNDEFINED, row_of

__all__ = [
    "complement",
    "is_condition",
    "is_diagonal",
    "is_pattern",
    "is_triangular",
    "lies_in",
    "patterns_of",
    "selecting_pattern",
    "support",
    "support_where_finite",
]

_TRIANGLES = ("lower", "upper")


def support(node: Node) -> Node | None:
    """A matrix of zeros and ones with node = support ⊙ node; None where no zeros are known."""
    return None if node.is_scalar else SUPPORT(node)


def support_where_finite(node: Node) -> Node | None:
    """The support where exponents that nothing is known of are positive: 0^g is 1 for g = 0 and infinite for g < 0."""
    found = support(node)
    vanishing = node.op in ("power", "scale") or (node.op == "apply" and row_of(node.data[0]).vanishes)
    if found is not None or not vanishing:
        return found
    parts = [b for b, e in _pairs(node) if _may_be_positive(e)] if node.op == "power" else list(node.args)
    return next((s for part in parts if not part.is_scalar and (s := support_where_finite(part)) is not None), None)


Below = Sequence[Node | None]


def _of_structure(node: Node, below: Below) -> Node | None:
    return _of_tags(node, node.data[-1])


def _of_tags(node: Node, tags: Sequence[str]) -> Node | None:
    if "diagonal" in tags:
        return identity(node.rows)
    if "skew" in tags:
        return mask("off_diagonal", *node.shape)
    return next((mask(kind, *node.shape) for kind in _TRIANGLES if kind in tags), None)


def _of_transpose(node: Node, below: Below) -> Node | None:
    return None if below[0] is None else transposition.transpose(below[0])


def _of_vec(node: Node, below: Below) -> Node | None:
    return None if below[0] is None else unary.vec(below[0])


def _of_sum(node: Node, below: Below) -> Node | None:
    """What all terms lie in."""
    if all(part is below[0] for part in below):
        return below[0]
    return _within(node, frozenset.intersection(*map(_kinds, below)))


def _of_factors(node: Node, below: Below) -> Node | None:
    """Products of matrices that are all lower, or all upper; what is strictly so stays so. Members as they are declared."""
    if found := member_tags(node):
        return _of_tags(node, found)
    kinds = [_kinds(s) for f, s in zip(node.args, below, strict=True) if not f.is_scalar]
    if not node.is_square or not all(f.is_square for f in node.args):
        return None
    common = frozenset.intersection(*kinds)
    strict = {f"strictly_{t}" for t in _TRIANGLES if t in common and any(f"strictly_{t}" in k for k in kinds)}
    return _within(node, common | strict)


def _of_matrix_power(node: Node, below: Below) -> Node | None:
    return _within(node, _kinds(below[0]) & {"diagonal", *_TRIANGLES})


def _of_product(node: Node, below: Below) -> Node | None:
    """Every factor with a positive exponent makes zeros."""
    parts = zip(below[::2], node.args[1::2], strict=True)
    return _common([part for part, e in parts if part is not None and _is_positive(e)])


def _common(found: Sequence[Node]) -> Node | None:
    """A support in which all of them lie where that is a triangle, else one of them."""
    if len(found) < 2:
        return found[0] if found else None
    return _within(found[0], frozenset.union(*map(_kinds, found))) or found[0]


def _of_function(node: Node, below: Below) -> Node | None:
    return below[0] if row_of(node.data[0]).vanishes else None


def _filled(node: Node, below: Below) -> list[Node] | None:
    """The supports of the operands, ones where none is known."""
    parts = [ones(*a.shape) if s is None else s for a, s in zip(node.args, below, strict=True)]
    return parts if any(p.op != "ones" for p in parts) else None


def _of_kron(node: Node, below: Below) -> Node | None:
    parts = _filled(node, below)
    return None if parts is None else products.kron(*parts)


def _of_blocks(node: Node, below: Below) -> Node | None:
    parts, width = _filled(node, below), node.data[1]
    return None if parts is None else unary.block([parts[k : k + width] for k in range(0, len(parts), width)])


def _of_call(node: Node, below: Below) -> Node | None:
    match node.data[0]:
        case "chol":
            return mask("lower", *node.shape)
        case "pinv":
            return _within(node, _kinds(below[0]) & {"diagonal"})
        case name if row_of(name).primary:  # a polynomial in the matrix at every point [Higham 2008, 1.13]
            return _of_matrix_power(node, below)
    return None


#: The supports of arrays; those of scalars are not asked for.
SUPPORT: Fold[Node | None] = Fold(
    "support",
    {
        **rows_of("constant dimension zero ones identity unit selector commutation duplication", Always(None)),
        **rows_of("at elimination trace det logdet open diagonal adjugate unvec total", Always(None)),
        **rows_of("variable perturbation", _of_structure),
        "mask": lambda node, below: mask("lower", *node.shape),  # phi
        "diag": lambda node, below: identity(node.rows),
        "transpose": _of_transpose,
        "vec": _of_vec,
        "scale": lambda node, below: below[1],
        "add": _of_sum,
        "matmul": _of_factors,
        "matpow": _of_matrix_power,
        "power": _of_product,
        "apply": _of_function,
        "kron": _of_kron,
        "block": _of_blocks,
        "call": _of_call,
    },
    first=lambda node: node if is_pattern(node) and not node.is_scalar else None,
)


# --- triangles ------------------------------------------------------------------------------------------


def _kinds(pattern: Node | None) -> frozenset[str]:
    """The triangles that a support lies in."""
    match pattern.op if pattern is not None else "":
        case "zero":
            return frozenset({"diagonal", *_TRIANGLES, *(f"strictly_{t}" for t in _TRIANGLES)})
        case "identity":
            return frozenset({"diagonal", *_TRIANGLES})
        case "mask":
            assert pattern is not None
            return frozenset({pattern.data[0], pattern.data[0].removeprefix("strictly_")})
    return frozenset()


def _within(node: Node, kinds: frozenset[str]) -> Node | None:
    """The smallest support that lies in all these triangles; of those that have nothing in common the strict one."""
    if "off_diagonal" in kinds:
        kinds |= {f"strictly_{t}" for t in _TRIANGLES if t in kinds}
    if "diagonal" in kinds or kinds >= set(_TRIANGLES):
        strict = next((f"strictly_{t}" for t in _TRIANGLES if f"strictly_{t}" in kinds), None)
        if strict is not None:  # nothing lies in both; the diagonal is in neither
            return mask(strict, *node.shape)
        return identity(node.rows) if node.is_square else None
    found = next((k for t in _TRIANGLES for k in (f"strictly_{t}", t) if k in kinds), None)
    return None if found is None else mask(found, *node.shape)


def lies_in(node: Node, pattern: Node) -> bool:
    """Whether the node is known to be 0 outside of a triangle or the diagonal."""
    wanted = _kinds(pattern)
    return bool(wanted) and wanted <= _kinds(support(node))


def is_diagonal(node: Node) -> bool:
    """Zero off the diagonal."""
    return node.is_square and "diagonal" in _kinds(support(node))


def is_triangular(node: Node, kind: str) -> bool:
    """Zero above (``lower``) or below (``upper``) the diagonal."""
    return kind in _kinds(support(node))


# --- selection ------------------------------------------------------------------------------------------


def is_pattern(node: Node) -> bool:
    """Made of zeros and ones, whatever its size is."""
    return PATTERN(node)


def is_condition(node: Node) -> bool:
    """Ones where a relation holds between values, else zeros: y > 0, and its rows, columns and entries."""
    node = node.upright
    if node.op == "matmul":
        kept = [f for f in node.args if f.upright.op not in ("at", "unit")]
        return len(kept) == 1 and is_condition(kept[0])
    return node.op == "apply" and node.data[0] in RELATIONS


def _of_powers(node: Node, below: Sequence[bool]) -> bool:
    return any(below) or any(not facts.is_positive(b) and _has_limits(e) for b, e in _pairs(node))


def _has_limits(exponent: Node) -> bool:
    """Whether such a power is not defined for every number."""
    value = is_number(exponent)
    return value is None or value < 0 or value.denominator != 1


#: Whether something in a value is not defined for all numbers: a logarithm, a root, what divides.
LIMITED: Fold[bool] = Fold(
    "limited",
    {
        **rows_of("constant dimension zero ones identity unit at mask selector commutation", Always(False)),
        **rows_of("duplication elimination variable perturbation", Always(False)),
        **rows_of("add scale matmul kron transpose trace det diag diagonal adjugate", lambda node, below: any(below)),
        **rows_of("vec unvec total block open", lambda node, below: any(below)),
        "power": _of_powers,
        "matpow": lambda node, below: any(below) or _has_limits(node.args[1]),
        "logdet": Always(True),
    },
    call=lambda node, below: any(below) or bool(row_of(node.data[0]).domain),
)


def _is_complement(node: Node, below: Sequence[bool]) -> bool:
    """1 1^T - P"""
    if len(node.args) != 2 or {*node.data} != {Fraction(1), Fraction(-1)}:
        return False
    whole = node.data.index(Fraction(1))
    return node.args[whole].op == "ones" and below[1 - whole]


def _is_part_of_pattern(node: Node, below: Sequence[bool]) -> bool:
    """[i < j], as e_i^T M e_j with such a mask M, [i = j], and rows and columns of M"""
    return all(below) and sum(f.upright.op not in ("at", "unit") for f in node.args) < 2


PATTERN: Fold[bool] = Fold(
    "pattern",
    {
        **rows_of(
            "constant dimension ones duplication elimination variable power trace det logdet open", Always(False)
        ),
        **rows_of("matpow scale diag diagonal adjugate unvec total perturbation", Always(False)),
        **rows_of("identity unit commutation selector zero", lambda node, below: not node.is_scalar),
        **rows_of("transpose vec kron", lambda node, below: all(below)),
        "mask": lambda node, below: node.data[0] != "phi",
        "at": Always(True),
        "matmul": _is_part_of_pattern,
        "block": lambda node, below: all(p or a.op == "ones" for a, p in zip(node.args, below, strict=True)),
        "add": _is_complement,
    },
    call=Always(False),
)


_COMPLEMENTS = {
    "lower": "strictly_upper",
    "upper": "strictly_lower",
    "strictly_lower": "upper",
    "strictly_upper": "lower",
}


def complement(pattern: Node) -> Node:
    """The pattern of all other entries."""
    if pattern.op == "identity":
        return mask("off_diagonal", *pattern.shape)
    if pattern.op == "mask" and pattern.data[0] in _COMPLEMENTS:
        return mask(_COMPLEMENTS[pattern.data[0]], *pattern.shape)
    if pattern.op == "mask" and pattern.data[0] == "off_diagonal":
        return identity(pattern.rows)
    return sums.combine([(ones(*pattern.shape), Fraction(1)), (pattern, Fraction(-1))], pattern.shape)


def as_pattern(node: Node) -> Node:
    """1 1^T - I as one pattern of zeros and ones, which is not multiplied out; any other matrix as it is."""
    if node.op != "add" or not is_pattern(node):
        return node
    return mask("off_diagonal", *node.shape) if any(a.op == "identity" for a in node.args) else node


def as_patterns_beside_indices(operands: Sequence[Node]) -> Sequence[Node]:
    """The factors of a product with columns of 1 1^T - I, which select, too: (1 1^T - I) e_i ⊘ (y - y_i 1) is 0 at i.

    Its entry [i != j] is a number, 1 - [i = j].
    """
    columns = any(o.upright.op == "at" for o in operands) and (operands[0].rows, operands[-1].cols) != (ONE, ONE)
    return tuple(map(as_pattern, operands)) if columns else operands


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    return list(zip(node.args[::2], node.args[1::2], strict=True))


def _may_be_positive(exponent: Node) -> bool:
    value = is_number(exponent)
    return value is None or value > 0


def _is_positive(exponent: Node) -> bool:
    value = is_number(exponent)
    return facts.is_positive(exponent) if value is None else value > 0


def patterns_of(product: Node) -> list[Node]:
    """Factors of a product that are zeros and ones: what the others are where one is 0 does not matter."""
    scalar = product.args[0] if product.op == "scale" else product
    pairs = powers.factors(scalar) if product.op in ("power", "scale") else ()
    return [b for b, e in pairs if _is_positive(e) and (is_pattern(b) or is_condition(b))]


def selecting_pattern(pairs: Sequence[tuple[Node, Node]]) -> Node | None:
    """Of a product Π b^e the pattern outside of which it is 0 whatever the other factors are there, or None.

    That is a factor of zeros and ones, or the support of all of them beside one that is infinite at 0. A relation is one, too,
    where others are not defined everywhere: [y > 0] log(y) is 0 for y <= 0, as Iverson's bracket is meant.
    """
    conditions = [b for b, e in pairs if _is_positive(e) and is_condition(b)]
    if conditions and any(LIMITED(b) or _has_limits(e) for b, e in pairs if b not in conditions):
        return powers.hadamard(*conditions, *(b for b, e in pairs if _is_positive(e) and is_pattern(b)))
    patterns = [b for b, e in pairs if _is_positive(e) and is_pattern(b)]
    if not any(_is_singular(b, e) for b, e in pairs):
        needed = len(patterns) == 1 or len(pairs) > len(patterns) > 0
        return powers.hadamard(*patterns) if needed else None
    return _common([s for b, e in pairs if _is_positive(e) and (s := support(b)) is not None])


def _is_singular(base: Node, exponent: Node) -> bool:
    """Whether a factor may be infinite where something in it is zero by structure.

    x.^p is 1 where p is 0 by structure, of any x, and log(x) beside it need not be there.
    """
    value = is_number(exponent)
    raised = powers.entrywise_power(base)
    return _may_be_infinite(base, value is None or value < 0) or (raised is not None and support(raised[1]) is not None)


def _may_be_infinite(base: Node, divides: bool) -> bool:
    """The same of a factor that divides, or does not; kept on the node."""
    key = "infinite as divisor" if divides else "infinite"
    if key not in base.cache:
        base.cache[key] = _found_infinite(base, divides)
    return bool(base.cache[key])


def _found_infinite(base: Node, divides: bool) -> bool:
    if divides and support(base) is not None:
        return True
    match base.op:
        case "apply":
            return row_of(base.data[0]).at_zero == UNDEFINED and support(base.args[-1]) is not None
        case "add" | "scale":
            return any(_may_be_infinite(part, divides) for part in base.args if not part.is_scalar)
        case "power":
            return any(_is_singular(b, e) for b, e in _pairs(base))
    return False


def steep(base: Node, exponent: Node) -> Node | None:
    """The support of the base of a power whose derivative is not finite at 0, if there is one."""
    value = is_number(exponent)
    return None if value is not None and value >= 1 else support_where_finite(base)
