"""The text of a function in Python: its head, the docstring, what it reads off its arguments, and the statements."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from matcalc.compiling.calling.signature import Parameter, Signature
from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.libraries import Conversions, PythonTarget
from matcalc.compiling.emitting.static import is_static, numbers_of_array_type
from matcalc.compiling.emitting.target import Order, Source, Text
from matcalc.compiling.planning.program import BATCH, Value, needed
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim

__all__ = ["new_sizes", "product_source", "python_source", "safe"]

WIDTH = 88
STANDARD = ("import itertools", "import math", "from functools import partial")


def python_source(target: PythonTarget, order: Order) -> Source:
    """The module text for the outputs of a program."""
    signature, outputs, checks = order.signature, order.outputs, order.checks
    required = _required(target, signature, outputs)
    emitter = Emitter(target, signature.sizes, signature.taken, shown_sizes=signature.shown_sizes(required))
    of_array_type = numbers_of_array_type(outputs)
    results = emitter.emit(outputs)
    emitter.without_idle_sizes()
    texts = [_result(target, v, t) for v, t in zip(outputs, results, strict=True)]
    statements = [*emitter.lines, _return(texts, order.single)]
    python = {signature.parameters[s].name for s in required} - of_array_type
    reading, missing = _reading(target, signature, required, emitter, "\n".join(statements), checks, python)
    reading = _with_sparse(target, reading, order.sparse)
    names = [*(signature.parameters[s].name for s in required), *(signature.sizes[s] for s in missing)]
    body = [f"    {line}" for part in (*reading, *statements) for line in part.split("\n")]
    functions = [signature.parameters[s].name for s in required if signature.parameters[s].is_function]
    static = [*functions, *(signature.sizes[s] for s in missing)]
    head = [*_decorators(target, static), _head(order.name, names), *_docstring(order.summary)]
    quiet = [target.quiet] if target.quiet and emitter.hides_faults else []
    return Source(_module(target, "\n".join([*quiet, *head, *body])), tuple(required), tuple(missing))


def product_source(
    target: PythonTarget, signature: Signature, output: Value, moving: str, given: Sequence[Value]
) -> tuple[str, tuple[str, ...]]:
    """The function of a direction and of values that are computed before; and the sizes that it needs last."""
    emitter = Emitter(target, signature.sizes, signature.taken)
    names = {v: emitter.fresh("c") for v in given}
    (text,) = emitter.emit([output], names)
    statements = [*emitter.lines, f"return {text.text}"]
    statements = [*_types(target, [moving], True, "\n".join(statements)), *statements]
    sizes = tuple(sorted(emitter.used_sizes))
    parameters = [moving, *names.values(), *(signature.sizes[s] for s in sizes)]
    lines = [_head("product", parameters), *(f"    {line}" for part in statements for line in part.split("\n"))]
    return _module(target, "\n".join(lines)), sizes


def _return(texts: Sequence[str], single: bool) -> str:
    if single:
        return f"return {texts[0]}"
    line = f"return {', '.join(texts)}" if len(texts) > 1 else f"return ({texts[0]},)"
    return line if len(line) <= WIDTH - 4 else "return (\n" + "".join(f"    {t},\n" for t in texts) + ")"


def _decorators(target: PythonTarget, static: Sequence[str]) -> list[str]:
    if not static:
        return [target.decorator] if target.decorator else []
    names = ", ".join(f'"{s}"' for s in static) + ("," if len(static) == 1 else "")
    return [target.static_decorator.format(static=names)] if target.static_decorator else []


def _required(target: PythonTarget, signature: Signature, outputs: Sequence[Value]) -> list[str]:
    """The arguments that are used, and one array where the target reads its module or type off an array."""
    used = {v.data[0] for v in needed(outputs) if v.op == "input"}
    found = [symbol for symbol, p in signature.parameters.items() if p.name in used]
    if not target.default_type and not any(signature.parameters[s].axes for s in found):
        arrays = [symbol for symbol, p in signature.parameters.items() if p.axes]
        found = [s for s in signature.parameters if s in found or s in arrays[:1]]
        if not found:
            raise UnsupportedError(f"the target {target.name} needs an argument to read the kind of array from")
    return found


def _result(target: PythonTarget, value: Value, text: Text) -> str:
    """An output is an array, and never shares memory with an argument."""
    if is_static(value):
        return f"float({text.text})" if target.copies else f"{target.module}.asarray({text.text} * 1.0{_dtype(target)})"
    inside = value
    while inside.op in ("permute", "reshape", "expand", "take", "slice", "diagonal"):
        inside = inside.args[0]
    shared = inside.op == "input" or (inside.op == "broadcast" and inside.args[0].rank)
    return f"np.array({text.text})" if target.copies and shared and value.rank else text.text


def _dtype(target: PythonTarget) -> str:
    return target.options.get("dtype", "")


def _head(name: str, parameters: Sequence[str]) -> str:
    line = f"def {name}({', '.join(parameters)}):"
    if len(line) <= WIDTH:
        return line
    inside = ", ".join(parameters)
    if len(inside) + 4 <= WIDTH:
        return f"def {name}(\n    {inside}\n):"
    return f"def {name}(\n" + "".join(f"    {p},\n" for p in parameters) + "):"


def _docstring(summary: Sequence[str]) -> list[str]:
    first, *rest = [safe(line) for line in summary]
    if not rest:
        return [f'    """{first}"""', ""]
    return [f'    """{first}', "", *(f"    {line}".rstrip() for line in rest), '    """', ""]


def safe(text: str) -> str:
    """Text that can neither end a docstring nor escape in it."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "/").replace('"', "'").strip()


def _reading(
    target: PythonTarget,
    signature: Signature,
    required: Iterable[str],
    emitter: Emitter,
    statements: str,
    checks: bool,
    python: Container[str],
) -> tuple[list[str], list[str]]:
    """Conversions, sizes and shape checks; and the sizes that no required argument shows."""
    known: dict[str, str] = {}
    parameters = [signature.parameters[s] for s in required if not signature.parameters[s].is_function]
    lines = _conversions(target, parameters, statements, checks, python)
    checked: list[Parameter] = []
    for p in parameters:
        new = new_sizes(p.axes, known)
        if new and (checks or emitter.used_sizes.intersection(n for n in new if n)):
            entries = [signature.sizes[n] if n else "_" for n in new]
            left = ", ".join(entries) if len(new) > 1 else f"({entries[0]},)"
            lines.append(f"{left} = {p.name}.shape")
            known.update({n: p.name for n in new if n})
        if (p.axes and not (new and all(new))) or not (p.axes or target.copies):
            checked.append(p)
    for p in checked if checks else ():
        lines += _check(emitter, p.name, p.axes)
    for p in parameters:
        own = p.axes[1:] if p.axes[:1] == (BATCH,) else p.axes
        if len(own) == 2 and own[0].is_one:
            lines.append(f"{p.name} = {p.name}[{'0' if own is p.axes or own == p.axes else ':, 0'}]")
    missing = sorted(n for n in emitter.used_sizes if n not in known and n not in emitter.read_sizes)
    return lines, missing


def _conversions(
    target: PythonTarget, parameters: Sequence[Parameter], statements: str, checks: bool, python: Container[str]
) -> list[str]:
    """Arguments as arrays and numbers of one module and type; ``python`` are numbers that stay those of Python."""
    arrays = [p for p in parameters if p.axes]
    numbers = [p for p in parameters if not p.axes]
    made = target.convert if checks else Conversions()
    first = [(made.array, p.name) for p in arrays] or [(made.alone, p.name) for p in numbers]
    beside = [((made.python if p.name in python else "") or made.number, p.name) for p in numbers if arrays]
    before, after = ([form.format(name=name) for form, name in pairs if form] for pairs in (first, beside))
    text = "\n".join([statements, *before, *after])
    names = [p.name for p in arrays or numbers]
    module = [target.namespace.format(name=names[0])] if names and target.namespace and _reads("xp", text) else []
    return [*module, *before, *_types(target, names, bool(arrays) and checks, text), *after]


def _with_sparse(target: PythonTarget, lines: Sequence[str], names: Iterable[str]) -> list[str]:
    """What is done to arguments, where those of these names are sparse: of such a one a type is not read by NumPy."""
    found = list(lines)
    for name in names:
        dense, thin = (form.format(name=name) for form in (target.convert.array, target.convert.sparse))
        found = [thin if line == dense else line for line in found]
        found = [re.sub(rf"\b{name}\b(?!\.)", f"{name}.dtype", x) if x.startswith("dtype = ") else x for x in found]
    return found


def _types(target: PythonTarget, names: Sequence[str], arrays: bool, text: str) -> list[str]:
    """The common type of the arguments and the device of the first one, where the code needs them."""
    lines = []
    if _reads("dtype", text):
        if not names:
            lines.append(f"dtype = {target.default_type}")
        elif target.common_type and (len(names) > 1 or not arrays):
            lines.append(f"dtype = {target.common_type.format(names=', '.join(names))}")
        else:
            lines.append(f"dtype = {names[0]}.dtype")
    if names and re.search(r"\bdevice=device\b", text):
        lines.append(f"device = {names[0]}.device")
    return lines


def _reads(name: str, text: str) -> bool:
    return re.search(rf"(?<![.\w]){name}\b(?!=)", text) is not None


def new_sizes(axes: Sequence[Dim], known: dict[str, str]) -> list[str | None]:
    """For each axis the name that is read off it, if it is a new one; nothing where no axis shows a new name."""
    found: list[str | None] = []
    for dim in axes:
        plain = len(dim.names) == 1 and dim == Dim.of(dim.names[0])
        fresh = plain and dim.names[0] not in known and dim.names[0] not in found
        found.append(dim.names[0] if fresh else None)
    return found if any(found) else []


def _check(emitter: Emitter, name: str, axes: Sequence[Dim]) -> list[str]:
    shape = emitter.shape(axes) if axes else "()"
    return [
        f"if {name}.shape != {shape}:",
        f'    raise ValueError(f"{name} has shape {{{name}.shape}}, not {{{shape}}}")',
    ]


def _module(target: PythonTarget, function: str) -> str:
    """Imports and helpers that the function needs, before it."""
    helpers = target.helpers_in(function)
    text = "".join([function, *helpers])
    imports = [line for name, line in target.imports.items() if re.search(rf"(?<!\.)\b{name}[.(]", text)]
    standard = [line for line in imports if line in STANDARD]
    other = [line for line in imports if line not in STANDARD]
    head = "\n\n".join("\n".join(group) for group in (standard, other) if group)
    parts = [*([head] if head else []), *(h.rstrip() for h in helpers), function]
    return "\n\n\n".join(parts) + "\n"
