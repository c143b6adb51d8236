"""The rules of differentiation as steps of a derivation: what each is called, and the line that it writes.

M&N is Magnus & Neudecker, *Matrix Differential Calculus*, 3rd edition; MC is *The Matrix Cookbook*, 2012.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from matcalc.calculus.differential import DIFFERENTIAL, LONGEST_POWER_SUM, differential
from matcalc.explaining.chain_rule import chain_rule
from matcalc.explaining.held import Held, Inside, Known, Pending, inside, marker, node_of, product, total
from matcalc.expr import (
    LEAVES,
    Node,
    depends,
    factors,
    hadamard,
    identity,
    inverse,
    is_number,
    matrix_power,
    power,
    trace,
    transpose,
    zeros,
)
from matcalc.expr.passes import Pass, rows_of
from matcalc.functions import FUNCTIONS
from matcalc.printing import text
from matcalc.printing.formats import reader_for
from matcalc.printing.style import Style
from matcalc.records import dataclass

__all__ = ["NAMED", "RULES", "Differentials", "Named", "name_of"]


@dataclass(frozen=True)
class Named:
    """A rule as a reader knows it; ``is_plain`` marks what needs no line of its own in a brief derivation."""

    name: str
    identity: str
    reference: str
    is_plain: bool = False


class Differentials:
    """d of expressions, for given variables and the perturbations that stand for their differentials, in a style."""

    def __init__(self, moving: Mapping[Node, Node], style: Style) -> None:
        self.moving = moving
        self.style = style
        self._changes: dict[Node, bool] = {}

    def changes(self, u: Node) -> bool:
        """Whether u depends on a variable that moves."""
        return depends(u, self.moving, self._changes)

    def of(self, u: Node) -> Held:
        """d(u), not worked out unless u is a variable or a constant."""
        if u in self.moving:
            return Known(self.moving[u])
        if not self.changes(u):
            return Known(zeros(*u.shape))
        if u.op == "transpose":
            mark = marker(u.args[0])
            return inside(transpose(mark), {mark: self.of(u.args[0])})
        return Pending(u)

    def expanded(self, pending: Pending) -> Held:
        """One rule applied to d(u)."""
        return STEP.row(pending.of.op)(pending.of, self)


def _by_table(u: Node, d: Differentials) -> Held:
    """The rule of the engine, with d of each operand held."""
    parts = {marker(a): d.of(a) for a in u.args if d.changes(a)}
    steps = tuple(marker(a) if d.changes(a) else zeros(*a.shape) for a in u.args)
    return inside(DIFFERENTIAL.row(u.op)(u, steps), parts)


def _add(u: Node, d: Differentials) -> Held:
    return total((c, d.of(t)) for t, c in zip(u.args, u.data, strict=True) if d.changes(t))


def _matmul(u: Node, d: Differentials) -> Held:
    f = u.args
    moving = [i for i in range(len(f)) if d.changes(f[i])]
    return total((Fraction(1), product(*map(Known, f[:i]), d.of(f[i]), *map(Known, f[i + 1 :]))) for i in moving)


def _scale(u: Node, d: Differentials) -> Held:
    s, m = u.args
    terms = [product(d.of(s), Known(m))] if d.changes(s) else []
    return total((Fraction(1), t) for t in [*terms, *([product(Known(s), d.of(m))] if d.changes(m) else [])])


def _power(u: Node, d: Differentials) -> Held:
    """The product rule for several factors, the power rule for one."""
    if len(factors(u)) == 1:
        return _by_table(u, d)
    if not u.is_scalar:
        return _by_table(u, d) if len(_moving(u, d)) == 1 else _entrywise_product(u, d)
    parts = _as_printed([power(b, e) for b, e in factors(u)], u, d.style)
    return total((Fraction(1), _quotient(parts, part, d)) for part in parts if d.changes(part))


def _as_printed(parts: list[Node], u: Node, style: Style) -> list[Node]:
    """The factors of u in the order in which they are printed; those that are not found last."""
    whole = text(u, style=style)
    places = {p: whole.find(text(p, style=style)) for p in parts}
    return sorted(parts, key=lambda p: places[p] if places[p] >= 0 else len(whole))


def _moving(u: Node, d: Differentials) -> list[tuple[Node, Node]]:
    return [(b, e) for b, e in factors(u) if d.changes(b) or d.changes(e)]


def _entrywise_product(u: Node, d: Differentials) -> Held:
    parts = [power(b, e) for b, e in factors(u)]
    terms = []
    for i, part in enumerate(parts):
        if d.changes(part):
            mark = marker(part)
            others = hadamard(*(p for j, p in enumerate(parts) if j != i))
            terms.append((Fraction(1), inside(hadamard(others, mark), {mark: d.of(part)})))
    return total(terms)


def _quotient(parts: list[Node], moving: Node, d: Differentials) -> Held:
    """One term of the product rule for scalars: what is divided by stays below the line."""
    below = [p for p in parts if p is not moving and _is_divisor(p)]
    above = product(*(d.of(p) if p is moving else Known(p) for p in parts if p not in below))
    if not below:
        return above
    mark = marker(hadamard(*parts))
    return inside(hadamard(*below, mark), {mark: above})


def _is_divisor(part: Node) -> bool:
    ((_, e),) = factors(part)
    value = is_number(e)
    return value is not None and value < 0


def _matpow(u: Node, d: Differentials) -> Held:
    x, n = u.args
    value = is_number(n)
    if value is None or abs(value) > LONGEST_POWER_SUM:
        return _by_table(u, d)
    if value > 0:
        sides = [(k, int(value) - 1 - k) for k in range(int(value))]
    else:
        sides = [(-k, int(value) - 1 + k) for k in range(1, int(-value) + 1)]
    one = identity(x.rows)
    sign = Fraction(1 if value > 0 else -1)
    chains = ([Known(p) for p in (matrix_power(x, a), matrix_power(x, b))] for a, b in sides)
    return total((sign, product(*_without(one, [left, d.of(x), right]))) for left, right in chains)


def _without(one: Node, parts: list[Held]) -> list[Held]:
    return [p for p in parts if not (isinstance(p, Known) and p.node is one)]


def _trace(u: Node, d: Differentials) -> Held:
    return under_trace(d.of(u.args[0]))


def under_trace(held: Held) -> Held:
    """tr of a held matrix, in the order in which it is held."""
    if isinstance(held, Known):
        return Known(trace(held.node))
    mark = marker(node_of(held))
    return inside(trace(mark), {mark: held})


def _det(u: Node, d: Differentials) -> Held:
    return product(Known(u), _logdet(u, d))


def _logdet(u: Node, d: Differentials) -> Held:
    (x,) = u.args
    held = product(Known(inverse(x)), d.of(x))
    mark = marker(x)
    return Inside(trace(mark), {mark: held})


def _sum_over_indices(u: Node, d: Differentials) -> Held:
    """The whole differential: what is held would leave the sum, as no marker depends on its index."""
    return Known(differential(u, d.moving))


#: operator -> d of it by one rule, with d of its operands held; leaves are known
STEP: Pass[Callable[[Node, Differentials], Held]] = Pass(
    "step of a derivation",
    {
        **rows_of("transpose kron diag diagonal vec unvec block adjugate apply call open", _by_table),
        "add": _add,
        "matmul": _matmul,
        "scale": _scale,
        "power": _power,
        "matpow": _matpow,
        "trace": _trace,
        "det": _det,
        "logdet": _logdet,
        "total": _sum_over_indices,
    },
    never=LEAVES,
)

# fmt: off
#: operator -> the rule's name, its identity, its reference
RULES: dict[str, Named] = {
    "add":       Named("sum rule",            "d(α X + β Y) = α dX + β dY",              "M&N 8.2", True),
    "matmul":    Named("product rule",        "d(X Y) = dX Y + X dY",                    "M&N 8.2"),
    "scale":     Named("product rule",        "d(s X) = ds X + s dX",                    "M&N 8.2"),
    "power":     Named("power rule",          "d(s^p) = p s^(p-1) ds",                   "scalar calculus"),
    "transpose": Named("transpose",           "d(X^T) = (dX)^T",                         "M&N 8.2", True),
    "matpow":    Named("matrix power",        "d(X^k) = Σ X^i dX X^(k-1-i)",             "M&N 9.14"),
    "kron":      Named("Kronecker product",   "d(X ⊗ Y) = dX ⊗ Y + X ⊗ dY",              "M&N 8.2"),
    "diag":      Named("diagonal matrix",     "d diag(x) = diag(dx)",                    "linear", True),
    "diagonal":  Named("diagonal",            "d diag(X) = diag(dX)",                    "linear", True),
    "trace":     Named("trace",               "d tr(X) = tr(dX)",                        "M&N 8.2", True),
    "vec":       Named("vec",                 "d vec(X) = vec(dX)",                      "M&N 8.2", True),
    "unvec":     Named("unvec",               "d unvec(x) = unvec(dx)",                  "linear", True),
    "block":     Named("block matrix",        "d[A, B; C, D] = [dA, dB; dC, dD]",        "linear", True),
    "total":     Named("sum over indices",    "d Σ_i u_i = Σ_i du_i",                    "M&N 8.2", True),
    "det":       Named("Jacobi's formula",    "d det(X) = det(X) tr(X^-1 dX)",           "M&N 8.3"),
    "logdet":    Named("log-determinant",     "d log|det(X)| = tr(X^-1 dX)",             "M&N 8.3"),
    "adjugate":  Named("adjugate",            "d adj(X) = tr(X^-1 dX) adj(X) - X^-1 dX adj(X)", "M&N 8.6"),
    "apply":     Named("chain rule",          "d f(X) = f'(X) ⊙ dX",                     "entrywise"),
    "call":      Named("chain rule",          "d f(X) = Df(X)[dX]",                      "the function's row"),
    "open":      Named("chain rule",          "d f(x) = D f(x)[dx]",                     "M&N 5.8"),
}
# fmt: on

_INVERSE = Named("inverse", "d(X^-1) = -X^-1 dX X^-1", "M&N 8.4")
_LINEAR = Named("constant factors", "d(A X B) = A dX B", "M&N 8.2", True)
_ENTRYWISE_PRODUCT = Named("Hadamard product", "d(X ⊙ Y) = dX ⊙ Y + X ⊙ dY", "M&N 8.2")
_SQUARED_NORM = Named("squared norm", "||u||^2 = u^T u, d(X Y) = dX Y + X dY", "M&N 8.2")
_OF_VECTOR = Named(
    "pseudoinverse of a vector", "d pinv(x)^T = dx / (x^T x) - 2 (x^T dx) x / (x^T x)^2", "Golub & Pereyra 1973, (4.12)"
)
_SCALAR_PRODUCT = Named("product rule", "d(s t) = ds t + s dt", "scalar calculus")
_ENTRYWISE_POWER = Named("power rule", "d(x.^p) = p x.^(p-1) ⊙ dx", "scalar calculus, entrywise")
_EXPONENTIAL = Named("exponential", "d(s^p) = s^p (p/s ds + log(s) dp)", "scalar calculus")


#: Every rule once, for the table in the documentation.
NAMED: tuple[Named, ...] = tuple(
    dict.fromkeys(
        [
            *(rule for rule in RULES.values() if rule.identity != RULES["call"].identity),
            *(_INVERSE, _SQUARED_NORM, _LINEAR, _ENTRYWISE_PRODUCT, _SCALAR_PRODUCT, _ENTRYWISE_POWER, _EXPONENTIAL),
            _OF_VECTOR,
        ]
    )
)


def name_of(u: Node, d: Differentials) -> Named:
    """The rule that d(u) is worked out by."""
    return NAME.row(u.op)(u, d)


def _by_name(u: Node, d: Differentials) -> Named:
    return RULES[u.op]


def _linear(u: Node, d: Differentials) -> Named:
    return _LINEAR if sum(d.changes(a) for a in u.args) == 1 else RULES[u.op]


def _product(u: Node, d: Differentials) -> Named:
    return _SQUARED_NORM if _is_squared_norm(u, d.style) else _linear(u, d)


def _power_of_matrix(u: Node, d: Differentials) -> Named:
    return _INVERSE if is_number(u.args[1]) == -1 else RULES["matpow"]


def _call(u: Node, d: Differentials) -> Named:
    return _OF_VECTOR if u.data[0] == "pinv" and u.is_column else _function(u, d)


def _is_squared_norm(u: Node, style: Style) -> bool:
    """Whether a reader sees a norm where the product rule is applied to u^T u."""
    layout = reader_for("text", style).read(u)
    return layout.kind == "power" and layout.parts[0].kind == "norm"


def _of_power(u: Node, d: Differentials) -> Named:
    pairs = factors(u)
    moving = _moving(u, d)
    if len(pairs) > 1:
        if len(moving) == 1:
            return _LINEAR if u.is_scalar or is_number(moving[0][1]) == 1 else _ENTRYWISE_POWER
        return _SCALAR_PRODUCT if u.is_scalar else _ENTRYWISE_PRODUCT
    if d.changes(pairs[0][1]):
        return _EXPONENTIAL
    return RULES["power"] if u.is_scalar else _ENTRYWISE_POWER


def _open(u: Node, d: Differentials) -> Named:
    """The chain rule in the terms of the function: its derivatives by what moves."""
    moving = [i for i, a in enumerate(u.args) if d.changes(a)]
    return Named(f"chain rule for {u.data[0].name}", chain_rule(u, moving, d.style), "M&N 5.8")


def _function(u: Node, d: Differentials) -> Named:
    """The row of the table of functions."""
    row = FUNCTIONS.get(u.data[0])
    if row is None:
        return RULES[u.op]
    x = row.parameters[0]
    known = [t for t in row.derivatives if t != "undefined"]
    if u.op == "apply" and len(known) == 1:
        argument = ", ".join(row.parameters)
        joint = "" if u.is_scalar else "⊙ "
        identity_text = f"d {row.name}({argument}) = {_factor(known[0])} {joint}d{row.parameters[-1]}"
    elif row.differential:
        identity_text = f"d {row.name}({x}) = {row.differential[0]}"
    else:
        identity_text = RULES[u.op].identity
    return Named(f"chain rule for {row.name}", identity_text, row.reference)


def _factor(text: str) -> str:
    return f"({text})" if " + " in text or " - " in text or text.startswith("-") or " / " in text else text


#: operator -> the rule by which its differential is worked out, as a reader knows it
NAME: Pass[Callable[[Node, Differentials], Named]] = Pass(
    "name of a rule",
    {
        **rows_of(RULES, _by_name),
        **rows_of("scale kron", _linear),
        "matmul": _product,
        "matpow": _power_of_matrix,
        "power": _of_power,
        "apply": _function,
        "call": _call,
        "open": _open,
    },
    never=LEAVES,
)
