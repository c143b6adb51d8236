"""Functions of the user's own: ``swish(t) = t * sigmoid(t)``, or a name with the rule of its differential.

A definition of scalars alone, such as ``swish``, is applied entry by entry, as `exp` is. Any other definition is an
abbreviation for arrays of the shapes that were declared, or that its body shows. A function with a differential
is a symbol: it stays in the result by its name, and its derivatives follow from the rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from matcalc.errors import DeclarationError, MatcalcError, Span, SyntaxFault
from matcalc.expr import perturbation
from matcalc.functions.table import Function, find, register, unregister
from matcalc.language import parsing
from matcalc.language.declarations import Declaration, read_where
from matcalc.language.parsing import Parsed, parse
from matcalc.language.rows import templates
from matcalc.language.sizes.signatures import parse_signature
from matcalc.language.surface.tree import Typed
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern
from matcalc.records import dataclass

if TYPE_CHECKING:
    import numpy as np

__all__ = ["USER_DEFINED", "define", "define_text", "definition_of", "functions_below", "undefine"]

#: Names that `define` has added to the table.
USER_DEFINED: set[str] = set()

_HEAD = pattern(r"\s*([^\s()=:]+)\s*\(([^=]*?)\)\s*(?:->\s*([^=]*?))?\s*(?:(?<![=<>])=(?!=)(.*))?$", re.DOTALL)
#: Kinds of typed nodes that act on each entry alone.
_ENTRYWISE_KINDS = frozenset(
    "number variable constant add negate multiply divide hadamard hadamard_divide power hadamard_power bars".split()
)


@dataclass(frozen=True)
class _Head:
    """What stands before and behind the equals sign, with places in the text."""

    text: str
    name: str
    parameters: dict[str, str]
    result: str | None
    body: Span | None
    span: Span


def define(
    text: str,
    definition: Any = None,
    *,
    differential: str | None = None,
    value: Callable[..., Any] | None = None,
) -> Function:
    """Add a function to the language, from its definition or from its differential.

    ``define("swish(t) = t * sigmoid(t)")`` and ``define("f(S: spd(n)) = logdet(S) + tr(S)")`` abbreviate;
    ``definition`` may hold the part behind the equals sign, as text or as a SymPy expression.
    ``define("f(X: matrix(n, n)) -> scalar", differential="tr(g(X)^T dX)")`` gives a rule, in ``dX`` for the
    parameter X; ``value``, a Python function of NumPy arrays, lets the engine verify it.

    Returns the row of the table. Raises MatcalcError where the text cannot be read, a name is taken, the
    definition uses other names than its parameters, or the differential has another shape than the function.
    """
    if definition is not None:
        text = f"{text} = {definition if isinstance(definition, str) else _from_sympy(definition)}"
    head = _head(text)
    _check_name(head)
    row = _with_rule(head, differential) if head.body is None else _abbreviation(head)
    if head.body is not None and differential is not None:
        raise DeclarationError(f"{head.name} has a definition: its differential follows from it", text=text)
    parsed = _parsed_definitions.get(head.name)
    undefine(head.name)
    if parsed is not None and head.body is not None:
        _parsed_definitions[head.name] = parsed
    if value is not None:
        row = row._replace(numeric=_of_2d_arrays(row, value))
    register(row)
    USER_DEFINED.add(row.name)
    return row


def define_text(text: str) -> list[Function]:
    """Definitions as lines of text; ``f(X: matrix(n, n)) -> scalar; df = tr(g(X)^T dX)`` has a rule.

    Empty lines and lines that begin with # are skipped.
    """
    rows: list[Function] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        head, _, rule = line.partition(";")
        found = re.fullmatch(r"\s*d\s*\w*\s*=\s*(.*)", rule)
        if rule.strip() and found is None:
            raise SyntaxFault(
                "a rule is written df = …",
                text=line,
                span=(len(head) + 1, len(line)),
                hint="as in f(X: matrix(n, n)) -> scalar; df = tr(g(X)^T dX)",
            )
        rows.append(define(head.rstrip(), differential=found.group(1) if found else None))
    return rows


def undefine(name: str) -> None:
    """Forget a function that was defined before; nothing happens where there is none."""
    if name in USER_DEFINED:
        unregister(name)
        USER_DEFINED.discard(name)
        _parsed_definitions.pop(name, None)
        templates.forget()
        parsing.forget()


# The head.


def _head(text: str) -> _Head:
    found = _HEAD.match(text)
    if found is None:
        raise SyntaxFault(
            "this is not the definition of a function",
            code="definition",
            text=text,
            span=(0, len(text)),
            hint="write f(t) = t * sigmoid(t), or f(X: matrix(n, n)) -> scalar with its differential",
        )
    parameters: dict[str, str] = {}
    for part, span in _parts(found.group(2), found.start(2)):
        name, _, kind = part.partition(":")
        canonical = canonical_name(name.strip())
        if not re.fullmatch(r"[A-Za-z]\w*", canonical):
            raise SyntaxFault(f"{name.strip() or 'nothing'} is not a name", code="bad-name", text=text, span=span)
        if canonical in parameters:
            raise DeclarationError(f"the parameter {canonical} stands twice", text=text, span=span)
        parameters[canonical] = kind.strip()
    result = found.group(3).strip() if found.group(3) is not None else None
    body = found.span(4) if found.group(4) is not None else None
    return _Head(text, canonical_name(found.group(1)), parameters, result, body, found.span(1))


def _parts(inside: str, start: int) -> Iterator[tuple[str, Span]]:
    """Parameters between commas outside of brackets, with their places."""
    depth, left = 0, 0
    for i, character in enumerate(inside + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            part = inside[left:i]
            if part.strip() or inside.strip():
                yield part, (start + left, start + i)
            left = i + 1


def _check_name(head: _Head) -> None:
    if not re.fullmatch(r"[A-Za-z]\w*", head.name):
        raise SyntaxFault(f"{head.name} is not a name", code="bad-name", text=head.text, span=head.span)
    if not head.parameters:
        raise DeclarationError(
            f"{head.name} has no parameter", text=head.text, span=head.span, hint=f"as in {head.name}(t) = t^2"
        )
    if find(head.name) is not None and head.name not in USER_DEFINED:
        raise DeclarationError(
            f"{head.name} is a function of the language already", code="defined-twice", text=head.text, span=head.span
        )
    if head.name in head.parameters:
        raise DeclarationError(f"{head.name} is its own parameter", text=head.text, span=head.span)


# Definitions.

_parsed_definitions: dict[str, Parsed] = {}


def definition_of(name: str) -> Parsed:
    """The definition of a function of the user's, with its typed tree."""
    return _parsed_definitions[name]


def _abbreviation(head: _Head) -> Function:
    assert head.body is not None
    body = head.text[slice(*head.body)].strip()
    if re.search(rf"(?<!\w){re.escape(head.name)}\s*\(", body):
        message = f"{head.name} is defined by itself"
        raise DeclarationError(message, code="circular", text=head.text, span=_place(head, head.name))
    parsed = _as_scalars(head) if not any(head.parameters.values()) else None
    if parsed is not None:
        _check_cycle(head, parsed)
        _parsed_definitions[head.name] = parsed
        arguments = ", ".join(["(m, n)"] * len(head.parameters))
        return Function(
            head.name,
            (f"{arguments} -> (m, n)",),
            tuple(head.parameters),
            "macro",
            f"{body}, entry by entry",
            definition=(body,),
            entrywise=True,
        )
    parsed = _read(head, {name: kind for name, kind in head.parameters.items() if kind})
    _check_cycle(head, parsed)
    _check_names(head, parsed.declarations)
    shapes = [parsed.declarations[name].shape for name in head.parameters]
    if head.result is not None:
        _check_result(head, parsed.node.shape, _shape_of_kind(head, head.result))
    _parsed_definitions[head.name] = parsed
    signature = f"{', '.join(map(_shape_text, shapes))} -> {_shape_text(parsed.node.shape)}"
    return Function(head.name, (signature,), tuple(head.parameters), "macro", body, definition=(body,))


def functions_below(tree: Typed) -> set[str]:
    """Every function that stands in a typed tree, or in the definition of one that does."""
    found: set[str] = set()
    pending = [tree]
    seen = {id(tree)}
    while pending:
        node = pending.pop()
        below = list(node.children)
        if node.kind == "call" and node.value not in found:
            found.add(node.value)
            below += [_parsed_definitions[node.value].tree] if node.value in _parsed_definitions else []
        new = [c for c in below if id(c) not in seen]
        seen.update(map(id, new))
        pending += new
    return found


def _check_cycle(head: _Head, parsed: Parsed) -> None:
    """A function that is defined anew may stand in the definitions of those that it uses."""
    if head.name in functions_below(parsed.tree):
        message = f"{head.name} is defined by functions that are defined by it"
        raise DeclarationError(message, code="circular", text=head.text, span=head.body)


def _as_scalars(head: _Head) -> Parsed | None:
    """The body read with scalars for parameters, where it acts on every entry alone."""
    try:
        parsed = _read(head, dict.fromkeys(head.parameters, "scalar"))
    except MatcalcError:
        return None
    if not parsed.node.is_scalar or set(parsed.declarations) - set(head.parameters):
        return None
    return parsed if _is_entrywise(parsed.tree) else None


def _is_entrywise(root: Typed) -> bool:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.kind == "call":
            row = find(node.value)
            if row is None or not (row.kind == "elementwise" and len(node.children) == len(row.parameters)):
                entry_macro = row is not None and row.kind == "macro" and (row.entrywise or _is_entry_macro(row))
                if not entry_macro:
                    return False
        elif node.kind not in _ENTRYWISE_KINDS:
            return False
        pending.extend(node.children)
    return True


def _is_entry_macro(row: Function) -> bool:
    """sqrt, silu and the like: one array in, one of the same shape out."""
    return row.signatures in (("(m, n) -> (m, n)",), ("(m, n), (1, 1) -> (m, n)",))


def _read(head: _Head, where: Mapping[str, str], trust: bool = False) -> Parsed:
    """The body of the definition; errors point into the whole text."""

    assert head.body is not None
    start, end = head.body
    try:
        return parse(" " * start + head.text[start:end], dict(where), trust=trust)
    except MatcalcError as error:
        if error.text is not None and len(error.text) == end:
            error.text = head.text
        raise


def _check_names(head: _Head, declarations: Mapping[str, Declaration]) -> None:
    for name in declarations:
        if name not in head.parameters:
            known = ", ".join(head.parameters)
            message = f"{name} is not a parameter of {head.name}({known})"
            raise DeclarationError(message, code="free-name", text=head.text, span=_place(head, name))
    for name in head.parameters:
        if name not in declarations:
            message = f"the definition of {head.name} does not use {name}"
            raise DeclarationError(message, text=head.text, span=head.span, hint=f"declare it: {name}: vector(n)")


def _place(head: _Head, name: str) -> Span:
    assert head.body is not None
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", head.text[head.body[0] :])
    return (head.body[0] + found.start(), head.body[0] + found.end()) if found else head.body


def _shape_text(shape: tuple[Any, Any]) -> str:
    return f"({shape[0]}, {shape[1]})"


def _shape_of_kind(head: _Head, kind: str) -> tuple[Any, Any]:
    try:
        return read_where({"result": kind}).declarations["result"].shape
    except MatcalcError as error:
        start = head.text.index("->")
        error.text, error.span = head.text, (start, start + 2 + len(kind) + 1)
        raise


def _check_result(head: _Head, found: tuple[Any, Any], wanted: tuple[Any, Any]) -> None:
    if found != wanted:
        message = f"the value of {head.name} is {found[0]} x {found[1]}, not {wanted[0]} x {wanted[1]}"
        raise DeclarationError(message, code="shape-mismatch", text=head.text, span=head.span)


# Rules.


def _with_rule(head: _Head, differential: str | None) -> Function:
    untyped = [name for name, kind in head.parameters.items() if not kind]
    if untyped or head.result is None:
        missing = f"{untyped[0]} has no kind" if untyped else "the kind of its value is missing"
        hint = f"write {head.name}({', '.join(f'{p}: matrix(m, n)' for p in head.parameters)}) -> scalar"
        raise DeclarationError(f"{head.name}: {missing}", text=head.text, span=head.span, hint=hint)
    declarations = read_where(head.parameters).declarations
    result = _shape_of_kind(head, head.result)
    shapes = [declarations[name].shape for name in head.parameters]
    signature = f"{', '.join(map(_shape_text, shapes))} -> {_shape_text(result)}"
    if differential is not None:
        _check_rule(head, differential, declarations, result)
    return Function(
        head.name,
        (signature,),
        tuple(head.parameters),
        "call",
        "defined by its differential" if differential else "a function without a rule",
        differential=(differential,) if differential else (),
        reference="defined by the user",
        analytic=False,
    )


def _check_rule(
    head: _Head, differential: str, declarations: Mapping[str, Declaration], result: tuple[Any, Any]
) -> None:
    """The differential is linear in dX and has the function's shape."""

    names = {f"d{name}": perturbation(declarations[name].node) for name in head.parameters}
    parsed = parse(differential, declarations, names=names, shape=result)
    used = {name for name, node in names.items() if node in parsed.node.linear}
    for name in parsed.declarations:
        if name not in head.parameters:
            raise DeclarationError(f"{name} is not a parameter of {head.name}", code="free-name", text=differential)
    _check_result(head, parsed.node.shape, result)
    if not used and not parsed.node.is_zero:
        listed = " or ".join(names)
        raise DeclarationError(f"the differential of {head.name} does not contain {listed}", text=differential)


def _of_2d_arrays(row: Function, value: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function for arrays as users have them, wrapped for two-dimensional ones."""
    import numpy as np

    signature = parse_signature(row.signatures[0])
    axes = [tuple(i for i, d in enumerate(p.shape) if not d.is_one) for p in signature.parameters]

    def called(*arrays: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        natural = [a.reshape([a.shape[i] for i in kept]) for a, kept in zip(arrays, axes, strict=True)]
        result = np.asarray(value(*natural))
        rows, cols = signature.result
        if rows.is_one and cols.is_one:
            return result.reshape(1, 1)
        return result.reshape((-1, 1)) if cols.is_one else np.atleast_2d(result)

    return called


def _from_sympy(expression: Any) -> str:
    from matcalc.interop.sympy import from_sympy

    return str(from_sympy(expression))
