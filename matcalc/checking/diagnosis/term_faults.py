"""Claims as sums of terms: what is missing, what is too much, which coefficients differ."""

from __future__ import annotations

from fractions import Fraction

from matcalc.checking.comparison import Comparison, Finding
from matcalc.checking.diagnosis.factors import ratio, ratio_at, rational
from matcalc.expr import Node, add, combine, number, scaled, terms, transpose
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded

__all__ = ["by_difference", "by_terms"]


Terms = dict[Node, Fraction]


def _terms_of(node: Node) -> Terms:
    return dict(terms(_simplified_terms(_written_out(node))))


def _written_out(node: Node) -> Node:
    """All products distributed: a factor that leaves a product may uncover another sum."""
    again = expanded(node)
    return node if again is node else _written_out(again)


def _simplified_terms(node: Node) -> Node:
    """Each term in its shortest form, without collecting them."""
    return combine(((simplify(t), k) for t, k in terms(node)), node.shape)


def by_terms(c: Comparison) -> Finding | None:
    """The sums as written out: what is missing, what is too much, which coefficients differ."""
    right, claimed = _terms_of(c.right), _terms_of(c.claimed)
    missing = {t: k for t, k in right.items() if t not in claimed}
    extra = {t: k for t, k in claimed.items() if t not in right}
    changed = {t: claimed[t] / k for t, k in right.items() if t in claimed and claimed[t] != k}
    whole = f"the derivative is {c.shown}"
    if missing and not extra and not changed:
        return Finding("missing term", f"missing {_listed(c, missing)}: {whole}")
    if extra and not missing and not changed:
        return Finding("extra term", f"{_listed(c, extra)} is too much: {whole}")
    if changed and not missing and not extra:
        return _of_coefficients(c, changed, right, whole)
    if len(missing) == len(extra) == 1 and not changed and len(right) > 1:
        return _of_one_term(c, _single(missing), _single(extra), whole)
    return None


def by_difference(c: Comparison) -> Finding | None:
    """The difference is a multiple of one term, which is written in another way in the claim."""
    gap = add(c.right, scaled(-1, c.claimed))
    whole = f"the derivative is {c.shown}"
    for term, k in terms(_written_out(c.right)):
        q = _multiple(c, gap, scaled(k, term))
        if q is not None:
            shown = c.text(simplify(scaled(k, term)))
            if q == 1:
                return Finding("missing term", f"missing {shown}: {whole}")
            if q == 2:
                return Finding("sign", f"the sign of {shown} is wrong: {whole}")
            return Finding("factor", f"the term {shown} is off by the factor {1 - q}: {whole}")
    for term, k in terms(_written_out(c.claimed)):
        if _multiple(c, gap, scaled(k, term)) == -1:
            return Finding("extra term", f"{c.text(simplify(scaled(k, term)))} is too much: {whole}")
    return None


def _multiple(c: Comparison, gap: Node, term: Node) -> Fraction | None:
    """The simple q with gap = q term at all points."""
    found = [ratio_at(c.value(gap, p), c.value(term, p)) for p in c.points]
    known = [q for q in found if q is not None]
    return rational(known) if known and len(known) == len(found) else None


def _single(found: Terms) -> Node:
    ((term, k),) = found.items()
    return scaled(k, term)


def _listed(c: Comparison, found: Terms) -> str:
    return c.text(simplify(combine(found.items(), c.right.shape)))


def _of_coefficients(c: Comparison, changed: Terms, right: Terms, whole: str) -> Finding:
    wrong = _listed(c, {t: right[t] for t in changed})
    if set(changed.values()) == {Fraction(-1)}:
        return Finding("sign", f"the sign of {wrong} is wrong: {whole}")
    factors = ", ".join(str(k) for k in dict.fromkeys(changed.values()))
    return Finding("factor", f"the term {wrong} is off by the factor {factors}: {whole}")


def _of_one_term(c: Comparison, wanted: Node, found: Node, whole: str) -> Finding:
    shown = f"the term {c.text(found)} should be {c.text(wanted)}"
    if found.is_square and not found.is_scalar and c.agree(transpose(found), wanted):
        return Finding("transposed", f"{shown}, its transpose: {whole}")
    alone = Comparison(c.subject, c.wrt, found, wanted)
    alone.points = c.points
    factor = ratio(alone, found)
    if factor is number(-1):
        return Finding("sign", f"{shown}: {whole}")
    if factor is not None:
        return Finding("factor", f"{shown}, off by the factor {c.text(factor)}: {whole}")
    return Finding("wrong term", f"{shown}: {whole}")
