"""A derivative by a complex variable as it is shown: by z, by conj(z), and the gradient of a real function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcalc.expr import Node, scaled
from matcalc.language.words.names import typed_name
from matcalc.objects.derivatives import Derivative
from matcalc.objects.variables import variable_named
from matcalc.objects.wirtinger.derivatives import WirtingerDerivative, pair_of
from matcalc.simplify import simplify

__all__ = ["complex_rows"]

Row = tuple[str, str]


def complex_rows(derivative: Derivative, shown: Callable[[Node], str]) -> Iterator[Row]:
    """Both derivatives of Wirtinger and the gradient where no convention was asked for, else the one that was."""
    name = typed_name(derivative.wrt[0])
    reading = derivative.reading
    if not isinstance(derivative, WirtingerDerivative):
        yield derivative.name, shown(reading.operator if reading.matrix is None else reading.matrix)
        return
    if reading.matrix is None or derivative.form != "array":
        yield f"by {_by(derivative, name)}", shown(reading.operator)
        return
    if derivative.convention != "wirtinger":  # that of a hermitian variable, too
        yield derivative.convention, shown(reading.matrix)
        return
    if derivative.by_conjugate or not derivative.f.node.is_scalar:
        yield f"d/d{_by(derivative, name)}", shown(reading.matrix)
        return
    first, second = pair_of(derivative.f.node, variable_named(derivative.f, derivative.wrt[0]))
    yield f"d/d{name}", shown(first)
    yield f"d/dconj({name})", shown(second)
    if derivative.is_real:
        yield "gradient", shown(simplify(scaled(2, second)))


def _by(derivative: WirtingerDerivative, name: str) -> str:
    return f"conj({name})" if derivative.by_conjugate else name
