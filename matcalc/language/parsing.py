"""`parse`: text and declarations to a typed expression."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from matcalc.errors import MatcalcError, Span
from matcalc.expr import Dim, Node
from matcalc.language import limits
from matcalc.language.attempts import as_typed, first_reading, may_bind, with_functions_in_place, with_sizes_apart
from matcalc.language.clauses import may_be_derivative, may_be_statement, plain_clauses, shown_as, split_where
from matcalc.language.declarations import Declaration, Where, read_where
from matcalc.language.dialects import is_latex
from matcalc.language.foreign import may_be_code
from matcalc.language.meaning.inference import Inference, Parsed
from matcalc.language.meaning.items import Findings, Program
from matcalc.language.meaning.resolving import resolve
from matcalc.language.mends.hints import try_out
from matcalc.language.sizes.open_identities import inferred
from matcalc.language.surface.arrange import Reading
from matcalc.language.surface.grammar import read
from matcalc.language.surface.known_functions import function_named, function_names
from matcalc.language.surface.tree import Surface
from matcalc.language.surroundings.facts_behind import with_facts_behind
from matcalc.language.surroundings.known_signs import without_known_signs
from matcalc.language.surroundings.pasted import declare_perturbations, perturbed_names
from matcalc.language.surroundings.sentences import request_in_front, without_label, without_words
from matcalc.language.surroundings.spoken import without_framing
from matcalc.language.surroundings.unmatched import check_declarations, in_order, unused_definition, used_definitions
from matcalc.language.words.said_behind import with_what_is_said
from matcalc.language.words.typography import typed_signs
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.meaning.commutators import Mean
    from matcalc.language.statements import Apart, Sides
    from matcalc.notes import Note

__all__ = ["Parsed", "forget", "parse", "parse_pair", "sides_of"]

Names = Mapping[str, "Node | Dim"]


def parse(
    text: str,
    where: str | Mapping[str, Any] | None = None,
    *,
    names: Names | None = None,
    shape: tuple[Dim, Dim] | None = None,
    alone: bool = True,
    trust: bool = False,
    apart: bool = False,
    beside: str = "",
    letters: frozenset[str] = frozenset(),
    faces: Mapping[str, str] | None = None,
) -> Parsed:
    """Read an expression with its declarations, infer what is not declared, and build it.

    ``names`` binds names to expressions, or to sizes; ``shape`` is what the expression has to have, where that is known.
    ``alone`` lets a size of the result that is left open be the only one that there is, as in 2 I or tr(A) I.
    With ``trust`` the arguments of eigmax and the like are taken to be symmetric: templates of rules are written so.
    Declarations are for names of the text ``beside`` the expression, too, and ``apart`` ones for those of other expressions.
    Names among ``letters`` are meant on their own where a run of letters holds them: X of tr(AXB), by which it is differentiated.
    With ``faces`` the text is what code of another language says, and these are what programs call such names.
    Raises a subclass of MatcalcError for every input that is at fault.
    """
    limits.refuse_long(text)
    plain = with_facts_behind(without_framing(without_known_signs(text)))
    if plain != text:
        again = partial(parse, where=where, names=names, shape=shape, alone=alone, trust=trust, apart=apart)
        return as_typed(text, plain, partial(again, beside=beside, letters=letters, faces=faces))
    if faces is None and may_be_code(text):
        again = partial(
            parse, where=where, names=names, shape=shape, alone=alone, trust=trust, apart=apart, beside=beside
        )
        from matcalc.language.of_code import meaning_of_code

        try:
            parsed = meaning_of_code(text, where, again)
        except MatcalcError as error:
            try_out(error, text, again)
            raise
        if parsed is not None:
            return parsed
    read = plain_clauses(without_label(without_words(typed_signs(text := request_in_front(with_what_is_said(text))))))
    try:
        with shown_as(text, read):
            request = _Request(shape, alone, trust, apart, beside, letters, faces)
            return _parse(read, where, dict(names or {}), request)
    except MatcalcError as error:
        again = partial(parse, where=where, names=names, shape=shape, alone=alone, trust=trust, faces=faces)
        return with_functions_in_place(error, text, partial(again, apart=apart, beside=beside, letters=letters))


@dataclass(frozen=True)
class _Request:
    """What `parse` is asked for, beside the text and its names."""

    shape: tuple[Dim, Dim] | None = None
    alone: bool = True
    trust: bool = False
    apart: bool = False
    beside: str = ""
    letters: frozenset[str] = frozenset()
    faces: Mapping[str, str] | None = None


def _parse(
    text: str,
    where: str | Mapping[str, Any] | None,
    bound: Names,
    request: _Request,
) -> Parsed:
    return first_reading(text, partial(_read_with, text, where, bound, request))


def _read_with(
    text: str,
    where: str | Mapping[str, Any] | None,
    bound: Names,
    request: _Request,
    *,
    binders: bool,
    sliced: bool = False,
) -> Parsed:
    """What a text means; with ``binders`` its sums keep their indices, else they are sums over entries."""
    start = split_where(text)
    end = start if start >= 0 else len(text)
    declared = read_where(where, text, start + len("where") if start >= 0 else -1)
    found = Findings(
        faces={**(request.faces or {}), **declared.faces}, code=request.faces is not None, notes=list(declared.notes)
    )
    found.members.binders, found.members.sliced, found.members.sizes = binders, sliced, _dimension_names(declared, {})
    apart = _statement_of(text, end, declared, bound, found)
    span = (0, end) if apart is None else apart.body
    if declared.definitions and "(" in text:
        from matcalc.language.statements.defined_calls import without_arguments

        without_arguments(text, span, declared, latex=is_latex(text))
    found.beside = frozenset(declared.faces) | request.letters | (apart.names if apart is not None else frozenset())
    definitions = _definitions(text, declared, bound, found)
    (root,) = _read(text, [span], declared, bound, found)
    if binders:
        known = _known(declared, bound)
        root, definitions = _bound(text, root, definitions, known, found, apart, units=bool(bound))
    root = found.members.with_means(root, _known(declared, bound), text, found.notes)
    definitions = _used(found.members.without_used(definitions, root), root, declared, request.beside, found)
    shown = _without(text, declared.blanks)[slice(*span)].strip()
    headed = apart is not None and apart.statement is not None and apart.statement.name is not None
    meaning = _Meaning(text, declared, bound, found, request, shown, headed)
    parsed = _decided(text, declared, found, root, definitions, meaning.of)
    if apart is None or apart.statement is None:
        return parsed
    apart.statement.check(parsed.declarations)
    return replace(parsed, statement=apart.statement)


def _statement_of(text: str, end: int, declared: Where, bound: Names, found: Findings) -> Apart | None:
    """What is asked for; an extremum over an index asks for nothing where sums keep their indices."""
    try:
        return _taken_apart(text, (0, end), declared, bound, found.notes)
    except MatcalcError as error:
        if not found.members.binders or error.code != "index-optimum":
            raise
        return None


def _bound(
    text: str,
    root: Surface,
    definitions: dict[str, Surface],
    known: Collection[str],
    found: Findings,
    apart: Apart | None,
    *,
    units: bool = False,
) -> tuple[Surface, dict[str, Surface]]:
    """The trees with all indices bound, those of the name of the result, too."""
    from matcalc.language.indices.bound.bound_trees import bound_trees

    name = apart.statement.indexed_name() if apart is not None and apart.statement is not None else None
    return bound_trees(text, root, definitions, known, found, name, units=units)


def _used(
    definitions: dict[str, Surface], root: Surface, declared: Where, beside: str, found: Findings
) -> dict[str, Surface]:
    """The definitions that the expression, or the text beside it, needs; what others say is told, and tells nothing."""
    used = used_definitions([root], definitions, beside)
    found.notes += [unused_definition(declared, name) for name in definitions if name not in used]
    return used


@dataclass(frozen=True)
class _Meaning:
    """What stands around a tree that was read: the ``where``, the names that are bound, and what was asked for."""

    text: str
    declared: Where
    bound: Names
    found: Findings
    request: _Request
    shown: str
    headed: bool

    def of(self, root: Surface, definitions: dict[str, Surface]) -> Parsed:
        """The typed expression; other trees of the same text may be tried after it.

        A and B that are said to be symmetric have sizes of their own, unless these have to be the same.
        """
        if len(self.declared.unsized) > 1:
            try:
                return replace(self, declared=with_sizes_apart(self.declared))._of(root, definitions)
            except MatcalcError:
                pass
        return self._of(root, definitions)

    def _of(self, root: Surface, definitions: dict[str, Surface]) -> Parsed:
        found = replace(self.found, notes=list(self.found.notes))
        declared = replace(self.declared, declarations=dict(self.declared.declarations))
        pairs = perturbed_names((root, *definitions.values()), {*declared.declarations, *definitions, *self.bound})
        if pairs:
            infer = partial(self._inferred, declared=declared, found=replace(found, notes=[]))
            known = declared.declarations
            found.notes += declare_perturbations(self.text, root, definitions, pairs, known, infer)
        program = resolve(self.text, root, definitions, declared, self.bound, found)
        check_declarations(program, apart=self.request.apart, beside=self.request.beside)
        run = self._inference(program, self.shown, headed=self.headed).run
        parsed = inferred(run, root, definitions, self.text, self.of)
        rows = self.found.members.rows
        return replace(parsed, declarations=self.found.members.told(parsed.declarations)) if rows else parsed

    def _inferred(
        self, root: Surface, definitions: Mapping[str, Surface], declared: Where, found: Findings
    ) -> Mapping[str, Declaration]:
        program = resolve(self.text, root, definitions, declared, self.bound, found)
        return self._inference(program, self.text).run().declarations

    def _inference(self, program: Program, shown: str, *, headed: bool = False) -> Inference:
        alone, trust = self.request.alone, self.request.trust
        return Inference(program, shown, _value_of, self.request.shape, alone=alone, trust=trust, headed=headed)


def _decided(
    text: str, declared: Where, found: Findings, root: Surface, definitions: dict[str, Surface], mean: Mean
) -> Parsed:
    """What the trees mean, square brackets with two matrices as commutators where they are."""
    if "[" not in text and "lbrack" not in text:
        return mean(root, definitions)
    from matcalc.language.meaning.commutators import Commutators

    return Commutators(text, is_latex(text), declared.declarations, found).decided(root, definitions, mean)


def _taken_apart(text: str, span: Span, declared: Where, bound: Names, notes: list[Note]) -> Apart | None:
    """What stands around the expression; what it declares and defines is added."""
    shown = text[slice(*span)]
    if not may_be_statement(shown) and not (declared.definitions and may_be_derivative(shown)):
        return None
    from matcalc.language.statements import read_around

    return read_around(text, span, declared, frozenset(bound), notes, latex=is_latex(text))


def sides_of(text: str, where: str | Mapping[str, Any] | None = None) -> Sides:
    """Every side of the equalities in a text, each as a text of its own. Raises SyntaxFault where it has one only."""
    from matcalc.language.statements import read_sides

    read = plain_clauses(text)
    start = split_where(read)
    declared = read_where(where, read, start + len("where") if start >= 0 else -1)
    with shown_as(text, read):
        return read_sides(read, start if start >= 0 else len(read), declared, latex=is_latex(read))


def parse_pair(left: str, right: str, where: str | Mapping[str, Any] | None = None) -> tuple[Parsed, Parsed]:
    """Two expressions in which every name means the same: what one side tells of a shape holds in the other."""
    if may_be_code(left) or may_be_code(right):
        from matcalc.language.of_code import in_this_language

        left, right = (in_this_language(side) if may_be_code(side) else side for side in (left, right))
    left, right = (plain_clauses(typed_signs(side)) for side in (left, right))
    ends = [split_where(t) if split_where(t) >= 0 else len(t) for t in (left, right)]
    bodies = [t[:end].replace("\n", " ") for t, end in zip((left, right), ends, strict=True)]
    wheres = [
        t[end + len("where") :].replace("\n", ";") for t, end in zip((left, right), ends, strict=True) if end < len(t)
    ]
    text = "\n".join(bodies) + "".join(f"\nwhere {'; '.join(wheres)}" for _ in wheres[:1])
    start = len("\n".join(bodies)) + len("\nwhere") if wheres else -1
    spans = [(0, len(bodies[0])), (len(bodies[0]) + 1, len(bodies[0]) + 1 + len(bodies[1]))]
    if may_bind(text):
        try:
            return _pair_with(text, spans, read_where(where, text, start), binders=True)
        except MatcalcError as error:
            try:
                return _pair_with(text, spans, read_where(where, text, start), binders=False)
            except MatcalcError as other:
                raise (error if "index" in error.code or other.code == "sum" else other) from None
    return _pair_with(text, spans, read_where(where, text, start), binders=False)


def _pair_with(text: str, spans: list[Span], declared: Where, *, binders: bool) -> tuple[Parsed, Parsed]:
    """Two parts of a text; with ``binders`` their sums keep their indices."""
    found = Findings(faces=dict(declared.faces), notes=list(declared.notes))
    found.members.binders, found.members.sizes = binders, _dimension_names(declared, {})
    parts = [_taken_apart(text, span, declared, {}, found.notes) for span in spans]
    spans = [span if part is None else part.body for span, part in zip(spans, parts, strict=True)]
    definitions = _definitions(text, declared, {}, found)
    roots = list(_read(text, spans, declared, {}, found))
    difference = Surface("add", (roots[0], roots[1]), (1, -1), (spans[0][0], spans[1][1]))
    if binders:
        difference, definitions = _bound(text, difference, definitions, _known(declared, {}), found, None)
    difference = found.members.with_means(difference, _known(declared, {}), text, found.notes)
    definitions = _used(found.members.without_used(definitions, difference), difference, declared, "", found)
    inferences: dict[int, Inference] = {}

    def mean(root: Surface, definitions: dict[str, Surface]) -> Parsed:
        program = resolve(text, root, definitions, declared, {}, replace(found, notes=list(found.notes)))
        check_declarations(program)
        inference = Inference(program, text, _value_of)
        parsed = inference.run()
        inferences[id(parsed.tree)] = inference
        return parsed

    whole = _decided(text, declared, found, difference, definitions, mean)
    inference = inferences[id(whole.tree)]
    first, second = whole.tree.children
    left, right = (text[slice(*span)].strip() for span in spans)
    return inference.part(first, whole, left), inference.part(second, whole, right)


def _read(text: str, spans: Iterable[Span], declared: Where, bound: Names, found: Findings) -> Iterator[Surface]:
    """Parts of the text, in the dialect that the whole is written in."""
    known = _known(declared, bound)
    latex = is_latex(text)
    sizes = _dimension_names(declared, bound)
    open_functions = frozenset(name for name, d in declared.declarations.items() if d.is_function)
    of_complex = frozenset(name for name, d in declared.declarations.items() if d.is_complex)
    channels = (found.notes, found.faces, open_functions, found.members, found.beside, found.code, of_complex)
    context = Reading(
        text,
        known,
        partial(function_named, declared.functions, bool(of_complex)),
        function_names,
        sizes,
        latex,
        *channels,
    )
    shown = _without(text, declared.blanks)
    for start, end in spans:
        yield read(text, " " * start + shown[start:end], "latex" if latex else "matcalc", context)


def _known(declared: Where, bound: Names) -> frozenset[str]:
    return frozenset((*declared.declarations, *bound, *(name for name, _ in declared.definitions)))


def _dimension_names(declared: Where, bound: Names) -> frozenset[str]:
    """Names that declarations or bound expressions use as sizes."""
    dims = [d for declaration in declared.declarations.values() for d in declaration.dims]
    for value in bound.values():
        dims += value.shape if isinstance(value, Node) else [value]
    return frozenset(n for d in dims for n in d.names)


def _definitions(text: str, declared: Where, bound: Names, found: Findings) -> dict[str, Surface]:
    if not declared.definitions:
        return {}
    bodies: dict[str, Surface] = {}
    parts = _read(text, [span for _, span in declared.definitions], declared, bound, found)
    for (name, _), body in zip(declared.definitions, parts, strict=True):
        bodies[name] = found.members.definitions[name] = body
    return in_order(text, bodies, dict(declared.definitions))


def _without(text: str, blanks: Iterable[Span]) -> str:
    """The text with spaces in these places."""
    for start, end in blanks:
        text = text[:start] + " " * (min(end, len(text)) - start) + text[end:]
    return text


def _value_of(text: str, names: Names) -> Node:
    return _expanded(text, tuple(names.items()))


@lru_cache(maxsize=256)
def _expanded(text: str, names: tuple[tuple[str, Node | Dim], ...]) -> Node:
    """The definition of a function with these operands: one that is used in many places is read once."""
    return parse(text, names=dict(names)).node


def forget() -> None:
    """Read every definition anew: one was replaced."""
    _expanded.cache_clear()
