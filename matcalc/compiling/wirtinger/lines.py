"""One line of NumPy for every operator, of nodes with complex entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Node, is_number, postorder
from matcalc.expr.conjugates import is_complex, is_real, original
from matcalc.expr.node import IMAGINARY_UNIT, LEAVES
from matcalc.expr.passes import Pass

__all__ = ["Lines"]

#: function of numbers -> its NumPy
FUNCTIONS = {
    **{name: f"np.{name}({{}})" for name in "exp log sin cos tan sinh cosh tanh abs log1p expm1 sign".split()},
    **{f"a{name}": f"np.arc{name}({{}})" for name in "sin cos tan sinh cosh tanh".split()},
    "sigmoid": "1 / (1 + np.exp(-{}))",
    "softplus": "np.logaddexp(0, {})",
    "relu": "np.maximum({}, 0)",
    "step": "np.heaviside({}, 0)",
}


class Lines:
    """The text of nodes; what is used more than once is a line of its own.

    Attributes:
        lines: the assignments, in order.
        names: parameter names by variable names.
        sizes: the names of sizes that are used.
    """

    def __init__(self, roots: Sequence[Node], names: dict[str, str]) -> None:
        self.names, self.lines, self.sizes = names, list[str](), set[str]()
        self._texts: dict[Node, str] = {}
        order = postorder(*roots)
        uses: dict[Node, int] = {}
        for node in order:
            for arg in node.args:
                uses[arg] = uses.get(arg, 0) + 1
        for root in roots:
            uses[root] = uses.get(root, 0) + 1
        self._shared = {n for n in order if uses[n] > 1 and n.op not in LEAVES | {"transpose"} and not n.is_number}

    def text(self, node: Node) -> str:
        """An expression that has the value of the node; it needs brackets nowhere but around sums and products."""
        for part in postorder(node):
            if part not in self._texts:
                shown = LINES.row(part.op)(self, part)
                if part in self._shared:
                    name = f"t{len(self.lines) + 1}"
                    self.lines.append(f"{name} = {shown}")
                    shown = name
                self._texts[part] = shown
        return self._texts[node]

    def inside(self, node: Node) -> str:
        """The same as an operand: in brackets where it is not one word or call."""
        shown = self.text(node)
        return shown if _is_closed(shown) else f"({shown})"

    def size(self, dim: Dim) -> str:
        self.sizes.update(dim.names)
        return str(dim).replace("^", "**").replace(" ", " * ") if not dim.value else str(dim.value)

    def shape(self, node: Node) -> str:
        sides = [self.size(d) for d in node.shape if not d.is_one]
        return sides[0] if len(sides) == 1 else f"({', '.join(sides)})"

    def is_solved(self, node: Node) -> bool:
        """Whether it is an inverse that stands in one place."""
        return node.op == "matpow" and is_number(node.args[1]) == -1 and node not in self._shared

    def flat(self, node: Node) -> str:
        """As a 2-d array."""
        if node.is_scalar:
            return f"np.reshape({self.text(node)}, (1, 1))"
        mark = "[:, None]" if node.is_column else "[None, :]" if node.is_row else ""
        return self.inside(node) + mark

    def as_array(self, node: Node, text: str) -> str:
        """What is 2-d as the array that it stands for."""
        return f"{text}.item()" if node.is_scalar else f"{text}.ravel()" if node.is_column or node.is_row else text


def _is_closed(text: str) -> bool:
    """One word, or one call or bracket, with nothing beside it."""
    depth = 0
    for c in text:
        depth += (c in "([") - (c in ")]")
        if depth == 0 and c in " *+/@-":
            return False
    return True


def _variable(lines: Lines, node: Node) -> str:
    base = original(node.data[0])
    return lines.names[node.data[0]] if base is None else f"{lines.names[base]}.conj()"


def _constant(lines: Lines, node: Node) -> str:
    return "1j" if node.data[0] == IMAGINARY_UNIT else "np.pi"


def _perturbation(lines: Lines, node: Node) -> str:
    base = original(node.data[0])
    return lines.names[f"d{node.data[0]}"] if base is None else f"{lines.names[f'd{base}']}.conj()"


def _ones(lines: Lines, node: Node) -> str:
    return "1" if node.is_scalar else f"np.ones({lines.shape(node)})"


def _zero(lines: Lines, node: Node) -> str:
    return "0" if node.is_scalar else f"np.zeros({lines.shape(node)}, complex)"


def _unit(lines: Lines, node: Node) -> str:
    place = node.data[0]
    return f"np.eye({lines.size(node.rows)})[{place - 1 if isinstance(place, int) else f'{lines.size(place)} - 1'}]"


def _selector(lines: Lines, node: Node) -> str:
    start = lines.size(node.data[0]) if node.data[0].terms else "0"
    return f"np.eye({lines.size(node.cols)})[{start}:{start} + {lines.size(node.rows)}]"


def _transpose(lines: Lines, node: Node) -> str:
    (inside,) = node.args
    return lines.text(inside) if inside.is_column or inside.is_row else f"{lines.inside(inside)}.T"


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator} / {value.denominator}"


def _add(lines: Lines, node: Node) -> str:
    parts = []
    for c, term in zip(node.data, node.args, strict=True):
        shown = "" if term.op == "ones" and term.is_scalar else lines.inside(term)
        size = abs(c)
        factor = _number(size) if not shown else "" if size == 1 else f"{_number(size)} * "
        parts.append(("- " if c < 0 else "+ ") + factor + shown)
    text = " ".join(parts)
    return text[2:] if text.startswith("+") else "-" + text[2:]


def _power(lines: Lines, node: Node) -> str:
    above, below = list[str](), list[str]()
    for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
        e = is_number(exponent)
        (below if e is not None and e < 0 else above).append(
            _raised(lines, base, exponent, None if e is None else abs(e))
        )
    top = " * ".join(above) or "1"
    return top if not below else f"{top} / {below[0]}" if len(below) == 1 else f"{top} / ({' * '.join(below)})"


def _raised(lines: Lines, base: Node, exponent: Node, e: Fraction | None) -> str:
    inside = lines.inside(base)
    if e == 1:
        return inside
    if e is None:
        return f"{inside} ** {lines.inside(exponent)}"
    if e == Fraction(1, 2):
        return f"np.sqrt({_as_real(lines, base)})"
    if e.denominator == 1:
        return f"{inside}**{e}"
    return f"({_as_real(lines, base)}) ** ({_number(e)})"


def _as_real(lines: Lines, node: Node) -> str:
    """What is real without its imaginary part, which is rounding."""
    return f"{lines.inside(node)}.real" if is_complex(node) and is_real(node) else lines.text(node)


def _matmul(lines: Lines, node: Node) -> str:
    """From the end that is a column, else from the left; an inverse at an end is solved with."""
    *front, last = node.args
    if last.is_column:
        text = lines.inside(last)
        for left in reversed(front):
            text = _before(lines, left, text)
        return text
    first, *rest = node.args
    if lines.is_solved(first) and not first.is_row:
        return f"np.linalg.solve({lines.text(first.args[0])}, {_from_left(lines, rest)})"
    return _from_left(lines, node.args)


def _before(lines: Lines, left: Node, text: str) -> str:
    """A factor in front of a column."""
    if left.is_column:
        return f"np.outer({lines.text(left)}, {text})"
    if lines.is_solved(left):
        return f"np.linalg.solve({lines.text(left.args[0])}, {text})"
    return f"{lines.inside(left)} @ {text if _is_closed(text) else f'({text})'}"


def _from_left(lines: Lines, factors: Sequence[Node]) -> str:
    """Factors of which the last is no column; a column stands before a row."""
    first, *rest = factors
    text = lines.inside(first)
    for right in rest:
        if right.is_row:
            text = f"np.outer({text}, {lines.text(right)})"
        elif first.is_row and lines.is_solved(right):
            text = f"np.linalg.solve({lines.inside(right.args[0])}.T, {text})"
        else:
            text = f"{text} @ {lines.inside(right)}"
    return text


def _scale(lines: Lines, node: Node) -> str:
    scalar, array = node.args
    return f"{lines.inside(scalar)} * {lines.inside(array)}"


def _matpow(lines: Lines, node: Node) -> str:
    base, exponent = node.args
    k = is_number(exponent)
    if k == -1:
        return f"np.linalg.inv({lines.text(base)})"
    shown = str(k) if k is not None else f"int({lines.text(exponent)})"
    return f"np.linalg.matrix_power({lines.text(base)}, {shown})"


def _kron(lines: Lines, node: Node) -> str:
    first, *rest = node.args
    text = lines.flat(first)
    for other in rest:
        text = f"np.kron({text}, {lines.flat(other)})"
    return lines.as_array(node, text)


def _block(lines: Lines, node: Node) -> str:
    height, width = node.data
    rows = [", ".join(lines.flat(a) for a in node.args[i * width : (i + 1) * width]) for i in range(height)]
    return lines.as_array(node, f"np.block([{', '.join(f'[{row}]' for row in rows)}])")


def _apply(lines: Lines, node: Node) -> str:
    name = node.data[0]
    if name not in FUNCTIONS or len(node.args) != 1:
        raise _no_code(name)
    return FUNCTIONS[name].format(
        _as_real(lines, node.args[0]) if "(-{" not in FUNCTIONS[name] else lines.inside(node.args[0])
    )


def _call(lines: Lines, node: Node) -> str:
    raise _no_code(node.data[0])


def _no_code(name: str) -> UnsupportedError:
    return UnsupportedError(f"code for {name} of complex variables is not supported yet", code="complex")


def _of_one(template: str) -> Callable[[Lines, Node], str]:
    return lambda lines, node: template.format(lines.text(node.args[0]))


def _unsupported(lines: Lines, node: Node) -> str:
    raise _no_code(node.op)


# fmt: off
LINES: Pass[Callable[[Lines, Node], str]] = Pass("lines of complex code", {
    "variable":     _variable,
    "perturbation": _perturbation,
    "constant":     _constant,
    "dimension":    lambda lines, node: lines.size(node.data[0]),
    "zero":         _zero,
    "ones":         _ones,
    "identity":     lambda lines, node: f"np.eye({lines.size(node.rows)})",
    "unit":         _unit,
    "selector":     _selector,
    "add":          _add,
    "power":        _power,
    "scale":        _scale,
    "matmul":       _matmul,
    "matpow":       _matpow,
    "transpose":    _transpose,
    "kron":         _kron,
    "block":        _block,
    "apply":        _apply,
    "call":         _call,
    "trace":        _of_one("np.trace({})"),
    "det":          _of_one("np.linalg.det({})"),
    "logdet":       _of_one("np.linalg.slogdet({})[1]"),
    "diag":         _of_one("np.diag({})"),
    "diagonal":     _of_one("np.diag({})"),
    "vec":          _of_one("np.ravel({}, order='F')"),
    "unvec":        lambda lines, node: f"np.reshape({lines.text(node.args[0])}, {lines.shape(node)}, order='F')",
    **dict.fromkeys("at mask commutation duplication elimination adjugate total open".split(), _unsupported),
})
# fmt: on
