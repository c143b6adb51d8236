"""The logarithm of a sum of exponentials: d²f = v^T (diag(s) - s s^T) v, with s = softmax(u) and v = du."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.calculus.differential import differential
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, proved
from matcalc.convexity.verdicts import Line
from matcalc.expr import Node, diag, matmul, perturbation, substitute, transpose, variable, variables
from matcalc.printing import latex, text
from matcalc.printing.style import Style
from matcalc.simplify import simplify

__all__ = ["of_log_sum_exp", "share_line"]


def of_log_sum_exp(node: Node, at: Context) -> Iterator[Proof]:
    """log(sum(exp(u))) with an affine column u."""
    u = exponents_of(node)
    affine = None if u is None or not u.is_column or u.is_scalar else at.shape(u).get("affine")
    if u is None or affine is None or not at.moves(u):
        return
    steps = {v: perturbation(v) for v in variables(u) if v in at.moving}
    names = {
        steps[v]: variable(f"d{v.data[0]}", v.shape, tuple(t for t in v.data[1] if t == "symmetric")) for v in steps
    }
    if all(t in ("symmetric", "positive") for v in steps for t in v.data[1]):
        yield proved("convex", node, "log-sum-exp", [affine], shown=simplify(substitute(differential(u, steps), names)))


def exponents_of(node: Node) -> Node | None:
    """u of log(1^T exp(u)) and logsumexp(u)"""
    if node.op == "call" and node.data[0] == "logsumexp" and len(node.args) == 1:
        return node.args[0]
    inside = node.args[0] if node.op == "apply" and node.data[0] == "log" else None
    if inside is None or inside.op != "matmul" or len(inside.args) != 2:
        return None
    left, right = inside.args
    is_sum = left.op == "transpose" and left.args[0].op == "ones"
    return right.args[0] if is_sum and right.op == "apply" and right.data[0] == "exp" else None


def share_line(step: Proof, style: Style) -> Line:
    """v^T (diag(s) - s s^T) v where v = A dx, s = softmax(A x)"""
    u = exponents_of(step.node)
    assert u is not None and step.shown is not None
    taken = {v.data[0] for v in (*variables(u), *variables(step.shown))}
    v, s = (
        variable(next(n for n in spellings if n not in taken), u.shape)
        for spellings in (("v", "w", "v_1"), ("s", "p", "s_1"))
    )
    is_short = step.shown.op == "variable"
    du = step.shown if is_short else v
    form = matmul(transpose(du), diag(s) - matmul(s, transpose(s)), du)
    shares = [(s, f"softmax({text(u, style=style)})", rf"\operatorname{{softmax}}\left({latex(u, style=style)}\right)")]
    given = [*([] if is_short else [(v, text(step.shown, style=style), latex(step.shown, style=style))]), *shares]
    said = ", ".join(f"{text(name)} = {value}" for name, value, _ in given)
    in_latex = r",\ ".join(f"{latex(name)} = {value}" for name, _, value in given)
    words = (
        "the second differential: Cauchy-Schwarz, since sum(s) = 1"
        if text(s) == "s"
        else "the second differential: Cauchy-Schwarz"
    )
    expression = f"{text(form, style=style)} where {said}"
    return Line(expression, ">= 0", words, "B&V 3.1.5", (), latex(form, style=style), rf",\quad {in_latex}")
