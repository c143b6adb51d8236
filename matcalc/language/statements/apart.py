"""A text taken apart: which of its rows is the function, which are definitions, and what else it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcalc.errors import MatcalcError, Span
from matcalc.language import limits
from matcalc.language.names import is_greek, spelled
from matcalc.language.statements.conditions import is_condition, kinds_of, signature_of
from matcalc.language.statements.mappings import mapping_at
from matcalc.language.statements.names import LeftSide, left_side, name_at, names_in
from matcalc.language.statements.operators import Operator, Scope, perturbed_names
from matcalc.language.statements.optima import is_index
from matcalc.language.statements.reading import Clause, body_span, clause_of, is_sum
from matcalc.language.statements.records import Apart, Part, Statement
from matcalc.language.statements.refusals import (
    fault,
    quoted,
    refuse_derivative_inside,
    refuse_function_of,
    refuse_no_function,
    refuse_sum_without_index,
)
from matcalc.language.statements.rows import Segment, segments_of, without_closing
from matcalc.language.statements.tokens import Token, scan

__all__ = ["Text", "shown_tokens", "take_apart"]


def take_apart(span: Span, scope: Scope) -> Apart | None:
    """The function in a part of a text and what stands around it; None where the whole is an expression.

    Raises SyntaxFault for equations, lists, derivatives inside an expression, and what is no function.
    """
    tokens = shown_tokens(span, scope)
    if not tokens:
        return None
    refuse_no_function(tokens, scope)
    found = Text(scope, tokens).apart()
    closing = scan(scope.text, (tokens[-1].end, span[1]), latex=scope.latex)
    return found or (Apart((span[0], tokens[-1].end)) if closing else None)


def shown_tokens(span: Span, scope: Scope) -> Sequence[Token]:
    """The tokens without the punctuation at the end; none where brackets do not pair, which the parser tells."""
    tokens = scan(scope.text, span, latex=scope.latex)
    if not tokens or any(not 0 <= t.depth <= limits.current().nesting for t in tokens):
        return ()
    if tokens[-1].depth + (tokens[-1].kind == "open") or len(tokens) > limits.current().tokens:
        return ()
    return without_closing(tokens, scope.text)


#: Derivatives of a higher order are not asked for.
MOST_TIMES = 6


class Text:
    """A text as its segments."""

    def __init__(self, scope: Scope, tokens: Sequence[Token]) -> None:
        self.scope = scope
        self.segments = segments_of(tokens, scope)

    def equality(self) -> tuple[Clause, list[Clause]]:
        """The clause whose sides are compared, and the definitions that it needs."""
        rows = [s for s in self.segments if not s.constrained and not self._is_said(s)]
        return self._main([clause_of(tokens, self.scope) for tokens, _ in _joined(rows)])

    def apart(self) -> Apart | None:
        """What the text says; None where it is an expression."""
        constraints = [s for s in self.segments if s.constrained]
        stated = [s for s in self.segments if not s.constrained]
        said = [s for s in stated if self._is_said(s)]
        rows = [s for s in stated if s not in said]
        if not rows:
            return None
        joined = _joined(rows)
        clauses = [clause_of(tokens, self.scope, constrained=bool(constraints)) for tokens, _ in joined]
        if all(c.kind == "expression" for c in clauses) and not (constraints or said):
            self._refuse_lines(clauses, [begins for _, begins in joined])
            return None
        for clause in clauses:
            if clause.kind == "equation":
                raise self._equation(clause)
        main, definitions = self._main(clauses)
        return self._apart(main, definitions, [s.tokens for s in constraints], [s.tokens for s in said])

    def _is_said(self, segment: Segment) -> bool:
        """Whether it says something of names only: a condition, or words."""
        tokens = segment.tokens
        if signature_of(tokens, self.scope) is not None:
            return True
        words = tokens[0].text in (r"\forall", "for", "for all", "if") or (
            tokens[0].kind == "upright" and len(tokens) > 1 and " " in tokens[0].text
        )
        return mapping_at(tokens, self.scope) is None and (is_condition(tokens) or (words and not segment.begins_row))

    def _refuse_lines(self, clauses: Sequence[Clause], begin_rows: Sequence[bool]) -> None:
        """One expression is no statement; of two on two lines none is meant alone."""
        for clause in clauses:
            refuse_derivative_inside(clause.body, self.scope)
        if len(clauses) > 1 and all(begin_rows):
            hint = "give one at a time; a product of both stands on one line; definitions are lines such as r = A x - b"
            raise fault("two lines are two expressions", "rows", clauses[1].body, self.scope, hint)

    # --- which clause is meant ----------------------------------------------------------------

    def _main(self, clauses: Sequence[Clause]) -> tuple[Clause, list[Clause]]:
        """The clause that no other one uses, and those that it needs."""
        used = {i for i, c in enumerate(clauses) if self._is_used(c, [o for o in clauses if o is not c])}
        left = [c for i, c in enumerate(clauses) if i not in used]
        if len(left) == 1:
            return left[0], [c for c in clauses if c is not left[0]]
        others = left or list(clauses)
        hint = "give one at a time: the others can be definitions only where it uses their names"
        what = "several functions stand here" if left else "these lines define each other"
        raise fault(what, "rows", others[min(1, len(others) - 1)].sides[0], self.scope, hint)

    def _is_used(self, clause: Clause, others: Sequence[Clause]) -> bool:
        if clause.kind != "function" or clause.left is None or not clause.left.name:
            return False
        return any(clause.left.name in set(names_in(o.body, latex=self.scope.latex)) for o in others)

    def _equation(self, clause: Clause) -> MatcalcError:
        whole = quoted([clause.sides[0][0], clause.sides[-1][-1]], self.scope)
        is_list = len(clause.sides) > 1 and not clause.sides[0]
        what = "this is an equation, not a function" if not is_list else "this is a list"
        hint = f"matcalc equal {whole} compares the sides; a function is written f(x) = …, or without a left side"
        return fault(what, "equation", self._sign_between(*clause.sides[:2]), self.scope, hint)

    def _sign_between(self, left: Sequence[Token], right: Sequence[Token]) -> Sequence[Token]:
        """The equals sign of two sides."""
        shown = self.scope.text[left[-1].end : right[0].start]
        start = left[-1].end + min(shown.find(c) for c in ":=≔≜≡\\" if c in shown)
        sign = self.scope.text[start : right[0].start].rstrip(" \n&")
        return [Token("relation", sign, start, start + len(sign))]

    # --- what is said -------------------------------------------------------------------------

    def _apart(
        self,
        main: Clause,
        definitions: Sequence[Clause],
        constraints: Sequence[Sequence[Token]],
        said: Sequence[Sequence[Token]],
    ) -> Apart:
        main, definitions = self._with_its_function(main, definitions)
        self._refuse(main, definitions)
        declared: dict[str, str] = {}
        left_out: list[Part] = []
        below = main.optimum.conditions if main.optimum is not None else ()
        for tokens in (*said, *below):
            kinds = kinds_of(tokens, self.scope) or self._signature(tokens, main)
            if kinds is None:
                left_out.append(self._part(tokens))
            declared |= kinds or {}
        for tokens in constraints:
            kinds = kinds_of(tokens, self.scope)
            declared |= kinds or {}
        bound = [self._part(t) for t in (*below, *constraints) if kinds_of(t, self.scope) is None]
        statement = self._statement(main, tuple(bound))
        named = [(c.left.name, body_span(c.body, self.scope.text)) for c in definitions if c.left is not None]
        rest = [p for p in left_out if p not in bound]
        return Apart(self._span(main), statement, tuple(named), declared, tuple(rest))

    def _signature(self, tokens: Sequence[Token], main: Clause) -> Mapping[str, str] | None:
        """f: R^n -> R declares the argument of f."""
        kind = signature_of(tokens, self.scope)
        if kind is None:
            return None
        arguments = main.left.arguments if main.left is not None else ()
        return {arguments[0]: kind} if kind and len(arguments) == 1 else {}

    def _with_its_function(self, main: Clause, definitions: Sequence[Clause]) -> tuple[Clause, list[Clause]]:
        """A derivative of f, where another row says what f is, with that row's function."""
        others = list(definitions)
        name = self._named_function(main)
        for other in definitions:
            if name is not None and other.left is not None and other.left.name == name:
                others.remove(other)
                return _replaced(main, other), others
        return main, others

    def _named_function(self, main: Clause) -> str | None:
        """The name of what is differentiated or optimised, where it is a name only."""
        if main.kind not in ("derivative", "optimum", "differential"):
            return None
        left = left_side(main.body, self.scope.text, latex=self.scope.latex)
        return left.name if left is not None else None

    def _refuse(self, main: Clause, definitions: Sequence[Clause]) -> None:
        operator = main.operator
        if operator is not None and operator.order > MOST_TIMES:
            what = f"it differentiates {_times(operator.order)}: derivatives go up to the order {MOST_TIMES}"
            raise fault(what, "order", operator.head, self.scope, "leave out some of the signs")
        for clause in (main, *definitions):
            refuse_derivative_inside(clause.body, self.scope)
            refuse_sum_without_index(clause.body, self.scope)
            refuse_function_of(_choices(main) or _variables(main), clause.body, self.scope)
            if clause is main and clause.left is not None:
                self._refuse_indices(clause, clause.left)
            if clause.left is not None and clause.left.name in set(names_in(clause.body, latex=self.scope.latex)):
                raise self._equation(clause)
        if main.optimum is not None and main.optimum.indices:
            raise self._over_an_index(main)
        if operator is not None and operator.variables and len(operator.variables) != operator.order:
            raise self._of_another_order(operator)
        self._refuse_unknown_function(main)

    def _refuse_indices(self, clause: Clause, left: LeftSide) -> None:
        """K_{pq} = … x_p … x_q is a formula of members, for every p and q."""
        found = [i for word in spelled(left.name).below for i in self._indices_of(word, clause.body)]
        if found:
            hint = "write it for all members at once, in matrices"
            what = (
                f"{' and '.join(found)} {'are indices' if len(found) > 1 else 'is an index'} here: members are not read"
            )
            raise fault(what, "index", clause.sides[0], self.scope, hint)

    def _indices_of(self, word: str, body: Sequence[Token]) -> list[str]:
        """The letters of an index, where each is one in the body, too."""
        letters = [word] if is_greek(word) else list(word) if word.isalpha() and len(word) <= 3 else []
        return letters if all(is_index(i, body, self.scope) for i in letters) else []

    def _over_an_index(self, main: Clause) -> MatcalcError:
        assert main.optimum is not None
        index, sense = main.optimum.indices[0], main.optimum.sense
        hint = f"the largest entry of x is max(x), the smallest min(x); a variable below {sense} stands without an index behind it"
        what = f"{index} is an index here: {sense} over an index is not read"
        return fault(what, "index-optimum", main.optimum.head, self.scope, hint)

    def _of_another_order(self, operator: Operator) -> MatcalcError:
        above, below = operator.order, len(operator.variables)
        hint = "the second derivative is ∂²f/∂x², or ∂²f/∂x∂y by two variables"
        what = f"the numerator differentiates {_times(above)}, the denominator {_times(below)}"
        return fault(what, "order", operator.head, self.scope, hint)

    def _refuse_unknown_function(self, main: Clause) -> None:
        """A derivative of f, where nothing says what f is."""
        name = self._named_function(main)
        if name is None or name in self.scope.defined or (main.left is None and name in self.scope.declared):
            return
        left = left_side(main.body, self.scope.text, latex=self.scope.latex)
        assert left is not None
        variables = main.operator.variables if main.operator is not None else ()
        if not left.called and (name in variables or main.kind == "optimum"):
            return
        raise self._no_function(main, left.spelling)

    def _no_function(self, main: Clause, name: str) -> MatcalcError:
        if main.further:
            claim = quoted(main.further[0], self.scope)
            hint = f'to compare it with a function: matcalc check "f" --claim {claim}, with the function for f'
            what = f"the right side is a claim about {name}, and nothing says what {name} is"
            return fault(what, "no-function", main.body, self.scope, hint)
        hint = f"put the function in its place, as in d/dx (x^T A x), or add: where {name} = x^T A x"
        return fault(f"nothing says what {name} is", "no-function", main.body, self.scope, hint)

    # --- the record ---------------------------------------------------------------------------

    def _span(self, main: Clause) -> tuple[int, int]:
        """The body; of f(x) where f is defined, the name alone."""
        name = self._named_function(main)
        if name is not None and name in self.scope.defined:
            found = name_at(main.body, 0, latex=self.scope.latex)
            end = found[1] if found is not None else len(main.body)
            return body_span(main.body[:end], self.scope.text)
        return body_span(main.body, self.scope.text)

    def _statement(self, main: Clause, constraints: tuple[Part, ...]) -> Statement | None:
        if main.kind == "expression" and not constraints:
            return None
        left, operator, optimum = main.left, main.operator, main.optimum
        further = tuple(self._part(side) for side in main.further)
        asked = main.kind in ("derivative", "differential")
        name = self._name_of(main)
        return Statement(
            text=self.scope.text,
            body=self._span(main),
            head=self.scope.spelled(main.head),
            place=(main.head[0].start, main.head[-1].end) if main.head else (0, 0),
            name=name[0],
            spelling=name[1],
            arguments=left.arguments if left is not None else (),
            variables=operator.variables if operator is not None else (),
            choices=_choices(main) or (self._moving(main) if main.kind == "differential" else ()),
            order=(operator.order if operator is not None else 1) if asked else 0,
            sense=optimum.sense if optimum is not None else "",
            seeks=optimum.seeks if optimum is not None else "",
            constraints=constraints,
            claims=further if asked else (),
            steps=() if asked else further,
            spreads=operator is not None and operator.function is None and is_sum(main.body),
            latex=self.scope.latex,
        )

    def _moving(self, main: Clause) -> tuple[str, ...]:
        """The variables whose differentials stand on the right: A and B in dA B + A dB."""
        found = (name for side in main.further for name in perturbed_names(side, self.scope))
        return tuple(dict.fromkeys(found))

    def _name_of(self, main: Clause) -> tuple[str | None, str]:
        if main.left is not None and main.left.name:
            return main.left.name, main.left.spelling
        found = left_side(main.body, self.scope.text, latex=self.scope.latex) if self._named_function(main) else None
        known = found is not None and found.name in self.scope.defined
        return (found.name, found.spelling) if found is not None and known else (None, "")

    def _part(self, tokens: Sequence[Token]) -> Part:
        spelled = self.scope.spelled(tokens)
        return Part(f"${spelled}$" if self.scope.latex else spelled, body_span(tokens, self.scope.text))


def _choices(main: Clause) -> tuple[str, ...]:
    if main.operator is not None:
        return main.operator.choices
    if main.optimum is not None:
        return main.optimum.names
    return main.left.arguments if main.left is not None else ()


def _variables(main: Clause) -> tuple[str, ...]:
    return main.operator.variables if main.operator is not None else ()


def _replaced(main: Clause, other: Clause) -> Clause:
    return Clause(main.kind, other.body, main.sides, main.further, other.left, main.operator, main.optimum)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _joined(rows: Sequence[Segment]) -> list[tuple[list[Token], bool]]:
    """Rows that begin with an equals sign go on with the row before."""
    found: list[tuple[list[Token], bool]] = []
    for row in rows:
        if found and row.tokens[0].kind == "relation" and row.begins_row:
            found[-1][0].extend(row.tokens)
        else:
            found.append((list(row.tokens), row.begins_row))
    return found
