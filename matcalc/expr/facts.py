"""What is known of a value from its structure alone: signs, symmetry, definiteness, invertibility, orthogonality.

Every answer is one-sided: what is not proved is not known. Facts may ask each other, of operands or of the node itself: the
operands of a node that is looked at have their values, so that nothing recurses. For that `SIGN` and `INVERTIBLE` look at all
operands that `DEFINITE` looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.expr import conjugates
from matcalc.expr.canonical import products, transposition
from matcalc.expr.canonical.members import grouped, member_tags
from matcalc.expr.canonical.open_functions import tags_of
from matcalc.expr.leaves import is_natural, is_number
from matcalc.expr.node import Node
from matcalc.expr.passes import Always, Fold, rows_of
from matcalc.functions import properties, row_of
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, SYMMETRIC, Fact, Interval

__all__ = [
    "DEFINITE",
    "INVERTIBLE",
    "ORTHOGONAL",
    "SIGN",
    "WHOLE",
    "is_invertible",
    "is_nonnegative",
    "is_orthogonal",
    "is_pd",
    "is_positive",
    "is_psd",
    "is_symmetric",
    "is_whole",
]

#: Of entries: nothing is known, all are >= 0, all are > 0. Of a symmetric matrix: semidefinite, definite.
UNKNOWN, WEAK, STRICT = 0, 1, 2

_DEFINITE: dict[Fact, int] = {properties.SEMIDEFINITE: WEAK, properties.DEFINITE: STRICT}

Values = Sequence[int]


def _same(node: Node, below: Values) -> int:
    return below[0]


def _least(node: Node, below: Values) -> int:
    return min(below)


def _of_sum(node: Node, below: Values) -> int:
    """Of a sum with positive coefficients: strict where one term is and no term is unknown."""
    return max(below) if min(below) and all(c > 0 for c in node.data) else UNKNOWN


def _tags(node: Node) -> tuple[str, ...]:
    """The structure that a variable or the value of an open function was declared with."""
    tags: tuple[str, ...] = tags_of(node) if node.op == "open" else node.data[1]
    return tags


# --- complex numbers ------------------------------------------------------------------------------------


def _of_reals(row: Callable[[Node, Values], int], node: Node, below: Values) -> int:
    """What a row says, where all operands are real: no other row but this one knows of complex numbers."""
    if not conjugates.is_complex(node):
        return row(node, below)
    if node.args and all(map(conjugates.is_real, node.args)):
        return row(node, below)
    return _of_hermitian_form(node)


def _of_hermitian_form(node: Node) -> int:
    """u^H u and z conj(z)"""
    if node.op == "power" and node.args[1] is node.args[-1] and len(node.args) == 4:
        even = is_number(node.args[1]) is not None
        return WEAK if even and conjugates.conjugate(node.args[0]) is node.args[2] else UNKNOWN
    if node.op == "matmul" and node.is_scalar and len(node.args) == 2:
        left, right = node.args
        return WEAK if transposition.transpose(conjugates.conjugate(right)) is left else UNKNOWN
    return UNKNOWN


# --- signs of entries -----------------------------------------------------------------------------------


def _declared_sign(node: Node, below: Values) -> int:
    return STRICT if "positive" in _tags(node) else UNKNOWN


def _sign_of_diagonal(node: Node, below: Values) -> int:
    """The diagonal of a definite matrix is positive, as that of a Cholesky factor is."""
    inside = node.args[0]
    if inside.upright.op == "call" and "positive diagonal" in row_of(inside.upright.data[0]).value:
        return STRICT
    return max(below[0], DEFINITE(inside))


def _sign_of_powers(node: Node, below: Values) -> int:
    return min(
        sign or (WEAK if _is_even(e) or _is_root(e) else UNKNOWN)
        for sign, e in zip(below[::2], node.args[1::2], strict=True)
    )


def _is_even(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is not None and e.denominator == 1 and e % 2 == 0


def _is_root(exponent: Node) -> bool:
    """Of what has such a power, the power is not negative."""
    e = is_number(exponent)
    return e is not None and e.denominator != 1


def _sign_of_call(node: Node, below: Values) -> int:
    if node.data[0] == "where":
        return min(below[1:])
    row = row_of(node.data[0])
    found = _sign_of(row.range)
    for known, then in row.gives:
        if found != STRICT and _is_known(node, below, known):
            found = max(found, _sign_of(then))
    return found


def _sign_of(fact: Fact | None) -> int:
    if not isinstance(fact, Interval):
        return UNKNOWN
    return STRICT if ABOVE_0.covers(fact) else WEAK if AT_LEAST_0.covers(fact) else UNKNOWN


def _is_known(node: Node, signs: Values, fact: Fact) -> bool:
    """Whether something is known of all operands."""
    if isinstance(fact, Interval):
        return _sign_of(fact) != UNKNOWN and min(signs) >= _sign_of(fact)
    if fact == SYMMETRIC:
        return all(map(is_symmetric, node.args))
    return fact in _DEFINITE and all(DEFINITE(a) >= _DEFINITE[fact] for a in node.args)


def _sign_of_product(node: Node, below: Values) -> int:
    """Of factors with signs, or of u^T M u with M semidefinite."""
    return min(below) or (WEAK if node.is_scalar and _middle(node, below)[1] else UNKNOWN)


SIGN: Fold[int] = Fold(
    "sign",
    {
        **rows_of("ones dimension", Always(STRICT)),
        "constant": lambda node, below: STRICT,  # of pi: that of j is no fact of real numbers
        **rows_of("zero identity unit at mask selector commutation duplication elimination", Always(WEAK)),
        **rows_of("perturbation logdet", Always(UNKNOWN)),
        **rows_of("matpow adjugate", lambda node, below: UNKNOWN),
        **rows_of("variable open", _declared_sign),
        **rows_of("transpose vec unvec total", _same),
        **rows_of("scale kron block", _least),
        "add": _of_sum,
        "matmul": _sign_of_product,
        "power": _sign_of_powers,
        "diag": lambda node, below: min(below[0], WEAK),
        "diagonal": _sign_of_diagonal,
        "trace": lambda node, below: max(below[0], DEFINITE(node.args[0])),
        "det": lambda node, below: DEFINITE(node.args[0]),
    },
    call=_sign_of_call,
    around=_of_reals,
)


# --- definiteness ---------------------------------------------------------------------------------------


def _declared_definite(node: Node, below: Values) -> int:
    tags = member_tags(node) or _tags(node)
    return STRICT if "spd" in tags else WEAK if "psd" in tags else UNKNOWN


def _definite_power(node: Node, below: Values) -> int:
    """Powers of definite matrices, and even ones of symmetric matrices."""
    base, exponent = node.args
    if below[0] == STRICT:
        return STRICT
    k = is_number(exponent)
    if not is_natural(exponent) and (k is None or k.denominator != 1):
        return UNKNOWN
    return WEAK if below[0] or (_is_even(exponent) and is_symmetric(base)) else UNKNOWN


def _definite_entrywise(node: Node, below: Values) -> int:
    """Products of semidefinite matrices, entry by entry [Horn & Johnson 7.5.3]."""
    return min(WEAK, *below[::2]) if all(map(is_natural, node.args[1::2])) else UNKNOWN


def _definite_call(node: Node, below: Values) -> int:
    found = UNKNOWN
    for known, then in row_of(node.data[0]).gives:
        if then in _DEFINITE and _is_known(node, (), known):
            found = max(found, _DEFINITE[then])
    return found


def _definite_product(node: Node, below: Values) -> int:
    """B^T M B with M semidefinite; definite where B is invertible."""
    if not node.is_square:
        return UNKNOWN
    if member_tags(node):
        return _declared_definite(node, below)
    outer, middle = _middle(node, below)
    return middle if all(map(is_invertible, outer)) else min(middle, WEAK)


def _middle(node: Node, below: Values) -> tuple[tuple[Node, ...], int]:
    """(B, definiteness of M) of factors B^T M B, where M may be missing."""
    factors = tuple(group[0] if len(group) == 1 else products.matmul(*group) for group in grouped(node.args))
    first, last = 0, len(factors) - 1
    while first < last and transposition.transpose(factors[first]) is factors[last]:
        first, last = first + 1, last - 1
    return factors[:first], STRICT if first > last else DEFINITE(factors[first]) if first == last else UNKNOWN


def _sign_of_scalar(node: Node) -> int | None:
    return SIGN(node) if node.is_scalar else None


def _definite_of_reals(row: Callable[[Node, Values], int], node: Node, below: Values) -> int:
    """What a row says of real matrices; a hermitian one is not symmetric."""
    return (
        row(node, below)
        if not conjugates.is_complex(node) or all(map(conjugates.is_real, node.args or (node,)))
        else UNKNOWN
    )


DEFINITE: Fold[int] = Fold(
    "definite",
    {
        **rows_of("dimension constant unit at mask selector commutation duplication elimination", Always(UNKNOWN)),
        **rows_of("perturbation transpose det logdet trace adjugate vec unvec block diagonal apply", Always(UNKNOWN)),
        **rows_of("variable open", _declared_definite),
        **rows_of("ones zero", lambda node, below: WEAK if node.is_square else UNKNOWN),
        "identity": Always(STRICT),
        "total": _same,
        "add": _of_sum,
        "kron": _least,
        "diag": lambda node, below: SIGN(node.args[0]),
        "scale": lambda node, below: min(SIGN(node.args[0]), below[1]),
        "power": _definite_entrywise,
        "matpow": _definite_power,
        "matmul": _definite_product,
        "call": _definite_call,
    },
    first=_sign_of_scalar,
    around=_definite_of_reals,
)


# --- what has an inverse, and whose inverse is its transpose --------------------------------------------


def _all(node: Node, below: Sequence[bool]) -> bool:
    return all(below)


def _first(node: Node, below: Sequence[bool]) -> bool:
    return below[0]


def _definite(node: Node, below: Sequence[bool]) -> bool:
    return is_pd(node)


def _is_declared_invertible(node: Node) -> bool:
    tags = member_tags(node) if node.op == "matmul" else _tags(node)
    return not {"spd", "hpd", "orthogonal", "invertible"}.isdisjoint(tags)


INVERTIBLE: Fold[bool] = Fold(
    "invertible",
    {
        **rows_of("constant dimension zero ones identity unit mask selector duplication elimination", _definite),
        **rows_of("perturbation power apply trace det logdet scale diag diagonal adjugate", _definite),
        **rows_of("at vec unvec total block add", _definite),
        **rows_of("variable open", lambda node, below: _is_declared_invertible(node)),
        **rows_of("transpose matpow", _first),
        "kron": lambda node, below: all(below) or is_pd(node),
        "matmul": lambda node, below: all(below) or is_pd(node) or _is_declared_invertible(node),
        "commutation": Always(True),
        "call": lambda node, below: (
            ("invertible" in (row := row_of(node.data[0])).value and not row.domain) or is_pd(node)
        ),
    },
    first=lambda node: None if node.is_square else False,
)

ORTHOGONAL: Fold[bool] = Fold(
    "orthogonal",
    {
        **rows_of(
            "constant dimension zero ones unit mask selector duplication elimination perturbation", Always(False)
        ),
        **rows_of("at power trace det logdet scale diag diagonal adjugate vec unvec total block add", Always(False)),
        **rows_of("variable open", lambda node, below: "orthogonal" in _tags(node)),
        **rows_of("transpose matpow", _first),
        "kron": _all,
        "matmul": lambda node, below: all(below) or "orthogonal" in member_tags(node),
        **rows_of("commutation identity", Always(True)),
    },
    call=Always(False),
)


# --- whole numbers --------------------------------------------------------------------------------------


def _whole_power(node: Node, below: Sequence[bool]) -> bool:
    return all(below) and all((is_number(e) or 0) > 0 for e in node.args[1::2])


WHOLE: Fold[bool] = Fold(
    "whole",
    {
        **rows_of(
            "constant identity unit mask selector commutation duplication elimination perturbation", Always(False)
        ),
        **rows_of("trace det logdet open matmul matpow transpose scale kron diag diagonal adjugate", Always(False)),
        **rows_of("at vec unvec block", Always(False)),
        **rows_of("zero ones dimension", Always(True)),
        "variable": lambda node, below: "integer" in node.data[1],
        "total": _first,
        "add": lambda node, below: all(below) and all(c.denominator == 1 for c in node.data),
        "power": _whole_power,
    },
    call=Always(False),
)


# --- questions ------------------------------------------------------------------------------------------


def is_positive(node: Node) -> bool:
    """Every entry is > 0."""
    return SIGN(node) == STRICT


def is_nonnegative(node: Node) -> bool:
    """Every entry is >= 0."""
    return SIGN(node) >= WEAK


def is_pd(node: Node) -> bool:
    """Symmetric positive definite."""
    return DEFINITE(node) == STRICT


def is_psd(node: Node) -> bool:
    """Symmetric positive semidefinite."""
    return DEFINITE(node) >= WEAK


def is_symmetric(node: Node) -> bool:
    """X^T = X, as nodes."""
    return node.is_square and transposition.transpose(node) is node


def is_invertible(node: Node) -> bool:
    """Square and known to have an inverse."""
    return INVERTIBLE(node)


def is_orthogonal(node: Node) -> bool:
    """Declared orthogonal, or a product or transpose of such."""
    return ORTHOGONAL(node)


def is_whole(node: Node) -> bool:
    """A number that is an integer whatever the values of its names are: 2 n - 1."""
    return WHOLE(node)
