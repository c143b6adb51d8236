"""Variables as objects of Python, and the functions of the language as functions of Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcalc.errors import UnsupportedError
from matcalc.functions.table import find
from matcalc.language.declarations import read_where
from matcalc.language.limits import bounded
from matcalc.objects.expressions import Expr, Where, parse

__all__ = ["function_named", "symbols"]


@bounded
def symbols(declarations: Where) -> Any:
    """The variables that are declared, as expressions: one, or a tuple in their order.

    They are combined by Python's operators, where ``*`` is the product of the language, and by NumPy's functions, which mean
    what they mean for arrays. Indices count from 0, as everywhere in Python.

    >>> X, w, y = mc.symbols("X: matrix(m, n), w: vector(n), y: vector(m)")
    >>> loss = np.sum((X @ w - y) ** 2) / 2 + np.linalg.norm(w)
    >>> print(mc.gradient(loss, w))
    X^T (X w - y) + w / ||w||
    >>> print(np.tanh(X @ w)[0])
    tanh(X w)[1]

    Raises:
        DeclarationError: the declarations are at fault.
    """
    found = read_where(declarations).declarations.values()
    variables = tuple(Expr(d.node, {d.name: d}) for d in found if not d.is_function)
    if len(variables) != len(found) or not variables:
        raise UnsupportedError("symbols are declared variables", hint='mc.symbols("X: matrix(m, n), w: vector(n)")')
    return variables[0] if len(variables) == 1 else variables


def function_named(name: str) -> Callable[..., Expr] | None:
    """The function of the language with this name, as a function of expressions, texts and numbers; None where there is none.

    >>> A = mc.symbols("A: matrix(n, n)")
    >>> print(mc.tr(A @ A.T) + mc.logdet(A))
    tr(A^T A) + logdet(A)
    """
    row = find(name)
    if row is None or not name.isidentifier():
        return None

    @bounded
    def function(*operands: Any, **options: Any) -> Expr:
        from matcalc.objects.arrays.templates import formula
        from matcalc.objects.arrays.values import as_array, joined

        given = [as_array(parse(x) if isinstance(x, str) else x) for x in operands]
        numbers = [str(x) if isinstance(x, int) and k else f"arg_{k + 1}" for k, x in enumerate(operands)]
        words = [f"{key}={value}" for key, value in options.items()]
        if not given:
            raise UnsupportedError(
                f"{name} has no arguments", hint=f"{name}: {row.signatures[0] if row.signatures else ''}"
            )
        arrays = [a for k, a in enumerate(given) if numbers[k].startswith("arg_")]
        texts = _renumbered(numbers)
        return Expr(formula(f"{name}({', '.join([*texts, *words])})", *(a.node for a in arrays)), dict(joined(*arrays)))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = row.summary
    return function


def _renumbered(words: list[str]) -> list[str]:
    """Names of operands counted from 1, numbers as they are."""
    count = iter(range(1, len(words) + 1))
    return [f"arg_{next(count)}" if word.startswith("arg_") else word for word in words]
