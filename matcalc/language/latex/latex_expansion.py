r"""The run over LaTeX input: what is left to read, what was written, and the steps that all commands share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from lark import Token

from matcalc.errors import MatcalcError, Span, SyntaxFault
from matcalc.language import limits
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.commands.latex_layout import has_short_macros
from matcalc.language.latex.commands.latex_sums import bound_indices
from matcalc.language.latex.latex_scan import has_bare_minus, is_value_start, joined, place
from matcalc.language.latex_letters.latex_faces import unswitched
from matcalc.language.latex_letters.latex_increments import increments
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.surface.arrange import Reading, span_of
from matcalc.language.surface.bars import closes
from matcalc.language.words.indices import IN_INDICES, index_words
from matcalc.language.words.names import canonical_name, typed_name
from matcalc.language.words.stray_members import check_indices
from matcalc.notes import Note

__all__ = ["Expansion", "as_type", "function_spelling", "index_text", "letters_of", "superscript_text"]


class Expansion(ABC):
    """One run over the input; what a command stands for is put back in front of the rest."""

    def __init__(self, tokens: list[Token], context: Reading) -> None:
        self.context = context
        self.source = Source(tokens, context.text)
        self.out: list[Token] = []
        self.environments: list[str] = []
        self.spelled: dict[str, tuple[str, Token]] = {}
        self.exponentials: list[Token] = []
        self.bound = bound_indices(context.text)
        self.increments = increments(tokens) - context.declared
        self.short_macros = has_short_macros(tokens)
        self.has_bare_minus = has_bare_minus(tokens)
        self.read_as_increments: list[tuple[Token, str, Span]] = []
        self.steps = 0

    def run(self) -> list[Token]:
        while self.source:
            self.steps += 1
            if self.steps > 20 * limits.current().tokens:
                raise limits.exceeded("tokens", "the expression has too many parts", self.context.text)
            token = self.source.pop()
            self._expand(token)
        self._check_exponentials()
        self._check_ranges()
        if not self.context.members.binders:
            check_indices(self.out, self.context.text)
        self._record_faces()
        self._note_increments()
        return self.out

    def _check_ranges(self) -> None:
        r"""x_{1:n} is a name; beside x it is a part of that."""
        names = {canonical_name(t): t for t in self.out if t.type == "NAME"}
        for name, token in names.items():
            base, _, index = name.partition("_")
            if "_to_" in f"_{index}" and base in names:
                shown = ":".join(index.split("_to_"))
                hint = f"write {base}[{shown}] for those entries, or give it another letter"
                raise self._fault(token, f"{typed_name(name)} stands beside {base}", hint, "index")

    def _note_increments(self) -> None:
        """The first of them; a d beside its variable is noted as a perturbation, later."""
        names = {canonical_name(t) for t in self.out if t.type == "NAME"}
        for sign, moved, span in self.read_as_increments:
            if sign != "d" or moved not in names:
                shown = self.context.text[slice(*span)]
                hint = rf"write {sign} \cdot … for a product"
                message = f"{shown} is read as one name, an increment"
                self.context.notes.append(Note(message, hint, "increment", self.context.text, span))
                return

    def _record_faces(self) -> None:
        faces = {name: style for name, (style, _) in self.spelled.items() if style in signs.RECORDED_FACES}
        self.context.faces.update(faces)

    @abstractmethod
    def _expand(self, token: Token) -> None:
        """Write what the token stands for, or put it in front of the rest."""

    @abstractmethod
    def _function(self, name: str, token: Token, outer: tuple[str, ...] = ()) -> None:
        """Put the call of a function in front of the rest, with the argument that follows."""

    @abstractmethod
    def _after_bracket(self, token: Token) -> None:
        """Read what stands below a bracket or bar that was just closed."""

    @abstractmethod
    def _has_meaning(self, command: str) -> bool:
        """Whether the command is one of the language's own, not a function."""

    @abstractmethod
    def _check_exponentials(self) -> None:
        """Refuse what can be seen at the end only."""

    def _value_follows(self) -> bool:
        """Whether a value may begin with the next token: a bar that closes an open one does not."""
        self.source.skip(signs.IGNORED)
        if not self.source or not is_value_start(self.source.peek()):
            return False
        bar = self.source.peek()
        kind, sign = signs.BRACKETS.get(bar, (bar.type, str(bar)))
        return kind != "BAR" or not closes(bar, sign, self.out, self.context.text)

    def _emit(self, kind: str, value: str, where: Token) -> None:
        self.out.append(place(kind, value, span_of(where)))

    def _fault(self, token: Token, message: str, hint: str | None = None, code: str = "latex") -> MatcalcError:
        return SyntaxFault(message, code=code, text=self.context.text, span=span_of(token), hint=hint)

    def _since(self, token: Token) -> Span:
        """From this token to the end of what was read."""
        return span_of(token)[0], max(span_of(token)[1], self.source.end)

    def _call(self, name: str, where: Token, arguments: Iterable[Token]) -> None:
        """name(arguments), at the place of a subscript."""
        inside = list(arguments)
        self._emit("FUNCTION", name, where)
        end = self._end_of(inside) or self._since(where)[1]
        opener, closer = place("LPAR", "(", span_of(where)), place("RPAR", ")", (end, end))
        self.source.push([opener, *unswitched(inside), closer])

    def _end_of(self, inside: list[Token]) -> int | None:
        """Where a group ends that stands in braces in the text."""
        if not inside:
            return None
        text, (start, end) = self.context.text, (span_of(inside[0])[0], span_of(inside[-1])[1])
        spaces = len(text[end:]) - len(text[end:].lstrip())
        is_group = text[:start].rstrip().endswith("{") and text[end + spaces : end + spaces + 1] == "}"
        return end + spaces + 1 if is_group else None

    def _group(self, group: list[Token], where: Token) -> None:
        self.source.push(self.source.braced(group, where))

    def _name_index(self, mark: Token) -> str:
        r"""What stands below a name; sizes, as in X_{n \times p}, are no part of it."""
        group = self.source.argument(mark, "subscript")
        if any(token in (r"\times", "×") for token in group):
            return ""
        index = index_text(group)
        if index is None:
            hint = "subscripts of names are letters, digits and signs, as in x_{ij}, x_{k,1} or x_{t-1}"
            raise SyntaxFault(
                f"{joined(group) or 'nothing'} is no subscript of a name",
                code="latex",
                text=self.context.text,
                span=self._since(mark),
                hint=hint,
            )
        return index

    def _text_of(self, group: list[Token]) -> str:
        return self.context.text[span_of(group[0])[0] : span_of(group[-1])[1]] if group else ""


def as_type(kind: str, token: Token) -> Token:
    return place(kind, str(token), span_of(token))


def letters_of(word: Token) -> list[Token]:
    """Each letter of a word as a token."""
    start = span_of(word)[0]
    return [place("WORD", letter, (start + i, start + i + 1)) for i, letter in enumerate(word)]


def superscript_text(group: list[Token]) -> str:
    r"""The superscript as text, without the command of its type: \mathsf{T} is T."""
    kept = [t for t in group if not (t in signs.UPRIGHT or t in signs.STYLES or t in signs.IGNORED)]
    shown = joined(kept)
    bare = shown.replace("{", "").replace("}", "") if len(kept) < len(group) else shown
    return bare.replace("−", "-")


def index_text(group: list[Token]) -> str | None:
    r"""ij, k,1, t-1, k|k-1, * and \alpha as parts of a name, or None."""
    parts: list[str] = []
    for token in group:
        if token.type in ("WORD", "NUMBER") and "." not in token:
            parts.append(canonical_name(str(token)))
        elif token in IN_INDICES:
            parts.append(IN_INDICES[token])
        elif token in signs.GREEK_COMMANDS:
            parts.append(signs.GREEK_COMMANDS[token])
        elif token.type in ("UNDERSCORE", "COMMA", "SIGN", "BAR", "CARET", "OPERATOR", "TRANSPOSE", "COLON"):
            parts.append(str(token))
        elif not (
            token in signs.UPRIGHT
            or token in signs.SWITCHES
            or token in signs.STYLES
            or token in signs.IGNORED
            or token.type in ("LBRACE", "RBRACE")
        ):
            return None
    return index_words("".join(parts))


def function_spelling(name: str) -> str:
    commands = "exp log sin cos tan sinh cosh tanh det max min".split()
    return rf"\{name}(…)" if name in commands else rf"\operatorname{{{name}}}(…)"
