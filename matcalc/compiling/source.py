"""The text of a function in Python: its head, the docstring, what it reads off its arguments, and the statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcalc.compiling.emitter import Emitter, Target, Text
from matcalc.compiling.program import Program, Value, needed
from matcalc.compiling.signature import Signature
from matcalc.expr import Dim

__all__ = ["Source", "python_source"]

WIDTH = 88


@dataclass(frozen=True)
class Source:
    """The text, the symbols of the arguments it needs, and the sizes that no argument shows."""

    text: str
    required: tuple[str, ...]
    sizes: tuple[str, ...]


def python_source(
    target: Target,
    signature: Signature,
    program: Program,
    outputs: Sequence[Value],
    single: bool,
    name: str,
    summary: Sequence[str],
) -> Source:
    """The module text for the outputs of a program."""
    required = _required(signature, outputs)
    emitter = Emitter(target, signature.sizes, signature.taken)
    results = emitter.emit(program, outputs)
    texts = [_result(target, v, t) for v, t in zip(outputs, results, strict=True)]
    reading, missing = _reading(target, signature, required, emitter)
    returned = texts[0] if single else f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
    returned = f"return {returned}"
    if not single and len(returned) > WIDTH - 4:
        returned = "return (\n" + "".join(f"    {t},\n" for t in texts) + ")"
    body = [*reading, *emitter.lines, returned]
    names = [*(signature.parameters[s].name for s in required), *(signature.sizes[s] for s in missing)]
    function = "\n".join(
        [_head(name, names), *_docstring(summary), *(f"    {line}" for part in body for line in part.split("\n"))]
    )
    return Source(_module(target, function), tuple(required), tuple(missing))


def _required(signature: Signature, outputs: Sequence[Value]) -> list[str]:
    used = {v.data[0] for v in needed(outputs) if v.op == "input"}
    return [symbol for symbol, p in signature.parameters.items() if p.name in used]


def _result(target: Target, value: Value, text: Text) -> str:
    """An output never shares memory with an argument."""
    inside = value
    while inside.op in ("permute", "reshape", "expand", "take", "slice", "diagonal"):
        inside = inside.args[0]
    if inside.op in ("input", "broadcast") and target.name == "numpy":
        return f"np.array({text.text})" if inside.rank else text.text
    if inside.op in ("number", "size", "constant"):
        return f"float({text.text})"
    return text.text


def _head(name: str, parameters: Sequence[str]) -> str:
    line = f"def {name}({', '.join(parameters)}):"
    if len(line) <= WIDTH:
        return line
    inside = ", ".join(parameters)
    if len(inside) + 4 <= WIDTH:
        return f"def {name}(\n    {inside}\n):"
    return f"def {name}(\n" + "".join(f"    {p},\n" for p in parameters) + "):"


def _docstring(summary: Sequence[str]) -> list[str]:
    first, *rest = [_safe(line) for line in summary]
    if not rest:
        return [f'    """{first}"""', ""]
    return [f'    """{first}', "", *(f"    {line}".rstrip() for line in rest), '    """', ""]


def _safe(text: str) -> str:
    """Text that can neither end a docstring nor escape in it."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "/").replace('"', "'").strip()


def _reading(
    target: Target, signature: Signature, required: Iterable[str], emitter: Emitter
) -> tuple[list[str], list[str]]:
    """Conversions, sizes and shape checks; and the sizes that no required argument shows."""
    lines: list[str] = []
    known: dict[str, str] = {}
    checks: list[str] = []
    parameters = [signature.parameters[s] for s in required]
    for p in parameters:
        lines += _converted(target, p.name, len(p.axes))
    for p in parameters:
        if not p.axes:
            continue
        new = _new_sizes(p.axes, known)
        if new:
            entries = [signature.sizes[n] if n else "_" for n in new]
            lines.append(
                f"{', '.join(entries)} = {p.name}.shape" if len(new) > 1 else f"({entries[0]},) = {p.name}.shape"
            )
            known.update({n: p.name for n in new if n})
        if not new or not all(new):
            checks.append(p.name)
    by_name = {p.name: p for p in parameters}
    for name in checks:
        lines += _check(emitter, name, by_name[name].axes)
    for p in parameters:
        if p.axes and len(p.axes) == 2 and p.axes[0].is_one:
            lines.append(f"{p.name} = {p.name}[0]")
    missing = sorted(n for n in emitter.used_sizes if n not in known)
    return lines, missing


def _converted(target: Target, name: str, rank: int) -> list[str]:
    if target.name != "numpy":
        return []
    if rank:
        return [f"{name} = np.asarray({name}, dtype=float)"]
    return [f"if np.ndim({name}):", f'    raise ValueError("{name} is a number")', f"{name} = float({name})"]


def _new_sizes(axes: Sequence[Dim], known: dict[str, str]) -> list[str | None]:
    """For each axis the name that is read off it, if it is a new one; nothing where no axis shows a new name."""
    found: list[str | None] = []
    for dim in axes:
        plain = len(dim.names) == 1 and dim == Dim.of(dim.names[0])
        fresh = plain and dim.names[0] not in known and dim.names[0] not in found
        found.append(dim.names[0] if fresh else None)
    return found if any(found) else []


def _check(emitter: Emitter, name: str, axes: Sequence[Dim]) -> list[str]:
    shape = emitter.shape(axes)
    return [
        f"if {name}.shape != {shape}:",
        f'    raise ValueError(f"{name} has shape {{{name}.shape}}, not {{{shape}}}")',
    ]


def _module(target: Target, function: str) -> str:
    """Imports and helpers that the function needs, before it."""
    helpers: list[str] = []
    text = function
    for _ in range(2):
        for name, source in target.helpers.items():
            if source not in helpers and re.search(rf"\b{name}\b", text):
                helpers.append(source)
                text += source
    imports = [line for name, line in target.imports.items() if re.search(rf"(?<!\.)\b{name}\.", text)]
    standard = [line for line in imports if line == "import math"]
    other = [line for line in imports if line != "import math"]
    head = "\n\n".join("\n".join(group) for group in (standard, other) if group)
    parts = [*([head] if head else []), *(h.rstrip() for h in helpers), function]
    return "\n\n\n".join(parts) + "\n"
