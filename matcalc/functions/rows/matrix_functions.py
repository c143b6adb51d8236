"""``funm(A, g)``: the function of a matrix that belongs to a function of numbers [Higham 2008, 1.2].

Each is written with the matrix functions that have rows of their own, so that its derivatives of any order are theirs.
"""

from __future__ import annotations

from matcalc.functions.properties import Said, needs
from matcalc.functions.table import Function, register

__all__ = ["FORMS"]

SQUARE = ("(n, n) -> (n, n)",)
OFF = "{} has no eigenvalue on (-inf, 0]"
REAL = OFF.format("{0}")
#: Functions of numbers that are homogeneous.
DEGREES = {"abs": (("X", "1"),), "relu": (("X", "1"),), "cbrt": (("X", "1/3"),)}

# fmt: off
#: function of numbers -> (its function of a matrix, where it is real)
FORMS: dict[str, tuple[str, str]] = {
    "expm1":    ("expm(X) - eye(n)", ""),
    "exp2":     ("expm(log(2) * X)", ""),
    "log1p":    ("logm(eye(n) + X)", OFF.format("I + {0}")),
    "log2":     ("logm(X) / log(2)", REAL),
    "log10":    ("logm(X) / log(10)", REAL),
    "cbrt":     ("expm(logm(X) / 3)", REAL),
    "sigmoid":  ("(eye(n) + expm(-X))^-1", "I + expm(-{0}) is invertible"),
    "softplus": ("logm(eye(n) + expm(X))", OFF.format("I + expm({0})")),
    "silu":     ("X (eye(n) + expm(-X))^-1", "I + expm(-{0}) is invertible"),
    "logcosh":  ("logm((expm(X) + expm(-X)) / 2)", OFF.format("coshm({0})")),
    "asinh":    ("logm(X + sqrtm(X^2 + eye(n)))", OFF.format("I + {0}^2")),
    "acosh":    ("logm(X + sqrtm(X + eye(n)) sqrtm(X - eye(n)))", OFF.format("{0} - I")),
    "atanh":    ("(logm(eye(n) + X) - logm(eye(n) - X)) / 2", "I + {0} and I - {0} have no eigenvalue on (-inf, 0]"),
    "abs":      ("X signm(X)", "{0} has no eigenvalue on the imaginary axis"),
    "relu":     ("(X + X signm(X)) / 2", "{0} has no eigenvalue on the imaginary axis"),
}

for _name, _text, _summary in (
    ("sinhm", "(expm(X) - expm(-X)) / 2", "hyperbolic sine"),
    ("coshm", "(expm(X) + expm(-X)) / 2", "hyperbolic cosine"),
    ("tanhm", "(expm(2 X) + eye(n))^-1 (expm(2 X) - eye(n))", "hyperbolic tangent"),
    ("tanm",  "cosm(X)^-1 sinm(X)", "tangent"),
):
    register(Function(_name, SQUARE, ("X",), "macro", f"matrix {_summary}", definition=(_text,), primary=_name[:-1], turned="X", continuous=True, reference="Higham 2008, 12"))
register(Function("funm", SQUARE, ("X", "g"), "name", "the function of a matrix that belongs to a function g of numbers, as funm(X, log1p); where X is symmetric of any g",
                  domain=needs(Said("the eigenvalues of {0} are in the domain of {1}"), "X", "g"), reference="Higham 2008, 1.2"))
for _name, (_text, _domain) in FORMS.items():
    register(Function(f"{_name}m", SQUARE, ("X",), "macro", f"funm(X, {_name})", definition=(_text,), domain=needs(Said(_domain), "X") if _domain else (), degree=DEGREES.get(_name, ()), primary=_name, turned="X", continuous=True, reference="Higham 2008, 1.2"))
# fmt: on
