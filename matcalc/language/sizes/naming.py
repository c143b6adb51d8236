"""Names for inferred sizes that read well: ``A: matrix(m, n)``, ``x: vector(n)``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from matcalc.expr import Dim
from matcalc.language.sizes.sizes import is_unknown

__all__ = ["name_sizes"]

_SQUARE_FIRST = "nmkpqrlsthj"
_RECTANGULAR = "mnkpqrlsthj"
_AFTER_A_SQUARE = "kmpqrlsthj"


def name_sizes(shapes: Sequence[tuple[Dim, Dim]], used: Iterable[str]) -> dict[str, Dim]:
    """A name for each unknown in the shapes of the variables, none of them among ``used``.

    Square matrices have ``n``; else the first matrix is ``m x n`` and a lone size is ``n``.
    """
    taken = set(used)
    names: dict[str, Dim] = {}
    square = [r for r, c in shapes if r == c and _unknown(r)]
    matrices = [d for shape in shapes if not shape[1].is_one and not shape[0].is_one for d in shape]
    others = [d for shape in shapes for d in shape]
    _give(names, square, _letters(_SQUARE_FIRST, taken))
    left = {n for d in (*matrices, *others) for n in d.names if is_unknown(n) and n not in names}
    order = _AFTER_A_SQUARE + "n" if square else _RECTANGULAR if len(left) > 1 else "n" + _RECTANGULAR
    _give(names, [*matrices, *others], _letters(order, taken))
    return names


def _unknown(dim: Dim) -> bool:
    return any(is_unknown(n) for n in dim.names)


def _give(names: dict[str, Dim], dims: Iterable[Dim], letters: Iterator[str]) -> None:
    for dim in dims:
        for name in dim.names:
            if is_unknown(name) and name not in names:
                names[name] = Dim.of(next(letters))


def _letters(order: str, taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        for letter in order:
            name = f"{letter}_{number}" if number else letter
            if name not in taken:
                taken.add(name)
                yield name
        number += 1
