"""Derivations: apply d, push it inward rule by rule, bring dX to the right, read off the derivative."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.structure import linear_structure, project, project_columns
from matcalc.calculus.vecform import vec_form
from matcalc.errors import UnsupportedError
from matcalc.explaining.held import (
    Held,
    Known,
    Pending,
    layout_of,
    node_of,
    pendings,
    product,
    replaced,
)
from matcalc.explaining.rules import Differentials, Named, name_of, under_trace
from matcalc.explaining.steps import Step
from matcalc.expr import Node, number, perturbation, postorder, substitute, transpose, vec
from matcalc.expr.node import make
from matcalc.printing import text
from matcalc.printing.formats import reader_for
from matcalc.simplify import Firing, cost, recording, simplify

__all__ = ["steps_of"]

#: Longer expressions are not compared as text.
LONGEST_COMPARED = 4000

_TO_THE_RIGHT = Named("dX to the right", "tr(M) = tr(M^T), tr(A B) = tr(B A)", "M&N 1.10")


def steps_of(f: Node, variable: Node, order: int, detail: str, typed: str | None) -> Iterator[Step]:
    """The lines of the derivation of a derivative of order 1 or 2."""
    if order not in (1, 2):
        raise UnsupportedError("steps are written for the orders 1 and 2", hint="use derivative for higher orders")
    work = _Derivation(f, variable, order, detail)
    yield from work.opening(typed)
    yield from work.first()
    if order == 2:
        yield from work.second()


class _Derivation:
    """The steps for one function and one variable."""

    def __init__(self, f: Node, variable: Node, order: int, detail: str) -> None:
        self.given = f
        self.f = f
        self.variable = variable
        self.brief = detail == "brief"
        self.first_step = perturbation(variable, 1 if order == 2 else 0)
        self.second_step = perturbation(variable, 2)
        self.order = order
        self.derivative = f

    @property
    def _name(self) -> str:
        return "f" if self.given.is_scalar else "F"

    def opening(self, typed: str | None) -> Iterator[Step]:
        """f as it was typed, and in the form that is differentiated."""
        spelled = _spelled(self.given, typed)
        yield Step(self._name, Known(spelled))
        yield from _simplification(self._name, self.given)
        self.f = simplify(self.given)
        if self.f is self.given:
            self.f = spelled

    def first(self) -> Iterator[Step]:
        """df, brought to the form from which the derivative is read off."""
        d = Differentials({self.variable: self.first_step})
        worked = yield from self._pushed_inward(f"d{self._name}", d.of(self.f), d)
        if self.f.is_scalar:
            yield from self._gradient(node_of(worked))
        else:
            yield from self._jacobian(node_of(worked))

    def _pushed_inward(self, quantity: str, start: Held, d: Differentials) -> Generator[Step, None, Held]:
        """Apply rules until no d(u) is left; the generator's value is the last line."""
        yield Step(quantity, start)
        held = start
        while any(pendings(held)):
            held, names = _advanced(held, d, self.brief)
            yield _step(quantity, held, names)
        return held

    # --- scalar functions ---------------------------------------------------------------------

    def _gradient(self, df: Node) -> Iterator[Step]:
        """df = tr(G^T dX), and G."""
        dx, x = self.first_step, self.variable
        if df.is_zero:
            yield Step("gradient", Known(adjoint(df, dx)), "read off", "f does not depend on the variable")
            return
        if not self.brief:
            yield _step(f"d{self._name}", Known(df), [_TO_THE_RIGHT])
        g = adjoint(df, dx)
        yield Step("df", _paired(g, dx), *_pairing(x))
        is_projected = bool(linear_structure(x)) and project(g, x) is not g
        quantity = "derivative" if x.is_scalar else "G" if is_projected else "gradient"
        yield Step(quantity, Known(g), "read off", _read_off(x))
        yield from _simplification(quantity, g)
        if is_projected:
            yield from self._projection(project(g, x))
        self.derivative = simplify(project(g, x))

    def _projection(self, projected: Node) -> Iterator[Step]:
        yield Step(
            "gradient",
            Known(projected),
            f"projection on the {linear_structure(self.variable)} matrices",
            "the gradient within a linear space is the orthogonal projection",
            "Srinivasan & Panda 2023",
        )
        yield from _simplification("gradient", projected)

    # --- arrays -------------------------------------------------------------------------------

    def _jacobian(self, df: Node) -> Iterator[Step]:
        """dF = J dx for vectors; for matrices the operator is the answer, and its vec form."""
        dx, x = self.first_step, self.variable
        short = simplify(df)
        yield from _simplification("dF", df)
        self.derivative = short
        if df.is_zero:
            return
        if x.is_scalar:
            value = substitute(short, {dx: number(1)})
            yield Step("dF/dx", Known(value), "read off", "dF = F' dx")
            yield from _simplification("dF/dx", value)
            return
        if self.order == 2:
            return
        form = vec_form(short, dx)
        if form is None:
            return
        if self.given.is_column and x.is_column:
            yield Step("dF", product(Known(form), Known(dx)), "cut out dx", "dF = J dx")
            yield from self._read_matrix("J", form, "dF = J dx")
        else:
            best = self._best_matrix(form)
            yield Step(
                "vec dF",
                product(Known(best), Known(vec(dx))),
                "vec form",
                "vec(A X B) = (B^T ⊗ A) vec(X)",
                "M&N 2.4",
            )

    def _best_matrix(self, form: Node) -> Node:
        x = self.variable
        return simplify(project_columns(form, x) if linear_structure(x) else form)

    def _read_matrix(self, quantity: str, form: Node, identity: str) -> Iterator[Step]:
        yield Step(quantity, Known(form), "read off", identity)
        yield from _simplification(quantity, form)

    # --- second derivatives -------------------------------------------------------------------

    def second(self) -> Iterator[Step]:
        """d(df) with an independent second perturbation."""
        d = Differentials({self.variable: self.second_step})
        g = self.derivative
        if not self.given.is_scalar:
            yield from self._second_of_array(d)
        elif self.variable.is_scalar:
            worked = yield from self._pushed_inward("d2f", product(d.of(g), Known(self.first_step)), d)
            value = substitute(node_of(worked), {self.first_step: number(1), self.second_step: number(1)})
            yield Step("second derivative", Known(value), "read off", "d²f = f'' dx_1 dx_2")
            yield from _simplification("second derivative", value)
        else:
            yield from self._hessian(g, d)

    def _second_of_array(self, d: Differentials) -> Iterator[Step]:
        worked = yield from self._pushed_inward("d2F", d.of(self.derivative), d)
        yield from _simplification("d2F", node_of(worked))

    def _hessian(self, g: Node, d: Differentials) -> Iterator[Step]:
        """d²f = <dX_1, d(G)>; for a vector dx_1^T H dx_2."""
        dx, dy = self.first_step, self.second_step
        held = d.of(g)
        pair = product(Known(transpose(dx)), held)
        start = pair if dx.is_column else under_trace(pair)
        yield Step("d2f", start, "second differential", "d²f = d(df), and dX_1 is constant", "M&N chapter 6")
        worked = yield from self._pushed_inward_beside(held, start, d)
        operator = node_of(worked)
        form = vec_form(operator, dy)
        if dx.is_column and form is not None:
            yield Step(
                "d2f", product(Known(transpose(dx)), Known(form), Known(dy)), "cut out dx_2", "d²f = dx_1^T H dx_2"
            )
            yield from self._read_matrix("H", form, "d²f = dx_1^T H dx_2")
            return
        yield Step("dG", Known(operator), "read off", "d²f = tr(dX_1^T dG)")
        yield from _simplification("dG", operator)
        short = vec_form(simplify(operator), dy)
        if short is not None:
            best = self._best_matrix(short)
            yield Step(
                "vec dG",
                product(Known(best), Known(vec(dy))),
                "vec form",
                "vec(A X B) = (B^T ⊗ A) vec(X)",
                "M&N 2.4",
            )

    def _pushed_inward_beside(self, held: Held, start: Held, d: Differentials) -> Generator[Step, None, Held]:
        """Lines of d²f, while d(G) alone is worked out beside it."""
        whole, part = start, held
        while any(pendings(part)):
            whole, names = _advanced(whole, d, self.brief)
            part, _ = _advanced(part, d, self.brief)
            yield _step("d2f", whole, names)
        return part


# --- one line to the next ---------------------------------------------------------------------


def _advanced(held: Held, d: Differentials, brief: bool) -> tuple[Held, list[Named]]:
    """The next line: in full one rule wherever it applies, in brief all rules of one depth and whatever is linear."""
    if not brief:
        name = name_of(next(pendings(held)).of, d)
        return _applied(held, d, lambda p: name_of(p.of, d) == name), [name]
    held, before = _plain(held, d)
    names = list(dict.fromkeys(name_of(p.of, d) for p in pendings(held)))
    held = _applied(held, d, lambda p: True)
    held, after = _plain(held, d)
    return held, names or before or after


def _plain(held: Held, d: Differentials) -> tuple[Held, list[Named]]:
    """Linear rules, as long as one applies."""
    used: dict[Named, None] = {}
    while True:
        found = [n for p in pendings(held) if (n := name_of(p.of, d)).is_plain]
        if not found:
            return held, list(used)
        used.update(dict.fromkeys(found))
        held = _applied(held, d, lambda p: name_of(p.of, d).is_plain)


def _applied(held: Held, d: Differentials, where: Callable[[Pending], bool]) -> Held:
    return replaced(held, lambda p: d.expanded(p) if where(p) else p)


def _step(quantity: str, held: Held, names: Sequence[Named]) -> Step:
    return Step(
        quantity,
        held,
        ", ".join(dict.fromkeys(n.name for n in names)),
        "; ".join(dict.fromkeys(n.identity for n in names)),
        "; ".join(dict.fromkeys(n.reference for n in names)),
    )


# --- reading off ------------------------------------------------------------------------------


def _paired(g: Node, dx: Node) -> Held:
    """tr(G^T dX), g^T dx or g dx, with G^T as one factor."""
    turned = layout_of(Known(g), reader_for("text")).kind == "sum" and len(text(g)) + 2 <= len(text(transpose(g)))
    pair = product(Known(transpose(g), turned), Known(dx))
    return pair if dx.is_column else under_trace(pair)


def _pairing(x: Node) -> tuple[str, str, str]:
    if x.is_scalar:
        return "collect", "df = f' dx", ""
    if x.is_column:
        return "collect", "cut out dx: df = g^T dx", "M&N Theorem 5.11"
    return "collect", "tr(M) = tr(M^T), tr(A B) = tr(B A): df = tr(G^T dX)", "M&N 1.10, Theorem 5.11"


def _read_off(x: Node) -> str:
    return "df = f' dx" if x.is_scalar else "df = g^T dx" if x.is_column else "df = tr(G^T dX)"


# --- simplification ---------------------------------------------------------------------------


def _simplification(quantity: str, node: Node) -> Iterator[Step]:
    """The shorter form, with the identities that were used; nothing where there is none."""
    node.cache.pop("simplified", None)
    with recording() as firings:
        after = simplify(node)
    if after is node or _looks_like(after, node):
        return
    used = _used(after, firings)
    if used:
        yield Step(
            quantity,
            Known(after),
            ", ".join(f.rule.name for f in used),
            "; ".join(f.rule.identity for f in used),
            "; ".join(dict.fromkeys(f.rule.reference for f in used)),
        )
    else:
        yield Step(quantity, Known(after), "factor out" if cost(after) < cost(node) else "rearrange")


def _looks_like(a: Node, b: Node) -> bool:
    """Whether two nodes are printed alike; long ones are not compared."""
    sizes = {layout_of(Known(n), reader_for("text")).size for n in (a, b)}
    return len(sizes) == 1 and max(sizes) <= LONGEST_COMPARED and text(a) == text(b)


def _used(after: Node, firings: Sequence[Firing]) -> list[Firing]:
    """The firings that lead from one form to the other, each rule once: what they consumed is gone at the end."""
    kept = set(postorder(after))
    found: dict[str, Firing] = {}
    for firing in firings:
        if firing.before not in kept:
            found.setdefault(firing.rule.name, firing)
    return list(found.values())


# --- the first line ---------------------------------------------------------------------------


def _spelled(f: Node, typed: str | None) -> Node:
    """f with each trace of a product in the rotation in which it was typed, where that can be found."""
    spaceless = _spaceless(typed or "")
    memo: dict[Node, Node] = {}
    for node in postorder(f):
        args = tuple(memo[a] for a in node.args)
        changed = any(new is not old for new, old in zip(args, node.args, strict=True))
        again = make(node.op, args, node.data, node.shape) if changed else node
        memo[node] = _rotated(again, spaceless) if node.op == "trace" else again
    return memo[f]


def _spaceless(typed: str) -> str:
    """The text in one spelling: of transposes, of LaTeX commands, without spaces."""
    plain = re.sub(r"\\(?:operatorname|mathrm|mathbf|boldsymbol)\s*\{(\w+)\}", r"\1", typed)
    plain = re.sub(r"\\(?:left|right|[,;:!])", "", plain)
    plain = re.sub(r"\.T\b|'|\^⊤|ᵀ|\^\{?\\(?:top|intercal)\}?|\^\{T\}", "^T", plain)
    return re.sub(r"[\s*@·\\]", "", plain)


def _rotated(node: Node, typed: str) -> Node:
    (inside,) = node.args
    if inside.op != "matmul":
        return node
    for factors in _rotations(inside.args):
        shown = make("matmul", factors, (), (factors[0].rows, factors[-1].cols))
        if _spaceless(f"tr({text(shown)})") in typed:
            return make("trace", (shown,), (), node.shape)
    return node


def _rotations(factors: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    for chain in (factors, tuple(transpose(f) for f in reversed(factors))):
        yield from (chain[k:] + chain[:k] for k in range(len(chain)))
