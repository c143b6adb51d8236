"""Scalar calculus: what each operator and function of the language means for numbers, and its derivatives.

Hyper-dual numbers v + a ε₁ + b ε₂ + c ε₁ε₂ [Fike & Alonso 2011] carry first and second derivatives along; a function
is a row of its value and two derivatives. No matrix rule is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from matcalc.checking.values.reference import typed_order
from matcalc.checking.values.stand_ins import StandIn, Term
from matcalc.checking.values.written_out import written_out
from matcalc.expr.canonical.open_functions import OUT
from matcalc.functions.numeric import special
from matcalc.language import Typed
from matcalc.language.undefined.open_uses import OpenTyped
from matcalc.records import dataclass

__all__ = ["FUNCTIONS", "PAIRS", "SINGLE", "HyperDual", "NoScalarMeaning", "scalar_value"]


# --- hyper-dual numbers ---------------------------------------------------------------------------


class NoScalarMeaning(Exception):
    """An operator or a function that no row below gives a meaning for numbers; never shown to a user."""


@dataclass(frozen=True)
class HyperDual:
    """v + a ε₁ + b ε₂ + c ε₁ε₂ with ε₁² = ε₂² = 0."""

    v: float
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0

    def __add__(self, other: HyperDual) -> HyperDual:
        return HyperDual(self.v + other.v, self.a + other.a, self.b + other.b, self.c + other.c)

    def __mul__(self, other: HyperDual) -> HyperDual:
        return HyperDual(
            self.v * other.v,
            self.v * other.a + self.a * other.v,
            self.v * other.b + self.b * other.v,
            self.v * other.c + self.a * other.b + self.b * other.a + self.c * other.v,
        )

    def __neg__(self) -> HyperDual:
        return HyperDual(-self.v, -self.a, -self.b, -self.c)

    def __truediv__(self, other: HyperDual) -> HyperDual:
        return self * other.through(_reciprocal)

    def through(self, f: Smooth) -> HyperDual:
        """f(v) + f' (a ε₁ + b ε₂) + (f' c + f'' a b) ε₁ε₂"""
        value, first, second = f(self.v)
        return HyperDual(value, first * self.a, first * self.b, first * self.c + second * self.a * self.b)

    @property
    def is_constant(self) -> bool:
        return not (self.a or self.b or self.c)


#: x -> (f(x), f'(x), f''(x))
Smooth = Callable[[float], tuple[float, float, float]]


def _reciprocal(x: float) -> tuple[float, float, float]:
    return 1 / x, -1 / x**2, 2 / x**3


def _power_of(p: float) -> Smooth:
    if p == int(p):
        n = int(p)
        return lambda x: (x**n, n * x ** (n - 1) if n else 0.0, n * (n - 1) * x ** (n - 2) if n not in (0, 1) else 0.0)
    return lambda x: (math.pow(x, p), p * math.pow(x, p - 1), p * (p - 1) * math.pow(x, p - 2))


def _power(x: HyperDual, p: HyperDual) -> HyperDual:
    if p.is_constant:
        return x.through(_power_of(p.v))
    return (x.through(FUNCTIONS["log"]) * p).through(FUNCTIONS["exp"])


def _psi(k: int) -> Smooth:
    def at(x: float) -> tuple[float, float, float]:
        point = np.array([[x]])
        values = [special.polygamma(np.array([[float(j)]]), point).item() for j in (k, k + 1, k + 2)]
        return values[0], values[1], values[2]

    return at


def _gamma(x: float) -> tuple[float, float, float]:
    value = math.gamma(x)
    _, slope, second = _lgamma(x)
    return value, value * slope, value * (slope * slope + second)


def _lgamma(x: float) -> tuple[float, float, float]:
    slope, second, _ = _psi(0)(x)
    return math.lgamma(x), slope, second


def _sigmoid(x: float) -> tuple[float, float, float]:
    s = 1 / (1 + math.exp(-x))
    return s, s * (1 - s), s * (1 - s) * (1 - 2 * s)


def _abs(x: float) -> tuple[float, float, float]:
    return abs(x), math.copysign(1, x), 0.0


def _log_abs(x: float) -> tuple[float, float, float]:
    return math.log(abs(x)), 1 / x, -1 / x**2


def _gauss(x: float) -> float:
    """The derivative of erf."""
    return 2 / math.sqrt(math.pi) * math.exp(-x * x)


def _log_ndtr(x: float) -> tuple[float, float, float]:
    """log Φ(x); its derivative is r = φ(x) / Φ(x), and r' = -r (x + r)."""
    below = math.erfc(-x / math.sqrt(2)) / 2
    r = math.exp(-x * x / 2) / math.sqrt(2 * math.pi) / below
    return math.log(below), r, -r * (x + r)


def _sech2(x: float) -> float:
    return 1 / math.cosh(x) ** 2


# fmt: off
#: function -> its value and its first two derivatives [DLMF 4, 5, 7]
FUNCTIONS: dict[str, Smooth] = {
    "exp":      lambda x: (math.exp(x),   math.exp(x),                math.exp(x)),
    "expm1":    lambda x: (math.expm1(x), math.exp(x),                math.exp(x)),
    "log":      lambda x: (math.log(x),   1 / x,                      -1 / x**2),
    "log1p":    lambda x: (math.log1p(x), 1 / (1 + x),                -1 / (1 + x) ** 2),
    "log2":     lambda x: (math.log2(x),  1 / (x * math.log(2)),      -1 / (x**2 * math.log(2))),
    "log10":    lambda x: (math.log10(x), 1 / (x * math.log(10)),     -1 / (x**2 * math.log(10))),
    "sqrt":     lambda x: (math.sqrt(x),  0.5 / math.sqrt(x),         -0.25 / x**1.5),
    "sin":      lambda x: (math.sin(x),   math.cos(x),                -math.sin(x)),
    "cos":      lambda x: (math.cos(x),   -math.sin(x),               -math.cos(x)),
    "tan":      lambda x: (math.tan(x),   1 + math.tan(x) ** 2,       2 * math.tan(x) * (1 + math.tan(x) ** 2)),
    "sec":      lambda x: (s := 1 / math.cos(x), s * math.tan(x), s * (2 * s * s - 1)),
    "csc":      lambda x: (s := 1 / math.sin(x), -s / math.tan(x), s * (2 * s * s - 1)),
    "cot":      lambda x: (s := 1 / math.tan(x), -1 - s * s, 2 * s * (1 + s * s)),
    "sech":     lambda x: (s := 1 / math.cosh(x), -s * math.tanh(x), s * (1 - 2 * s * s)),
    "csch":     lambda x: (s := 1 / math.sinh(x), -s / math.tanh(x), s * (1 + 2 * s * s)),
    "coth":     lambda x: (s := 1 / math.tanh(x), 1 - s * s, 2 * s * (s * s - 1)),
    "asin":     lambda x: (math.asin(x),  1 / math.sqrt(1 - x * x),   x / (1 - x * x) ** 1.5),
    "acos":     lambda x: (math.acos(x),  -1 / math.sqrt(1 - x * x),  -x / (1 - x * x) ** 1.5),
    "atan":     lambda x: (math.atan(x),  1 / (1 + x * x),            -2 * x / (1 + x * x) ** 2),
    "sinh":     lambda x: (math.sinh(x),  math.cosh(x),               math.sinh(x)),
    "cosh":     lambda x: (math.cosh(x),  math.sinh(x),               math.cosh(x)),
    "tanh":     lambda x: (math.tanh(x),  _sech2(x),                  -2 * math.tanh(x) * _sech2(x)),
    "asinh":    lambda x: (math.asinh(x), 1 / math.sqrt(1 + x * x),   -x / (1 + x * x) ** 1.5),
    "acosh":    lambda x: (math.acosh(x), 1 / math.sqrt(x * x - 1),   -x / (x * x - 1) ** 1.5),
    "atanh":    lambda x: (math.atanh(x), 1 / (1 - x * x),            2 * x / (1 - x * x) ** 2),
    "cbrt":     lambda x: (math.cbrt(x),  1 / (3 * math.cbrt(x) ** 2), -2 / (9 * math.cbrt(x) ** 5)),
    "abs":      _abs,
    "sign":     lambda x: (math.copysign(1, x), 0.0, 0.0),
    "relu":     lambda x: (x, 1.0, 0.0) if x > 0 else (0.0, 0.0, 0.0),
    "step":     lambda x: (float(x > 0), 0.0, 0.0),
    "sigmoid":  _sigmoid,
    "softplus": lambda x: (math.log1p(math.exp(x)), _sigmoid(x)[0],   _sigmoid(x)[1]),
    "floor":    lambda x: (float(math.floor(x)), 0.0, 0.0),
    "ceil":     lambda x: (float(math.ceil(x)),  0.0, 0.0),
    "round":    lambda x: (float(round(x)),      0.0, 0.0),
    "logcosh":  lambda x: (math.log(math.cosh(x)), math.tanh(x),       _sech2(x)),
    "log_ndtr": _log_ndtr,
    "log1mexp": lambda x: (math.log(-math.expm1(x)), 1 / -math.expm1(-x), -0.25 / math.sinh(x / 2) ** 2),
    "bose":     lambda x: (1 / math.expm1(x), -0.25 / math.sinh(x / 2) ** 2, 0.25 / math.sinh(x / 2) ** 2 / math.tanh(x / 2)),
    "erf":      lambda x: (math.erf(x),   _gauss(x),                  -2 * x * _gauss(x)),
    "erfc":     lambda x: (math.erfc(x),  -_gauss(x),                 2 * x * _gauss(x)),
    "lgamma":   _lgamma,
    "gamma":    _gamma,
    "factorial": lambda x: _gamma(x + 1),
    "exp2":     lambda x: (2**x, 2**x * math.log(2), 2**x * math.log(2) ** 2),
    "digamma":  _psi(0),
    "trigamma": _psi(1),
    # functions of a matrix that are functions of its one entry
    "logdet":   _log_abs,
    "expm":     lambda x: (math.exp(x),   math.exp(x),                math.exp(x)),
    "logm":     lambda x: (math.log(x),   1 / x,                      -1 / x**2),
    "sqrtm":    lambda x: (math.sqrt(x),  0.5 / math.sqrt(x),         -0.25 / x**1.5),
    "sinm":     lambda x: (math.sin(x),   math.cos(x),                -math.sin(x)),
    "cosm":     lambda x: (math.cos(x),   -math.sin(x),               -math.cos(x)),
    "signm":    lambda x: (math.copysign(1, x), 0.0, 0.0),
    "chol":     lambda x: (math.sqrt(x),  0.5 / math.sqrt(x),         -0.25 / x**1.5),
    "inv":      _reciprocal,
    "pinv":     _reciprocal,
    **dict.fromkeys(["norm1", "norm2", "norm_inf", "norm_nuc", "norm_spec", "svdvals"], _abs),
    "normalize": lambda x: (math.copysign(1, x), 0.0, 0.0),
    # functions that do nothing to one entry, or forget it
    **dict.fromkeys(
        "tr vec vech unvec diag sum mean sym det eigvals eigmax eigmin logsumexp max min".split(), lambda x: (x, 1.0, 0.0)
    ),
    **dict.fromkeys(["softmax", "adj"], lambda x: (1.0, 0.0, 0.0)),
    **dict.fromkeys(["logsoftmax", "skew"], lambda x: (0.0, 0.0, 0.0)),
}

#: function of two arguments -> its value
PAIRS: dict[str, Callable[[HyperDual, HyperDual], HyperDual]] = {
    "inner":     lambda x, y: x * y,
    "outer":     lambda x, y: x * y,
    "kron":      lambda x, y: x * y,
    "quad":      lambda x, a: x * a * x,
    "solve":     lambda a, b: b / a,
    "pow":       _power,
    "norm":      lambda x, p: x.through(_abs),
    "max":       lambda x, y: x if x.v >= y.v else y,
    "min":       lambda x, y: x if x.v <= y.v else y,
    "kl":        lambda x, y: x * (x / y).through(FUNCTIONS["log"]),
    "polygamma": lambda k, x: x.through(_psi(round(k.v))),
    "beta":      lambda x, y: x.through(_gamma) * y.through(_gamma) / (x + y).through(_gamma),
    "greater":   lambda x, y: HyperDual(float(x.v > y.v)),
    "at_least":  lambda x, y: HyperDual(float(x.v >= y.v)),
    "equals":    lambda x, y: HyperDual(float(x.v == y.v)),
    "differs":   lambda x, y: HyperDual(float(x.v != y.v)),
    "huber":     lambda x, c: x * x * HyperDual(0.5) if abs(x.v) <= c.v else c * (x.through(_abs) + c * HyperDual(-0.5)),
}

#: function of one argument made of others -> its value
SINGLE: dict[str, Callable[[HyperDual], HyperDual]] = {
    "entropy": lambda x: -(x * x.through(FUNCTIONS["log"])),
    "silu":    lambda x: x * x.through(_sigmoid),
    "gelu":    lambda x: x * (HyperDual(1.0) + (x * HyperDual(math.sqrt(0.5))).through(FUNCTIONS["erf"])) * HyperDual(0.5),
    "norm":    lambda x: x.through(_abs),
}
#: constants of the language whose one entry is 1
ONES = frozenset("ones eye e commutation duplication elimination".split())
# fmt: on


# --- the typed tree ---------------------------------------------------------------------------------


def scalar_value(
    root: Typed, numbers: Mapping[str, HyperDual], sizes: Mapping[str, int], functions: Mapping[str, StandIn]
) -> HyperDual:
    """The value of a tree in which everything is a number; ``functions`` stand in for those that nobody defined.

    Raises NoScalarMeaning where some operator has none.
    """
    memo: dict[int, HyperDual] = {}
    root = written_out(root, sizes)
    for node in typed_order(root):
        if node.kind in ("variable", "member"):
            memo[id(node)] = numbers[node.value if node.kind == "variable" else node.value[0]]
        elif node.kind == "open":
            memo[id(node)] = _open(node, [memo[id(c)] for c in node.children], functions[node.value.use.name])
        elif node.kind != "size":
            args = [memo[id(c)] for c in node.children if c.kind != "size"]
            memo[id(node)] = _value(node, args, sizes)
    return memo[id(root)]


def _open(node: Typed, args: list[HyperDual], f: StandIn) -> HyperDual:
    """A derivative of an open function, all legs of which have the size 1."""
    typed: OpenTyped = node.value
    first, last = int(typed.use.inner is not None), len(args) - typed.use.directions
    legs = [leg for group in (typed.legs.free, *typed.legs.fillings) for leg in group if leg != OUT]
    slots = [*typed.legs.partials, *legs]
    total = HyperDual(0.0 if slots else f.constant.item())
    for term in f.terms:
        u = HyperDual(term.offset)
        for a, x in zip(term.slopes, args[first:last], strict=False):
            u = u + HyperDual(a.item()) * x
        factor = term.weight.item() * math.prod(term.slopes[i].item() for i in slots)
        total = total + u.through(_curve(term, len(slots))) * HyperDual(factor)
    for x in (*args[:first], *args[last:]):
        total = total * x
    return total


def _curve(term: Term, order: int) -> Smooth:
    """The derivative of this order of φ, and the next two."""

    def at(x: float) -> tuple[float, float, float]:
        value, slope, second = (float(term.curve(x, order + k)) for k in range(3))
        return value, slope, second

    return at


def _value(node: Typed, args: list[HyperDual], sizes: Mapping[str, int]) -> HyperDual:
    match node.kind:
        case "number":
            return HyperDual(float(node.value))
        case "dimension":
            return HyperDual(float(node.value.evaluate(sizes)))
        case "constant":
            return HyperDual(math.pi)
        case "identity" | "at":
            return HyperDual(1.0)
        case "add":
            signed = [x if sign > 0 else -x for sign, x in zip(node.value, args, strict=True)]
            return sum(signed[1:], signed[0])
        case "negate":
            return -args[0]
        case "multiply" | "hadamard" | "kron" | "inner":
            return args[0] * args[1]
        case "divide" | "hadamard_divide":
            return args[0] / args[1]
        case "left_divide":
            return args[1] / args[0]
        case "power" | "hadamard_power":
            return _power(args[0], args[1])
        case "norm":
            return args[0].through(_abs)
        case "bars":
            is_number = all(d.is_one for d in node.children[0].shape)
            return args[0].through(_abs) if is_number else args[0]
        case "transpose" | "entry" | "block":
            return args[0]
        case "call":
            return _call(node, args)
    raise NoScalarMeaning(node.kind)


def _call(node: Typed, args: list[HyperDual]) -> HyperDual:
    name = node.value
    if name in ONES:
        return HyperDual(1.0)
    if name == "zeros":
        return HyperDual(0.0)
    if name in ("vector", "matrix"):
        return args[0]
    if name == "log" and node.children[0].kind == "bars":
        return args[0].through(_log_abs)
    if name == "where":
        condition, a, b = args
        return a if condition.v else b
    if len(args) == 2 and name in PAIRS:
        return PAIRS[name](*args)
    if name in ("triu", "tril") and len(node.children) == 1:
        return args[0]
    if len(args) == 1 and name in FUNCTIONS:
        return args[0].through(FUNCTIONS[name])
    if len(args) == 1 and name in SINGLE:
        return SINGLE[name](args[0])
    raise NoScalarMeaning(name)
