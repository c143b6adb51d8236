"""Notes on how letters were read: what a reader has to know in order to catch a misreading.

A note is made where the evidence for a kind is weaker than shapes: a name in front of a number that is taken for a
coefficient, a letter that is read against its convention where only that fits, a capital before a lone number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from matcalc.errors import Span
from matcalc.language import prices
from matcalc.language.choices.glued_notes import on_glued
from matcalc.language.choices.levels import on_levels
from matcalc.language.evidence.chains import BY_FORM, BY_LETTERS
from matcalc.language.evidence.plain_numbers import is_divided, only_in, plain_terms
from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Program
from matcalc.notes import Note

__all__ = ["assumed"]


_NOUN = {SCALAR: "a number", COLUMN: "a column", ROW: "a row", MATRIX: "a matrix"}
_DECLARED = {SCALAR: "scalar", COLUMN: "vector({})", MATRIX: "matrix(m, {})"}


def assumed(program: Program, kinds: Kinds) -> Iterator[Note]:
    """The notes of the likeliest reading."""
    if not program.undeclared:
        return
    places = _Places(program, kinds)
    yield from _together(program, {name: [*notes] for name, notes in _by_letter(program, kinds, places)})
    yield from _arrays_before_numbers(program, kinds, places)
    yield from _amplitudes(program, kinds, places)
    yield from _columns_in_norms(program, kinds, places)
    yield from _counts_in_quotients(program, kinds, places)
    yield from _products_of_letters(program, kinds)
    yield from on_levels(program, kinds, places.divide_only, places.note)
    yield from _idle_identities(program, kinds)
    yield from on_glued(program)


def _by_letter(program: Program, kinds: Kinds, places: _Places) -> Iterator[tuple[int, Iterator[Note]]]:
    """For each name the notes on its kind, where that is not what its letter says."""
    for name, kind in kinds.choices[0].names.items():
        usual = program.usual(name)
        if kind == SCALAR and usual != SCALAR:
            yield name, _read_as_number(program, kinds, places, name)
        elif program.code and kind == SCALAR and places.is_in_doubt(name):
            hint = f"declare {program.letters[name].name}: vector(n) if it is one"
            yield name, iter([places.note(name, "against-letter", "is read as a number", hint)])
        elif kind != usual and (name in places.strained or usual == MATRIX or kind in (ROW, MATRIX)):
            hint = (
                _otherwise(program, name) if kind != ROW else f"of a vector, the row is {program.letters[name].name}^T"
            )
            yield name, iter([places.note(name, "against-letter", f"is read as {_NOUN[kind]}", hint)])


def _together(program: Program, found: Mapping[int, list[Note]]) -> Iterator[Note]:
    """The notes, those on three and more names that are numbers in one: all of P_0 e^{rt} are."""
    notes = [note for each in found.values() for note in each]
    numbers = {name: note for name, each in found.items() for note in each if "is read as a number" in note.message}
    if program.code or len(numbers) < 3:
        yield from notes
        return
    names = [program.undeclared[name] for name in numbers]
    first = min(numbers.values(), key=lambda note: note.span or (0, 0))
    kinds = ", ".join(f"{program.undeclared[n]}: {_DECLARED[program.usual(n)].format('n')}" for n in numbers)
    message = f"{', '.join(names[:-1])} and {names[-1]} are read as numbers"
    yield Note(message, f"declare {kinds}, those that are", first.code, program.text, first.span)
    yield from (note for note in notes if note not in numbers.values())


class _Places:
    """Where each undeclared name stands."""

    def __init__(self, program: Program, kinds: Kinds) -> None:
        self.program = program
        self.kinds = kinds

    @cached_property
    def strained(self) -> dict[int, int]:
        """Names that are read against their letter where an operator needs it, each with its last such place."""
        return {strain.name: strain.item for strain in self.kinds.strains}

    @cached_property
    def coefficients(self) -> dict[int, tuple[int, int]]:
        """Names in front of a number, each with where what follows begins, and the whole product."""
        found: dict[int, tuple[int, int]] = {}
        for chain in self.kinds.coefficients.chains:
            if self.kinds.of[chain.top] == SCALAR and not any(self.kinds.coefficients.unsettled(chain, self.kinds.of)):
                behind = chain.factors[chain.front].index, chain.top
                found.update((n, behind) for f in chain.factors[: chain.front] for n in f.names or ())
        return found

    @cached_property
    def divide_only(self) -> set[int]:
        """Names that stand nowhere but in divisors and exponents: numbers without doubt."""
        return _only_dividing(self.program)

    @cached_property
    def first(self) -> dict[int, Span]:
        """The first place of each name."""
        items = reversed(self.program.items)
        return {item.data: item.node.span for item in items if item.kind == "variable" and isinstance(item.data, int)}

    def of_matrix_below(self, name: int) -> str | None:
        """What would be written if the name, by which a matrix or what stands before an array is divided, were a matrix."""
        for index, item in enumerate(self.program.items):
            if item.kind == "divide" and self.program.items[item.children[1]].bare == name:
                if self.kinds.of[item.children[0]] == MATRIX:
                    return f"the quotient is {_shortened(self.program.source(item.children[0]))} inv({self.program.letters[name].name})"
                if self._begins_array(index):
                    return f"the inverse is {self.program.letters[name].name}^-1"
        return None

    def _begins_array(self, index: int) -> bool:
        """Whether 1 / Z stands in front of an array."""
        top = index
        while (parent := self.program.parents.get(top)) is not None and self.program.items[parent].kind == "multiply":
            top = parent
        return top != index and self.kinds.of[top] != SCALAR

    @cached_property
    def behind_arrays(self) -> set[int]:
        """Names behind an array that they multiply: numbers stand rather in front."""
        pairs = (item.children for item in self.program.items if item.kind in ("multiply", "hadamard"))
        behind = (right for left, right in pairs if self.kinds.of[left] != SCALAR == self.kinds.of[right])
        return {bare for right in behind if (bare := self.program.items[right].bare) is not None}

    def is_in_doubt(self, name: int) -> bool:
        """Whether a name that code has for a number may be an array."""
        near = _is_near(self.kinds, name, lambda other: other != SCALAR, prices.CODE_NEAR)
        by_word = self.program.letters[name].face == "code number" and name in self.behind_arrays
        return near or by_word or name in self.in_terms_of_entries or name in self.below_residuals

    @cached_property
    def in_terms_of_entries(self) -> set[int]:
        """Names by which an array is divided, and that are a term beside it: var of log(var) + (y - f)^2 / var."""
        items, of = self.program.items, self.kinds.of
        found = set[int]()
        for item in items:
            terms = [items[c] for c in item.children] if item.kind == "add" else []
            divisors = {
                items[t.children[1]].bare for t in terms if t.kind.endswith("divide") and of[t.children[0]] != SCALAR
            }
            functions = {items[t.children[0]].bare for t in terms if t.kind == "call"}
            found.update(name for name in divisors & functions if name is not None)
        return found

    @cached_property
    def below_residuals(self) -> set[int]:
        """Names by which the entries of a difference are divided, alone or squared: each entry may have its own sigma."""
        items, of = self.program.items, self.kinds.of
        found = set[int]()
        for item in items:
            if item.kind.endswith("divide") and of[item.children[0]] == COLUMN:
                residual, scale = (self._without_factors(c) for c in item.children)
                if items[residual].kind == "add" and (name := items[scale].bare) is not None:
                    is_size = re.fullmatch(r"[dkmnBKMNT](?:_?\w)?", self.program.letters[name].name) is not None
                    found.update([] if is_size else [name])
        return found

    def _without_factors(self, index: int) -> int:
        """What is raised to a power, and stands behind or before a constant."""
        item = self.program.items[index]
        while item.kind in ("power", "hadamard_power", "multiply", "hadamard", "negate"):
            rest = [c for c in item.children if not self.program.items[c].constant]
            if len(rest) != 1:
                break
            index = rest[0]
            item = self.program.items[index]
        return index

    def note(self, name: int, code: str, message: str, hint: str) -> Note:
        """A note on a name at its first place."""
        return Note(f"{self.program.undeclared[name]} {message}", hint, code, self.program.text, self.first[name])


def _only_dividing(program: Program) -> set[int]:
    inside: set[int] = set()
    elsewhere: set[int] = set()
    below: list[bool] = [False] * len(program.items)
    for index in range(len(program.items) - 1, -1, -1):
        item = program.items[index]
        for position, child in enumerate(item.children):
            divides = item.kind in ("divide", "power") and position == 1
            below[child] = (below[index] and item.kind not in ("call", "norm", "bars")) or divides
        if item.kind == "variable" and isinstance(item.data, int):
            (inside if below[index] else elsewhere).add(item.data)
    return inside - elsewhere


def _read_as_number(program: Program, kinds: Kinds, places: _Places, name: int) -> Iterator[Note]:
    letter = program.letters[name]
    if letter.indices and (name in places.strained or name in places.coefficients):
        return  # members are numbers as often as vectors
    if name in places.divide_only and (letter.usual == MATRIX or letter.may_count or letter.is_word):
        if letter.usual == MATRIX and not letter.may_count and (otherwise := places.of_matrix_below(name)) is not None:
            yield places.note(name, "against-letter", "is read as a number", f"of a matrix, {otherwise}")
        return
    if name in places.strained:
        item = program.items[places.strained[name]]
        instead = _INSTEAD.get(item.kind) if letter.usual == COLUMN else None
        hint = instead(letter.name) if instead is not None else None
        yield places.note(name, "against-letter", "is read as a number", hint or _otherwise(program, name))
    elif letter.usual == COLUMN and (letter.may_count or letter.is_word):
        return
    elif name in places.coefficients:
        behind, top = places.coefficients[name]
        start, end = _behind(program, behind, top)
        source = " ".join(program.text[start:end].split())
        message = f"is read as a number, in front of {_shortened(source)}"
        yield places.note(name, "coefficient", message, _otherwise(program, name))
    elif letter.usual == COLUMN or letter.is_matrix or _is_near(kinds, name, lambda kind: kind != SCALAR, prices.NEAR):
        yield places.note(name, "against-letter", "is read as a number", _otherwise(program, name))


def _behind(program: Program, first: int, product: int) -> Span:
    """Where stands what a name is in front of: all of a fraction, if it is above its line."""
    span = program.span(first)[0], program.span(product)[1]
    return whole(program.text, span) if "\\" in program.text else span


#: What is written for an array, by the operator that asks for a number.
_INSTEAD: dict[str, Callable[[str], str]] = {
    "power": lambda x: f"of a vector, the powers of the entries are {x}.^2, the squared norm is {x}^T {x}",
    "multiply": lambda x: f"of a vector, products are {x}^T … and {x} .* …",
    "divide": lambda x: f"quotients of entries are written ./, as in 1 ./ {x}",
}


def _arrays_before_numbers(program: Program, kinds: Kinds, places: _Places) -> Iterator[Note]:
    """A capital that is the only array in a product with a number by its form: tr(X) A, A sum(x)."""
    level = kinds.coefficients.forms.level
    for index, item in enumerate(program.items):
        if item.kind != "multiply" or kinds.of[index] != MATRIX:
            continue
        for array, number in (item.children, item.children[::-1]):
            part = program.items[array]
            if part.kind == "divide" and program.items[part.children[1]].constant:
                part = program.items[part.children[0]]
            name = part.bare
            if name is None or kinds.of[number] != SCALAR or part.kind != "variable":
                continue
            if level[number] < BY_FORM and program.items[number].kind not in ("call", "exponential"):
                continue
            near = prices.NEAR + (prices.AGAINST_LETTER if array == item.children[1] else 0)
            if program.usual(name) == MATRIX and _is_near(kinds, name, lambda kind: kind == SCALAR, near):
                source = _shortened(program.source(number))
                hint = f"declare {program.undeclared[name]}: scalar if it is one"
                yield places.note(name, "array-before-number", f"is read as a matrix, beside the number {source}", hint)


def _amplitudes(program: Program, kinds: Kinds, places: _Places) -> Iterator[Note]:
    r"""A \sin(\omega t), L / (1 + e^{-k (x - x_0)}): a capital in front of a function of numbers, or of a time, that may be one, too."""
    arrays = {n for n, kind in kinds.choices[0].names.items() if kind != SCALAR}
    if kinds.of[program.root] == SCALAR or program.code or len(arrays) > 3 or program.where.declarations:
        return
    found = list(dict.fromkeys(_in_front_of_functions(program, kinds)))
    others = arrays - {*found}
    if not all(program.letters[n].name == "t" or program.usual(n) == SCALAR for n in others):
        return
    for name in found:
        declared = ", ".join(f"{program.undeclared[n]}: scalar" for n in (*found, *others))
        yield places.note(name, "array-before-number", "is read as a matrix", f"declare {declared} for a number")
        return


def _in_front_of_functions(program: Program, kinds: Kinds) -> Iterator[int]:
    """The capitals that are read as matrices, and stand in front of a function, or over a sum."""
    for item in program.items:
        name = program.items[item.children[0]].bare if item.kind in ("multiply", "divide") else None
        if name is not None and program.usual(name) == MATRIX == kinds.of_name(name):
            function = program.items[item.children[1]].kind
            if function in ("exponential", "add" if item.kind == "divide" else "call"):
                yield name


def _idle_identities(program: Program, kinds: Kinds) -> Iterator[Note]:
    r"""An I that nothing declares beside an array: in \omega \cdot \mathbf{I} \omega it may be a tensor."""
    for index, item in enumerate(program.items):
        for child, other in (item.children, item.children[::-1]) if item.kind == "multiply" else ():
            node = program.items[child].node
            is_identity = program.items[child].kind == "identity" and node.value == "I"
            if is_identity and kinds.of[other] != SCALAR and not program.code:
                source = program.source(child)
                message = f"{source} is read as the identity, which changes nothing in {program.source(index)}"
                hint = "declare I: matrix(n, n) if it is another matrix"
                yield Note(message, hint, "identity", program.text, program.span(child))


def _columns_in_norms(program: Program, kinds: Kinds, places: _Places) -> Iterator[Note]:
    """Letters of numbers that stand nowhere but in norms of their sums, other ones for matrices: ||rho - sigma||_1."""
    found: dict[int, int] = {}
    for item in program.items:
        if item.kind == "call" and item.node.value in _NORMS:
            group = program.items[item.children[0]].group
            if all(program.usual(n) == SCALAR for n in group):
                found.update((n, found.get(n, 0) + 1) for n in group)
    occurring = Counter(item.data for item in program.items if item.kind == "variable")
    names = [n for n, count in found.items() if occurring[n] == count and kinds.of_name(n) == COLUMN]
    if names:
        shown = " and ".join(program.undeclared[n] for n in names)
        declared = ", ".join(f"{program.undeclared[n]}: matrix(m, n)" for n in names)
        message, hint = f"{shown} are read as columns", f"declare {declared} for matrices"
        yield Note(message, hint, "against-letter", program.text, places.first[names[0]])


def _counts_in_quotients(program: Program, kinds: Kinds, places: _Places) -> Iterator[Note]:
    """P / N or P / s^2 in front of an array: a capital that may count, over a number, may be a matrix."""
    parents = kinds.coefficients.parents
    for index, item in enumerate(program.items):
        above = program.items[item.children[0]].bare if item.kind == "divide" else None
        if above is None or index not in parents or not _may_be_count_over(program, kinds, above, item.children[1]):
            continue
        kind = kinds.of_name(above)
        if kinds.of[parents[index]] != SCALAR and kind in (SCALAR, MATRIX):
            otherwise = {
                SCALAR: _otherwise(program, above),
                MATRIX: f"declare {program.undeclared[above]}: scalar if it is one",
            }
            yield places.note(above, "against-letter", f"is read as {_NOUN[kind]}", otherwise[kind])


def _products_of_letters(program: Program, kinds: Kinds) -> Iterator[Note]:
    """G M m / r, where nothing but the letters shows that it is no number."""
    if kinds.of[program.root] == SCALAR or program.code:
        return
    terms = list(plain_terms(program))
    alone = only_in(program, terms)
    for index, names in terms:
        arrays = [n for n in reversed(names) if kinds.of_name(n) != SCALAR]
        matrices = [n for n in arrays if kinds.of_name(n) == MATRIX]
        if (
            len(matrices) > 1
            and alone.issuperset(names)
            and is_divided(program, kinds.coefficients.forms, index, BY_LETTERS)
        ):
            shown = " ".join(program.undeclared[n] for n in arrays)
            declared = ", ".join(f"{program.undeclared[n]}: scalar" for n in arrays)
            span = program.place(index)
            what = "an array" if len(arrays) == 1 else "a product of arrays"
            yield Note(f"{shown} is read as {what}", f"declare {declared} for a number", "array", program.text, span)


def _may_be_count_over(program: Program, kinds: Kinds, above: int, below: int) -> bool:
    """Whether a capital that may count, or one with an index, E_s, stands over a number that has a name."""
    named = kinds.of[below] == SCALAR and not program.items[below].constant
    may_count = program.letters[above].may_count or "_" in program.undeclared[above]
    return named and program.usual(above) == MATRIX and may_count


_NORMS = frozenset({"norm", "norm1", "norm_inf", "norm_nuc"})


def _is_near(kinds: Kinds, name: int, other: Callable[[int], bool], near: int) -> bool:
    """Whether a reading in which the name has another kind would be hardly less likely."""
    best = kinds.choices[0].cost
    return any(other(c.names[name]) and c.cost - best < near for c in kinds.choices)


def _otherwise(program: Program, name: int) -> str:
    letter = program.letters[name]
    size = "k" if letter.name == "n" else "n"
    return f"declare {letter.name}: {_DECLARED[letter.usual].format(size)} if it is one"


def _shortened(source: str) -> str:
    return source if len(source) <= 40 else source[:18] + " … " + source[-18:]
