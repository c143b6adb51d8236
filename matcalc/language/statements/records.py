"""What a statement says beside its expression: the name of the function, and by what it is differentiated or minimised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from matcalc.errors import DeclarationError, Hint, Span
from matcalc.expr.named_powers import base_of
from matcalc.language.declarations import Declaration
from matcalc.language.mends.hints import write
from matcalc.language.words.names import conjugate_of, entry_of, is_greek, spelled, typed_name

__all__ = ["Apart", "Part", "Sides", "Statement"]


@dataclass(frozen=True)
class Part:
    """A piece of the text at its place; a piece of LaTeX stands between dollar signs."""

    text: str
    span: Span

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Statement:
    r"""A text such as `f(x) = …`, `\nabla_x …` or `\min_x …` taken apart.

    Attributes:
        text: the whole text.
        body: where the function itself stands.
        place: where its head stands.
        head: what stands before it, as it was typed: ``f(x)``, ``d/dx``, ``min_x``.
        name: the canonical name of the function, or None.
        spelling: the name as it was typed.
        arguments: names of the arguments of the left side.
        variables: by what the statement differentiates, in turn; empty where it leaves that open.
        choices: names among which the variable is, where there are several: of arguments or below min.
        order: how often the statement differentiates; 0 where it asks for no derivative.
        sense: "min" or "max" of an optimum.
        seeks: "point" where the optimum itself is asked for (argmin), "value" for its value.
        constraints: what the variables have to satisfy.
        claims: what the text says that the derivative is.
        steps: what the text says that the function is equal to, after its first right side.
        indices: letters below the name that stand below names of the expression, too: t in `h_t = W h_{t-1}`.
        recurs: other values of what is defined by a recursion: h_{t-1} in `h_t = W h_{t-1}`.
        stands_for: whether what stands before it is an expression that names it, as in ``e'e = …``.
        spreads: whether a sign without brackets differentiates a sum.
        latex: whether it is LaTeX.
    """

    text: str
    body: Span
    place: Span = (0, 0)
    head: str = ""
    name: str | None = None
    spelling: str = ""
    arguments: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    order: int = 0
    sense: str = ""
    seeks: str = ""
    constraints: tuple[Part, ...] = ()
    claims: tuple[Part, ...] = ()
    steps: tuple[Part, ...] = ()
    indices: tuple[str, ...] = ()
    recurs: tuple[str, ...] = ()
    stands_for: bool = False
    spreads: bool = False
    latex: bool = False

    def indexed_name(self) -> str | None:
        r"""The name with the index of its only argument: \sigma(z_i) = … is the i-th entry of \sigma."""
        below = spelled(self.arguments[0]).below if len(self.arguments) == 1 else ()
        is_entry = self.name is not None and not spelled(self.name).below and len(below) == 1
        return f"{self.name}_{below[0]}" if is_entry else self.name

    def check(self, declarations: Mapping[str, Declaration]) -> None:
        """Refuse a variable that is none of the names of the expression: a derivative by it would be 0.

        Members of families that only their letters make numbers are refused, too.
        """
        missing = [
            n
            for n in self.variables
            if not (base_of(n) in declarations or _is_member(n, declarations) or _is_conjugate(n, declarations))
        ]
        if missing:
            raise self.missing(missing[0], declarations)
        for name, declaration in declarations.items():
            if declaration.inferred and (matrix := self._matrix_of(name, declarations)):
                raise self._of_rows(name, matrix)
            if declaration.inferred and declaration.kind == "scalar" and set(self.indices) & set(_letters_below(name)):
                raise self._of_members(name)

    def _matrix_of(self, name: str, declarations: Mapping[str, Declaration]) -> str:
        """The matrix W that is asked about, where w_y may be one of its rows."""
        parts = spelled(name)
        capital = parts.word.upper()
        asked = capital in (*self.arguments, *self.variables, *self.choices) and capital != parts.word
        below = len(parts.below) == 1 and re.fullmatch("[a-z]", parts.below[0]) is not None
        vectors = declarations[name].kind == "vector" and capital in declarations
        return capital if asked and below and vectors and declarations[capital].kind == "matrix" else ""

    def _of_rows(self, name: str, matrix: str) -> DeclarationError:
        row = typed_name(name)
        return DeclarationError(
            f"{row} may be a row or a column of {matrix}, and nothing says whether it depends on {matrix}",
            code="index",
            text=self.text,
            span=self.place,
            hint=f"add: where {name}: vector(n) if it is another vector",
        )

    def _of_members(self, name: str) -> DeclarationError:
        shown = typed_name(name)
        return DeclarationError(
            f"{' and '.join(self.indices)} {'are indices' if len(self.indices) > 1 else 'is an index'} here, "
            f"and nothing says what the members {shown} are",
            code="index",
            text=self.text,
            span=self.place,
            hint=f"add: where {name}: vector(n), or {name}: scalar",
        )

    def missing(self, name: str, names: Collection[str]) -> DeclarationError:
        """The error about a variable that does not occur, or about an entry of one that does."""
        whole = entry_of(name, names)
        below = next((n for n in names if name in spelled(n).below), None)
        shown = typed_name(name)
        if whole is not None:
            message, hint = (
                f"{name} is an entry of {whole}, and derivatives by one entry are not read",
                self._by_whole(whole),
            )
        elif below is not None:
            message = f"{shown} stands only below {typed_name(below)}, and nothing says what that is"
            hint = f"write in place of {typed_name(below)} what it is"
        else:
            known = ", ".join(names) or "none"
            message = f"{shown} does not occur in what is differentiated (its variables: {known})"
            hint = _spaced(name, names) or "the derivative by it is 0; name one of the variables"
        return DeclarationError(
            message, code="unknown-variable", text=self.text, span=self.place, related=self.body, hint=hint
        )

    def _by_whole(self, whole: str) -> Hint | str:
        r"""\frac{\partial}{\partial X} in place of \frac{\partial}{\partial X_{ij}}."""
        purpose = "for the gradient, which holds the derivatives by all entries"
        head = self.text[slice(*self.place)]
        changed = re.sub(r"_(?:\{[^{}]*\}|\w+)(?=\W*$)", "", head)
        return write(self.place, (changed, purpose)) if changed != head else f"differentiate by {whole} {purpose}"

    @property
    def operator(self) -> str:
        """The sign of the derivative as a plain text has it: ``d/dx``, ``d^2/(dx dy)``, ``grad``."""
        if not self.variables:
            return {0: "", 1: "gradient of", 2: "Hessian of"}.get(self.order, f"∇^{self.order}")
        turns = " ".join(f"d{name if base_of(name) == name else f'({typed_name(name)})'}" for name in self.variables)
        return f"d/{turns}" if self.order == 1 else f"d^{self.order}/({turns})"

    @property
    def is_total(self) -> bool:
        r"""Whether it asks for a differential: d(…), \mathrm{d}(…)."""
        return (
            self.order == 1
            and not self.variables
            and self.head.strip("\\{} ") in ("d", "mathrm{d", "mathsf{d", "mathrm d")
        )

    @property
    def differentiates(self) -> bool:
        """Whether it asks for a derivative."""
        return self.order > 0


@dataclass(frozen=True)
class Apart:
    """A text taken apart.

    Attributes:
        body: where the expression stands.
        statement: what stands around it, or None where that is punctuation only.
        definitions: names that other rows of the text define, with the places of what they stand for.
        declared: kinds of names that the text states, as in `x \\in \\mathbb R^n`.
        left_out: conditions that were read, but not used.
        constant: ``const`` at the end, which is left out.
        point: where the derivative is taken, as t = 0 behind a bar.
        proportional: the sign that the function is proportional to what follows.
        blanks: what is not read within the expression and the definitions: a sign of a derivative, the x of h(x).
    """

    body: Span
    statement: Statement | None = None
    definitions: tuple[tuple[str, Span], ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[Part, ...] = ()
    constant: Part | None = None
    point: Part | None = None
    proportional: Part | None = None
    blanks: tuple[Span, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of arguments and variables."""
        found = self.statement
        return frozenset(() if found is None else (*found.arguments, *found.variables, *found.choices))


@dataclass(frozen=True)
class Sides:
    """The sides of the equalities in a text: each with its ``where`` as a text of its own, and as it is shown."""

    texts: tuple[str, ...]
    shown: tuple[str, ...]


def _spaced(name: str, names: Collection[str]) -> str | None:
    """A product without its spaces that holds the name: AXB for X."""
    glued = next((n for n in names if len(name) == 1 and name in n and n.isalpha() and not is_greek(n)), None)
    return f"write {' '.join(glued)} for the product {glued}" if glued else None


def _is_conjugate(name: str, declarations: Mapping[str, Declaration]) -> bool:
    """Whether it is z^* or z with a bar, of a complex z."""
    base = conjugate_of(name)
    return base is not None and base in declarations and declarations[base].is_complex


def _is_member(name: str, declarations: Mapping[str, Declaration]) -> bool:
    """Whether it is x_k of what the text has as x_i, with other indices."""
    *words, letters = name.split("_")
    families = [d.member for d in declarations.values() if d.member]
    return letters.isalpha() and ("_".join(words), len(letters)) in {(base, len(at)) for base, *at in families}


def _letters_below(name: str) -> Iterator[str]:
    """The letters of the index of a name."""
    for word in spelled(name).below:
        yield from [word] if is_greek(word) or len(word) > 3 else word
