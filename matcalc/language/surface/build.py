"""From grammar rules to surface nodes: one method for each rule of the two grammars."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any

from lark import Token, Transformer

from matcalc.errors import Hint, Span, SyntaxFault
from matcalc.language import limits
from matcalc.language.kinds.kinds import is_entrywise
from matcalc.language.meaning.matrix_functions import matrix_function
from matcalc.language.mends.hints import declare, either, offer, unbracketed, write
from matcalc.language.signs.called.slopes import logistic_slope
from matcalc.language.surface.arrange import reading, span_of
from matcalc.language.surface.forms.axes import along_axis
from matcalc.language.surface.forms.conjugates import conjugated, turned
from matcalc.language.surface.forms.doubtful import check_crosses, check_power
from matcalc.language.surface.forms.norms import is_norm_word, norm_of
from matcalc.language.surface.index_letters import check_letters
from matcalc.language.surface.relations import both, conditional, neither, one_of, related
from matcalc.language.surface.tree import EXPONENTIAL, OF_VALUES, Surface
from matcalc.language.undefined.open_uses import OpenUse
from matcalc.language.words.names import canonical_name
from matcalc.notes import Note

__all__ = ["Builder"]

Items = list[Any]

_OPERATORS = {
    **dict.fromkeys("*@·⋅∗×", "multiply"),
    **dict.fromkeys("/÷", "divide"),
    **dict.fromkeys([".*", "⊙", "∘"], "hadamard"),
    **dict.fromkeys(["./", "⊘"], "hadamard_divide"),
    "\\": "left_divide",
    "⊗": "kron",
    "": "multiply",
}
#: Signs of products that tell more than that it is one.
_SIGNS = {**dict.fromkeys("·⋅", "·"), "@": "@"}
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")


class Builder(Transformer[Token, Surface]):
    """Builds while the parser runs, so that no second walk over a tree is needed."""

    def start(self, items: Items) -> Surface:
        root: Surface = items[0]
        return root

    def conditional(self, items: Items) -> Surface:
        value, _, condition, _, other = items
        return conditional(value, condition, other, _span(value, other))

    def disjunction(self, items: Items) -> Surface:
        return one_of(items[::2], _span(items[0], items[-1]))

    def conjunction(self, items: Items) -> Surface:
        return both(items[::2], _span(items[0], items[-1]))

    def negation(self, items: Items) -> Surface:
        return neither(items[1], _span(items[0], items[1]))

    def relation(self, items: Items) -> Surface:
        return related(items[::2], [str(sign) for sign in items[1::2]], _span(items[0], items[-1]))

    def number(self, items: Items) -> Surface:
        return Surface("number", (), _number(items[0]), span_of(items[0]))

    def name(self, items: Items) -> Surface:
        name, span = canonical_name(items[0]), span_of(items[0])
        return conjugated(name, span, reading.get().complex_names) or Surface("name", (), name, span)

    def group(self, items: Items) -> Surface:
        opener, inner, closer = items
        return Surface(inner.kind, inner.children, inner.value, _span(opener, closer))

    def sum(self, items: Items) -> Surface:
        terms = tuple(items[::2])
        signs = (1, *(-1 if sign != "+" else 1 for sign in items[1::2]))
        return Surface("add", terms, signs, _span(items[0], items[-1]))

    def product(self, items: Items) -> Surface:
        """Left to right, but what stands side by side behind a dot belongs together: x · A y."""
        check_crosses(items, reading.get())
        operators, factors = items[1::2], items[2::2]
        for before, operator, right in zip(items[::2], operators, factors, strict=False):
            if not operator:
                _check_index(before, right)
        left: Surface = items[0]
        position = 0
        while position < len(factors):
            operator, right = operators[position], factors[position]
            position += 1
            while _SIGNS.get(operator) == "·" and position < len(factors) and not operators[position]:
                right = _product(right, "", factors[position])
                position += 1
            left = _product(left, operator, right)
        return left

    def signed(self, items: Items) -> Surface:
        sign, operand = items
        span = _span(sign, operand)
        if operand.kind == "number" and operand.span[0] == operand.span[1] - len(str(operand.value)):
            return Surface("number", (), operand.value if sign == "+" else -operand.value, span)
        if sign == "+":
            return Surface(operand.kind, operand.children, operand.value, span)
        return Surface("negate", (operand,), None, span)

    def raised(self, items: Items) -> Surface:
        base, operator, exponent = items
        kind = "hadamard_power" if operator.startswith(".") else "power"
        if exponent.kind == "entry" and exponent.children[0].kind == "number":
            raise _index_of_number((base.span[0], exponent.children[0].span[1]), exponent.span[1])
        if _is_euler(base, exponent):
            return _exponential_of(base, exponent)
        return _power(kind, base, exponent, _span(base, exponent))

    def marked(self, items: Items) -> Surface:
        base, mark = items
        span = _span(base, mark)
        if base.kind == "number" and mark.type.endswith("TRANSPOSE"):
            raise _number_transposed(base, mark)
        match mark.type:
            case "TRANSPOSE":
                return turned(base, mark, span, is_complex=bool(reading.get().complex_names))
            case "INVERSE_TRANSPOSE":
                inverse = Surface("power", (base, Surface("number", (), Fraction(-1), span_of(mark))), None, span)
                return Surface("transpose", (inverse,), None, span)
            case "PSEUDOINVERSE":
                return Surface("call", (base,), "pinv", span)
            case "FACTORIAL":
                return _factorial(base, mark, span)
        return _power("power", base, _superscript(mark), span)

    def entry(self, items: Items) -> Surface:
        base, _, (forms, children), closer = items
        if len(forms) > 2:
            two = f"[{', '.join(reading.get().text[slice(*c.span)] for c in children[:2])}]"
            raise _fault("an entry has at most two indices", items[1], closer, write(_span(items[1], closer), two))
        if len(forms) == 2 and len(children) == 2:
            check_letters(base, children, _span(items[1], closer), reading.get())
        return Surface("entry", (base, *children), forms, _span(base, closer))

    def subscripts(self, items: Items) -> tuple[tuple[str, ...], list[Surface]]:
        indices = items[::2]
        return tuple(form for form, _ in indices), [child for _, children in indices for child in children]

    def subscript(self, items: Items) -> tuple[str, list[Surface]]:
        values = [item for item in items if isinstance(item, Surface)]
        return ("all", "at", "range")[len(values)], values

    def call(self, items: Items) -> Surface:
        function, _, *rest = items
        arguments = tuple(item for item in rest if isinstance(item, Surface))
        if isinstance(function.value, OpenUse):
            return Surface("open", arguments, function.value, _span(function, items[-1]))
        if function.startswith("\\"):
            from matcalc.language.meaning.index_sums import indexed_sum

            return indexed_sum(function, arguments, _span(function, items[-1]))
        if function == EXPONENTIAL:
            return Surface("exponential", arguments, None, _span(function, items[-1]))
        span = _span(function, items[-1])
        if (slope := logistic_slope(str(function), arguments, span)) is not None:
            return slope
        name = reading.get().functions(canonical_name(function)) or canonical_name(function)
        axis = next((item for item in rest if isinstance(item, Token) and item.type == "AXIS"), None)
        if axis is not None:
            return along_axis(name, arguments, span, axis, reading.get().text)
        if name == "funm":
            return matrix_function(arguments, span, reading.get())
        if name == "kron" and len(arguments) > 2:
            return reduce(lambda left, right: Surface("kron", (left, right), None, span), arguments)
        if name == "norm" and len(arguments) == 2 and is_norm_word(arguments[1], reading.get().declared):
            return norm_of(arguments[0], arguments[1].value, span, arguments[1].span, _read_weight)
        return Surface("call", arguments, name, span)

    def norm(self, items: Items) -> Surface:
        subscript = items[3].lstrip("_") if len(items) > 3 else ""
        return norm_of(items[1], subscript, _span(items[0], items[-1]), span_of(items[-1]), _read_weight)

    def bars(self, items: Items) -> Surface:
        return Surface("bars", (items[1],), None, _span(items[0], items[-1]))

    def inner(self, items: Items) -> Surface:
        sign = ":" if items[2] == ":" else None
        return Surface("inner", (items[1], items[3]), sign, _span(items[0], items[-1]))

    def block(self, items: Items) -> Surface:
        rows = [item for item in items if isinstance(item, tuple)]
        width = len(rows[0])
        for i, row in enumerate(rows):
            if len(row) != width:
                entries = "entry" if len(row) == 1 else "entries"
                message = f"row {i + 1} of the matrix has {len(row)} {entries}, the first has {width}"
                raise _fault(message, row[0], row[-1], _filled(row, width) if len(row) < width else None)
        if len(rows) == 1 and width == 1:
            _check_spaces(rows, _span(items[0], items[-1]))
            return self.group([items[0], rows[0][0], items[-1]])
        _check_spaces(rows, _span(items[0], items[-1]))
        flat = tuple(entry for row in rows for entry in row)
        return Surface("block", flat, (len(rows), width), _span(items[0], items[-1]))

    def block_row(self, items: Items) -> tuple[Surface, ...]:
        return tuple(items[::2])


def _product(left: Surface, operator: str, right: Surface) -> Surface:
    return Surface(_OPERATORS[operator], (left, right), _SIGNS.get(operator), _span(left, right))


def _power(kind: str, base: Surface, exponent: Surface, span: Span) -> Surface:
    """A power; one that was typed before the bracket of a function of numbers, sin^2(x), is that of each value."""
    check_power(base, exponent, span, reading.get())
    before = base.kind == "call" and exponent.span[1] < base.span[1] and is_entrywise(base.value, len(base.children))
    return Surface(kind, (base, exponent), OF_VALUES if before and kind == "power" else None, span)


def _factorial(base: Surface, mark: Token, span: Span) -> Surface:
    """n!, which is Γ(n + 1) of any number"""
    if base.kind == "call" and base.value == "factorial" and reading.get().text[base.span[1] - 1] == "!":
        message = "n!! may be a double factorial or the factorial of one"
        raise SyntaxFault(message, code="factorial", text=reading.get().text, span=span_of(mark), hint="write (n!)!")
    return Surface("call", (base,), "factorial", span)


def _is_euler(base: Surface, exponent: Surface) -> bool:
    """Whether e^x is the exponential: e stands nowhere else, and its exponent is no number, as in e^2."""
    if base.kind != "name" or base.value != "e" or "e" in reading.get().declared:
        return False
    if exponent.kind == "number" and exponent.value.denominator == 1:
        return False
    if re.search(r"(?<![\w\\])e(?!\w|\s*(?:\^|\*\*))", reading.get().text) is None:
        return True
    raise SyntaxFault(
        "e is read as a name here, not as the number e",
        code="euler",
        text=reading.get().text,
        span=base.span,
        hint=_exponential(base, exponent),
    )


def _exponential_of(base: Surface, exponent: Surface) -> Surface:
    text, span = reading.get().text, _span(base, exponent)
    if not any(note.code == "euler" for note in reading.get().notes):
        message = f"{' '.join(text[slice(*span)].split())} is read as the exponential function"
        reading.get().notes.append(Note(message, "declare e: scalar for a power of a variable e", "euler", text, span))
    return Surface("exponential", (exponent,), None, span)


def _exponential(base: Surface, exponent: Surface) -> Hint | None:
    text = reading.get().text
    source = unbracketed(" ".join(text[slice(*exponent.span)].split()))
    place = base.span[0], exponent.span[1]
    offers = offer("write {}", place, f"exp({source})", (f"expm({source})", "of a matrix"))
    return either(offers, declare(text, "e: scalar"))


def _check_index(left: Surface, right: Surface) -> None:
    """x.^2[2] was meant as an entry of the power; a space before the bracket makes it a factor."""
    while left.kind == "negate":
        left = left.children[0]
    text = reading.get().text
    gap = text[left.span[1] : right.span[0]]
    if left.kind not in ("power", "hadamard_power") or gap.strip("}") or text[right.span[0]] != "[":
        return
    row = right.children if right.kind == "block" and right.value[0] == 1 else (right,)
    if _exponent_is_number(left) and all(_may_be_index(entry) for entry in row):
        raise _index_of_number((left.span[0], right.span[0]), right.span[1])


def _exponent_is_number(power: Surface) -> bool:
    """Whether the text of a power ends with a number that was typed on the line or in braces."""
    base, exponent = power.children
    while exponent.kind in ("power", "hadamard_power"):
        exponent = exponent.children[1]
    return exponent.kind == "number" and exponent.span[1] > base.span[1]


def _may_be_index(node: Surface) -> bool:
    """A number, a name, or a sum of such"""
    if node.kind in ("add", "negate"):
        return all(_may_be_index(term) for term in node.children)
    return node.kind in ("number", "name")


def _index_of_number(power: tuple[int, int], end: int) -> SyntaxFault:
    text = reading.get().text
    source, index = text[slice(*power)], text[power[1] : end]
    return SyntaxFault(
        f"the index {index} stands behind a number, the exponent",
        code="index-of-number",
        text=text,
        span=(power[1], end),
        hint=write(
            (power[0], end),
            (f"({source}){index}", "for entries of the power"),
            (f"{source} * {index}", "for a product"),
        ),
    )


def _number_transposed(number: Surface, mark: Token) -> SyntaxFault:
    """0^T x was meant with a vector of zeros; rows of ones were found before."""
    text = reading.get().text
    place = number.span[0], max(number.span[1], span_of(mark)[1])
    zeros = r"\mathbf{0}^\top" if reading.get().latex else "zeros(n)^T"
    is_zero = number.value == 0
    hint = offer(
        "a row of zeros is {}" if is_zero else "write {}", place, zeros if is_zero else text[slice(*number.span)]
    )
    return SyntaxFault("a number has no transpose", code="number-transposed", text=text, span=place, hint=hint)


def _check_spaces(rows: list[tuple[Surface, ...]], span: tuple[int, int]) -> None:
    """[A B; C D] has products for entries, but who comes from MATLAB means [A, B; C, D]; in LaTeX & divides entries."""
    text = reading.get().text
    if "\\" in text[slice(*span)] or not all(len(row) == 1 and _is_run_of_names(row[0]) for row in rows):
        return
    source = [" ".join(text[slice(*row[0].span)].split()) for row in rows]
    commas, products = ("; ".join(sign.join(s.split(" ")) for s in source) for sign in (", ", " * "))
    raise SyntaxFault(
        "spaces do not separate the entries of a matrix: they multiply",
        code="matrix-spaces",
        text=text,
        span=span,
        hint=write(span, (f"[{commas}]", "for entries"), (f"[{products}]", "for products")),
    )


def _is_run_of_names(node: Surface) -> bool:
    """A B, names side by side without a sign"""
    text = reading.get().text
    names: list[Surface] = []
    while node.kind == "multiply":
        node, last = node.children
        names.append(last)
    names.append(node)
    names.reverse()
    gaps = [text[a.span[1] : b.span[0]] for a, b in pairwise(names)]
    return len(names) > 1 and all(n.kind == "name" for n in names) and all(g and g.isspace() for g in gaps)


def _read_weight(place: tuple[int, int]) -> Surface:
    """The subscript of a norm as an expression."""
    from matcalc.language.surface.grammar import read

    context = reading.get()
    start = place[0] + len(context.text[slice(*place)]) - len(context.text[slice(*place)].lstrip("_ "))
    part = " " * start + context.text[start : place[1]]
    if part.rstrip().endswith("}") and part.lstrip().startswith("{"):
        part = part.rstrip()[:-1].replace("{", " ", 1)
    return read(context.text, part, "latex" if context.latex else "matcalc", context)


def _span(first: Any, last: Any) -> tuple[int, int]:
    start = first.span[0] if isinstance(first, Surface) else span_of(first)[0]
    end = last.span[1] if isinstance(last, Surface) else span_of(last)[1]
    return start, end


def _fault(message: str, first: Any, last: Any, hint: Hint | None = None) -> SyntaxFault:
    return SyntaxFault(message, code="syntax", text=reading.get().text, span=_span(first, last), hint=hint)


def _filled(row: tuple[Surface, ...], width: int) -> Hint:
    """A row of a matrix with zeros for what is missing."""
    start, end = row[0].span[0], row[-1].span[1]
    source = reading.get().text[start:end]
    filled = ", ".join([source, *["0"] * (width - len(row))])
    return offer("filled with zeros it is {}", (start, end), filled)


def _number(token: Token) -> Fraction:
    if not token.isascii():
        return Fraction(unicodedata.numeric(token)).limit_denominator(10)
    try:
        return Fraction(token.rstrip(".") if token.endswith(".") else str(token))
    except ValueError as error:
        # Python refuses to read more digits than sys.set_int_max_str_digits allows.
        raise limits.exceeded("digits", str(error), reading.get().text, span_of(token)) from error


def _superscript(mark: Token) -> Surface:
    text = mark.translate(_DIGITS)
    if text.endswith("n"):
        name = Surface("name", (), "n", span_of(mark))
        return Surface("negate", (name,), None, span_of(mark)) if text.startswith("-") else name
    return Surface("number", (), Fraction(int(text)), span_of(mark))
