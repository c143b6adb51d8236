"""Two readings that compete: an error that prints both, each as a complete text to copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcalc.errors import Hint, MatcalcError, Offers, ShapeError
from matcalc.expr import Dim
from matcalc.language import prices
from matcalc.language.faults.operand_reports import display_names
from matcalc.language.kinds.kind_inference import Choice, Kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, kind_of
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import declare
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.sizes.sizes import Clash

__all__ = ["LONGEST_COPIED", "both", "competing"]

#: Longer texts are not repeated in full.
LONGEST_COPIED = 160

_NOUNS = ("a number", "a column", "a row", "a matrix")


def competing(program: Program, kinds: Kinds, shapes: Shapes) -> MatcalcError | None:
    """The error for a text whose likeliest reading, of these shapes, has a rival with another meaning."""
    best = kinds.choices[0]
    if (found := _in_capitals(program, kinds, shapes)) is not None:
        return found
    for choice in kinds.choices[1:]:
        if choice.cost - best.cost >= prices.ASK:
            return None
        if not _is_case(shapes, choice.names):
            rival = _shapes(program, kinds.solver.reading(choice))
            if rival is not None:
                return _question(program, (best, shapes), (choice, rival))
    return None


def _in_capitals(program: Program, kinds: Kinds, shapes: Shapes) -> MatcalcError | None:
    """The question whether the capitals of a quadratic and a linear form, U^T K U / 2 - F^T U, are matrices or columns."""
    best, *others = kinds.choices
    if not others or program.code or best.key[0] != MATRIX or not (names := program.quadratics.in_doubt):
        return None
    for choice in others:
        if choice.key[0] == SCALAR and all(choice.names[n] == COLUMN for n in names):
            rival = _shapes(program, kinds.solver.reading(choice))
            return None if rival is None else _question(program, (best, shapes), (choice, rival))
    return None


def _is_case(shapes: Shapes, names: Mapping[int, int]) -> bool:
    """Whether kinds are those of a reading where some of its sizes are 1: x a number instead of a vector."""
    longer: dict[Dim, int] = {}
    for name, kind in names.items():
        for dim, more in zip(shapes.names[name], (kind & 1, kind >> 1), strict=True):
            size = shapes.sizes.resolve(dim)
            if longer.setdefault(size, 0 if size.is_one else more) != more:
                return False
    return True


def _shapes(program: Program, of: list[int]) -> Shapes | None:
    """The shapes of another reading, or None where its sizes contradict each other."""
    shapes = Shapes(program, of)
    try:
        shapes.run(range(len(program.items)))
        shapes.sizes.finish()
    except Clash:
        return None
    return shapes


def _question(program: Program, *readings: tuple[Choice, Shapes]) -> MatcalcError:
    first, second = (choice.names for choice, _ in readings)
    differing = [name for name in first if first[name] != second[name]]
    places = (i.node.span for i in program.items if i.kind == "variable" and i.data in differing)
    said = [" and ".join(f"{program.undeclared[n]} {_NOUNS[names[n]]}" for n in differing) for names in (first, second)]
    declarations = [", ".join(_declarations(program, shapes, differing)) for _, shapes in readings]
    return ShapeError(
        f"this can be read in two ways: with {said[0]}, or with {said[1]}",
        code="ambiguous",
        text=program.text,
        span=next(places, (0, len(program.text))),
        hint=both(program.text, declarations),
    )


def _declarations(program: Program, shapes: Shapes, names: Iterable[int]) -> Iterator[str]:
    display = display_names(program, shapes, [])
    for name in names:
        rows, cols = (shapes.sizes.resolve(d).substitute(display) for d in shapes.names[name])
        shape = ("scalar", f"vector({rows})", f"matrix({rows}, {cols})", f"matrix({rows}, {cols})")[kind_of(rows, cols)]
        yield f"{program.undeclared[name]}: {shape}"


def both(text: str, declarations: Sequence[str]) -> Hint:
    """The whole text with either declaration."""
    hint = declare(text, *declarations)
    if len(text) > LONGEST_COPIED or "\n" in text.strip():
        return hint
    texts = [f'"{" ".join(fix.applied(text).split())}"' for fix in hint.fixes]
    return Hint(Offers("write {}", tuple(zip(texts, hint.fixes, strict=True))))
