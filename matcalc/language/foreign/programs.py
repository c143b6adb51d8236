"""Several statements of code: functions, assignments, then an expression or what a function returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, joined, plain
from matcalc.language.foreign.common.functions import with_entry
from matcalc.language.foreign.common.pratt import Bracketed, Grammar, Lambda, parse
from matcalc.language.foreign.common.shared import Count, is_vector_name, keywords, names_defined, positional
from matcalc.language.foreign.guarding import guarded
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Style", "function_of", "program", "split"]

#: Deeper calls of functions in functions, and longer texts of them, are refused.
DEEPEST, LONGEST = 12, 20_000


@dataclass(frozen=True)
class Style:
    """How programs of a language are written.

    Attributes:
        grammar: its expressions.
        assigned: the head of an assignment, with the group name; sign is that of J += b, macro makes all of it of entries.
        functions: heads of functions, with the groups name and arguments.
        inside: what is left of the body of a function, at its place.
        of_entries: the grammar of what a function does to every entry.
        sizes: the head of an assignment of rows and columns, whose names and array are its groups.
        sized: what this array has along an axis.
        shares: y = x is another name of the same array.
    """

    grammar: Grammar
    assigned: re.Pattern[str]
    functions: tuple[re.Pattern[str], ...] = ()
    inside: Callable[[str], str] = field(default=lambda text: text)
    of_entries: Grammar | None = None
    sizes: re.Pattern[str] | None = None
    sized: Callable[[Code, int, Span], Code] | None = None
    shares: bool = False


@dataclass(frozen=True)
class _Function:
    """A function of the program."""

    arguments: tuple[str, ...]
    body: Span


#: Statements that show, draw or load something.
_SILENT = pattern(
    r"\s*(?:@show|@assert|(?:disp|f?printf|print(?:ln)?|cat|plot|figure|hold|clear|clc|close|library|require|set\.seed|using|import|format"
    r"|rng|warning|stopifnot|Clear(?:All)?|Print|message|rm)\b|return\s*\Z"
    r"|\w+\s*=\s*Array\[\s*\w+\s*,\s*(?:\{[\w\s,]*\}|\w+)\s*\]\s*\Z)"
)
_LOOPS = pattern(r"\s*(?:for|while|if|switch|try|repeat|do)\b|\s*(?:For|While|Do|Which)\[")


def program(text: str, statements: Sequence[Span], style: Style, *, output: str | None = None) -> Code:
    """The value of the last statement, or of what is returned by its name; what it needs of those before it are definitions."""
    return _Program(text, style).whole(statements, output)


class _Program:
    def __init__(self, text: str, style: Style) -> None:
        self.text, self.style = text, style
        self.functions: dict[str, _Function] = {}
        self.names: dict[str, Code] = {}
        self.definitions: list[Code] = []
        self.assigned: set[str] = set()
        self.copied: dict[str, Code] = {}
        self.shared: set[str] = set()
        self.depth = 0

    def whole(self, statements: Sequence[Span], output: str | None) -> Code:
        told = self.told(statements)
        if output is not None:
            told = self.up_to(told, output)
        *before, last = told
        head = self.head(last)
        if head is None:
            code = self.defined(before, last)
        else:
            function = _function(head, self.trimmed(last))
            body = self.body(function)
            code = self.defined(body[:-1], body[-1], before, function.arguments)
            arguments = ", ".join(self.style.grammar.name(n, last).text for n in function.arguments)
            return function_of(head["name"] or "f", arguments, self.with_definitions(code), last)
        return self.with_definitions(code)

    def body(self, function: _Function) -> list[Span]:
        """The statements of a function."""
        start, end = function.body
        self.text = self.text[:start] + self.style.inside(self.text[start:end]) + self.text[end:]
        return self.told(split(self.text, function.body, ";\n"))

    def trimmed(self, span: Span) -> Span:
        return span[0], span[0] + len(self.text[slice(*span)].rstrip())

    def told(self, statements: Sequence[Span]) -> list[Span]:
        """Without those that are empty or only show something."""
        found = [s for s in statements if self.text[slice(*s)].strip() and _SILENT.match(self.text, *s) is None]
        return found or [(0, len(self.text))]

    def up_to(self, statements: Sequence[Span], output: str) -> list[Span]:
        """The statements up to the last one that assigns what is returned."""
        heads = [self.style.assigned.match(self.text, *s) for s in statements]
        last = max((i for i, head in enumerate(heads) if head and head["name"] == output), default=None)
        if last is None:
            raise Fault(f"{output} is returned, but no value is assigned to it", statements[-1])
        return list(statements[: last + 1])

    def head(self, span: Span) -> re.Match[str] | None:
        return next((head for p in self.style.functions if (head := p.match(self.text, *span)) is not None), None)

    def defined(
        self, before: Sequence[Span], last: Span, outside: Sequence[Span] = (), arguments: Sequence[str] = ()
    ) -> Code:
        """The last statement's value, after what it needs has been defined; outside of a function its arguments are other names."""
        head = self.style.assigned.match(self.text, *last)
        own = {head["name"]} if head and _sign_of(head) else set()
        inside, names = self.needed(before, own | _words(self.text[head.end() if head else last[0] : last[1]]))
        around, _ = self.needed(outside, names - set(arguments))
        clash = next((s for s in around if self.named_by(s) in arguments), None)
        if clash is not None:
            raise Fault(f"{self.named_by(clash)} is assigned here, and an argument below", clash)
        self.run(outside, around)
        self.assigned.difference_update(arguments)
        self.run(before, inside)
        return self.read(last, self.names)

    def run(self, statements: Sequence[Span], needed: Sequence[Span]) -> None:
        """Define what is needed; what any of them assigns must not be read as a name without a value."""
        for span in statements:
            if span in needed:
                self.define(span)
            self.assigned.add(self.named_by(span))

    def named_by(self, span: Span) -> str:
        """The name that a statement defines."""
        head = self.head(span) or self.style.assigned.match(self.text, *span) or _PART.match(self.text, *span)
        return str(head["name"]) if head else ""

    def needed(self, before: Sequence[Span], names: set[str]) -> tuple[list[Span], set[str]]:
        """The statements whose names occur in those that follow and are needed, and all names of these."""
        found = list[Span]()
        for span in reversed(before):
            source = self.text[slice(*span)]
            if _LOOPS.match(source):
                raise Fault("loops and branches are not read", span, "write the sum or the product that it computes")
            sizes = self.style.sizes.match(self.text, *span) if self.style.sizes else None
            name = self.named_by(span)
            if sizes is not None or name in names:
                names = names | _words(source)
                found.insert(0, span)
            elif not name:
                self.refuse(span, names)
        return found, names

    def refuse(self, span: Span, names: set[str]) -> None:
        """An assignment to a part of what is not needed says nothing."""
        part = re.match(r"\s*([\w.]+)\s*[\[({$][^=]*(?:<-|=(?!=))", self.text[slice(*span)])
        if part is None:
            raise Fault("only assignments stand before an expression here", span)
        if part.group(1) in names:
            raise Fault(f"a part of {part.group(1)} is assigned here", span, "write the whole array")

    def define(self, span: Span) -> None:
        head = self.head(span)
        if head is not None:
            self.functions[head["name"]] = _function(head, self.trimmed(span))
            return
        sizes = self.style.sizes.match(self.text, *span) if self.style.sizes else None
        if sizes is not None and self.style.sized is not None:
            for axis in (1, 2):
                array = self.value(sizes.span(3), self.names)
                self.names[sizes.group(axis)] = self.style.sized(array, axis, span)
            return
        part = _PART.match(self.text, *span)
        name = self.named_by(span)
        value = self.read(span, self.names) if part is None else self.with_part(part, span)
        if isinstance(value.value, Count):
            self.names[name] = value
            return
        written = self.style.grammar.name(name, span).text
        is_new = written not in self.names and re.search(rf"\b{re.escape(written)}\b", value.text) is None
        new = written if is_new else f"{written}_{len(self.names) + 2}"
        self.definitions.append(joined([f"{new} = ", value], span))
        known = replace(plain(new, span, number=value.number), axes=value.kind)
        self.names[name] = self.names[new] = known
        self.copied[new] = self.copied.get(value.text, value)
        if self.style.shares and part is None and (other := _NAMED.fullmatch(self.text, *span)):
            self.shared |= {name, other.group(1)}

    def with_part(self, part: re.Match[str], span: Span) -> Code:
        """x(1) = 0: all of x but for this entry"""
        array = self.value(part.span("name"), self.names)
        value = self.value((part.end(), span[1]), self.names)
        of = self.copied.get(array.text, array)
        if part["name"] in self.shared:
            raise Fault(f"another name stands for the same array as {part['name']}", span, "write copy(…) there")
        if not (is_vector_name(of) or of.kind == "c") or not (value.number or value.kind == ""):
            raise Fault(f"a part of {part['name']} is assigned here", span, "write the whole array")
        place = part["place"] or part["entry"]
        return with_entry(array, None if place == "end" else int(place), value, span)

    def read(self, span: Span, names: Mapping[str, Code], grammar: Grammar | None = None) -> Code:
        """What a statement assigns, or its value; J += b adds to what J has been."""
        head = self.style.assigned.match(self.text, *span)
        if head is None:
            return self.value(span, names, grammar)
        grammar = self.style.of_entries if head.groupdict().get("macro") else grammar
        value = self.value((head.end(), span[1]), names, grammar)
        if not (sign := _sign_of(head)):
            return value
        before = names.get(head["name"])
        if before is None:
            hint = "write its first value before it, or what is added alone"
            raise Fault(f"{head['name']} has no value before this", head.span("name"), hint)
        return self.style.grammar.infix[sign][2](before, value)

    def with_definitions(self, code: Code) -> Code:
        if not self.definitions:
            return code
        pieces: list[str | Code] = [code, " where "]
        for i, definition in enumerate(self.definitions):
            pieces += ["; " if i else "", definition]
        return joined(pieces, (0, len(self.text)))

    def value(self, span: Span, names: Mapping[str, Code], grammar: Grammar | None = None) -> Code:
        """A part of the text at its own place."""
        grammar = grammar or self.style.grammar
        usual = grammar.name

        def name_of(name: str, place: Span) -> Code:
            known = names.get(name)
            if known is None and name in self.assigned - self.functions.keys():
                raise Fault(f"what is assigned to {name} is not read here", place, "write what it stands for")
            if known is None:
                return usual(name, place)
            is_name = re.fullmatch(r"\w+", known.text) is not None
            parts = ((known.text, place),)
            kept = known.value if isinstance(known.value, Count) else None
            return replace(known, parts=parts, value=known.text if is_name else kept)

        def own(grammar: Grammar) -> Grammar:
            called = {sign: self.calling(sign, build) for sign, build in grammar.called.items()}
            inner = grammar.of_entries and (grammar.of_entries[0], own(grammar.of_entries[1]))
            return replace(grammar, name=name_of, called=called, of_entries=inner)

        with names_defined(names):
            return parse(" " * span[0] + self.text[slice(*span)], own(grammar))

    def calling(self, sign: str, build: Bracketed) -> Bracketed:
        """A call of a function of the program is its body with the arguments in their places."""

        def made(base: Code, arguments: Sequence[Code], span: Span) -> Code:
            name = base.value if isinstance(base.value, str) else ""
            if name in self.functions and sign != "[[":
                return self.filled(name, arguments, span, entrywise=sign == ".(")
            if name in DERIVATIVES and len(arguments) == 2:
                return self.derivative(name, arguments, span)
            if name in OPTIMISERS:
                return self.optimum(arguments, span)
            return guarded(build, base, arguments, span)

        return made

    def filled(self, name: str, arguments: Sequence[Code], span: Span, *, entrywise: bool = False) -> Code:
        function = self.functions[name]
        self.depth += 1
        if self.depth > DEEPEST or sum(len(a.text) for a in arguments) > LONGEST:
            raise Fault(f"{name} is nested too deeply", span)
        if len(arguments) != len(function.arguments):
            raise Fault(f"{name} takes {len(function.arguments)} arguments, not {len(arguments)}", span)
        names = {**self.names, **_by_name(function, arguments, span)}
        grammar = self.style.of_entries if entrywise else None
        *before, last = self.body(function)
        for statement in before:
            head = self.style.assigned.match(self.text, *statement)
            if head is None:
                raise Fault("only assignments stand before an expression here", statement)
            names[head["name"]] = self.read(statement, names, grammar).within(ATOM)
        made = self.read(last, names, grammar)
        self.depth -= 1
        return replace(made.within(ATOM), parts=tuple((part, span) for part, _ in made.within(ATOM).parts))

    def derivative(self, name: str, arguments: Sequence[Code], span: Span) -> Code:
        """gradient(f, x)"""
        function, variable = arguments
        body = self.applied(function, [variable], span)
        order = f"{{{variable.text}, 2}}" if DERIVATIVES[name] == 2 else variable.text
        return joined(["D[", body, f", {order}]"], span)

    def optimum(self, arguments: Sequence[Code], span: Span) -> Code:
        """optim(par, fn): what is minimised."""
        for argument in arguments:
            inner = argument.value[1] if isinstance(argument.value, tuple) else argument
            if isinstance(inner.value, Lambda):
                return function_of("f", ", ".join(inner.value.arguments), inner.value.body, span)
            if isinstance(inner.value, str) and inner.value in self.functions:
                names = self.functions[inner.value].arguments
                codes = [self.style.grammar.name(n, span) for n in names]
                return function_of("f", ", ".join(c.text for c in codes), self.filled(inner.value, codes, span), span)
        raise Fault("the function to be minimised is not known here", span, "type the objective alone")

    def applied(self, function: Code, arguments: Sequence[Code], span: Span) -> Code:
        if isinstance(function.value, Lambda) and list(function.value.arguments) == [a.text for a in arguments]:
            return function.value.body
        if isinstance(function.value, str) and function.value in self.functions:
            return self.filled(function.value, arguments, span)
        raise Fault("this is differentiated by another name than it is a function of", span)


#: Functions that differentiate another one, and how often.
DERIVATIVES = {"gradient": 1, "grad": 1, "jacobian": 1, "derivative": 1, "hessian": 2}
#: Functions that minimise another one.
OPTIMISERS = frozenset("optim optimize optimise nlm nlminb fminsearch fminunc fminbnd".split())


def _function(head: re.Match[str], span: Span) -> _Function:
    names = [re.split(r"[=\s:]", part.strip())[0] for part in re.split("[,;]", head["arguments"])]
    if head.string[head.end("name") : head.end("name") + 1] == "[":
        names = [n.partition("_")[0] for n in names]
    return _Function(tuple(n for n in names if n), (head.end(), span[1]))


def _by_name(function: _Function, arguments: Sequence[Code], span: Span) -> dict[str, Code]:
    """The arguments of a call by their names, those that are named in the call first."""
    found = {n: a.within(ATOM) for n, a in keywords(arguments).items()}
    free = [n for n in function.arguments if n not in found]
    placed = positional(arguments)
    if len(placed) != len(free):
        raise Fault("an argument is named here that the function has not", span)
    return found | {n: a.within(ATOM) for n, a in zip(free, placed, strict=True)}


#: x(1) = 0, x[1] <- 0
_PART = pattern(
    r"\s*(?P<name>[^\W\d][\w.]*)[ \t]*(?:\[\s*(?P<place>\d+|end)\s*\]|\(\s*(?P<entry>\d+|end)\s*\))\s*(?:<-|=(?!=))"
)


#: y = x
_NAMED = pattern(r"\s*\w+\s*=\s*(\w+)\s*")


def _sign_of(head: re.Match[str]) -> str:
    """The sign of J += b"""
    return head.groupdict().get("sign") or ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d][\w.]*", text)) | set(re.findall(r"[^\W\d]\w*", text))


_OPEN = pattern(r"[-+*/,=<^&|~\\(\[{]\s*\Z|%\*%\s*\Z|->\s*\Z")


def split(text: str, span: Span, ends: str, block: re.Pattern[str] | None = None) -> list[Span]:
    """The statements of a part of the text: between these signs, outside of brackets and blocks; a line that ends open goes on."""
    found: list[Span] = []
    depth, start, i = 0, span[0], span[0]
    while i < span[1]:
        whole = block.match(text, i, span[1]) if block is not None and start == i else None
        if whole is not None:
            found.append(whole.span())
            start = i = whole.end()
            continue
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth <= 0 and text[i] in ends and not (text[i] == "\n" and _OPEN.search(text[max(start, i - 8) : i])):
            found.append((start, i))
            start = i + 1
        i += 1
    return [*found, (start, span[1])]


def function_of(name: str, arguments: str, body: Code, span: Span) -> Code:
    """f(arguments) = body, by a name that does not occur in it."""
    name = name if len(name) == 1 else "f"
    while re.search(rf"\b{re.escape(name)}\b", body.text) or re.search(rf"\b{re.escape(name)}\b", arguments):
        name += "_1"
    return joined([f"{name}({arguments}) = ", body], span) if arguments.strip() else body
