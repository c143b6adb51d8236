"""The text of a function in MATLAB or Julia: sizes and checks, the statements, and the helpers it needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.compiling.calling.signature import Parameter, Signature
from matcalc.compiling.emitting.emitter import Emitter, Target
from matcalc.compiling.emitting.source import Source, new_sizes, safe
from matcalc.compiling.planning.program import Value, needed
from matcalc.expr import Dim

__all__ = ["listing"]


def listing(
    target: Target,
    signature: Signature,
    outputs: Sequence[Value],
    single: bool,
    name: str,
    summary: Sequence[str],
    checks: bool = True,
) -> Source:
    """The text for the outputs of a plan; without checks its arguments are taken as arrays that fit."""
    used = {v.data[0] for v in needed(outputs) if v.op == "input"}
    required = [symbol for symbol, p in signature.parameters.items() if p.name in used]
    emitter = Emitter(target, signature.sizes, signature.taken, shown_sizes=signature.shown_sizes(required))
    texts = [t.text for t in emitter.emit(outputs)]
    emitter.without_idle_sizes()
    parameters = [signature.parameters[s] for s in required]
    write = _matlab if target.name == "matlab" else _julia
    arrays = [p for p in parameters if not p.is_function]
    reading, known = _reading(target, signature, arrays, emitter, checks)
    missing = [n for n in sorted(emitter.used_sizes) if n not in known and n not in emitter.read_sizes]
    names = [*(p.name for p in parameters), *(signature.sizes[s] for s in missing)]
    lines = [*reading, *emitter.lines]
    return Source(write(target, name, names, lines, texts, summary), tuple(required), tuple(missing))


def _reading(
    target: Target, signature: Signature, parameters: Sequence[Parameter], emitter: Emitter, checks: bool
) -> tuple[list[str], set[str]]:
    """Sizes that the arguments show, and checks of the shapes."""
    matlab = target.name == "matlab"
    known: dict[str, str] = {}
    lines: list[str] = []
    for p in parameters:
        for axis, size in enumerate(new_sizes(p.axes, known), 1):
            if size is not None and (checks or size in emitter.used_sizes):
                known[size] = p.name
                lines.append(f"{signature.sizes[size]} = size({p.name}, {axis}){';' if matlab else ''}")
    for p in parameters if checks else ():
        lines += _check(emitter, p.name, p.axes, matlab)
    for p in parameters:
        if len(p.axes) == 2 and p.axes[0].is_one:
            lines.append(f"{p.name} = {p.name}(:);" if matlab else f"{p.name} = vec({p.name})")
    return lines, set(known)


def _check(emitter: Emitter, name: str, axes: Sequence[Dim], matlab: bool) -> list[str]:
    sizes = [emitter.dim(d).text for d in axes]
    if matlab:
        wanted = [*sizes, *["1"] * (2 - len(sizes))]
        return [
            f"if ~isequal(size({name}), [{', '.join(wanted)}])",
            f"  error('{name} should be {' x '.join(wanted)}');",
            "end",
        ]
    tuple_ = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    return [f'size({name}) == {tuple_} || throw(DimensionMismatch("{name} should be {tuple_}"))']


def _matlab(
    target: Target,
    name: str,
    parameters: Sequence[str],
    lines: Sequence[str],
    texts: Sequence[str],
    summary: Sequence[str],
) -> str:
    results = ["result"] if len(texts) == 1 else [f"result{k}" for k in range(1, len(texts) + 1)]
    left = results[0] if len(results) == 1 else f"[{', '.join(results)}]"
    body = [*lines, *(f"{r} = {t};" for r, t in zip(results, texts, strict=True))]
    head = [f"function {left} = {name}({', '.join(parameters)})", *(f"  % {safe(line)}" for line in summary)]
    main = "\n".join([*head, *(f"  {line}" for line in body), "end", ""])
    return "\n".join([main, *target.helpers_in(main)])


def _julia(
    target: Target,
    name: str,
    parameters: Sequence[str],
    lines: Sequence[str],
    texts: Sequence[str],
    summary: Sequence[str],
) -> str:
    documentation = ['"""', *(safe(line).replace("$", "") for line in summary), '"""']
    body = [*lines, f"return {', '.join(texts)}"]
    main = "\n".join(
        [*documentation, f"function {name}({', '.join(parameters)})", *(f"    {line}" for line in body), "end", ""]
    )
    helpers = target.helpers_in(main)
    text = "\n".join([*helpers, main])
    imports = ["using LinearAlgebra", *(line for key, line in target.imports.items() if re.search(rf"\b{key}\.", text))]
    return "\n".join(["\n".join(imports), "", *(f"{h}" for h in helpers), main])
