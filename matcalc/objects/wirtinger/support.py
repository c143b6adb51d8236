"""The one place where what complex variables do not have yet is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from matcalc.errors import UnsupportedError
from matcalc.expr.conjugates import is_complex

if TYPE_CHECKING:
    from matcalc.objects.expressions import Expr

__all__ = ["has_complex", "refuse_complex"]


def has_complex(f: Expr) -> bool:
    """Whether a variable of it is complex, or the imaginary unit stands in it."""
    return is_complex(f.node) or any(d.is_complex for d in f.declarations.values() if not d.is_function)


def refuse_complex(f: Expr, what: str = "") -> None:
    """Raises UnsupportedError where the expression is one of complex variables."""
    if has_complex(f):
        raise UnsupportedError(
            f"{what} of complex variables is not supported yet"
            if what
            else "complex variables are not supported here yet",
            code="complex",
            hint="derivative, gradient, differential, check and compile are there for them",
        )


def refuse_each(fs: Iterable[Expr], what: str) -> None:
    """The same for several."""
    for f in fs:
        refuse_complex(f, what)
