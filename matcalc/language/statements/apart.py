"""A text taken apart: which of its rows is the function, which are definitions, and what else it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matcalc.errors import Hint, Span
from matcalc.language import limits
from matcalc.language.statements.making import blanks_of, calls_in, part_of, span_of_body, statement_of
from matcalc.language.statements.reading import EQUALS, Clause, asked_of, body_span, clause_of
from matcalc.language.statements.records import Apart
from matcalc.language.statements.refused.alone import offered_alone
from matcalc.language.statements.refused.refusals import (
    fault,
    refuse_derivative_inside,
    refuse_no_function,
    refuse_words,
)
from matcalc.language.statements.refused.verdicts import equation, named_function, names_of, refuse
from matcalc.language.statements.rows import Segment, segments_of, without_closing
from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.calls import request_of
from matcalc.language.statements.signs.mappings import mapping_at
from matcalc.language.statements.signs.membership import is_condition, is_set, kinds_of, signature_of
from matcalc.language.statements.signs.optima import ending_at
from matcalc.language.statements.signs.sayings import said_kinds
from matcalc.language.statements.signs.spelled_names import left_side, names_in
from matcalc.language.statements.tokens import Token, argument, scan, split_at
from matcalc.language.surroundings.in_words import own_transpose
from matcalc.language.words.names import canonical_name, spelled

__all__ = ["Text", "shown_tokens", "take_apart"]


def take_apart(span: Span, scope: Scope) -> Apart | None:
    """The function in a part of a text and what stands around it; None where the whole is an expression.

    Raises SyntaxFault for equations, lists, derivatives inside an expression, and what is no function.
    """
    tokens = shown_tokens(span, scope)
    if not tokens:
        return None
    refuse_no_function(tokens, scope)
    if tokens[-1].text in ("wrt", "w.r.t") and len(tokens) > 1:
        raise fault("nothing says by what", "words", tokens[-1:], scope, "write wrt x, with the variable in place of x")
    point = _point_at_end(tokens)
    if point is not None:
        return _at_point(tokens, point, span, scope)
    sign = _sign_of_proportion(tokens, scope)
    if sign is not None:
        equal = [replace(t, text="=") if i == sign else t for i, t in enumerate(tokens)]
        found = Text(scope, equal).apart()
        return None if found is None else replace(found, proportional=part_of(tokens[sign : sign + 1], scope))
    constant = constant_at_end(tokens) if scope.latex else 0
    if constant:
        rest, dropped = tokens[:-constant], part_of(tokens[-constant + 1 :], scope)
        return replace(Text(scope, rest).apart() or Apart((span[0], rest[-1].end)), constant=dropped)
    found = Text(scope, tokens).apart()
    closing = scan(scope.text, (tokens[-1].end, span[1]), latex=scope.latex)
    return found or (Apart((span[0], tokens[-1].end)) if closing else None)


def _point_at_end(tokens: Sequence[Token]) -> int | None:
    r"""Where \Big|_{t=0} begins, if that is the end of the text."""
    bars = [i for i, t in enumerate(tokens[:-2]) if t.text in ("|", r"\vert", r"\rvert") and tokens[i + 1].text == "_"]
    if not bars or tokens[bars[-1]].depth:
        return None
    group, end = argument(tokens, bars[-1] + 2)
    return bars[-1] if end == len(tokens) and any(t.text == "=" for t in group) else None


def _at_point(tokens: Sequence[Token], bar: int, span: Span, scope: Scope) -> Apart:
    """A derivative at a point, as the derivative. Raises SyntaxFault for anything else."""
    found = Text(scope, tokens[:bar]).apart() if bar else None
    if found is None or found.statement is None or not found.statement.differentiates:
        hint = "put the value in its place, or leave the bar out"
        raise fault("a value at a point is asked for, and this is no derivative", "point", tokens[bar:], scope, hint)
    return replace(found, point=part_of(argument(tokens, bar + 2)[0], scope))


def _sign_of_proportion(tokens: Sequence[Token], scope: Scope) -> int | None:
    r"""Where \propto stands behind the name of a function."""
    sign = next((i for i, t in enumerate(tokens) if t.text in (r"\propto", "∝") and not t.depth), None)
    named = sign is not None and left_side(tokens[:sign], scope.text, latex=scope.latex) is not None
    return sign if named else None


def constant_at_end(tokens: Sequence[Token]) -> int:
    """How many tokens are ``+ const`` at the end, which in LaTeX would be a product of letters; or 0."""
    if len(tokens) < 3 or tokens[-2].text != "+" or tokens[-1].depth:
        return 0
    return 2 * (tokens[-1].kind == "word" and tokens[-1].text.lower() in ("const", "constant", "cst", "konst"))


def shown_tokens(span: Span, scope: Scope) -> Sequence[Token]:
    """The tokens without the punctuation at the end; none where brackets do not pair, which the parser tells."""
    tokens = scan(scope.text, span, latex=scope.latex)
    if not tokens or any(not 0 <= t.depth <= limits.current().nesting for t in tokens):
        return ()
    if tokens[-1].depth + (tokens[-1].kind == "open") or len(tokens) > limits.current().tokens:
        return ()
    return without_closing(tokens, scope.text)


class Text:
    """A text as its segments."""

    def __init__(self, scope: Scope, tokens: Sequence[Token]) -> None:
        self.segments = segments_of(tokens, scope)
        self.scope = replace(scope, rows=dict(_defined(self.segments, scope)))

    def equality(self) -> tuple[Clause | None, list[Clause]]:
        """The clause whose sides are compared, None where there are conditions only, and the definitions that it needs."""
        rows = [s for s in self.segments if not s.constrained and not self._is_said(s)]
        if not rows:
            return None, []
        return self._main([clause_of(tokens, self.scope) for tokens, _ in _joined(rows)])

    def apart(self) -> Apart | None:
        """What the text says; None where it is an expression."""
        constraints = [s for s in self.segments if s.constrained]
        stated = [s for s in self.segments if not s.constrained]
        said = [s for s in stated if self._is_said(s)]
        rows, asked = self._requests([s for s in stated if s not in said])
        if not rows:
            return None
        joined = _joined(rows)
        clauses = [clause_of(tokens, self.scope, constrained=bool(constraints)) for tokens, _ in joined]
        if all(c.kind == "expression" for c in clauses) and not (constraints or said or asked):
            self._refuse_lines(clauses, [begins for _, begins in joined])
            return None
        properties = [c for c in clauses if len(clauses) > 1 and self._is_property(c, clauses)]
        properties = properties if len(properties) < len(clauses) else []
        clauses = [c for c in clauses if c not in properties]
        for clause in clauses:
            if clause.kind == "equation":
                raise equation(clause, self.scope)
        main, definitions = self._main(clauses)
        main = asked_of(main, asked[0]) if asked else main
        of_names = [*(s.tokens for s in said), *([t for side in c.sides for t in side] for c in properties)]
        return self._apart(main, definitions, [s.tokens for s in constraints], of_names)

    def _requests(self, rows: Sequence[Segment]) -> tuple[list[Segment], list[Operator]]:
        """The rows without the one that asks for a derivative of the others in words, and what it asks for."""
        found = [(s, request) for s in rows if (request := request_of(s.tokens, self.scope)) is not None]
        if len(found) != 1 or len(rows) == 1:
            return [*rows], []
        return [s for s in rows if s is not found[0][0]], [found[0][1]]

    def _is_property(self, clause: Clause, clauses: Sequence[Clause]) -> bool:
        r"""Whether it says something of a matrix, P = P^T, what a set holds, or how something moves beside a function: \dot x = A x."""
        if len(clause.sides) == 2 and is_set(clause.sides[1]):
            return True
        if clause.kind != "function" or clause.left is None or clause.left.called:
            return False
        used = set(names_in(clause.body, latex=self.scope.latex))
        if clause.left.name in used:
            return True
        moves = spelled(clause.left.name).accent in ("dot", "ddot")
        others = [c for c in clauses if c is not clause]
        return (
            moves
            and any(c.left is not None and c.left.name not in used for c in others)
            and not any(clause.left.name in names_in(c.body, latex=self.scope.latex) for c in others)
        )

    def _is_said(self, segment: Segment) -> bool:
        """Whether it says something of names only: a condition, or words."""
        tokens = segment.tokens
        if segment.said or signature_of(tokens, self.scope) is not None or said_kinds(tokens, self.scope) is not None:
            return True
        words = tokens[0].text in (r"\forall", "for", "for all", "if") or (
            tokens[0].kind == "upright" and len(tokens) > 1 and " " in tokens[0].text
        )
        if ending_at(tokens) is not None or mapping_at(tokens, self.scope) is not None:
            return False
        return is_condition(tokens) or (words and not segment.begins_row)

    def _refuse_lines(self, clauses: Sequence[Clause], begin_rows: Sequence[bool]) -> None:
        """One expression is no statement; of two on two lines none is meant alone."""
        for clause in clauses:
            refuse_derivative_inside(clause.body, self.scope)
            refuse_words(clause.body, self.scope)
        if len(clauses) > 1 and all(begin_rows):
            rest = "; a product of both stands on one line; definitions are lines such as r = A x - b"
            parts = [clause.body for clause in clauses]
            alone = offered_alone(parts, self.scope, f"give one at a time, such as {{}}{rest}")
            hint = f"give one at a time{rest}" if alone is None else Hint(alone)
            raise fault("two lines are two expressions", "rows", clauses[1].body, self.scope, hint)

    # --- which clause is meant ----------------------------------------------------------------

    def _main(self, clauses: Sequence[Clause]) -> tuple[Clause, list[Clause]]:
        """The clause that no other one uses, and those that it needs."""
        names = [names_of(c, self.scope) for c in clauses]
        counts = Counter(name for found in names for name in found)
        used = {i for i, c in enumerate(clauses) if self._is_used(c, names[i], counts)}
        left = [c for i, c in enumerate(clauses) if i not in used]
        if len(left) == 1:
            return left[0], [c for i, c in enumerate(clauses) if i in used]
        others = left or list(clauses)
        rest = ": the others can be definitions only where it uses their names"
        parts = [[token for side in clause.sides for token in side] for clause in others]
        alone = offered_alone(parts, self.scope, f"give one at a time, such as {{}}{rest}")
        hint = f"give one at a time{rest}" if alone is None else Hint(alone)
        what = "several functions stand here" if left else "these lines define each other"
        place = others[min(1, len(others) - 1)]
        raise fault(what, "rows", (place.sides or [place.body])[0], self.scope, hint)

    def _is_used(self, clause: Clause, own: set[str], counts: Mapping[str, int]) -> bool:
        """Whether the name of a function stands in another clause."""
        if clause.kind != "function" or clause.left is None or not clause.left.name:
            return False
        return counts.get(clause.left.name, 0) > (clause.left.name in own)

    # --- what is said -------------------------------------------------------------------------

    def _apart(
        self,
        main: Clause,
        definitions: Sequence[Clause],
        constraints: Sequence[Sequence[Token]],
        said: Sequence[Sequence[Token]],
    ) -> Apart:
        main, definitions, steps = self._with_its_function(main, definitions)
        refuse(main, definitions, self.scope)
        self._refuse_other_arguments(main, definitions)
        below = main.optimum.conditions if main.optimum is not None else ()
        kinds = [(t, kinds_of(t, self.scope)) for t in (*below, *constraints)]
        stated = [(t, self._kinds(t, main)) for t in said if t[0].text not in _MEMBER]
        declared = {name: kind for _, found in (*kinds, *stated) for name, kind in (found or {}).items()}
        bound = [part_of(tokens, self.scope) for tokens, found in kinds if found is None]
        left_out = tuple(part_of(tokens, self.scope) for tokens, found in stated if found is None)
        named = [(c.left.name, body_span(c.body, self.scope.text)) for c in definitions if c.left is not None]
        return Apart(
            span_of_body(main, self.scope),
            statement_of(main, bound, [*steps, *(side for c in definitions for side in c.further)], self.scope),
            tuple(named),
            declared,
            left_out,
            blanks=blanks_of(main, definitions, self.scope),
        )

    def _kinds(self, tokens: Sequence[Token], main: Clause) -> Mapping[str, str] | None:
        """The kinds of names that a part of the text states."""
        said = kinds_of(tokens, self.scope) or said_kinds(tokens, self.scope) or self._signature(tokens, main)
        return said or self._own_transpose(tokens)

    def _own_transpose(self, tokens: Sequence[Token]) -> Mapping[str, str] | None:
        """A = A^T"""
        sides = self.scope.text[tokens[0].start : tokens[-1].end].split("=")
        name = canonical_name(sides[0].strip())
        kind = own_transpose(name, " ".join(sides[1].split())) if len(sides) == 2 else None
        return {name: kind} if kind is not None else None

    def _signature(self, tokens: Sequence[Token], main: Clause) -> Mapping[str, str] | None:
        """f: R^n -> R declares the argument of f."""
        kind = signature_of(tokens, self.scope)
        if kind is None:
            return None
        arguments = main.left.arguments if main.left is not None else ()
        return {arguments[0]: kind} if kind and len(arguments) == 1 else {}

    def _with_its_function(
        self, main: Clause, definitions: Sequence[Clause]
    ) -> tuple[Clause, list[Clause], tuple[Sequence[Token], ...]]:
        """A derivative of f with what another row, or the next side, says that f is; and what f is equal to, too."""
        others = list(definitions)
        name = named_function(main, self.scope)
        for other in definitions:
            if name is not None and other.left is not None and other.left.name == name:
                others.remove(other)
                return replace(main, body=[*main.factor, *other.body], left=other.left), others, other.further
        if name is not None and name not in self.scope.defined and main.further:
            return self._with_next_side(main), others, ()
        return main, others, ()

    def _with_next_side(self, main: Clause) -> Clause:
        r"""\\frac{\\partial f}{\\partial x} = \\frac{\\partial}{\\partial x} (…) = … says what f is."""
        side = clause_of(main.further[0], self.scope)
        if side.operator is None or main.operator is None or side.operator.variables != main.operator.variables:
            return main
        if named_function(side, self.scope) is not None:
            return main
        left = left_side(main.body, self.scope.text, latex=self.scope.latex)
        return replace(side, further=main.further[1:], left=left)

    def _refuse_other_arguments(self, main: Clause, definitions: Sequence[Clause]) -> None:
        """g(t) = t^2 and g(x): a function of one's own is defined apart."""
        called = {c.left.name: c for c in definitions if c.left is not None and c.left.called}
        for name, arguments in calls_in((main, *definitions), set(called), self.scope):
            clause = called[name]
            if clause.left is not None and arguments != clause.left.arguments:
                head = self.scope.spelled(clause.sides[0])
                hint = f'define it apart: --define "{head} = …", or write it without arguments'
                what = f"{name} is used with other arguments than it is defined with"
                raise fault(what, "rows", clause.sides[0], self.scope, hint)


#: What says of values that they lie in a set.
_MEMBER = (r"\in", "∈")


def _defined(segments: Sequence[Segment], scope: Scope) -> Iterator[tuple[str, bool]]:
    """The names before equals signs, each with whether it has arguments."""
    for segment in segments:
        first, *rest = split_at(segment.tokens, *EQUALS)
        left = left_side(first, scope.text, latex=scope.latex) if rest and first else None
        if left is not None:
            yield left.name, left.called


def _joined(rows: Sequence[Segment]) -> list[tuple[list[Token], bool]]:
    """Rows that begin with an equals sign go on with the row before."""
    found: list[tuple[list[Token], bool]] = []
    for row in rows:
        if found and row.tokens[0].kind == "relation" and row.begins_row:
            found[-1][0].extend(row.tokens)
        else:
            found.append((list(row.tokens), row.begins_row))
    return found
