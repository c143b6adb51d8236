"""Statements of Python: functions, assignments, and what is returned; calls of functions that differentiate."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, joined
from matcalc.language.foreign.common.functions import count, with_entry
from matcalc.language.foreign.common.shared import Count
from matcalc.language.foreign.python.python_guard import is_shared, lost_name
from matcalc.language.foreign.python.sympy_code import makes_symbols
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.language.foreign.python_functions.python_unknown import assigned
from matcalc.language.mends.hints import write
from matcalc.records import dataclass

__all__ = ["DERIVATIVES", "LOSS_CLASSES", "OPTIMISERS", "Program"]

#: Deeper calls of functions in functions, and longer texts of them, are refused.
DEEPEST, LONGEST = 12, 20_000
#: Functions that differentiate another one, and how often; what else they give is left out.
NOT_READ = "only assignments and an expression are read"

DERIVATIVES = {
    **dict.fromkeys("grad value_and_grad jacfwd jacrev jacobian gradient elementwise_grad".split(), 1),
    **dict.fromkeys(("hessian",), 2),
}
#: Functions that minimise another one, and those that change nothing in it.
OPTIMISERS = frozenset("minimize minimize_scalar fmin fmin_bfgs fmin_l_bfgs_b fmin_cg fmin_ncg fmin_powell".split())
WRAPPERS = frozenset(("jit", "checkpoint"))
#: Losses that are made as objects, and what they are as functions.
LOSS_CLASSES = {
    "MSELoss": "mse_loss", "L1Loss": "l1_loss", "SmoothL1Loss": "smooth_l1_loss", "HuberLoss": "huber_loss",
    "BCELoss": "binary_cross_entropy", "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossEntropyLoss": "cross_entropy", "KLDivLoss": "kl_div", "PoissonNLLLoss": "poisson_nll_loss",
    "SoftMarginLoss": "soft_margin_loss", "CosineSimilarity": "cosine_similarity", "Softmax": "softmax",
    "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu", "GELU": "gelu", "SiLU": "silu",
    "Softplus": "softplus", "LogSigmoid": "logsigmoid", "LeakyReLU": "leaky_relu",
}  # fmt: skip
#: Methods and functions that a text is the same without.
_SILENT = frozenset(
    "backward zero_grad step print display show plot requires_grad_ seed manual_seed init_printing".split()
)


class Reads(Protocol):
    """What reads the expressions."""

    text: str

    def expression(self, node: ast.expr) -> Code: ...

    def binary(self, left: Code, op: ast.operator, right: Code, span: Span) -> Code: ...

    def span(self, node: ast.AST) -> Span: ...

    def leave_out(self, constraints: Sequence[ast.expr]) -> None: ...


@dataclass(frozen=True)
class _Function:
    """A function of the program: its arguments, what it does, and the arguments that a call may leave out."""

    arguments: tuple[str, ...]
    body: tuple[ast.stmt, ...]
    defaults: Mapping[str, ast.expr] = field(default_factory=dict)


class Program:
    """What the statements so far have said.

    Attributes:
        known: what stands for each name that has been assigned.
        objects: names of functions that are made as objects, and the calls that make them.
        symbols: names that are made as symbols.
        values: what was assigned to each name last.
        assigned: all names that a statement so far assigns; none of them may be read as a name without a value.
    """

    def __init__(self, reader: Reads) -> None:
        self.reader = reader
        self.known: dict[str, Code] = {}
        self.functions: dict[str, _Function] = {}
        self.objects: dict[str, ast.Call] = {}
        self.derived: dict[str, ast.Call] = {}
        self.definitions: list[Code] = []
        self.symbols: set[str] = set()
        self.values: dict[str, ast.expr] = {}
        self.assigned: set[str] = set()
        self.depth = 0

    def whole(self, body: Sequence[ast.stmt]) -> Code:
        """The last statement, and the assignments that it needs as definitions."""
        statements = [s for s in body if not _says_nothing(s)]
        if not statements:
            raise Fault("there is nothing to read", (0, len(self.reader.text)))
        *before, last = statements
        needed = _needed(before, last, self.reader)
        for statement in before:
            if statement in needed:
                self.define(statement)
            self.assigned.update(_assigned(statement))
        self.assigned.difference_update(_arguments(last))
        return self.value(last)

    def is_lost(self, name: str) -> bool:
        """Whether a statement assigns the name and nothing of it was read: it must not stand for itself."""
        read = (self.known, self.functions, self.objects, self.derived, self.symbols)
        return name in self.assigned and not any(name in names for names in read)

    def define(self, node: ast.stmt) -> None:
        """name = value, or name += value of a name that is known; a name that is assigned again is a new one."""
        span = self.reader.span(node)
        match node:
            case ast.FunctionDef(name=name, args=arguments, body=body):
                self.functions[name] = _Function(tuple(_names(arguments)), tuple(body), _defaults(arguments))
            case ast.Assign(value=value) if makes_symbols(value):
                self.symbols.update(_assigned(node))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=value)):
                self.functions[name] = _of_lambda(arguments, value)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function) as call) if (
                word_of(function) in LOSS_CLASSES
            ):
                self.objects[name] = call
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function, args=[inner, *_]) as call) if (
                word_of(function) in DERIVATIVES and self.function_of(inner) is not None
            ):
                self.derived[name] = call
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function, args=[inner, *_])) if (
                word_of(function) in WRAPPERS and (wrapped := self.function_of(inner)) is not None
            ):
                self.functions[name] = wrapped
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.bind(name, self.read(value), span)
                self.values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self.bind(name, self.read(value), span)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if name in self.known:
                self.bind(name, self.reader.binary(self.known[name], op, self.read(value), span), span)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                self._define_several(names, value, span)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name) as array, slice=index)], value=value):
                self.bind(name, self.with_part(array, index, value, span), span)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method))) if method.endswith("_"):
                message = f"{method} changes its array, which has no meaning here"
                raise Fault(message, span, assigned(self.reader.text, span))
            case _:
                raise Fault(NOT_READ, span)

    def _define_several(self, names: list[ast.expr], value: ast.expr, span: Span) -> None:
        """n, d = X.shape, or a, b = x, y"""
        match value:
            case ast.Attribute(value=array, attr="shape"):
                for i, target in enumerate(names[:2]):
                    size = count(self.reader.expression(array), span, i + 1)
                    self.known[getattr(target, "id", "")] = replace(size, axes="")
            case ast.Tuple(elts=values) if len(names) == len(values):
                codes = [self.read(v) for v in values]
                for target, code in zip(names, codes, strict=True):
                    self.bind(getattr(target, "id", "x"), code, span)
            case ast.Name(id=whole):
                parts = ", ".join(getattr(n, "id", "_") for n in names)
                entries = ", ".join(f"{whole}[{i}]" for i in range(len(names)))
                said = f"{parts} = {entries}"
                raise Fault(f"what {whole} consists of is not known here", span, lambda _: write(span, said))
            case _:
                raise Fault(NOT_READ, span)

    def read(self, node: ast.expr) -> Code:
        """An expression. Raises Fault where a name in it would be left out."""
        code = self.reader.expression(node)
        lost = lost_name(node, code, self.known, {*self.functions, *self.objects, *self.derived, *OPTIMISERS})
        if lost is not None:
            raise Fault(f"{lost.id} would be left out here", self.reader.span(lost), "write what the function computes")
        return code

    def with_part(self, array: ast.Name, index: ast.expr, value: ast.expr, span: Span) -> Code:
        """x[0] = 0: all of x but for this entry"""
        code, place, entry = self.reader.expression(array), is_integer(index), self.read(value)
        if is_shared(array.id, self.values):
            raise Fault(f"another name stands for the same array as {array.id}", span, f"write {array.id}.copy() there")
        if place is None or place < -1 or code.kind != "v" or entry.kind != "":
            raise Fault(f"a part of {array.id} is assigned here", span, "write the whole array")
        return with_entry(code, None if place == -1 else place + 1, entry, span)

    def bind(self, name: str, value: Code, span: Span) -> None:
        """What the name stands for from here on; within a function that is called it is the value itself."""
        if self.depth:
            self.known[name] = value.within(ATOM)
            return
        if isinstance(value.value, Count):
            self.known[name] = value
            return
        is_new = name not in self.known and not _holds(value, name)
        new = name if is_new else f"{name}_{sum(n.startswith(name) for n in self.known) + 2 - (name in self.known)}"
        self.definitions.append(joined([f"{new} = ", value], span))
        self.known[name] = self.known[new] = Code(((new, span),), number=value.number, value=new, axes=value.kind)

    def written(self, code: Code) -> str:
        """The text of a value, of a name that of what it stands for."""
        heads = (d.text.partition(" = ") for d in reversed(self.definitions))
        return next((value for name, _, value in heads if name == code.text), code.text)

    def value(self, node: ast.stmt) -> Code:
        span = self.reader.span(node)
        match node:
            case ast.Expr(value=ast.Lambda(args=arguments, body=body)):
                return self.function("f", arguments, self.read(body), span)
            case ast.Return(value=ast.Tuple(elts=[ast.expr() as value, *_])):
                return self.read(value)
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                return self.read(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)):
                return self.function(name, arguments, self.read(body), span)
            case (
                ast.Assign(targets=[ast.Name()], value=value)
                | ast.AnnAssign(target=ast.Name(), value=ast.expr() as value)
            ):
                return self.read(value)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if name in self.known:
                return self.reader.binary(self.known[name], op, self.read(value), span)
            case ast.FunctionDef(name=name, args=arguments, body=inside):
                return self.function(name, arguments, self.whole(inside), span)
        raise Fault(NOT_READ, span)

    def function(self, name: str, arguments: ast.arguments, body: Code, span: Span) -> Code:
        """f(x) = …, by a name that does not occur in it."""
        names = _names(arguments)
        name = name if len(name) == 1 else "f"
        while _holds(body, name) or name in names:
            name += "_1"
        return joined([f"{name}({', '.join(names)}) = ", body], span) if names else body

    # Calls.

    def called(self, node: ast.Call, span: Span) -> Code | None:
        """A call of a function of the program, or of one that differentiates or minimises; None for another one."""
        function = node.func
        if isinstance(function, ast.Name) and function.id in self.functions:
            called = self.functions[function.id]
            return self.filled(called, self.given(called, node, span), span)
        if isinstance(function, ast.Name) and function.id in self.derived:
            return self.derivative(self.derived[function.id], node.args, span)
        if isinstance(function, ast.Call) and word_of(function.func) in DERIVATIVES:
            return self.derivative(function, node.args, span)
        word = word_of(function)
        if word in DERIVATIVES and node.args and self.function_of(node.args[0]) is not None:
            return self.derivative(node, node.args[1:], span)
        if word == "grad" and len(node.args) == 2 and word_of(getattr(function, "value", None)) == "autograd":
            body, variable = (self.reader.expression(a) for a in node.args)
            return joined(["D[", body, f", {variable.text}]"], span)
        if word in OPTIMISERS and node.args and (found := self.function_of(node.args[0])) is not None:
            return self.stated(found, span)
        if word == "Problem" and node.args:
            self.reader.leave_out([*node.args[1:], *(k.value for k in node.keywords)])
            return self.reader.expression(node.args[0])
        return None

    def function_of(self, node: ast.expr) -> _Function | None:
        """The function that stands there: a lambda, or one of the program, perhaps within jit."""
        match node:
            case ast.Lambda(args=arguments, body=body):
                return _of_lambda(arguments, body)
            case ast.Name(id=name):
                return self.functions.get(name)
            case ast.Call(func=function, args=[inner, *_]) if word_of(function) in WRAPPERS:
                return self.function_of(inner)
        return None

    def given(self, function: _Function, node: ast.Call, span: Span) -> list[Code]:
        """The arguments of a call in the order of the function, those that are left out by their defaults."""
        if len(node.args) > len(function.arguments):
            raise Fault(f"{len(function.arguments)} arguments are taken here, not {len(node.args)}", span)
        found: dict[str | None, ast.expr] = dict(zip(function.arguments, node.args, strict=False))
        for keyword in node.keywords:
            if keyword.arg in found or keyword.arg not in function.arguments:
                raise Fault(f"{keyword.arg or '**'} is none of its arguments", span)
            found[keyword.arg] = keyword.value
        missing = [n for n in function.arguments if n not in found and n not in function.defaults]
        if missing:
            raise Fault(f"{missing[0]} is missing", span)
        return [self.reader.expression(found.get(n) or function.defaults[n]) for n in function.arguments]

    def filled(self, function: _Function, arguments: Sequence[Code], span: Span) -> Code:
        """Its value with the arguments in their places."""
        if self.depth >= DEEPEST or sum(len(a.text) for a in arguments) > LONGEST:
            raise Fault("functions are nested too deeply here", span)
        outside = dict(self.known), set(self.assigned)
        self.known.update(zip(function.arguments, (a.within(ATOM) for a in arguments), strict=True))
        self.depth += 1
        made = self.whole(function.body).within(ATOM)
        self.depth -= 1
        self.known, self.assigned = outside
        return replace(made, parts=tuple((part, span) for part, _ in made.parts))

    def derivative(self, node: ast.Call, given: Sequence[ast.expr], span: Span) -> Code:
        """grad(f)(x), grad(f, x), hessian(f)(x): by the first argument, or by that of argnums"""
        function = self.function_of(node.args[0]) if node.args else None
        if function is None:
            raise Fault("the function that is differentiated is not known here", span, "type it, as lambda x: …")
        place = next((k.value for k in node.keywords if k.arg in ("argnums", "argnum")), None)
        index = place.value if isinstance(place, ast.Constant) and isinstance(place.value, int) else 0
        names = [a.id if isinstance(a, ast.Name) else b for a, b in zip(given, function.arguments, strict=False)]
        names += function.arguments[len(names) :]
        if not 0 <= index < len(names) or isinstance(place, ast.Tuple):
            raise Fault("it is differentiated by one argument here", span)
        codes = [self.reader.expression(ast.copy_location(ast.Name(id=n), node)) for n in names]
        body = self.filled(function, [replace(c, parts=((n, span),)) for n, c in zip(names, codes, strict=True)], span)
        variable = names[index]
        order = f"{{{variable}, 2}}" if DERIVATIVES[word_of(node.func)] == 2 else variable
        return joined(["D[", body, f", {order}]"], span)

    def stated(self, function: _Function, span: Span) -> Code:
        """f(x) = …"""
        codes = [Code(((n, span),), value=n) for n in function.arguments]
        body = self.filled(function, codes, span)
        return joined([f"f({', '.join(function.arguments)}) = ", body], span)


def _of_lambda(arguments: ast.arguments, body: ast.expr) -> _Function:
    returned = ast.copy_location(ast.Return(value=body), body)
    return _Function(tuple(_names(arguments)), (returned,), _defaults(arguments))


def _names(arguments: ast.arguments) -> list[str]:
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs) if a.arg != "self"]


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    """The values of arguments that a call may leave out."""
    placed = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    by_place = dict(zip(reversed(placed), reversed(arguments.defaults), strict=False))
    by_name = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return by_place | {argument.arg: value for argument, value in by_name if value is not None}


def _needed(before: Sequence[ast.stmt], last: ast.stmt, reader: Reads) -> list[ast.stmt]:
    """The statements whose names occur in those that follow and are needed; arguments of the last one are names of its own."""
    own = set(_arguments(last))
    names, found = set(_read(last)) - own, list[ast.stmt]()
    branch = next((s for s in (*before, last) if isinstance(s, (ast.For, ast.While, ast.If, ast.With, ast.Try))), None)
    if branch is not None:
        hint = "write the sum or the product that it computes"
        raise Fault("loops and branches are not read", reader.span(branch), hint)
    for statement in reversed(before):
        targets = set(_assigned(statement))
        if not targets or targets & names:
            if targets & own:
                raise Fault(f"{min(targets & own)} is assigned here, and an argument below", reader.span(statement))
            names |= set(_read(statement))
            found.insert(0, statement)
    return found


def _arguments(node: ast.stmt) -> Iterator[str]:
    """The arguments of a function that the statement is."""
    if isinstance(node, ast.FunctionDef):
        yield from _names(node.args)
    elif isinstance(node, (ast.Assign, ast.Expr)) and isinstance(node.value, ast.Lambda):
        yield from _names(node.value.args)


def _read(node: ast.AST) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and (isinstance(n.ctx, ast.Load) or _adds(node)))


def _adds(node: ast.AST) -> bool:
    return isinstance(node, ast.AugAssign)


def _assigned(node: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns, those of arrays of which it assigns a part, too."""
    if isinstance(node, ast.FunctionDef):
        yield node.name
    for target in getattr(node, "targets", [getattr(node, "target", None)]):
        yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name)) if target is not None else ()


def _says_nothing(node: ast.stmt) -> bool:
    """Imports, texts that describe, and what only shows or trains."""
    if isinstance(node, ast.Expr):
        value = node.value
        text = isinstance(value, ast.Constant) and isinstance(value.value, (str, type(...)))
        return text or (isinstance(value, ast.Call) and word_of(value.func) in _SILENT)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass, ast.Assert, ast.Global, ast.Nonlocal))


def _holds(code: Code, name: str) -> bool:
    words = ("".join(c if c.isalnum() or c == "_" else " " for c in part).split() for part, _ in code.parts)
    return any(name in found for found in words)
