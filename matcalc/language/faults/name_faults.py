"""What is said of names that cannot stand as they do: glued products, functions without brackets, numbers of arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from matcalc.errors import Fix, Hint, MatcalcError, Offers, ShapeError, Span, SyntaxFault, UnknownNameError
from matcalc.functions import Function, find
from matcalc.language.mends.hints import did_you_mean, either, replaced, unbracketed, write
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import GREEK, is_greek
from matcalc.language.words.written_out import written_out
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = [
    "bad_literal",
    "glued_names",
    "glued_parts",
    "lost_transpose",
    "one_name",
    "two_counts",
    "two_uses",
    "without_brackets",
    "wrong_count",
]

#: The usual names of the arguments that a function is given, where the table of functions has others.
_EXAMPLE = "x"
#: Longer names are not taken apart.
LONGEST_GLUED = 40
#: What is left of x^T A x, w^T x and X^T X where the superscript was lost on the way, as in text copied from a page.
_TRANSPOSED = pattern(rf"([A-Za-ce-z])T([A-Za-z]{{0,3}}?)({'|'.join(GREEK.values())})?")


def glued_parts(name: str, known: Set[str]) -> list[str]:
    """The factors of Ax, Ax_t, HP_k and sI, of names that stand elsewhere, too; none of what is one name."""
    if is_greek(name):
        return []
    if re.fullmatch(r"(?:[A-Za-z]\d+){2,}", name):
        return re.findall(r"[A-Za-z]\d+", name)
    if factors := lost_transpose(name) or _letter_and_greek(name, known):
        return factors
    parts = _known_parts(name, known) if len(name) <= LONGEST_GLUED else []
    if len(parts) > 1 and (len(parts) <= 4 or any(len(part) > 1 for part in parts)):
        return parts
    if name.isalpha() and name.isupper() and 2 <= len(name) <= 4 and any(letter in known for letter in name):
        return list(name)
    glued = re.fullmatch(r"([A-Z])([a-z](?:_\W?\w.*)?)|([a-z])(I)", name)
    return [part for part in glued.groups() if part] if glued else []


def lost_transpose(name: str) -> list[str]:
    """x^T, A and x of xTAx; none of capitals that do not end as they begin, which may be one name (RTS)."""
    found = _TRANSPOSED.fullmatch(name)
    if found is None or len(name) == 2 or (name.isupper() and name[-1] != name[0]):
        return []
    first, letters, greek = found.groups()
    return [f"{first}^T", *letters, *filter(None, [greek])]


def _letter_and_greek(name: str, known: Set[str]) -> list[str]:
    """X and beta of Xbeta beside beta, and lambda and I of lambdaI; none of dbeta, an increment."""
    if is_greek(name[1:]) and name[1:] in known and name[0].isalpha() and name[0] != "d":
        return [name[0], name[1:]]
    if is_greek(name[:-1]) and name[:-1] in known and name[-1].isalpha():
        return [name[:-1], name[-1]]
    return []


def _known_parts(name: str, known: Set[str]) -> list[str]:
    """The name as a run of others, the longest first, the last of which may have a subscript; [] where it is none."""
    behind: dict[int, list[str]] = {len(name): []}
    for start in range(len(name) - 1, -1, -1):
        for end in range(len(name), start, -1):
            part = name[start:end]
            if end in behind and part in known and part != name and (end == len(name) or "_" not in part):
                behind[start] = [part, *behind[end]]
                break
    return behind.get(0, [])


def glued_names(name: str, parts: Sequence[str], spans: Sequence[Span], text: str, beside: bool) -> UnknownNameError:
    """Ax is a product without its space, above all beside A and x; ``spans`` are all its places."""
    products = [" ".join(parts)]
    if name.islower() and len(name) == 2 and name.isalpha():
        products += [f"{parts[0]}^T {parts[1]}", f"{parts[0]} .* {parts[1]}"]
    offers = Offers("write {} for the product", tuple((p, Fix(tuple((s, p) for s in spans))) for p in products))
    others = f", beside {' and '.join(dict.fromkeys(parts))}" if beside else ""
    return UnknownNameError(
        f"{name} is one name here{others}",
        code="glued-names",
        text=text,
        span=spans[0],
        hint=Hint(offers, f"declare {name}", joint=", or "),
    )


def one_name(name: str, spans: Sequence[Span], text: str) -> Iterator[Note]:
    """A note on ABC, which is a product elsewhere."""
    if re.fullmatch("[A-Z]{2,4}", name):
        hint = f"write {' '.join(name)} for a product, or declare {name}"
        yield Note(f"{name} is read as one name", hint, "glued-names", text, spans[0])


def without_brackets(name: str, span: Span, text: str) -> UnknownNameError:
    """log det X is logdet(X), exp tr X is exp(tr(X)), A kron B is kron(A, B)."""
    hint = _kron(span, text) if name == "kron" else _with_brackets(name, span, text)
    return UnknownNameError(f"{name} is a function", text=text, span=span, hint=hint)


def _kron(span: Span, text: str) -> Hint:
    left = re.search(r"([^\W\d]\w*)\s*$", text[: span[0]])
    right = re.match(r"\s*([^\W\d]\w*)", text[span[1] :])
    start = left.start() if left else span[0]
    end = span[1] + (right.end() if right else 0)
    first, second = left.group(1) if left else "A", right.group(1) if right else "B"
    if left is None and right is not None:
        first, second = second, "B" if second != "B" else "C"
    return write((start, end), f"kron({first}, {second})", f"{first} ⊗ {second}")


def _with_brackets(name: str, span: Span, text: str) -> Hint:
    functions, argument, end = _run_of_functions(name, span, text)
    if functions[-2:] == ["log", "det"]:
        functions[-2:] = ["logdet"]
    around = "(".join(functions) + "({})".replace("{}", argument or "…") + ")" * (len(functions) - 1)
    if argument is not None:
        return write((span[0], end), around)
    shown = around if text[end : end + 1] != "|" else around.replace("…", "|…|")
    return Hint(Offers("write {}", ((shown, replaced((span[0], end), around.replace("…", _EXAMPLE))),)))


def _run_of_functions(name: str, span: Span, text: str) -> tuple[list[str], str | None, int]:
    """The functions side by side, the name behind them if there is one, and where that ends."""
    functions, end = [name], span[1]
    while found := re.compile(r"\s*([^\W\d_]\w*)").match(text, end):
        word = found.group(1)
        if word == "where":
            break
        end = found.end()
        if find(word) is None:
            return functions, word, end
        functions.append(word)
    bars = re.compile(r"\s*(\|[^|]*\|)").match(text, end)
    determinant = re.fullmatch(r"\|\s*det\b\s*(.*?)\s*\|", bars.group(1)) if bars else None
    if bars and determinant and functions[-1] == "log":
        return [*functions[:-1], "logdet"], unbracketed(determinant.group(1)), bars.end()
    return (functions, bars.group(1), bars.end()) if bars else (functions, None, end)


def wrong_count(function: Function, counts: Sequence[int], node: Surface, text: str) -> MatcalcError:
    """A function with too many arguments, or too few."""
    given = [" ".join(text[slice(*child.span)].split()) for child in node.children]
    parameters = function.parameters
    usages = [
        f"{function.name}({', '.join([*given[:count], *parameters[len(given) : count]])})"
        for count in counts
        if count <= max(len(parameters), len(given))
    ]
    takes = " or ".join(map(str, counts)) + (" argument" if list(counts) == [1] else " arguments")
    return SyntaxFault(
        f"{function.name} takes {takes}, not {len(given)}",
        code="argument-count",
        text=text,
        span=node.span,
        hint=_in_other_words(function, node, text) or (write(node.span, *dict.fromkeys(usages)) if usages else None),
    )


def _in_other_words(function: Function, node: Surface, text: str) -> Hint | None:
    """log(x, 2) is log(x) / log(2)."""
    name = re.compile(r"\\?(?:operatorname\{)?\w+\}?").match(text, node.span[0])
    return None if name is None else written_out(function.name, (node.span[0], name.end()), text)


def bad_literal(function: Function, place: int, allowed: Iterable[int], span: Span, text: str) -> ShapeError:
    """sum(X, 3), where only 1 and 2 mean something."""
    options = [str(value) for value in sorted(allowed)]
    return ShapeError(
        f"argument {place} of {function.name} is {' or '.join(options)}",
        code="bad-argument",
        text=text,
        span=span,
        hint=either(function.summary, did_you_mean(span, *options), joint="; "),
    )


def glued_transpose(token: str, span: Span, base: str, text: str) -> SyntaxFault:
    """X^Tx is the power with exponent Tx, which nobody means."""
    rest = token[1:]
    spaced = " ".join(rest) if rest.isalpha() and len(rest) <= 4 and not is_greek(rest) else rest
    fixed = f"T {spaced}" if rest[0].isalpha() else "T"
    sentence = "write {}" if rest[0].isalpha() else "the transpose is {}"
    return SyntaxFault(
        f"{token} is read as one name, not as a transpose",
        code="glued-transpose",
        text=text,
        span=span,
        hint=Hint(Offers(sentence, ((f"{base}^{fixed}", Fix(((span, fixed),))),))),
    )


def two_uses(name: str, span: Span, text: str) -> UnknownNameError:
    """A name that is a function in one place and a value in another."""
    return UnknownNameError(
        f"{name} stands here for a function and for a value",
        code="function-or-factor",
        text=text,
        span=span,
        hint=f"declare {name}, and write {name} * (…) for a product",
    )


def two_counts(name: str, first: int, second: int, span: Span, text: str) -> ShapeError:
    """A function that takes other numbers of arguments in other places."""
    message = f"{name} takes {first} argument{'s' * (first > 1)} in one place and {second} in another"
    return ShapeError(message, code="argument-count", text=text, span=span, hint="give the two functions two names")
