"""Languages of column-major arrays as values, and the text of a function in one: sizes and checks, then the statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.compiling.calling.signature import Parameter, Signature
from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.source import new_sizes
from matcalc.compiling.emitting.target import Order, Source, Target
from matcalc.compiling.planning.program import needed
from matcalc.records import dataclass

__all__ = ["ColumnTarget", "Listing", "listing"]


@dataclass(frozen=True)
class Listing:
    """A function as it is to be written down: its name, parameters, statements, results and what is said of it."""

    name: str
    parameters: Sequence[str]
    lines: Sequence[str]
    results: Sequence[str]
    summary: Sequence[str]


@dataclass(frozen=True)
class ColumnTarget(Target):
    """A language of column-major arrays whose indices start at 1.

    Attributes:
        written: the text of a function, with the helpers it needs.
        check: the statements that compare the size of an argument with these sizes.
    """

    written: Callable[[ColumnTarget, Listing], str] | None = None
    check: Callable[[str, Sequence[str]], list[str]] | None = None


def listing(target: ColumnTarget, order: Order) -> Source:
    """The text for the outputs of a plan."""
    signature = order.signature
    used = {v.data[0] for v in needed(order.outputs) if v.op == "input"}
    required = [symbol for symbol, p in signature.parameters.items() if p.name in used]
    emitter = Emitter(target, signature.sizes, signature.taken, shown_sizes=signature.shown_sizes(required))
    texts = [t.text for t in emitter.emit(order.outputs)]
    emitter.without_idle_sizes()
    parameters = [signature.parameters[s] for s in required]
    reading, known = _reading(target, signature, [p for p in parameters if not p.is_function], emitter, order.checks)
    missing = [n for n in sorted(emitter.used_sizes) if n not in known and n not in emitter.read_sizes]
    names = [*(p.name for p in parameters), *(signature.sizes[s] for s in missing)]
    assert target.written is not None
    text = target.written(target, Listing(order.name, names, [*reading, *emitter.lines], texts, order.summary))
    return Source(text, tuple(required), tuple(missing))


def _reading(
    target: ColumnTarget, signature: Signature, parameters: Sequence[Parameter], emitter: Emitter, checks: bool
) -> tuple[list[str], set[str]]:
    """Sizes that the arguments show, and checks of the shapes."""
    known: dict[str, str] = {}
    lines: list[str] = []
    for p in parameters:
        for axis, size in enumerate(new_sizes(p.axes, known), 1):
            if size is not None and (checks or size in emitter.used_sizes):
                known[size] = p.name
                lines.append(target.options["read"].format(size=signature.sizes[size], value=p.name, number=axis))
    assert target.check is not None
    for p in parameters if checks else ():
        lines += target.check(p.name, [emitter.dim(d).text for d in p.axes])
    for p in parameters:
        if len(p.axes) == 2 and p.axes[0].is_one:
            lines.append(target.assign.format(name=p.name, text=target.options["vector"].format(p.name)))
    return lines, set(known)
