"""A compiled function of complex variables: its code, and how it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matcalc import __version__
from matcalc.compiling.calling.signature import parameter_name
from matcalc.compiling.targets import TARGETS, default_target
from matcalc.compiling.wirtinger.lines import Lines
from matcalc.errors import DeclarationError, UnsupportedError
from matcalc.expr import Dim, Node, postorder
from matcalc.expr.conjugates import is_complex, is_real, original
from matcalc.language.words.names import canonical_name
from matcalc.notes import note_lines
from matcalc.objects.derivatives import Derivative
from matcalc.objects.expressions import Expr

__all__ = ["ComplexFunction", "compile_complex"]

#: Names that the code uses itself.
RESERVED = frozenset({"np"})


class ComplexFunction:
    """A function of arrays of complex numbers, by the names of the variables or in their order.

    Attributes:
        source: its code, which needs NumPy alone.
        names: its parameters.
    """

    def __init__(self, source: str, names: tuple[str, ...], symbols: tuple[str, ...]) -> None:
        self.source, self.names, self._symbols = source, names, symbols
        self._function = _loaded(source)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) > len(self.names):
            raise DeclarationError(f"{len(args)} arguments are given, and there are {len(self.names)}")
        given = dict(zip(self.names, args, strict=False))
        for key, value in kwargs.items():
            given[self._parameter(key)] = value
        missing = [name for name in self.names if name not in given]
        if missing:
            raise DeclarationError(f"no value is given for {', '.join(missing)}")
        return self._function(**given)

    def _parameter(self, key: str) -> str:
        name = canonical_name(key)
        if name in self._symbols:
            return self.names[self._symbols.index(name)]
        if key in self.names:
            return key
        raise DeclarationError(f"{key} is no parameter of the function (its parameters: {', '.join(self.names)})")

    def __reduce__(self) -> tuple[Any, ...]:
        return ComplexFunction, (self.source, self.names, self._symbols)


def _loaded(source: str) -> Any:
    found: dict[str, Any] = {"np": np}
    exec(compile(source, "<matcalc>", "exec"), found)
    return found["f"]


def compile_complex(
    outputs: Sequence[Expr | Derivative], target: str | None, *, single: bool, **options: Any
) -> ComplexFunction:
    """One function for all outputs, in NumPy.

    Raises UnsupportedError for another target, a batch, or an operator that has no code here.
    """
    language = TARGETS.get(target or default_target())
    if language is None or language.maps is None or any(options.values()):  # without maps it takes no arrays of NumPy
        what = "a batch or another form of code" if any(options.values()) else f"the target {target}"
        raise UnsupportedError(
            f"{what} is not supported for complex variables yet", code="complex", hint='target="numpy"'
        )
    nodes = [o.reading.operator if isinstance(o, Derivative) else o.node for o in outputs]
    for output in outputs:
        if isinstance(output, Derivative) and output.reading.directions:
            raise UnsupportedError(
                "code for a Jacobian by a complex variable is not supported yet",
                code="complex",
                hint="compile mc.differential(…), which takes dz",
            )
    variables = _parameters(outputs, nodes)
    names: dict[str, str] = {}
    for symbol in variables:
        names[symbol] = parameter_name(symbol, [*RESERVED, *names.values()])
    return ComplexFunction(_source(outputs, nodes, variables, names, single), tuple(names.values()), tuple(names))


def _parameters(outputs: Sequence[Expr | Derivative], nodes: Sequence[Node]) -> dict[str, tuple[tuple[Dim, Dim], bool]]:
    """name -> shape, and whether it is complex: all declared variables, then perturbations."""
    found: dict[str, tuple[tuple[Dim, Dim], bool]] = {}
    for output in outputs:
        for d in (output.f if isinstance(output, Derivative) else output).declarations.values():
            found[d.name] = d.shape, d.is_complex
    for node in postorder(*nodes):
        if node.op == "variable":
            found.setdefault(original(node.data[0]) or node.data[0], (node.shape, is_complex(node)))
        elif node.op == "perturbation":
            found.setdefault(f"d{original(node.data[0]) or node.data[0]}", (node.shape, is_complex(node)))
    return found


def _source(
    outputs: Sequence[Expr | Derivative],
    nodes: Sequence[Node],
    variables: dict[str, tuple[tuple[Dim, Dim], bool]],
    names: dict[str, str],
    single: bool,
) -> str:
    lines = Lines(nodes, names)
    results = [_result(lines, node) for node in nodes]
    body = [_converted(names[s], shape, of_complex) for s, (shape, of_complex) in variables.items()]
    body += _sizes(lines, variables, names)
    shown = results[0] if single else f"[{', '.join(results)}]"
    notes = [note for output in outputs for note in note_lines(output.notes)]
    formulas = [str(output) for output in outputs]
    docs = [*formulas, f"Generated by matcalc {__version__}", *dict.fromkeys(notes)]
    text = "\n".join(
        f"    {line}".rstrip()
        for line in [f'"""{docs[0]}', "", *docs[1:], '"""', *body, *lines.lines, f"return {shown}"]
    )
    return f"import numpy as np\n\n\ndef f({', '.join(names.values())}):\n{text}\n"


def _converted(name: str, shape: tuple[Dim, Dim], of_complex: bool) -> str:
    return f"{name} = np.asarray({name}, {'complex' if of_complex else 'float'})"


def _sizes(lines: Lines, variables: dict[str, tuple[tuple[Dim, Dim], bool]], names: dict[str, str]) -> list[str]:
    """n = z.shape[0], for the sizes that are used."""
    found: dict[str, str] = {}
    for symbol, (shape, _) in variables.items():
        sides = [d for d in shape if not d.is_one] or []
        for axis, d in enumerate(sides):
            if d.names and str(d) == d.names[0]:
                found.setdefault(d.names[0], f"{d.names[0]} = {names[symbol]}.shape[{axis}]")
    return [found[name] for name in sorted(lines.sizes) if name in found]


def _result(lines: Lines, node: Node) -> str:
    text = lines.text(node)
    return f"np.real({text})" if is_complex(node) and is_real(node) else text
