"""Conditions as values: what has to hold of an expression at a point, in a normal form.

A condition on a matrix and on its transpose are one, positive factors say nothing, a product is free of zeros where its
factors are, and what the facts about an expression settle is no condition at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc.calculus.needs.orientation import plain, turned, untransposed
from matcalc.expr import (
    Node,
    content,
    factors,
    hadamard,
    is_number,
    ones,
    power,
    scaled,
    terms,
)
from matcalc.expr.canonical.products import summed_column
from matcalc.expr.facts import is_invertible, is_nonnegative, is_pd, is_positive, is_psd
from matcalc.expr.lengths import columns_of_lengths, has_no_names, matrix_of_length
from matcalc.expr.supports import support_where_finite
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    DEFINITE,
    INFINITE,
    INVERTIBLE,
    NO_NEGATIVE_EIGENVALUE,
    NO_POLE,
    NONZERO,
    RANK,
    SOMEWHERE,
    UNEQUAL,
    Above,
    AtLeast,
    Distinct,
    Fact,
    Inside,
    Interval,
    Said,
    Unique,
    Within,
)
from matcalc.functions.table import row_of
from matcalc.records import dataclass

__all__ = [
    "DEFINITE",
    "DISTINCT",
    "DISTINCT_SINGULAR",
    "EQUAL_AROUND",
    "EXTREME",
    "INVERTIBLE",
    "LARGEST_SINGULAR",
    "NONNEGATIVE",
    "NONZERO",
    "NO_COLUMN",
    "NO_NEGATIVE_EIGENVALUE",
    "POSITIVE",
    "RANK",
    "SIGNLESS",
    "SOMEWHERE",
    "Condition",
    "consequences",
    "is_certain",
    "normal",
    "without_implied",
]

#: These are known by their consequences.
POSITIVE, NONNEGATIVE = ABOVE_0, AT_LEAST_0
NO_COLUMN = Said("no column of {0} is 0")
DISTINCT, DISTINCT_SINGULAR = Distinct("eigenvalue"), Distinct("singular value")
LARGEST_SINGULAR = Unique("largest", "singular value")
EXTREME = tuple(Unique(which, "eigenvalue") for which in ("largest", "smallest"))

#: kind -> weaker ones of the same expression
WEAKER: dict[Fact, tuple[Fact, ...]] = {
    POSITIVE: (NONNEGATIVE, NONZERO, SOMEWHERE),
    NONZERO: (SOMEWHERE, NO_COLUMN),
    NO_COLUMN: (SOMEWHERE,),
    DEFINITE: (INVERTIBLE, NO_NEGATIVE_EIGENVALUE),
    NO_NEGATIVE_EIGENVALUE: (INVERTIBLE,),
    INVERTIBLE: (NO_COLUMN, RANK),
    RANK: (SOMEWHERE,),
    DISTINCT: EXTREME,
    DISTINCT_SINGULAR: (RANK, LARGEST_SINGULAR),
    LARGEST_SINGULAR: (SOMEWHERE,),
    Inside(-1, 1): (Within(-1, 1),),
    Above(1): (AtLeast(1),),
}
#: Kinds in which the sign of an expression does not matter.
SIGNLESS = (NONZERO, SOMEWHERE, INVERTIBLE, NO_COLUMN)
#: What may be equal on an open set has no kink inside of it.
EQUAL_AROUND = Said("where {0} = {1}, they are equal all around")
#: Relations between the entries of two arrays.
OF_TWO = (UNEQUAL, Said("|{0}| != {1}"), EQUAL_AROUND)


@dataclass(frozen=True)
class Condition:
    """A fact about expressions that has to hold where all relations of ``guard`` do.

    Of an array with structural zeros an entrywise one speaks of the other entries.
    """

    kind: Fact
    subjects: tuple[Node, ...]
    guard: frozenset[Node] = frozenset()

    @property
    def pattern(self) -> Node | None:
        """The entries that are meant, where they are not all."""
        return support_where_finite(self.subjects[0]) if self.kind in (POSITIVE, NONZERO) else None


def normal(condition: Condition) -> Iterator[Condition]:
    """The same in normal form: none where it is known to hold, several where it is about a product."""
    if condition.kind in OF_TWO:
        yield replace(condition, subjects=untransposed(condition.subjects))
        return
    rule = _NORMAL.get(condition.kind)
    if len(condition.subjects) > 1:
        yield from [] if condition.kind == POSITIVE and all(map(is_positive, condition.subjects)) else [condition]
    elif rule is None and isinstance(condition.kind, Interval):
        yield from (replace(c, guard=condition.guard) for c in _bounded(condition))
    elif rule is None:
        kind, subject = turned(condition.kind, condition.subjects[0])
        yield replace(condition, kind=kind, subjects=(subject,))
    else:
        yield from (replace(c, guard=condition.guard) for c in rule(plain(_rescaled(condition))))


def without_implied(found: Iterable[Condition]) -> tuple[Condition, ...]:
    """Each once, and none that another one implies."""
    distinct = list(dict.fromkeys(_without_known_factors(list(dict.fromkeys(found)))))
    implied = {weaker for c in distinct for weaker in consequences(c)}
    return tuple(c for c in distinct if c not in implied)


def _without_known_factors(found: Sequence[Condition]) -> Iterator[Condition]:
    """p > 0 in place of p / (1 - p) > 0 where 1 - p > 0 is asked, too."""
    known = {c.subjects[0] for c in found if c.kind == POSITIVE and not c.guard}
    for c in found:
        rest = _rest_of_product(c.subjects[0], known) if c.kind == POSITIVE else c.subjects[0]
        if rest is c.subjects[0]:
            yield c
        else:
            yield from (replace(d, guard=c.guard) for d in normal(replace(c, subjects=(rest,))))


def _rest_of_product(u: Node, positive: Collection[Node]) -> Node:
    """What decides the sign of a product beside factors that are positive, or negative."""
    sign, m = content(u)
    if m.op != "power":
        return u
    kept: list[tuple[Node, Node]] = []
    for b, e in factors(m):
        k = is_number(e)
        if k is not None and k.denominator == 1 and scaled(-1, b) in positive:
            sign *= (-1) ** int(k)
        elif b not in positive:
            kept.append((b, e))
    return u if len(kept) == len(factors(m)) else scaled(sign, _product(kept, m))


def _product(pairs: Iterable[tuple[Node, Node]], like: Node) -> Node:
    return hadamard(ones(*like.shape), *(power(b, e) for b, e in pairs))


def consequences(condition: Condition) -> Iterator[Condition]:
    """What holds where the condition does, apart from itself."""
    stack, seen = [condition], {condition}
    while stack:
        here = stack.pop()
        for weaker in _next(here):
            for c in normal(weaker):
                if c not in seen:
                    seen.add(c)
                    stack.append(c)
                    yield c


def _next(condition: Condition) -> Iterator[Condition]:
    for kind in WEAKER.get(condition.kind, ()):
        yield replace(condition, kind=kind)
    if condition.guard:
        return
    (u, *_) = condition.subjects
    inside = condition.kind
    if isinstance(inside, Interval) and inside.low == -inside.high and inside.with_low == inside.with_high:
        rest = scaled(Fraction(inside.high) ** 2, ones(*u.shape)) - power(u, 2)
        yield Condition(NONNEGATIVE if inside.with_low else POSITIVE, (rest,))
    if condition.kind in (POSITIVE, NONZERO) and u.op == "det":
        yield Condition(INVERTIBLE, u.args)
    if condition.kind in (POSITIVE, NONZERO) and u.op in ("power", "scale"):
        yield from (Condition(NONZERO, (base,)) for base in _bases(u) if base.shape == u.shape or base.is_scalar)
    if condition.kind == POSITIVE and u.op == "apply" and u.data[0] == "log":
        yield Condition(POSITIVE, u.args)


def _bases(u: Node) -> Iterator[Node]:
    """What is not 0 where a product has no entry that is 0."""
    if u.op == "scale":
        yield from (base for part in u.args for base in _bases(part))
    else:
        yield from (base for base, e in factors(u) if is_number(e) is not None)


# --- normal forms -------------------------------------------------------------------------------


def _rescaled(condition: Condition) -> Node:
    """The expression without a number before it; its sign stays where that matters."""
    (u,) = condition.subjects
    c, primitive = content(u)
    return (
        scaled(-1, primitive)
        if c < 0 and condition.kind in (POSITIVE, NONNEGATIVE, DEFINITE, NO_NEGATIVE_EIGENVALUE)
        else primitive
    )


def _positive(u: Node) -> Iterator[Condition]:
    if is_positive(u) or has_no_names(u):
        return
    signed = _without_positive_factors(u)
    if signed is not u:
        yield from _positive(signed)
        return
    sign, m = content(u)
    if (
        m.op == "power"
        and len(m.args) == 2
        and (k := is_number(m.args[1])) is not None
        and k.denominator == 1
        and k % 2
    ):
        yield from normal(Condition(POSITIVE, (scaled(sign, m.args[0]),)))
        return
    if u.op == "power" and all(is_number(e) is None for e in u.args[1::2]):
        for base in u.args[::2]:
            yield from normal(Condition(POSITIVE, (base,)))
        return
    if not is_nonnegative(u):
        yield from () if _exceeds(u) else [Condition(POSITIVE, (u,))]
        return
    found = list(_nonzero(u))
    yield from [Condition(POSITIVE, (u,))] if found == [Condition(NONZERO, (u,))] and u.op != "variable" else found


def _exceeds(u: Node) -> bool:
    """x + (x^2 + c)^(1/2) for c > 0"""
    pairs = dict(terms(u))
    roots = [t for t, c in pairs.items() if c == 1 and t.op == "power" and is_number(t.args[1]) == Fraction(1, 2)]
    rests = ((root, u - root) for root in roots if len(root.args) == 2)
    return any(is_positive(root.args[0] - hadamard(rest, rest)) for root, rest in rests)


def _nonnegative(u: Node) -> Iterator[Condition]:
    if not is_nonnegative(u):
        yield Condition(NONNEGATIVE, (_without_positive_factors(u),))


def _without_positive_factors(u: Node) -> Node:
    """What decides the sign of a product: x^T x of x^T x / (1 + x^T x)."""
    if u.op != "power":
        return u
    kept = [(b, e) for b, e in factors(u) if not is_positive(b)]
    return u if len(kept) == len(factors(u)) else _product(kept, u)


def _nonzero(u: Node) -> Iterator[Condition]:
    """No entry of a product is 0 where none of its factors has one."""
    if is_positive(u) or has_no_names(u):
        return
    if u.op == "apply" and u.data[0] == "abs":
        yield from _nonzero(u.args[0])
    elif u.op == "det":
        yield from _invertible(u.args[0])
    elif u.op == "power" and len(u.args) == 2 and _is_fixed(u.args[1]):
        yield from normal(Condition(NONZERO, (u.args[0],)))
    elif (root := matrix_of_length(u)) is not None:
        yield from normal(Condition(SOMEWHERE, (plain(root),)))
    elif (columns := columns_of_lengths(u)) is not None:
        yield from normal(Condition(NO_COLUMN, (columns,)))
    elif (entries := summed_column(u)) is not None and is_nonnegative(entries):
        yield from normal(Condition(SOMEWHERE, (entries,)))
    else:
        yield Condition(NONZERO, (u,))


def _somewhere(u: Node) -> Iterator[Condition]:
    if u.is_scalar:
        yield from _nonzero(u)
    elif u.op == "apply" and u.data[0] == "abs":
        yield from normal(Condition(SOMEWHERE, u.args))
    elif u.op == "power" and len(u.args) == 2 and (_is_fixed(u.args[1]) or is_nonnegative(u.args[0])):
        yield from normal(Condition(SOMEWHERE, (u.args[0],)))
    elif not (is_positive(u) or is_invertible(u)):
        yield Condition(SOMEWHERE, (u,))


def _invertible(u: Node) -> Iterator[Condition]:
    if u.is_scalar:
        yield from _nonzero(u)
    elif not is_certain(u):
        yield Condition(INVERTIBLE, (plain(u),))


def _definite(u: Node) -> Iterator[Condition]:
    if not is_pd(u):
        yield Condition(DEFINITE, (u,))


def _no_pole(u: Node) -> Iterator[Condition]:
    if is_nonnegative(u):
        yield from normal(Condition(NONZERO, (u,)))
    else:
        yield Condition(NO_POLE, (u,))


def _off_the_cut(u: Node) -> Iterator[Condition]:
    """A semidefinite matrix has no negative eigenvalue: 0 is none where it is invertible."""
    if is_psd(u):
        yield from normal(Condition(INVERTIBLE, (u,)))
    else:
        yield Condition(NO_NEGATIVE_EIGENVALUE, (u,))


def _bounded(condition: Condition) -> Iterator[Condition]:
    """None where facts keep the expression within the bounds, x != 0 for 1 + x^2 > 1."""
    (u,), inside = condition.subjects, condition.kind
    assert isinstance(inside, Interval)
    if (value := is_number(u)) is not None and inside.holds(value):
        return
    if inside.high == INFINITE:
        above = u - scaled(Fraction(inside.low), ones(*u.shape))
        if u.op == "apply" and (values := row_of(u.data[0]).range) is not None and inside.covers(values):
            return
        if is_nonnegative(above):
            yield from () if inside.with_low or is_positive(above) else _nonzero(above)
            return
    elif _is_within(u, inside):
        return
    if inside.low == -inside.high and inside.with_low == inside.with_high:
        u = max(u, scaled(-1, u), key=lambda side: content(side)[0])
    yield replace(condition, subjects=(plain(u),))


def _is_within(u: Node, inside: Interval) -> bool:
    """Whether the values of a function, times a number, all lie in an interval."""
    c, value = content(u)
    values = row_of(value.data[0]).range if value.op == "apply" else None
    return values is not None and inside.covers(values.times(c))


_NORMAL: dict[Fact, Callable[[Node], Iterator[Condition]]] = {
    POSITIVE: _positive,
    NONNEGATIVE: _nonnegative,
    NONZERO: _nonzero,
    SOMEWHERE: _somewhere,
    INVERTIBLE: _invertible,
    DEFINITE: _definite,
    NO_POLE: _no_pole,
    NO_NEGATIVE_EIGENVALUE: _off_the_cut,
}


def is_certain(base: Node) -> bool:
    """Invertible by declaration, or wherever it is defined: a Cholesky factor, a square root."""
    inside = base.upright
    return is_invertible(base) or (inside.op == "call" and "invertible" in row_of(inside.data[0]).value)


def _is_fixed(exponent: Node) -> bool:
    """An exponent that is not 0: a number, or declared to be positive."""
    e = is_number(exponent)
    return e != 0 if e is not None else is_positive(exponent)
