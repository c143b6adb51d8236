"""Texts of the language as functions of nodes: read once for operands of one shape, and put in their place."""

from __future__ import annotations

from functools import cache

from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.expr import Node, substitute
from matcalc.expr.conjugates import is_complex
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.language import parse
from matcalc.printing import text as printed

__all__ = ["formula", "kind_of"]

NO_FUNCTIONS = "NumPy's functions of complex variables are not supported yet"


def formula(text: str, *operands: Node) -> Node:
    """The value of a text in ``arg_1``, ``arg_2``, …, which stand for the operands.

    >>> x = mc.parse("x where x: vector(n)").node
    >>> print(mc.parse("x where x: vector(n)").of(formula("sum(arg_1.^2)", x)))
    x^T x

    Raises:
        MatcalcError: the text does not fit to the operands' shapes; the message is in their words.
    """
    kinds = tuple(map(kind_of, operands))
    try:
        node, leaves = _template(text, kinds)
    except MatcalcError as error:
        raise _in_words_of(error, operands) from None
    if any(map(is_complex, operands)):
        raise UnsupportedError(NO_FUNCTIONS, code="complex", hint="write it as text, as in mc.parse")
    return substitute(node, dict(zip(leaves, operands, strict=True)))


def kind_of(node: Node) -> str:
    """The declaration of a name for such a value: its shape, and symmetry where that is seen."""
    rows, cols = map(str, node.shape)
    if node.is_scalar:
        return "scalar"
    if node.is_column:
        return f"vector({rows})"
    if node.is_square and is_symmetric(node):
        return f"spd({rows})" if is_pd(node) else f"symmetric({rows})"
    return f"matrix({rows}, {cols})"


@cache
def _template(text: str, kinds: tuple[str, ...]) -> tuple[Node, tuple[Node, ...]]:
    where = {f"arg_{k}": kind for k, kind in enumerate(kinds, 1)}
    parsed = parse(text, where, trust=True)
    leaves = [parse(name, {name: kind}) for name, kind in where.items()]
    return parsed.node, tuple(leaf.node for leaf in leaves)


def _in_words_of(error: MatcalcError, operands: tuple[Node, ...]) -> MatcalcError:
    """The error without places of a text that nobody typed."""
    message = error.message
    for k, operand in reversed(list(enumerate(operands, 1))):
        message = message.replace(f"arg_{k}", printed(operand))
    return type(error)(message)
