"""What was typed, in any notation: the typed tree laid out as it stands, before anything is simplified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.named_powers import base_and_exponent
from matcalc.expr.passes import Pass
from matcalc.functions import row_of
from matcalc.language.surface.tree import TYPED
from matcalc.language.words.names import ADJOINT
from matcalc.printing.layout import Layout, lay, number_layout
from matcalc.printing.lines.breaking import WIDTH, displayed_lines
from matcalc.printing.notations.plain import plain_writer
from matcalc.printing.notations.symbols import unicode_writer
from matcalc.printing.notations.tex import latex_writer
from matcalc.printing.notations.typeset import typeset_writer
from matcalc.printing.notations.writer import Writer
from matcalc.printing.reading import piecewise
from matcalc.printing.style import PLAIN, Style

if TYPE_CHECKING:
    from matcalc.expr import Node
    from matcalc.language import Typed

__all__ = ["typed_layout", "typed_lines", "typed_text"]


def typed_text(root: Typed, form: str, *, bold: str = "none", style: Style = PLAIN) -> str:
    """The expression as it was typed, as text, unicode, latex or mathml (without its ``<math>`` element)."""
    writers: dict[str, Callable[[], Writer]] = {
        "text": plain_writer,
        "unicode": unicode_writer,
        "latex": lambda: latex_writer(bold),
        "mathml": lambda: typeset_writer("mathml", bold),
    }
    return writers[form]().write(typed_layout(root, style))


def typed_lines(
    root: Typed, form: str, *, bold: str = "none", width: float | None = WIDTH, style: Style = PLAIN
) -> list[str]:
    """The expression as it was typed, in lines of "latex" or "mathml" no wider than ``width`` letters."""
    return displayed_lines(typed_layout(root, style), form, bold, width)


def typed_layout(root: Typed, style: Style = PLAIN) -> Layout:
    """How the typed tree is laid out, term by term, in the names that are defined."""
    done = {d.typed: lay("name", value=(d.name.data[0], _kind(d.name))) for d in style.definitions}
    done.pop(id(root), None)
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            done[id(node)] = LAYOUT_AS_TYPED.row(node.kind)(node, [done[id(c)] for c in node.children])
        elif node.kind == "number":
            done.setdefault(id(node), number_layout(node.value, style.manner.decimals))
        elif id(node) not in done:
            stack.append((node, True))
            stack.extend((c, False) for c in node.children)
    return done[id(root)]


Parts = Sequence[Layout]


def _kind(node: Typed | Node) -> str:
    rows, cols = node.shape
    return "matrix" if not cols.is_one else "scalar" if rows.is_one else "vector"


def _variable(node: Typed) -> Layout:
    """A name; the variable sigma^2 is a power."""
    raised = base_and_exponent(node.value)
    if raised is None:
        return lay("name", value=(node.value, _kind(node)))
    return lay("power", lay("name", value=(raised[0], _kind(node))), number_layout(raised[1]))


def _sum(node: Typed, parts: Parts) -> Layout:
    signs = [-s if p.kind == "negative" else s for s, p in zip(node.value, parts, strict=True)]
    terms = [p.parts[0] if p.kind == "negative" else p for p in parts]
    return lay("sum", *terms, value=tuple(signs))


def _associative(kind: str) -> Callable[[Typed, Parts], Layout]:
    """(a b) c is written a b c"""

    def laid(node: Typed, parts: Parts) -> Layout:
        return _sign_in_front(kind, [q for p in parts for q in (p.parts if p.kind == kind else (p,))])

    return laid


def _sign_in_front(kind: str, parts: Parts) -> Layout:
    """(-a) b is written -a b"""
    first, *rest = parts
    if first.kind == "number" and first.value < 0:
        return lay("negative", lay(kind, number_layout(-first.value), *rest))
    return lay("negative", lay(kind, *first.parts, *rest)) if first.kind == "negative" else lay(kind, *parts)


def _power(node: Typed, parts: Parts) -> Layout:
    base, exponent = parts
    below, above = node.children
    raised = base_and_exponent(below.value) if below.kind == "variable" else None
    if raised is not None and above.kind == "number":
        whole = raised[1] * above.value
        return (
            base.parts[0]
            if whole == 1
            else lay("power", base.parts[0], number_layout(whole, isinstance(exponent.value, Decimal)))
        )
    if exponent.kind == "number" and exponent.value == -1 and _kind(node) == "matrix":
        return lay("inverse", base)
    return lay("power", base, exponent)


def _transpose(node: Typed, parts: Parts) -> Layout:
    (inside,) = parts
    if node.value == ADJOINT:
        return lay("adjoint", inside)
    return lay("inverse_transpose", *inside.parts) if inside.kind == "inverse" else lay("transpose", inside)


def _entry(node: Typed, parts: Parts) -> Layout:
    indices = [str(c.value) for c in node.children[1:]]
    shown: list[str] = []
    for form in node.value:
        taken = [indices.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
        shown.append(":".join(taken) or ":")
    return lay("entry", parts[0], value=tuple(shown))


def _call(node: Typed, parts: Parts) -> Layout:
    if (bars := row_of(node.value).bars) is not None and len(parts) == 1:
        return lay("norm", *parts, value=bars)
    if node.value in RELATIONS:
        return piecewise.indicator(node.value, *parts)
    match node.value:
        case "where":
            return piecewise.cases(*parts)
        case "inv":
            return lay("inverse", *parts)
        case "pinv":
            return lay("pseudoinverse", *parts)
        case "conj":
            return lay("conjugate", *parts)
        case "sqrt" if _kind(node) == "scalar":
            return lay("root", *parts)
        case "abs" if _kind(node) == "scalar":
            return lay("absolute", *parts)
        case "kron":
            return lay("kron", *parts)
        case "eye" if len(node.children) == 1:
            return lay("identity", value=node.shape[0])
        case "ones" | "zeros" if node.children:
            return lay(node.value, value=node.shape)
        case "vector" | "matrix" if parts[0].kind == "number" and parts[0].value in (0, 1):
            return lay("ones" if parts[0].value else "zeros", value=node.shape)
    return lay("function", *parts, value=node.value)


def _total(node: Typed, parts: Parts) -> Layout:
    """A sum over indices, one sign for each relation between them."""
    (inside,) = parts
    summed = node.value
    related = {str(index.name) for _, left, right, _ in summed.relations for index in (left, right)}
    for sign, left, right, _ in summed.relations:
        inside = lay("total", inside, value=((), (str(left.name), sign, str(right.name))))
    ranges = tuple((str(i.name), i.size, True) for i in summed.indices if i.name not in related)
    return lay("total", inside, value=(ranges, None)) if ranges else inside


# fmt: off
#: kind of a typed node -> its layout from those of its children; numbers apart
LAYOUT_AS_TYPED: Pass[Callable[[Typed, Parts], Layout]] = Pass("layout as typed", {
    "variable":        lambda node, parts: _variable(node),
    "bound":           lambda node, parts: lay("literal", value=str(node.value)),
    "dimension":       lambda node, parts: lay("name", value=(str(node.value), "scalar")),
    "size":            lambda node, parts: lay("literal", value=str(node.value)),
    "constant":        lambda node, parts: lay("constant", value=node.value),
    "identity":        lambda node, parts: lay("identity"),
    "add":             _sum,
    "negate":          lambda node, parts: lay("negative", parts[0]),
    "multiply":        _associative("product"),
    "divide":          lambda node, parts: _sign_in_front("quotient", parts),
    "left_divide":     lambda node, parts: lay("product", lay("inverse", parts[0]), parts[1]),
    "hadamard":        _associative("hadamard"),
    "hadamard_divide": lambda node, parts: _sign_in_front("hadamard_quotient", parts),
    "hadamard_power":  lambda node, parts: lay("hadamard_power", *parts),
    "kron":            _associative("kron"),
    "transpose":       _transpose,
    "power":           _power,
    "norm":            lambda node, parts: lay("norm", parts[0], value=node.value),
    "bars":            lambda node, parts: lay("absolute", parts[0]) if _kind(node.children[0]) == "scalar" else lay("function", parts[0], value="det"),
    "inner":           lambda node, parts: lay("function", *parts, value="inner"),
    "entry":           _entry,
    "block":           lambda node, parts: lay("block", *parts, value=node.value),
    "call":            _call,
    "at":              lambda node, parts: lay("at", value=str(node.value.name)),
    "member":          lambda node, parts: lay("member", lay("name", value=(node.value.base, _kind(node))), value=node.value.shown),
    "place":           lambda node, parts: lay("name", value=(str(node.value[0].name), "scalar")),
    "same":            lambda node, parts: lay("condition", value=(str(node.value.left.name), node.value.sign.replace("==", "="), str(node.value.right.name))),
    "total":           _total,
    "open":            lambda node, parts: lay("open", *parts, value=node.value.use),
}, never=("number",), over=TYPED)
# fmt: on
