"""What was typed, in any notation: the typed tree laid out as it stands, before anything is simplified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from matcalc.printing.layout import Layout, lay, number_layout
from matcalc.printing.mathml import mathml_writer
from matcalc.printing.plain import plain_writer
from matcalc.printing.symbols import unicode_writer
from matcalc.printing.tex import latex_writer
from matcalc.printing.writer import Writer

if TYPE_CHECKING:
    from matcalc.language import Typed

__all__ = ["typed_text"]


def typed_text(root: Typed, form: str, *, bold: str = "none") -> str:
    """The expression as it was typed, as text, unicode, latex or mathml (without its ``<math>`` element)."""
    writers: dict[str, Callable[[], Writer]] = {
        "text": plain_writer,
        "unicode": unicode_writer,
        "latex": lambda: latex_writer(bold),
        "mathml": lambda: mathml_writer(bold),
    }
    return writers[form]().write(_laid_out(root))


def _laid_out(root: Typed) -> Layout:
    done: dict[int, Layout] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            done[id(node)] = _LAYOUTS[node.kind](node, [done[id(c)] for c in node.children])
        elif id(node) not in done:
            stack.append((node, True))
            stack.extend((c, False) for c in node.children)
    return done[id(root)]


Parts = Sequence[Layout]


def _kind(node: Typed) -> str:
    rows, cols = node.shape
    return "matrix" if not cols.is_one else "scalar" if rows.is_one else "vector"


def _sum(node: Typed, parts: Parts) -> Layout:
    signs = [-s if p.kind == "negative" and i else s for i, (s, p) in enumerate(zip(node.value, parts, strict=True))]
    terms = [p.parts[0] if p.kind == "negative" and i else p for i, p in enumerate(parts)]
    return lay("sum", *terms, value=tuple(signs))


def _product(node: Typed, parts: Parts) -> Layout:
    flat = [q for p in parts for q in (p.parts if p.kind == "product" else (p,))]
    return lay("product", *flat)


def _power(node: Typed, parts: Parts) -> Layout:
    base, exponent = parts
    if exponent.kind == "number" and exponent.value == -1 and _kind(node) == "matrix":
        return lay("inverse", base)
    return lay("power", base, exponent)


def _transpose(node: Typed, parts: Parts) -> Layout:
    (inside,) = parts
    return lay("inverse_transpose", *inside.parts) if inside.kind == "inverse" else lay("transpose", inside)


def _entry(node: Typed, parts: Parts) -> Layout:
    indices = [str(c.value) for c in node.children[1:]]
    shown: list[str] = []
    for form in node.value:
        taken = [indices.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
        shown.append(":".join(taken) or ":")
    return lay("entry", parts[0], value=tuple(shown))


#: Functions that have a sign of their own.
_NORMS = {"norm1": "1", "norm2": "", "norm_inf": "inf", "norm_nuc": "*", "norm_spec": "2"}


def _call(node: Typed, parts: Parts) -> Layout:
    if node.value in _NORMS and len(parts) == 1:
        return lay("norm", *parts, value=_NORMS[node.value])
    match node.value:
        case "inv":
            return lay("inverse", *parts)
        case "pinv":
            return lay("pseudoinverse", *parts)
        case "sqrt" if _kind(node) == "scalar":
            return lay("root", *parts)
        case "abs" if _kind(node) == "scalar":
            return lay("absolute", *parts)
        case "kron":
            return lay("kron", *parts)
    return lay("function", *parts, value=node.value)


# fmt: off
#: kind of a typed node -> its layout from those of its children
_LAYOUTS: dict[str, Callable[[Typed, Parts], Layout]] = {
    "number":          lambda node, parts: number_layout(node.value),
    "variable":        lambda node, parts: lay("name", value=(node.value, _kind(node))),
    "bound":           lambda node, parts: lay("literal", value=str(node.value)),
    "dimension":       lambda node, parts: lay("name", value=(str(node.value), "scalar")),
    "size":            lambda node, parts: lay("literal", value=str(node.value)),
    "constant":        lambda node, parts: lay("constant", value=node.value),
    "identity":        lambda node, parts: lay("identity"),
    "add":             _sum,
    "negate":          lambda node, parts: lay("negative", parts[0]),
    "multiply":        _product,
    "divide":          lambda node, parts: lay("quotient", *parts),
    "left_divide":     lambda node, parts: lay("product", lay("inverse", parts[0]), parts[1]),
    "hadamard":        lambda node, parts: lay("hadamard", *parts),
    "hadamard_divide": lambda node, parts: lay("hadamard_quotient", *parts),
    "hadamard_power":  lambda node, parts: lay("hadamard_power", *parts),
    "kron":            lambda node, parts: lay("kron", *parts),
    "transpose":       _transpose,
    "power":           _power,
    "norm":            lambda node, parts: lay("norm", parts[0], value=node.value),
    "bars":            lambda node, parts: lay("absolute", parts[0]) if _kind(node.children[0]) == "scalar" else lay("function", parts[0], value="det"),
    "inner":           lambda node, parts: lay("function", *parts, value="inner"),
    "entry":           _entry,
    "block":           lambda node, parts: lay("block", *parts, value=node.value),
    "call":            _call,
}
# fmt: on
