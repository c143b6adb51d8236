"""The value of a typed tree at complex arrays.

What is real by its value is given to functions as a real array, so that log and roots are those of real numbers there: they
have no value left of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from matcalc.budget import spend
from matcalc.checking.values.evaluate import Array, Sizes
from matcalc.checking.values.reference import KINDS, typed_order
from matcalc.checking.values.written_out import member_value, written_out
from matcalc.errors import UnsupportedError
from matcalc.expr.node import IMAGINARY_UNIT
from matcalc.language import Typed
from matcalc.language.words.names import ADJOINT

__all__ = ["complex_value"]

#: Imaginary parts up to this, relative to the largest entry, are rounding.
ROUNDING = 1e-13
#: Kinds of typed nodes that are not evaluated.
NOT_EVALUATED = frozenset({"bound", "open"})

Args = list[Array]


def complex_value(root: Typed, values: Mapping[str, Array], sizes: Sizes) -> Array:
    """The value as a 2-d array; ``values`` has one for each variable's name."""
    root = written_out(root, sizes)
    memo: dict[int, Array] = {}
    for node in typed_order(root):
        spend()
        if node.kind == "size":
            continue
        args = [_as_real(memo[id(c)]) for c in node.children if c.kind != "size"]
        if node.kind == "variable":
            memo[id(node)] = values[node.value]
        elif node.kind == "member":
            memo[id(node)] = member_value(values[node.value[0]], node.value[1], node.shape, sizes)
        elif node.kind in NOT_EVALUATED:
            raise UnsupportedError(f"{node.kind} functions of complex numbers have no value here", code="complex")
        else:
            memo[id(node)] = _value(node, args, sizes)
    return _as_real(memo[id(root)])


def _as_real(x: Array) -> Array:
    """The real array where it has no imaginary part but rounding."""
    if not np.iscomplexobj(x):
        return x
    size = float(np.max(np.abs(x), initial=0.0))
    return x.real if float(np.max(np.abs(x.imag), initial=0.0)) <= ROUNDING * size else x


def _value(node: Typed, args: Args, sizes: Sizes) -> Array:
    own = OWN.get(node.kind)
    if own is not None:
        return own(node, args, sizes)
    return KINDS.row(node.kind)(node, args, sizes, None)


def _transpose(node: Typed, args: Args, sizes: Sizes) -> Array:
    return args[0].conj().T if node.value == ADJOINT else args[0].T


def _size(x: Array) -> Array:
    return np.sqrt(np.sum(x.real**2 + x.imag**2)).reshape(1, 1)


def _norm(node: Typed, args: Args, sizes: Sizes) -> Array:
    if node.value == "2" and min(args[0].shape) > 1:
        return np.linalg.norm(args[0], 2).reshape(1, 1)
    return _size(args[0])


def _bars(node: Typed, args: Args, sizes: Sizes) -> Array:
    (x,) = args
    return np.abs(x) if all(d.is_one for d in node.children[0].shape) else np.linalg.det(x).reshape(1, 1)


def _inner(node: Typed, args: Args, sizes: Sizes) -> Array:
    return np.sum(args[0].conj() * args[1], keepdims=True)


def _constant(node: Typed, args: Args, sizes: Sizes) -> Array:
    return np.array([[1j if node.value == IMAGINARY_UNIT else np.pi]])


#: function -> its value of a complex array
FUNCTIONS: dict[str, Callable[..., Array]] = {
    "conj": np.conj,
    "re": lambda x: x.real,
    "im": lambda x: np.imag(x),
    "abs": np.abs,
    "norm1": lambda x: np.sum(np.abs(x), keepdims=True),
    "norm2": _size,
    "normalize": lambda x: x / _size(x),
    "logdet": lambda x: np.linalg.slogdet(x)[1].reshape(1, 1),
    "inner": lambda a, b: np.sum(a.conj() * b, keepdims=True),
    "det": lambda x: np.linalg.det(x).reshape(1, 1),
}
#: Those whose reference is right for complex arrays, too.
ALSO_COMPLEX = frozenset(
    "exp log sin cos tan sinh cosh tanh sqrt tr sum mean vec unvec diag kron outer inv solve adj expm trace".split()
)


def _call(node: Typed, args: Args, sizes: Sizes) -> Array:
    name = node.value
    is_complex = any(map(np.iscomplexobj, args))
    if (
        name == "log"
        and node.children[0].kind == "bars"
        and not all(d.is_one for d in node.children[0].children[0].shape)
    ):
        return np.log(np.abs(args[0]))
    if name in FUNCTIONS and is_complex:
        return FUNCTIONS[name](*args)
    if is_complex and name not in ALSO_COMPLEX:
        raise UnsupportedError(f"the value of {name} at complex numbers is not known", code="complex")
    return KINDS.row("call")(node, args, sizes, None)


OWN: dict[str, Callable[[Typed, Args, Sizes], Array]] = {
    "constant": _constant,
    "transpose": _transpose,
    "norm": _norm,
    "bars": _bars,
    "inner": _inner,
    "call": _call,
}
