"""Derivations: apply d, push it inward rule by rule, bring dX to the right, read off the derivative."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

from matcalc.calculus.derivative import cotangent
from matcalc.calculus.structure import linear_structure, project, project_columns, structure_of
from matcalc.calculus.vecform import vec_form
from matcalc.errors import UnsupportedError
from matcalc.explaining.held import AsTyped, Held, Known, Pending, layout_of, node_of, pendings, product, replaced
from matcalc.explaining.opening import definitions_in, only_rearranged, spelled
from matcalc.explaining.rules import Differentials, Named, name_of, under_trace
from matcalc.explaining.steps import Step, derivative_name, references_of, superscripted
from matcalc.expr import Node, number, perturbation, postorder, substitute, transpose, vec
from matcalc.language import Typed
from matcalc.printing import text
from matcalc.printing.formats import reader_for
from matcalc.printing.style import Style
from matcalc.simplify import Firing, cost, recording, simplify

__all__ = ["steps_of"]

#: Longer expressions are not compared as text.
LONGEST_COMPARED = 4000

_TO_THE_RIGHT = Named("dX to the right", "tr(M) = tr(M^T), tr(A B) = tr(B A)", "M&N 1.10")
_SECOND = ("second differential", "d²f = d(df), and dX_1 is constant", "M&N chapter 6")
_HIGHER = ("higher differential", "the differentials of before are constant", "M&N chapter 6")


def steps_of(
    f: Node, variables: Sequence[Node], detail: str, typed: str | None, tree: Typed | None, style: Style
) -> Iterator[Step]:
    """The lines of the derivation of the derivative by each variable in turn; ``style`` tells which look alike."""
    if not variables:
        raise UnsupportedError("a derivation needs an order of 1 or more", hint="use 1, 2 or 3")
    work = _Derivation(f, variables, detail, style)
    yield from work.opening(typed, tree)
    yield from work.first()
    for place in range(1, len(variables)):
        yield from work.further(place)


class _Derivation:
    """The steps for one function; what was derived so far is kept between the orders.

    Attributes:
        derivative: the derivative found so far, linear in the directions that are open.
        paired: the perturbation that names a gradient, df = <G, dX_1>, once there is one.
        open: the perturbations in ``derivative``.
    """

    def __init__(self, f: Node, variables: Sequence[Node], detail: str, style: Style) -> None:
        self.style = style
        self.given = f
        self.f = f
        self.variables = variables
        self.brief = detail == "brief"
        numbered = len(variables) > 1
        self.steps = [perturbation(v, i + 1 if numbered else 0) for i, v in enumerate(variables)]
        self.derivative = f
        self.paired: Node | None = None
        self.open: list[Node] = []

    @property
    def _name(self) -> str:
        return "f" if self.given.is_scalar else "F"

    def opening(self, typed: str | None, tree: Typed | None) -> Iterator[Step]:
        """f as it was typed, in the terms that the rules are about, and in the form that is differentiated."""
        shown = spelled(self.given, typed, self.style)
        yield Step(self._name, Known(shown) if tree is None else AsTyped(shown, tree))
        if tree is not None and not only_rearranged(tree, shown, self.style):
            yield _step(self._name, Known(shown), definitions_in(tree, shown, self.style))
        yield from _simplification(self._name, self.given, self.style)
        self.f = simplify(self.given)
        if self.f is self.given:
            self.f = shown

    def first(self) -> Iterator[Step]:
        """df, brought to the form from which the derivative is read off."""
        d = Differentials({self.variables[0]: self.steps[0]}, self.style)
        worked = yield from self._pushed_inward(f"d{self._name}", d.of(self.f), d)
        if self.f.is_scalar:
            yield from self._gradient(node_of(worked), 0, f"d{self._name}")
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

    def _gradient(self, df: Node, place: int, quantity: str) -> Iterator[Step]:
        """df = tr(G^T dX), and G, for a scalar function f or a derivative of it by scalars."""
        dx, x = self.steps[place], self.variables[place]
        found = derivative_name(self.variables[: place + 1])
        g = cotangent(df, dx, x)
        self.paired = None if x.is_scalar else dx
        self.derivative = simplify(project(g, x))
        if df.is_zero:
            yield Step(found, Known(g), "read off", "f does not depend on the variable")
            return
        if not self.brief:
            yield _step(quantity, Known(df), [_TO_THE_RIGHT])
        yield Step(quantity, _paired(g, dx, self.style), *_pairing(x))
        is_projected = bool(structure_of(x)) and project(g, x) is not g
        yield Step("G" if is_projected else found, Known(g), "read off", _read_off(x))
        yield from _simplification("G" if is_projected else found, g, self.style)
        if is_projected:
            yield from self._projection(project(g, x), x)

    def _projection(self, projected: Node, x: Node) -> Iterator[Step]:
        yield Step(
            "gradient",
            Known(projected),
            f"projection {'' if linear_structure(x) else 'of every member '}on the {structure_of(x)} matrices",
            "the gradient within a linear space is the orthogonal projection",
            "Srinivasan & Panda 2023",
        )
        yield from _simplification("gradient", projected, self.style)

    # --- arrays -------------------------------------------------------------------------------

    def _jacobian(self, df: Node) -> Iterator[Step]:
        """dF = J dx for vectors; for matrices the operator is the answer, and its vec form."""
        dx, x = self.steps[0], self.variables[0]
        short = simplify(df)
        yield from _simplification("dF", df, self.style)
        self.derivative, self.open = short, [dx]
        if df.is_zero:
            return
        if x.is_scalar:
            yield from self._read_scalar("dF/dx", short, [dx], "dF = F' dx")
            return
        if len(self.variables) > 1:
            return
        form = vec_form(short, dx)
        if form is not None and self.given.is_column and x.is_column:
            yield Step("dF", product(Known(form), Known(dx)), "cut out dx", "dF = J dx")
            yield from self._read_matrix("J", form, "dF = J dx")
        elif form is not None:
            yield self._vec_step("vec dF", form, dx, x)

    def _read_scalar(self, quantity: str, node: Node, steps: Sequence[Node], identity: str) -> Iterator[Step]:
        """The factor of perturbations that are scalars."""
        value = substitute(node, {d: number(1) for d in steps})
        yield Step(quantity, Known(value), "read off", identity)
        yield from _simplification(quantity, value, self.style)
        self.derivative = simplify(value)
        self.open = [d for d in self.open if d not in steps]

    def _vec_step(self, quantity: str, form: Node, dx: Node, x: Node) -> Step:
        best = simplify(project_columns(form, x) if structure_of(x) else form)
        body = product(Known(best), Known(vec(dx)))
        return Step(quantity, body, "vec form", "vec(A X B) = (B^T ⊗ A) vec(X)", "M&N 2.4")

    def _read_matrix(self, quantity: str, form: Node, identity: str) -> Iterator[Step]:
        yield Step(quantity, Known(form), "read off", identity)
        yield from _simplification(quantity, form, self.style)

    # --- further orders -----------------------------------------------------------------------

    def further(self, place: int) -> Iterator[Step]:
        """One more derivative, with a perturbation of its own."""
        d = Differentials({self.variables[place]: self.steps[place]}, self.style)
        if not self.given.is_scalar:
            yield from self._further_of_array(d, place)
        elif self.paired is None:
            yield from self._further_of_scalar(d, place)
        else:
            yield from self._further_of_gradient(d, place, self.paired)

    def _further_of_scalar(self, d: Differentials, place: int) -> Iterator[Step]:
        """Only scalars so far: a scalar function again, f' or f''."""
        known, found = (derivative_name(self.variables[:k]) for k in (place, place + 1))
        worked = yield from self._pushed_inward(f"d {known}", d.of(self.derivative), d)
        if found != "gradient":
            yield from self._read_scalar(
                found, node_of(worked), [self.steps[place]], "dg = g' dx, for g the derivative of before"
            )
        else:
            yield from self._gradient(node_of(worked), place, f"d {known}")

    def _further_of_array(self, d: Differentials, place: int) -> Iterator[Step]:
        dy, y = self.steps[place], self.variables[place]
        known = _array_name(self.variables[:place])
        quantity = f"d {known}" if known else f"d{place + 1}F"
        worked = yield from self._pushed_inward(quantity, d.of(self.derivative), d)
        yield from _simplification(quantity, node_of(worked), self.style)
        self.derivative = simplify(node_of(worked))
        self.open.append(dy)
        found = _array_name(self.variables[: place + 1])
        if y.is_scalar:
            yield from self._read_scalar(
                found or quantity, self.derivative, [dy], "divide by the differential of the scalar"
            )
        elif place == len(self.variables) - 1 and len(self.open) == 1:
            form = vec_form(self.derivative, dy)
            if form is not None:
                yield self._vec_step(f"vec {quantity}", form, dy, y)

    def _further_of_gradient(self, d: Differentials, place: int, dx: Node) -> Iterator[Step]:
        """d²f = <dX_1, d(G)>; for vectors dx_1^T H dx_2."""
        dy, y, order = self.steps[place], self.variables[place], place + 1
        held = d.of(self.derivative)
        pair = product(Known(transpose(dx)), held)
        start = pair if dx.is_column else under_trace(pair)
        quantity = f"d{order}f"
        yield Step(quantity, start, *(_SECOND if order == 2 else _HIGHER))
        worked = yield from self._pushed_inward_beside(quantity, held, start, d)
        operator = node_of(worked)
        self.derivative = simplify(operator)
        if y.is_scalar:
            yield from self._read_scalar(f"D{place}G", operator, [dy], "divide by the differential of the scalar")
            return
        self.open.append(dy)
        last = place == len(self.variables) - 1
        alone = last and len(self.open) == 1
        form = vec_form(operator, dy) if alone else None
        if dx.is_column and dy.is_column and form is not None:
            yield Step(
                quantity, product(Known(transpose(dx)), Known(form), Known(dy)), "cut out dx_2", "d²f = dx_1^T H dx_2"
            )
            yield from self._read_matrix("H", form, "d²f = dx_1^T H dx_2")
            return
        name = "dG" if place == 1 else f"d{place}G"
        yield Step(name, Known(operator), "read off", f"{superscripted(order)}f = tr(dX_1^T {superscripted(place)}G)")
        yield from _simplification(name, operator, self.style)
        short = vec_form(self.derivative, dy) if alone else None
        if short is not None:
            yield self._vec_step("vec dG", short, dy, y)

    def _pushed_inward_beside(
        self, quantity: str, held: Held, start: Held, d: Differentials
    ) -> Generator[Step, None, Held]:
        """Lines of the whole, while d(G) alone is worked out beside it."""
        whole, part = start, held
        while any(pendings(part)):
            whole, names = _advanced(whole, d, self.brief)
            part, _ = _advanced(part, d, self.brief)
            yield _step(quantity, whole, names)
        return part


def _array_name(variables: Sequence[Node]) -> str:
    """F', F'' where all variables so far are scalars; otherwise the derivative is an operator without a name."""
    if not all(v.is_scalar for v in variables):
        return ""
    return "dF/dx" if len(variables) == 1 else f"D{len(variables)}F"


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
        references_of(n.reference for n in names),
    )


# --- reading off ------------------------------------------------------------------------------


def _paired(g: Node, dx: Node, style: Style) -> Held:
    """tr(G^T dX), g^T dx or g dx, with G^T as one factor."""
    longer = len(text(transpose(g), style=style)) - len(text(g, style=style))
    turned = layout_of(Known(g), reader_for("text", style)).kind == "sum" and longer >= 2
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


def _simplification(quantity: str, node: Node, style: Style) -> Iterator[Step]:
    """The shorter form, with the identities that were used; nothing where there is none."""
    node.cache.pop("simplified", None)
    with recording() as firings:
        after = simplify(node)
    if after is node or _looks_like(after, node, style):
        return
    used = _used(after, firings)
    if used:
        yield Step(
            quantity,
            Known(after),
            ", ".join(f.rule.name for f in used),
            "; ".join(f.rule.identity for f in used),
            references_of(f.rule.reference for f in used),
        )
    else:
        yield Step(quantity, Known(after), "factor out" if cost(after) < cost(node) else "rearrange")


def _looks_like(a: Node, b: Node, style: Style) -> bool:
    """Whether two nodes are printed alike; long ones are not compared."""
    sizes = {layout_of(Known(n), reader_for("text", style)).size for n in (a, b)}
    return len(sizes) == 1 and max(sizes) <= LONGEST_COMPARED and text(a, style=style) == text(b, style=style)


def _used(after: Node, firings: Sequence[Firing]) -> list[Firing]:
    """The firings that lead from one form to the other, each rule once: what they consumed is gone at the end."""
    kept = set(postorder(after))
    found: dict[str, Firing] = {}
    for firing in firings:
        if firing.before not in kept:
            found.setdefault(firing.rule.name, firing)
    return list(found.values())
