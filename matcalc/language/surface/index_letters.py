"""Letters of matrices in an index bracket: X[A, B] is rather X times a commutator or a block matrix than an entry."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.errors import Span, SyntaxFault
from matcalc.language.kinds.kinds import Letter
from matcalc.language.mends.hints import write
from matcalc.language.surface.arrange import Reading
from matcalc.language.surface.tree import Surface

__all__ = ["check_letters"]


def check_letters(base: Surface, indices: Sequence[Surface], span: Span, context: Reading) -> None:
    """Raises SyntaxFault for two names of matrices by their letters, of which nothing says that they are numbers."""
    if not all(_is_matrix(index, context) for index in indices):
        return
    first, second = (context.text[slice(*index.span)] for index in indices)
    source = context.text[base.span[0] : span[0]]
    offers = (
        (f"{source} ({first} {second} - {second} {first})", "for a commutator"),
        (
            f"{source} [{first}, {second}]",
            "for a block matrix",
        ),
    )
    raise SyntaxFault(
        f"{first} and {second} are letters of matrices, and stand where indices do",
        code="index",
        text=context.text,
        span=span,
        hint=write((base.span[0], span[1]), *offers),
    )


def _is_matrix(index: Surface, context: Reading) -> bool:
    if index.kind != "name" or index.value in context.declared or index.value in context.dimensions:
        return False
    return Letter(index.value).is_matrix
