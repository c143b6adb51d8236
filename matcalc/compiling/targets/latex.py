r"""LaTeX pseudo-code: one line of an `aligned` environment for each step of the plan.

Vectors are columns. ``\odot``, ``\oslash`` and powers with ``\odot`` are entrywise, a scalar that is added to an array is
added to every entry, `A \backslash b` solves `A x = b`, and axes are counted from 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.pseudocode import pseudocode
from matcalc.compiling.emitting.target import ATOM, POWER, PRODUCT, SUM, UNARY, Row, Target, Text
from matcalc.compiling.planning.program import Value
from matcalc.expr import Dim
from matcalc.functions import row_of

__all__ = ["LATEX"]

TRANSPOSE = r"^{\top}"


def _dim(e: Emitter, dim: Dim) -> Text:
    """A size without signs of multiplication."""
    text = e.dim(dim)
    return Text(text.text.replace(" * ", " ").replace(" // ", " / ").replace("min(", r"\min("), text.level)


def _number(value: Fraction) -> Text:
    if value.denominator == 1:
        return Text(str(value), ATOM if value >= 0 else UNARY)
    sign = "-" if value < 0 else ""
    return Text(rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}", UNARY if sign else ATOM)


def _joined(factors: Sequence[str]) -> str:
    """Factors side by side; a number needs a sign before it."""
    return factors[0] + "".join((r" \cdot " if f[0].isdigit() else " ") + f for f in factors[1:])


def _scaled(c: Fraction, text: Text) -> Text:
    """|c| times the text."""
    return text if abs(c) == 1 else Text(_joined([_number(abs(c)).text, text.at(UNARY)]), PRODUCT)


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    parts = [(c < 0, _scaled(c, arg)) for c, arg in zip(v.data, args, strict=True)]
    (negative, first), *rest = parts
    if not rest:
        return Text(f"-{first.at(PRODUCT)}", UNARY) if negative else first
    text = f"-{first.at(PRODUCT)}" if negative else first.at(SUM)
    return Text(text + "".join(f" - {t.at(PRODUCT)}" if minus else f" + {t.at(PRODUCT)}" for minus, t in rest), SUM)


def _times(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Scalars stand before the entrywise product of arrays, which is bracketed wherever it is a factor."""
    scalars = [t.at(UNARY) for a, t in zip(v.args, args, strict=True) if not a.rank]
    arrays = [t.at(UNARY) for a, t in zip(v.args, args, strict=True) if a.rank]
    product = r" \odot ".join(arrays)
    if len(arrays) > 1 and scalars:
        product = f"({product})"
    return Text(
        _joined([*scalars, *([product] if product else [])]), SUM if len(arrays) > 1 and not scalars else PRODUCT
    )


def _divide(e: Emitter, v: Value, args: list[Text]) -> Text:
    if not v.args[1].rank:
        return Text(rf"\frac{{{args[0].text}}}{{{args[1].text}}}", ATOM if not v.rank else PRODUCT)
    return Text(rf"{args[0].at(UNARY)} \oslash {args[1].at(UNARY)}", SUM)


def _raised(v: Value, base: Text, exponent: str) -> Text:
    sign = r"\odot " if v.rank else ""
    return Text(f"{base.at(ATOM)}^{{{sign}{exponent}}}", POWER)


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    if exponent == Fraction(1, 2):
        return Text(rf"\sqrt{{{args[0].text}}}")
    return _raised(v, args[0], str(exponent))


def _operator(name: str) -> str:
    return rf"\operatorname{{{name}}}".replace("_", r"\_")


def _called(name: str, args: Sequence[Text], index: str = "") -> Text:
    subscript = f"_{{{index}}}" if index else ""
    return Text(f"{name}{subscript}({', '.join(a.text for a in args)})")


def _named(name: str) -> Row:
    return lambda e, v, args: _called(_operator(name), args)


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data[0] == "horner":
        return _series(v, args)
    return _called(row_of(v.data[0]).latex or _operator(v.data[0]), args)


def _series(v: Value, args: list[Text]) -> Text:
    """c_0 + c_1 x + c_2 x^2 + …"""
    x, *coefficients = args
    powers = ["", x.at(UNARY), *(_raised(v, x, str(k)).text for k in range(2, len(coefficients)))]
    parts = [_joined([c.at(UNARY), *([p] if p else [])]) for c, p in zip(coefficients, powers, strict=True)]
    return Text(" + ".join(parts).replace("+ -", "- "), SUM)


def _call(e: Emitter, v: Value, args: list[Text]) -> Text:
    name, *static = v.data
    return _called(_operator(name), args, ", ".join(map(str, static)))


def _transposed(text: Text) -> str:
    bare = text.level == POWER and text.text.endswith(TRANSPOSE)
    return text.text.removesuffix(TRANSPOSE) if bare else text.at(ATOM) + TRANSPOSE


def _counted(places: Sequence[int]) -> str:
    return ", ".join(str(k + 1) for k in places)


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(_transposed(args[0]), POWER)
    return _called(_operator("permute"), args, _counted(v.data))


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The product of a vector from the left with a matrix is a column, too."""
    left, right = v.args
    if left.rank == 1 and right.rank == 1:
        return Text(f"{_transposed(args[0])} {args[1].at(UNARY)}", PRODUCT)
    if left.rank == 1:
        return Text(f"{_transposed(args[1])} {args[0].at(UNARY)}", PRODUCT)
    return Text(_joined([args[0].at(PRODUCT), args[1].at(UNARY)]), PRODUCT)


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 1:
        return Text(f"{_transposed(args[0])} {args[1].at(UNARY)}", PRODUCT)
    return Text(rf"\langle {args[0].text}, {args[1].text} \rangle")


def _outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == v.args[1].rank == 1:
        return Text(f"{args[0].at(UNARY)} {_transposed(args[1])}", PRODUCT)
    return _called(_operator("outer"), args)


def _shape(e: Emitter, axes: Sequence[Dim]) -> str:
    return r" \times ".join(_dim(e, d).at(ATOM) for d in axes)


def _filled(symbol: str) -> Row:
    return lambda e, v, args: Text(rf"{symbol}_{{{_shape(e, v.axes)}}}")


def _shaped(name: str) -> Row:
    return lambda e, v, args: _called(_operator(name), args, _shape(e, v.axes))


def _reduced(name: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        every = len(v.data) == v.args[0].rank
        return _called(name, args, "" if every else _counted(v.data))

    return row


def _entries(e: Emitter, v: Value, text: Text, entry: str) -> Text:
    places = [":"] * v.args[0].rank
    places[v.data[0]] = entry
    return Text(f"[{text.text}]_{{{', '.join(places)}}}")


def _take(e: Emitter, v: Value, args: list[Text]) -> Text:
    place = v.data[1]
    index = _dim(e, place).text if isinstance(place, Dim) else str(place or r"\mathrm{last}")
    return _entries(e, v, args[0], index)


def _range(e: Emitter, start: Dim, size: Dim) -> str:
    return f"{_dim(e, start + 1).text}:{_dim(e, start + size).text}"


def _slice(e: Emitter, v: Value, args: list[Text]) -> Text:
    return _entries(e, v, args[0], _range(e, *v.data[1:]))


def _spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Zero but where axes with one letter agree; on top of a second operand if there is one."""
    if v.data != (0, 0):
        text = _called(_operator("spread"), args[:1], f"{_counted(v.data)}; {_shape(e, v.axes)}")
    elif v.args[0].rank:
        text = _called(_operator("diag"), args[:1])
    else:
        text = Text(f"{args[0].at(UNARY)} I_{{{_dim(e, v.axes[0]).text}}}", PRODUCT)
    return Text(f"{args[1].text} + {text.text}", SUM) if len(args) == 2 else text


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    width = v.data[1]
    rows = [" & ".join(a.text for a in args[k : k + width]) for k in range(0, len(args), width)]
    return Text(r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}")


def _tensordot(e: Emitter, v: Value, args: list[Text]) -> Text:
    left, right = map(_counted, v.data)
    return _called(_operator("contract"), args, f"({left}), ({right})")


_PARTS = {"eigh": ("values", "vectors"), "svd": ("left", "values", "right")}
_RELATIONS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}


def _part(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(ATOM)}^{{({_operator(_PARTS[v.args[0].op][v.data[0]])})}}", POWER)


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    x, y, a, b = (t.text for t in args)
    relation = _RELATIONS.get(v.data[0], v.data[0])
    return Text(rf"\begin{{cases}} {a} & {x} {relation} {y} \\ {b} & \text{{else}} \end{{cases}}", SUM)


# fmt: off
ROWS: dict[str, Row] = {
    "input":         lambda e, v, args: Text(e.input_names[v.data[0]]),
    "number":        lambda e, v, args: _number(v.data[0]),
    "size":          lambda e, v, args: _dim(e, v.data[0]),
    "constant":      lambda e, v, args: Text(r"\pi" if v.data[0] == "pi" else rf"\mathrm{{{v.data[0]}}}"),
    "combine":       _combine,
    "times":         _times,
    "divide":        _divide,
    "power":         _power,
    "raise":         lambda e, v, args: _raised(v, args[0], args[1].text),
    "function":      _function,
    "call":          _call,
    "open":          lambda e, v, args: _called(args[0].text, args[1:]),
    "where":         _where,
    "permute":       _permute,
    "reshape":       _shaped("reshape"),
    "broadcast":     _shaped("fill"),
    "expand":        _shaped("reshape"),
    "sum":           _reduced(r"\operatorname{sum}"),
    "largest":       _reduced(r"\max"),
    "smallest":      _reduced(r"\min"),
    "prod":          _reduced(r"\prod"),
    "indicator":     lambda e, v, args: _called(_operator(f"{v.data[0]}_mark"), args),
    "take":          _take,
    "slice":         _slice,
    "spread":        _spread,
    "outer":         _outer,
    "stack":         lambda e, v, args: _called(_operator("stack"), args, str(v.data[0] + 1)),
    "diagonal":      lambda e, v, args: _called(_operator("diagonal"), args, _counted(v.data)),
    "block":         _block,
    "matmul":        _matmul,
    "stacked":       _named("stacked_product"),
    "dot":           _dot,
    "tensordot":     _tensordot,
    "zeros":         _filled(r"\mathbf{0}"),
    "ones":          _filled(r"\mathbf{1}"),
    "eye":           lambda e, v, args: Text(f"I_{{{_dim(e, v.axes[0]).text}}}"),
    "mask":          lambda e, v, args: Text(rf"{_operator(v.data[0])}(\mathbf{{1}}_{{{_shape(e, v.axes)}}})"),
    "triangle":      lambda e, v, args: Text(rf"{_operator(v.data[0])}({args[0].text})"),
    "unit":          lambda e, v, args: Text(rf"\mathrm{{e}}_{{{v.data[0] or _dim(e, v.axes[0]).text}}}"),
    "selector":      lambda e, v, args: Text(f"[I_{{{_dim(e, v.axes[1]).text}}}]_{{{_range(e, v.data[0], v.axes[0])}, :}}"),
    "duplication":   lambda e, v, args: Text(rf"\mathrm{{D}}_{{{', '.join(map(str, v.data)) or _shape(e, v.axes)}}}"),
    "elimination":   lambda e, v, args: Text(rf"\mathrm{{L}}_{{{', '.join(map(str, v.data)) or _shape(e, v.axes)}}}"),
    "det":           lambda e, v, args: _called(r"\det", args),
    "logdet":        lambda e, v, args: _called(r"\log\det", args),
    "length":        lambda e, v, args: Text(rf"\lVert {args[0].text} \rVert"),
    "inv":           lambda e, v, args: Text(f"{args[0].at(ATOM)}^{{-1}}", POWER),
    "solve":         lambda e, v, args: Text(rf"{args[0].at(UNARY)} \backslash {args[1].at(UNARY)}", SUM),
    "cholesky":      _named("cholesky"),
    "inverse_from_cholesky": lambda e, v, args: Text(f"({args[0].at(ATOM)} {_transposed(args[0])})^{{-1}}", POWER),
    "matpow":        lambda e, v, args: Text(f"{args[0].at(ATOM)}^{{{v.data[0]}}}", POWER),
    "integer_power": lambda e, v, args: Text(f"{args[0].at(ATOM)}^{{{args[1].text}}}", POWER),
    "adjugate":      _named("adj"),
    "eigh":          _named("eigh"),
    "svd":           _named("svd"),
    "gaps":          _named("gaps"),
    "part":          _part,
}
# fmt: on

LATEX = Target(
    name="latex",
    write=pseudocode,
    module="",
    rows=ROWS,
    made={},
    helpers={},
    imports={},
    reserved=frozenset(),
    assign=r"{name} &= {text} \\",
)
