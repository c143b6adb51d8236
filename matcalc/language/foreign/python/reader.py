"""NumPy, PyTorch, JAX and their like: Python's own parser reads the code, a table says each function here.

``*``, ``/`` and ``**`` are those of the entries; ``axis`` counts from 0; ``x[0]`` is the first entry; an array of one axis
is neither a row nor a column.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword

from matcalc.errors import Span
from matcalc.language.foreign.choices import Choice
from matcalc.language.foreign.code import Code, Fault, call, joined, negated, plain, raised
from matcalc.language.foreign.common.functions import RowProduct, TurnedVector, count, transposed
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.common.spreading import called, operated, product
from matcalc.language.foreign.python.python_cvxpy import Trait, with_problem
from matcalc.language.foreign.python.python_objects import without_objects
from matcalc.language.foreign.python.python_pi import with_pi
from matcalc.language.foreign.python.python_programs import LOSS_CLASSES, Program
from matcalc.language.foreign.python.python_spellings import ATTRIBUTES, respelled
from matcalc.language.foreign.python.sympy_code import (
    declared_symbols,
    is_number,
    operated_on_matrices,
    with_generators,
)
from matcalc.language.foreign.python.sympy_signs import is_symbolic
from matcalc.language.foreign.python_axes.python_beside import Beside
from matcalc.language.foreign.python_axes.python_evidence import defined_in, word_of
from matcalc.language.foreign.python_axes.python_names import MODULES, axes_of_names, is_integer, shown_axes
from matcalc.language.foreign.python_axes.python_ranks import chosen
from matcalc.language.foreign.python_functions.looped.python_masks import MADE, with_masks
from matcalc.language.foreign.python_functions.looped.python_sums import with_arrays
from matcalc.language.foreign.python_functions.python_indices import subscript
from matcalc.language.foreign.python_functions.python_several import one_by_one
from matcalc.language.foreign.python_functions.python_table import FUNCTIONS, Call, is_known
from matcalc.language.foreign.python_functions.python_unknown import in_place, instead_of

__all__ = ["read"]


def read(text: str, declared: Mapping[str, int]) -> tuple[Code, Mapping[str, int], Choice]:
    """An expression, an assignment, a lambda, a function that returns one, or assignments before any of them.

    Second what the code itself shows of the axes of names, third what was chosen where it shows too little.
    """
    reader = _Reader(text, declared)
    code, shown, choice = reader.module(), reader.shown, reader.choice
    if reader.counted or any(shown[name] == 2 and rank_of(name) != 2 for name in shown):
        found = {**{name: rank for name, rank in shown.items() if rank == 2}, **reader.counted}
        reader = _Reader(text, {**found, **declared})
        code, shown = reader.module(), {**choice.ranks, **reader.shown, **found}
    assumed = {name: len(axes.replace("m", "rc")) for name, axes in reader.axes.items()}
    return (
        code,
        shown,
        replace(
            choice,
            assumed={**assumed, **shown},
            columns=reader.choice.columns,
            rows=reader.choice.rows,
            spread=reader.choice.spread,
            unread=reader.choice.unread,
        ),
    )


_CONSTANTS = {"pi": "pi", "e": "exp(1)"}
#: What modules are imported as.
_MODULES_BY_NAME = {"cvxpy": "cp"}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
}  # fmt: skip


class _Reader(Beside):
    def __init__(self, text: str, declared: Mapping[str, int]) -> None:
        self.text = text
        self.declared = declared
        self.axes: dict[str, str] = {}
        self.shown: dict[str, int] = {}
        self.choice = Choice()
        self.numbers: Counter[str] = Counter()
        self.counted: dict[str, int] = {}
        self.imported: dict[str, str] = {}
        self.program = Program(self)
        self.is_symbolic = is_symbolic(text)
        self.source, self.starts = _evenly_indented(text)
        self.lines = self.source.splitlines() or [""]

    def span(self, node: ast.AST) -> Span:
        """Python counts bytes within a line."""

        def place(line: int, column: int) -> int:
            inside = self.lines[line - 1].encode()[:column].decode(errors="ignore")
            return max(self.starts[line - 1] + len(inside), 0)

        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end, last = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
        return place(line, column), place(end, last)

    def module(self) -> Code:
        try:
            tree = ast.parse(self.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = min((getattr(error, "offset", 1) or 1) - 1, len(self.source))
            place = max(self.starts[min((getattr(error, "lineno", 1) or 1) - 1, len(self.starts) - 1)] + column, 0)
            raise Fault("this is no Python expression", (place, place + 1), _hint_of(self.source)) from None
        tree, made, traits = with_problem(without_objects(with_masks(with_generators(tree))))
        tree = one_by_one(respelled(tree, symbolic=self.is_symbolic), self.text, self.span)
        self.imported = dict(_imports(tree))
        tree, terms = with_arrays(tree, {**shown_axes(tree), **self.declared}, self.span)
        self.shown = shown_axes(tree) | {n: r for n, r in terms.items() if n not in {*self.declared, *defined_in(tree)}}
        self.shown = {**self.shown, **{n: rank for n, rank in made.items() if n not in self.declared}}
        if self.is_symbolic:
            self.shown = dict(declared_symbols(tree))
        else:
            self.shown = with_pi(tree, self.shown) if "pi" not in self.declared else self.shown
            self.choice = chosen(tree, {**self.shown, **self.declared})
            self.shown.update(self.choice.ranks)
        self._made_with(traits)
        self.axes = {} if self.is_symbolic else axes_of_names(tree, {**self.shown, **self.declared})
        code = self.program.whole(tree.body)
        uses = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        self.counted = {n: 0 for n, times in self.numbers.items() if times >= uses[n] and n not in self.declared}
        if not self.program.definitions:
            return code
        pieces: list[str | Code] = [code, " where "]
        for i, definition in enumerate(self.program.definitions):
            pieces += ["; " if i else "", definition]
        return joined(pieces, (0, len(self.text)))

    # Expressions.

    def expression(self, node: ast.expr) -> Code:
        code = self.operand(node)
        return code.value.code if isinstance(code.value, RowProduct) else code

    def operand(self, node: ast.expr) -> Code:
        """What stands in a product of arrays: x.T @ A is a row before another factor."""
        span = self.span(node)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                source = str(value) if node.kind == MADE else self.text[slice(*span)].replace("_", "")
                return plain(source, span, literal=True, value=value)
            case ast.Constant():
                raise Fault("this value has no meaning here", span)
            case ast.Name(id=name):
                known = self.program.known.get(name)
                if known is not None:
                    return replace(known, parts=((known.text, span),))
                if self.program.is_lost(name):
                    raise Fault(f"what is assigned to {name} is not read here", span, "write what it stands for")
                bare = name.rstrip("_")
                return Code(((bare if iskeyword(bare) else name, span),), value=name, axes=self.axes.get(name))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negated(self.expression(operand), span)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.BinOp(left=left, op=ast.MatMult() as op, right=right):
                return self.binary(self.operand(left), op, self.operand(right), span)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(self.expression(left), op, self.expression(right), span)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _RELATIONS:
                return operated(self.expression(left), _RELATIONS[type(op)], self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=other):
                return called("where", [self.expression(part) for part in (test, body, other)], span)
            case ast.Attribute():
                return self.attribute(node, span)
            case ast.Subscript(value=base, slice=index):
                return self.subscript(base, index, span)
            case ast.Call():
                return self.call(node, span)
        raise Fault("this part of Python has no meaning here", span)

    def binary(self, left: Code, op: ast.operator, right: Code, span: Span) -> Code:
        if self.is_symbolic:
            return operated_on_matrices(left, op, right)
        match op:
            case ast.MatMult():
                if "" in (left.kind, right.kind):
                    raise Fault("a number has no product @ in Python", span, "write * for a multiple")
                return product(left, self.no_row(right, left))
            case ast.Pow():
                return raised(left, right)
        sign = _OPERATORS.get(type(op))
        if sign is None:
            hints = {ast.BitXor: "a power is ** in Python", ast.Mod: "a comment begins with # in Python"}
            hint = hints.get(type(op))
            raise Fault("this operator has no meaning here", span, hint)
        if sign in ("+", "-"):
            left, right = self.bias(left, right), self.bias(right, left)
        else:
            left, right = self.factor(left, right), self.factor(right, left)
            right = self.divisor(right) if sign == "/" and left.kind == "m" else right
        return operated(left, sign, right)

    def no_row(self, code: Code, left: Code) -> Code:
        """x @ y.T of arrays of one axis is their inner product in NumPy, of columns their outer one."""
        if isinstance(code.value, TurnedVector):
            x, y = (self.text[slice(*c.span)] for c in (left, code))
            y = re.sub(r"\.m?T\Z", "", y)
            hint = f"write np.outer({x}, {y}) or np.inner({x}, {y}), or declare what has rows, x: matrix(m, n)"
            raise Fault("of arrays of one axis this is an inner product, of columns an outer one", code.span, hint)
        return code

    def path(self, node: ast.expr) -> list[str] | None:
        """np.linalg.norm as its words, without those of modules; None where it is no path of names."""
        words: list[str] = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in MODULES or not words or words[-1] in ATTRIBUTES:
            return None
        return [w for w in reversed(words) if w not in MODULES] or [node.id]

    def attribute(self, node: ast.Attribute, span: Span) -> Code:
        path = self.path(node)
        if path is not None:
            if len(path) == 1 and path[0] in _CONSTANTS:
                is_taken = path[0] == "pi" and bool({**self.shown, **self.declared}.get("pi"))
                return plain("acos(-1)" if is_taken else _CONSTANTS[path[0]], span, number=True)
            raise Fault(f"{path[-1]} is not known here", span)
        if node.attr not in ATTRIBUTES:
            raise Fault(f"the attribute {node.attr} is not known here", span, f"write one name, such as {_glued(node)}")
        inner = self.expression(node.value)
        match node.attr:
            case "T" | "mT":
                turned = transposed(inner, span)
                return replace(turned, axes="v", value=TurnedVector(inner)) if inner.kind == "v" else turned
            case "size":
                return replace(count(inner, span, None), axes="")
            case "data" | "values":
                return inner
            case "I":
                return replace(call("inv", [inner], span), axes="m")
        raise Fault(f"the attribute {node.attr} is not known here", span)

    def subscript(self, base: ast.expr, index: ast.expr, span: Span) -> Code:
        if isinstance(base, ast.Attribute) and base.attr == "shape":
            return FUNCTIONS["shape"](Call(self, "shape", (base.value, index), {}, span))
        if self.is_symbolic and _is_first(index) and is_number(base, lambda name: self.shown.get(name, rank_of(name))):
            return self.expression(base)
        return subscript(self.expression(base), index, span, self.span)

    def call(self, node: ast.Call, span: Span) -> Code:
        keywords = {k.arg: k.value for k in node.keywords if k.arg is not None}
        function = node.func
        made = self.program.called(node, span)
        if made is not None:
            return made
        loss = self.program.objects.get(function.id) if isinstance(function, ast.Name) else function
        if isinstance(loss, ast.Call) and word_of(loss.func) in LOSS_CLASSES:
            options = {k.arg: k.value for k in loss.keywords if k.arg is not None}
            return self.named(LOSS_CLASSES[word_of(loss.func)], node.args, {**options, **keywords}, span, known=True)
        if isinstance(function, ast.Name):
            if function.id == "diff" and self.is_symbolic and len(node.args) > 1:
                return self.differentiated(node.args[0], node.args[1:], span)
            return self.named(self.imported.get(function.id, function.id), node.args, keywords, span, known=False)
        path = self.path(function)
        if path is not None and path[-1] == "diff" and self.is_symbolic and len(node.args) > 1:
            return self.differentiated(node.args[0], node.args[1:], span)
        if path is not None:
            name = self.named_by(function, path)
            if not is_known(name):
                raise self.unknown(f"{'.'.join(path)} is not known here", node)
            return self.named(name, node.args, keywords, span, known=True)
        if not isinstance(function, ast.Attribute):
            raise Fault("this call has no meaning here", span)
        if function.attr == "diff" and self.is_symbolic and node.args:
            return self.differentiated(function.value, node.args, span)
        if isinstance(function.value, ast.Name) and is_known(f"{function.value.id}.{function.attr}"):
            return self.named(f"{function.value.id}.{function.attr}", node.args, keywords, span, known=True)
        if not is_known(function.attr):
            raise self.unknown(f"the method {function.attr} is not known here", node)
        return self.named(function.attr, [function.value, *node.args], keywords, span, known=True)

    def named_by(self, function: ast.expr, path: Sequence[str]) -> str:
        """The function of the table: with a module where it is another thing there, as cp.neg; add.outer is none of outer."""
        written = [word.strip() for word in self.text[slice(*self.span(function))].split(".")]
        return _qualified(written[:-1], path[-1]) or (
            ".".join(path) if len(path) > 1 and is_known(path[-2]) else path[-1]
        )

    def _made_with(self, traits: Sequence[Trait]) -> None:
        """What variables are made with is declared, where nothing else declares them, or left out."""
        self.leave_out([trait.said for trait in traits if trait.declared is None])
        found = [t.declared for t in traits if t.declared is not None and t.name not in self.declared]
        self.choice = replace(self.choice, declared=tuple(found))

    def leave_out(self, constraints: Sequence[ast.AST]) -> None:
        """Constraints have no part in derivatives; of a list each is one."""
        each = [c for node in constraints for c in (node.elts if isinstance(node, ast.List) else [node])]
        sources = [(" ".join(self.text[slice(*self.span(c))].split()), self.span(c)) for c in each]
        unread = [(f"the constraint {source} is left out of the derivative", span) for source, span in sources]
        self.choice = replace(self.choice, unread=(*self.choice.unread, *unread))

    def unknown(self, message: str, node: ast.Call) -> Fault:
        """The fault of a function that has no meaning here."""
        span, function = self.span(node), self.span(node.func)
        changing = in_place(self.text, word_of(node.func), span)
        if changing is not None:
            return Fault(f"{word_of(node.func)} changes its array, which has no meaning here", span, changing)
        return Fault(message, span, instead_of(self.text, span, function))

    def differentiated(self, function: ast.expr, by: Sequence[ast.expr], span: Span) -> Code:
        """f.diff(X), f.diff(x, y), f.diff(x, 2) and f.diff((x, 2))"""
        parts = [part for node in by for part in (node.elts if isinstance(node, ast.Tuple) else [node])]
        variables = [piece for part in parts for piece in (", ", self.expression(part))]
        return joined(["D[", self.expression(function), *variables, "]"], span)

    def named(
        self, name: str, arguments: Sequence[ast.expr], keywords: Mapping[str, ast.expr], span: Span, *, known: bool
    ) -> Code:
        """A call of a function of the table, or of one that nobody defined."""
        if not known and not is_known(name):
            if keywords:
                raise Fault(f"{name} is not known here", span, "write what it computes")
            return call(name, [self.expression(a) for a in arguments], span)
        called = Call(self, name, tuple(arguments), keywords, span)
        made = FUNCTIONS[name](called)
        called.refuse_unread()
        return made


def _evenly_indented(text: str) -> tuple[str, list[int]]:
    """The code without the indentation of a body, and for every line where its first column stands in the text.

    Of lines that were copied from the first letter on, the first one has lost its own.
    """
    lines = text.rstrip().rstrip(";").splitlines() or [""]
    widths = {i: len(line) - len(line.lstrip()) for i, line in enumerate(lines) if line.strip()}
    first = min(widths, default=0)
    own = widths.get(first, 0)
    rest = min((width for i, width in widths.items() if i != first), default=own)
    opens = lines[first].rstrip().endswith((":", "(", "[", "{", ",", "\\"))
    cuts = [own if i == first else min(own, rest) if opens else rest for i in range(len(lines))]
    starts, place = [], 0
    for whole, cut in zip(text.splitlines(keepends=True), cuts, strict=False):
        starts.append(place + cut)
        place += len(whole)
    return "\n".join(line[cut:] for line, cut in zip(lines, cuts, strict=True)), [*(starts or [0]), place]


def _qualified(modules: Sequence[str], name: str) -> str | None:
    """The function with one of these modules, where it is another thing there than elsewhere."""
    owners = [_MODULES_BY_NAME.get(word, word) for word in modules]
    return next((found for owner in owners if is_known(found := f"{owner}.{name}")), None)


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The functions that are imported by names of their own: neg for cp.neg."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            owners = (node.module or "").split(".")
            named = ((a.asname or a.name, _qualified(owners, a.name) or a.name) for a in node.names)
            yield from (pair for pair in named if is_known(pair[1]))


def _is_first(index: ast.expr) -> bool:
    """[0], [0, 0]"""
    return all(is_integer(i) == 0 for i in (index.elts if isinstance(index, ast.Tuple) else [index]))


def _glued(node: ast.expr) -> str:
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return "_".join([*([node.id] if isinstance(node, ast.Name) and node.id != "self" else []), *reversed(words)])


def _hint_of(source: str) -> str | None:
    return "a power is ** in Python" if "^" in source else None
