"""``funm(A, g)``, with a function as its second argument: the matrix function that has a name or a form of its own, else that by eigenvalues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.errors import Hint, Span, SyntaxFault
from matcalc.functions import find, row_of
from matcalc.language.mends.hints import did_you_mean
from matcalc.language.surface.tree import Surface
from matcalc.language.undefined.open_uses import OpenUse

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["matrix_function"]


def matrix_function(arguments: tuple[Surface, ...], span: Span, context: Reading) -> Surface:
    """The call that ``funm(A, g)`` stands for. Raises SyntaxFault where the second argument is no function of numbers."""
    if len(arguments) != 2 or arguments[1].kind != "name":
        message = "funm takes a matrix and the name of a function of numbers"
        inside = context.text[slice(*arguments[0].span)] if arguments else "A"
        raise _fault(message, span, context, did_you_mean(span, f"funm({inside}, sin)"))
    matrix, function = arguments
    typed = str(function.value)
    row = find(context.functions(typed) or typed)
    if row is None:
        if typed in context.declared and typed not in context.open_functions:
            raise _fault(f"{typed} is declared as an array, and funm needs a function", function.span, context, None)
        return _by_eigenvalues(matrix, OpenUse(typed), span)
    if not row.is_of_numbers or len(row.parameters) != 1:
        raise _fault(f"{typed} is no function of one number", function.span, context, None)
    if row_of(f"{row.name}m").primary:
        return Surface("call", (matrix,), f"{row.name}m", span)
    return _by_eigenvalues(matrix, row.name, span)


def _fault(message: str, span: Span, context: Reading, hint: Hint | None) -> SyntaxFault:
    return SyntaxFault(message, code="argument", text=context.text, span=span, hint=hint)


def _by_eigenvalues(matrix: Surface, function: str | OpenUse, span: Span) -> Surface:
    """V diag(g(λ)) V^T of a symmetric matrix"""
    values = Surface("call", (matrix,), "eigvals", span)
    vectors = Surface("call", (matrix,), "eigvecs", span)
    applied = Surface("call" if isinstance(function, str) else "open", (values,), function, span)
    diagonal = Surface("call", (applied,), "diag", span)
    left = Surface("multiply", (vectors, diagonal), None, span)
    return Surface("multiply", (left, Surface("transpose", (vectors,), None, span)), None, span)
