"""Notes on names of several letters that may be products without spaces: mgh beside m, xy beside yz."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.language.meaning.items import Program
from matcalc.language.words.names import is_greek
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["on_glued"]

#: Two letters, or three that make no word; dx is an increment, and xs are several x.
_LETTERS = pattern(r"(?!d)(?:[a-z]{2}|[b-df-hj-np-tv-z]{3})(?<!s)")


def on_glued(program: Program) -> Iterator[Note]:
    """A name of which a letter stands alone, or in another such name, or that is all there is."""
    if program.code:
        return
    glued = [n for n, name in enumerate(program.undeclared) if _may_be_product(program, n, name)]
    alone = {name for name in program.order if len(name) == 1}
    for n in glued:
        name = program.undeclared[n]
        others = alone.union(*(program.undeclared[other] for other in glued if other != n))
        if others.isdisjoint(name) and len(program.order) > 1:
            continue
        span = next(item.node.span for item in program.items if item.kind == "variable" and item.data == n)
        message, hint = f"{name} is read as one name", f"write {' '.join(name)} for the product"
        yield Note(message, hint, "glued", program.text, span)


def _may_be_product(program: Program, n: int, name: str) -> bool:
    return _LETTERS.fullmatch(name) is not None and not is_greek(name) and n not in program.functions
