"""A text of code in the words of this language, with the place in the code for every place in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace

from matcalc.errors import Fix, Hint, MatcalcError, Offers, Span, SyntaxFault
from matcalc.language.clauses import split_where
from matcalc.language.foreign.choices import Choice
from matcalc.language.foreign.code import Claim, Code, Fault
from matcalc.language.foreign.comments import muted
from matcalc.language.foreign.common.names.lines import lines_declared, only_rows, rows_taken
from matcalc.language.foreign.common.names.naming import faces
from matcalc.language.foreign.common.names.shown import axes_in, under_traces
from matcalc.language.foreign.hinting import in_code
from matcalc.language.foreign.others.models import Model, left_out, objective_of
from matcalc.language.foreign.python.sympy_signs import is_symbolic
from matcalc.language.foreign.said_sizes import with_sizes
from matcalc.language.foreign.signs import language_of, perhaps
from matcalc.language.surface.tree import Typed
from matcalc.notes import Note
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Translation", "of_matrices_or_entries", "translated"]


@dataclass(frozen=True)
class Translation:
    """Code in the words of this language.

    Attributes:
        original: what was typed, declarations included.
        text: the same in this language.
        language: of which language it is.
        certain: whether it is read as that language alone; else its signs are signs of this one, too.
        marked: whether only that language has its signs.
        faces: what programs call each name in it, see `naming`.
        places: for every part of the text where it begins, and the place of the original that it stands for.
        choice: the axes of names, which are chosen where the code shows too little.
        claims: the axes that the reading gave to parts of the text.
    """

    original: str
    text: str
    language: str
    faces: Mapping[str, str]
    places: tuple[tuple[int, Span], ...]
    certain: bool = True
    marked: bool = True
    choice: Choice = field(default_factory=Choice)
    claims: tuple[Claim, ...] = ()

    def place(self, span: Span) -> Span:
        """The place in the original of a place in the text."""
        found = [place for start, place in self.places if start < span[1]]
        inside = [place for start, place in self.places if span[0] <= start < span[1]] or found[-1:]
        if not inside:
            return span
        return min(s for s, _ in inside), max(e for _, e in inside)

    def note(self, tree: Typed) -> Note:
        """How the code is read; the tree is what the text means."""
        body = self.text[: split_where(self.text)] if split_where(self.text) >= 0 else self.text
        said = with_sizes(body, tree)
        return Note(f"read as {self.language}: {' '.join(said.split())}", code="foreign", text=self.original)

    def restored(self, note: Note) -> Note:
        """A note about the translated text, with its place in the original."""
        if note.text != self.text or note.span is None:
            return note
        return replace(note, text=self.original, span=self.place(note.span))

    @contextmanager
    def errors_at_their_place(self) -> Iterator[None]:
        """Errors about the text show the original."""
        try:
            yield
        except MatcalcError as error:
            if error.text == self.text:
                if error.offered is not None:
                    error.offering(in_code(error.offered, self.text, self.original))
                error.text = self.original
                error.span = self.place(error.span) if error.span is not None else None
                error.related = self.place(error.related) if error.related is not None else None
            raise


def translated(text: str, where: object = None, ranks: Mapping[str, int] | None = None) -> Translation | None:
    """The text in this language, or None where it is no code of another one.

    Declarations may stand beside it, in `where`; `ranks` are axes of names that are tried.
    Raises SyntaxFault for code that has no meaning here.
    """
    ranks = ranks or {}
    said = _PARAMETERS.sub(lambda found: " " * len(found.group()), muted(text))
    start = split_where(muted(said, percent=True))
    if start >= 0 and said[start:].startswith("where("):
        start = -1
    body, rest = (said, "") if start < 0 else (said[:start], said[start:])
    beside = _declarations_beside(where)
    declared = {**_declared(beside), **_declared(rest)}
    plain = _with_names(body, declared)
    certain = language_of(plain)
    language = certain or perhaps(plain, bool(declared))
    if language is None:
        return None
    model = objective_of(body) or Model(body, {}, tuple(left_out(body)))
    ranks = {**model.ranks, **ranks}
    try:
        with lines_declared({**_lines(beside), **_lines(rest)} if language == "MATLAB" else {}):
            code, shown, choice = _read(language, model.text, {**ranks, **declared})
        choice = replace(choice, unread=(*choice.unread, *model.unread))
    except Fault as fault:
        if certain is None:
            return None
        raise fault.error(text) from None
    if certain is None and _bare(code.text) == _bare(body):
        return None
    is_certain = certain is not None or language != "Python" or _OF_PYTHON.search(body) is not None
    name = "SymPy" if language == "Python" and is_symbolic(body) else language
    places = _places(code, (start, len(text)) if rest else None)
    defined = " where " in code.text
    if choice.declared:
        rest = f"{rest.rstrip()}, {', '.join(choice.declared)}" if rest else f"where {', '.join(choice.declared)}"
    written = code.text + (f"; {rest.removeprefix('where')}" if rest and defined else f" {rest}" if rest else "")
    if written.strip() == text.strip():
        return None
    named = faces(code.text, {**shown, **ranks}, language)
    return Translation(text, written, name, named, places, is_certain, certain is not None, choice, code.claimed())


def _with_names(body: str, declared: Mapping[str, object]) -> str:
    """The text with other letters for `end` and t, which are signs of a language, where they are declared."""
    plain = _END.sub("e_d", body) if "end" in declared else body
    return re.sub(r"\bt(?=\()", "t_d", plain) if "t" in declared else plain


def _places(code: Code, rest: Span | None) -> tuple[tuple[int, Span], ...]:
    """Where each part of the code begins in what is written for it, and where it stands in the text."""
    found: list[tuple[int, Span]] = []
    position = 0
    for part, span in code.parts:
        found.append((position, span))
        position += len(part)
    return (*found, (position, rest)) if rest else tuple(found)


#: f(x::Vector{T}) where {T<:Real} = …
_PARAMETERS = pattern(r"(?<=\))[ \t]*where[ \t]+(?:\{[^{}\n]*\}|[A-Z]\w*(?:[ \t]*<:[ \t]*\w+)?)(?=[ \t]*(?:=(?!=)|\n))")
#: The last index; a variable where it is declared.
_END = pattern(r"\bend\b")
#: What @ and * stand with in Python: powers, transposes, indices from 0, a vector before @.
_OF_PYTHON = pattern(r"\*\*|\[\s*0|0\s*\]|(?:\A|[(,=+*/-])\s*[h-z]\d?\s*@")


def _bare(text: str) -> str:
    """A text without what means the same in both languages."""
    return re.sub(r"\s+|\.T\b|\^T", "", text).replace("**", "^")


def _declared(rest: str) -> dict[str, int]:
    """How many axes the declarations behind ``where`` give to names."""
    kinds = re.findall(r"([^\W\d]\w*)\s*:\s*(\w+)", rest)
    return {name: {"scalar": 0, "vector": 1}.get(kind, 2) for name, kind in kinds}


def _lines(rest: str) -> dict[str, str]:
    """The names that are declared as one row, matrix(1, n), or one column, which MATLAB spreads over a matrix."""
    sizes = re.findall(r"([^\W\d]\w*)\s*:\s*matrix\(\s*(\w+)\s*,\s*(\w+)\s*\)", rest)
    return {name: "r" if rows == "1" else "c" for name, rows, columns in sizes if (rows == "1") != (columns == "1")}


def _declarations_beside(where: object) -> str:
    """The declarations that stand beside the text, a text or a mapping."""
    if isinstance(where, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in where.items() if isinstance(value, str))
    return where if isinstance(where, str) else ""


def _read(language: str, body: str, declared: Mapping[str, int]) -> tuple[Code, Mapping[str, int], Choice]:
    match language:
        case "Python":
            from matcalc.language.foreign.python.reader import read as python

            return python(body, declared)
        case "Mathematica":
            from matcalc.language.foreign.others.mathematica import read
        case "Julia":
            from matcalc.language.foreign.others.julia import read
        case "R":
            from matcalc.language.foreign.others.r import read
        case _:
            from matcalc.language.foreign.others.matlab import read
    squares = {name: rank for name, rank in under_traces(body, language).items() if name not in declared}
    shown = squares | {name: rank for name, rank in axes_in(body, language).items() if name not in declared}
    from matcalc.language.foreign.common.shared import axes_shown, rank_shown

    ranks = {**shown, **declared}
    with axes_shown(ranks), rows_taken() as rows:
        code = read(body)
        names = set(re.findall(r"[^\W\d]\w*", body))
        shown = {name: rank for name, rank in ranks.items() if name not in declared}
        return (
            code,
            shown,
            Choice(squares, rows=only_rows(rows, body), assumed={name: rank_shown(name) for name in names}),
        )


def of_matrices_or_entries(translation: Translation) -> SyntaxFault:
    """The error for * beside @, the product of matrices or of the entries as in Python, and for other signs of both languages."""
    text = translation.original
    body = text[: split_where(text)] if split_where(text) >= 0 else text
    star = re.search(r"(?<!\*)\*(?!\*)|/", body)
    own = _STARS if star is not None else _PRODUCTS_IN_PYTHON
    this = Fix(
        tuple(
            (m.span(), own[m.group()]) for m in re.finditer("|".join(map(re.escape, own)), body) if _is_plain(body, m)
        )
    )
    that = Fix((((0, len(text)), translation.text),))
    texts = [f'"{" ".join(fix.applied(text).split())}"' for fix in (that, this)]
    said = "* is the product of the entries in Python, and the product of matrices here"
    return SyntaxFault(
        said if star is not None else f"this means another thing in {translation.language} than here",
        code="ambiguous",
        text=text,
        span=star.span() if star is not None else (0, len(body.rstrip())),
        hint=Hint(Offers("write {}", tuple(zip(texts, (that, this), strict=True)))),
    )


#: What a text in which these have the meaning of this language is written with.
_STARS = {"*": "@"}
_PRODUCTS_IN_PYTHON = {"@": "*", ".T": "^T"}


def _is_plain(body: str, found: re.Match[str]) -> bool:
    """Whether a star is no power and no entrywise product."""
    around = body[max(found.start() - 1, 0) : found.start()] + body[found.end() : found.end() + 1]
    return found.group() != "*" or not set(around) & {"*", "."}
