"""The first lines of a derivation: the function as it was typed, and in the terms that the rules are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from matcalc.explaining.rules import Named
from matcalc.expr import Node, postorder, transpose
from matcalc.expr.node import make
from matcalc.functions import FUNCTIONS
from matcalc.language import Typed
from matcalc.printing import Style, text, typed_text

__all__ = ["definitions_in", "only_rearranged", "spelled"]

# fmt: off
#: Notations that stand for something else -> what they stand for.
_NOTATIONS: dict[str, Named] = {
    "norm":        Named("norm",           "||x||^2 = x^T x, ||X||_F^2 = tr(X^T X)", "Horn & Johnson 5.6"),
    "inner":       Named("inner product",  "<A, B> = tr(A^T B)",                     "M&N 1.10"),
    "left_divide": Named("left division",  "A \\ b = A^-1 b",                        "notation"),
    "bars":        Named("bars",           "|s| = abs(s), |A| = det(A)",             "notation"),
}
#: Functions that are built from others without a definition in the language -> what they are.
_BUILT: dict[str, str] = {
    "sum": "sum(X) = 1^T X 1", "mean": "mean(x) = 1^T x / n", "inner": "inner(A, B) = tr(A^T B)",
    "sym": "sym(X) = (X + X^T) / 2", "skew": "skew(X) = (X - X^T) / 2", "outer": "outer(a, b) = a b^T",
    "solve": "solve(A, B) = A^-1 B", "normalize": "normalize(x) = x / ||x||", "norm2": "norm2(x)^2 = x^T x",
}
# fmt: on
_REARRANGED = Named("rearrange", "", "")


def only_rearranged(tree: Typed, node: Node, style: Style) -> bool:
    """Whether what was typed and what is differentiated differ in the order of terms and in brackets at most."""
    return _signs(typed_text(tree, "text", style=style)) == _signs(text(node, style=style))


def _signs(shown: str) -> Counter[str]:
    return Counter(
        re.findall(r"[A-Za-z_]\w*|\d+|\.\*|\./|\.\^|\|\||[-+*/^⊗]", re.sub(r"\b1 ?/ ?(\d+)", r"/ \1", shown))
    )


def definitions_in(tree: Typed, node: Node, style: Style) -> list[Named]:
    """What those notations and functions stand for that the standard form does not show any more."""
    shown = text(node, style=style)
    found: dict[Named, None] = {}
    for part in _parts(tree):
        if part.kind in _NOTATIONS and not (part.kind == "norm" and "||" in shown):
            found[_NOTATIONS[part.kind]] = None
        elif part.kind == "call" and f"{part.value}(" not in shown:
            found.update(dict.fromkeys(_definition(part.value)))
    return list(found) or [_REARRANGED]


def _definition(name: str) -> Iterator[Named]:
    row = FUNCTIONS.get(name)
    if row is not None and row.kind == "macro":
        yield Named(
            f"definition of {name}", f"{name}({', '.join(row.parameters)}) = {row.definition[0]}", row.reference
        )
    elif name in _BUILT:
        yield Named(f"definition of {name}", _BUILT[name], "")


def _parts(tree: Typed) -> Iterator[Typed]:
    seen: set[int] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            stack.extend(node.children)


def spelled(f: Node, typed: str | None, style: Style) -> Node:
    """f with each trace of a product in the rotation in which it was typed, where that can be found."""
    spaceless = _spaceless(typed or "")
    memo: dict[Node, Node] = {}
    for node in postorder(f):
        args = tuple(memo[a] for a in node.args)
        changed = any(new is not old for new, old in zip(args, node.args, strict=True))
        again = make(node.op, args, node.data, node.shape) if changed else node
        memo[node] = _rotated(again, spaceless, style) if node.op == "trace" else again
    return memo[f]


def _spaceless(typed: str) -> str:
    """The text in one spelling: of transposes, of LaTeX commands, without spaces."""
    plain = re.sub(r"\\(?:operatorname|mathrm|mathbf|boldsymbol)\s*\{(\w+)\}", r"\1", typed)
    plain = re.sub(r"\\(?:left|right|[,;:!])", "", plain)
    plain = re.sub(r"\.T\b|'|\^⊤|ᵀ|\^\{?\\(?:top|intercal)\}?|\^\{T\}", "^T", plain)
    return re.sub(r"[\s*@·\\]", "", plain)


def _rotated(node: Node, typed: str, style: Style) -> Node:
    (inside,) = node.args
    if inside.op != "matmul":
        return node
    for factors in _rotations(inside.args):
        shown = make("matmul", factors, (), (factors[0].rows, factors[-1].cols))
        if _spaceless(f"tr({text(shown, style=style)})") in typed:
            return make("trace", (shown,), (), node.shape)
    return node


def _rotations(factors: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    for chain in (factors, tuple(transpose(f) for f in reversed(factors))):
        yield from (chain[k:] + chain[:k] for k in range(len(chain)))
