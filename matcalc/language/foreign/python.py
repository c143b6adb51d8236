"""NumPy, PyTorch, JAX and their like: Python's own parser reads the code, a table says each function here.

``*``, ``/`` and ``**`` are those of the entries; ``axis`` counts from 0; ``x[0]`` is the first entry.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.functions import find
from matcalc.language.foreign.code import ATOM, Code, Fault, call, entrywise, infix, joined, negated, plain, raised
from matcalc.language.foreign.functions import (
    ELEMENTWISE,
    binary,
    count,
    elementwise,
    reduction,
    same,
    square,
    summed,
    transposed,
)

__all__ = ["read"]

Keywords = Mapping[str, ast.expr]


def read(text: str) -> Code:
    """An expression, an assignment, a lambda, a function that returns one, or assignments before any of them."""
    return _Reader(text).module()


#: What stands before a function and says nothing of it.
_MODULES = frozenset(
    "np numpy jnp torch tf math scipy sp linalg special nn functional jax lax F cp stats anp autograd xp keras nnp numpy_".split()
)
_CONSTANTS = {"pi": "pi", "e": "exp(1)"}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@"}
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
}  # fmt: skip


#: The mark of what is left of a matrix along its first axis: NumPy spreads it over the rows of another one.
_ROW = ("row",)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.shift = len(text) - len(text.lstrip())
        self.source = text.strip().rstrip(";")
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = self.source.splitlines() or [""]

    def span(self, node: ast.AST) -> Span:
        """Python counts bytes within a line."""

        def place(line: int, column: int) -> int:
            inside = self.lines[line - 1].encode()[:column].decode(errors="ignore")
            return self.shift + self.starts[line - 1] + len(inside)

        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end, last = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
        return place(line, column), place(end, last)

    def module(self) -> Code:
        try:
            body = ast.parse(self.source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = min((getattr(error, "offset", 1) or 1) - 1, len(self.source))
            place = self.shift + self.starts[min((getattr(error, "lineno", 1) or 1) - 1, len(self.starts) - 1)] + column
            raise Fault("this is no Python expression", (place, place + 1), _hint_of(self.source)) from None
        return self.block([s for s in body if not isinstance(s, (ast.Import, ast.ImportFrom))])

    def block(self, body: Sequence[ast.stmt]) -> Code:
        """The last statement, and the assignments before it as definitions."""
        if not body:
            raise Fault("there is nothing to read", (0, len(self.text)))
        *before, last = body
        code = self.statement(last)
        if not before:
            return code
        span = (self.shift, len(self.text))
        pieces: list[str | Code] = [code, " where "]
        for i, statement in enumerate(before):
            pieces += ["; " if i else "", self.statement(statement)]
        return joined(pieces, span)

    def statement(self, node: ast.stmt) -> Code:
        span = self.span(node)
        match node:
            case ast.Expr(value=ast.Lambda(args=arguments, body=body)):
                return self.function("f", arguments, self.expression(body), span)
            case ast.Expr(value=value):
                return self.expression(value)
            case ast.Return(value=ast.expr() as value):
                return self.expression(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)):
                return self.function(name, arguments, self.expression(body), span)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return joined([f"{name} = ", self.expression(value)], span)
            case ast.FunctionDef(name=name, args=arguments, body=body):
                plain_body = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
                return self.function(name, arguments, self.block(plain_body), span)
        raise Fault("only assignments and an expression are read", span)

    def function(self, name: str, arguments: ast.arguments, body: Code, span: Span) -> Code:
        """f(x) = …, by a name that does not occur in it."""
        names = [a.arg for a in arguments.args if a.arg != "self"]
        taken = body.text
        while name in taken.replace("(", " ").split() or f"{name}(" in taken or name in names:
            name += "_1"
        return joined([f"{name}({', '.join(names)}) = ", body], span) if names else body

    # Expressions.

    def expression(self, node: ast.expr) -> Code:
        span = self.span(node)
        match node:
            case ast.Constant(value=bool() | str() | bytes() | None) | ast.Constant(value=complex()):
                raise Fault("this value has no meaning here", span)
            case ast.Constant(value=value):
                source = self.text[slice(*span)].replace("_", "")
                return plain(source, span, literal=True, value=value)
            case ast.Name(id=name):
                return plain(name, span, value=name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negated(self.expression(operand), span)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(self.expression(left), op, self.expression(right), span)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _RELATIONS:
                return infix(self.expression(left), _RELATIONS[type(op)], self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=other):
                return call("where", [self.expression(part) for part in (test, body, other)], span)
            case ast.Attribute():
                return self.attribute(node, span)
            case ast.Subscript(value=base, slice=index):
                return self.subscript(node, base, index, span)
            case ast.Call():
                return self.call(node, span)
        raise Fault("this part of Python has no meaning here", span)

    def binary(self, left: Code, op: ast.operator, right: Code, span: Span) -> Code:
        if isinstance(op, ast.Pow):
            return raised(left, right)
        sign = _OPERATORS.get(type(op))
        if sign is None:
            hint = "a power is ** in Python" if isinstance(op, ast.BitXor) else None
            raise Fault("this operator has no meaning here", span, hint)
        if (left.value is _ROW) != (right.value is _ROW) and sign != "@" and not (left.number or right.number):
            hint = "write ones(m) mean(X, 1), with the number m of rows"
            raise Fault("a row is not added to every row here", span, hint)
        return entrywise(left, sign, right) if sign in ("*", "/") else infix(left, sign, right)

    def path(self, node: ast.expr) -> list[str] | None:
        """np.linalg.norm as its words, without those of modules; None where it is no path of names."""
        words: list[str] = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in _MODULES:
            return None
        return [w for w in reversed(words) if w not in _MODULES] or [node.id]

    def attribute(self, node: ast.Attribute, span: Span) -> Code:
        path = self.path(node)
        if path is not None:
            if len(path) == 1 and path[0] in _CONSTANTS:
                return plain(_CONSTANTS[path[0]], span, number=True)
            raise Fault(f"{path[-1]} is not known here", span)
        if node.attr in ("T", "mT"):
            return transposed(self.expression(node.value), span)
        if node.attr in ("size",):
            return count(self.expression(node.value), span, None)
        if node.attr in ("data", "values", "I") and node.attr != "I":
            return self.expression(node.value)
        if node.attr == "I":
            return call("inv", [self.expression(node.value)], span)
        raise Fault(f"the attribute {node.attr} is not known here", span, f"write one name, such as {_glued(node)}")

    def subscript(self, node: ast.Subscript, base: ast.expr, index: ast.expr, span: Span) -> Code:
        if isinstance(base, ast.Attribute) and base.attr == "shape":
            place = self.integer(index)
            if place not in (0, 1, -1):
                raise Fault("an array has two axes here, 0 and 1", span)
            return count(self.expression(base.value), span, 1 if place == 0 else 2)
        if isinstance(base, ast.Call) and (self.path(base.func) or [""])[-1] == "slogdet" and self.integer(index) == 1:
            return call("logdet", [self.expression(a) for a in base.args], span, number=True)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        added = [p for p in parts if isinstance(p, ast.Constant) and p.value is None]
        inner = self.expression(base)
        if added:
            rest = [p for p in parts if p not in added]
            if len(parts) == 2 and all(isinstance(p, ast.Slice) and p.lower is p.upper is None for p in rest):
                return inner if parts[1] in added else transposed(inner, span)
        number = all(self.integer(p) is not None for p in parts)
        return joined([inner.within(ATOM), "[", ", ".join(map(self.index, parts)), "]"], span, number=number)

    def index(self, node: ast.expr) -> str:
        """An index from 0 as one from 1; a slice ends before its end."""
        if isinstance(node, ast.Slice):
            if node.lower is node.upper is None:
                return ":"
            if node.upper is None or node.step is not None:
                raise Fault("a slice needs its end here", self.span(node), "write it with both ends, as x[1:3]")
            first = 0 if node.lower is None else self.integer(node.lower)
            last = self.integer(node.upper)
            if first is not None and last is not None and 0 <= first < last:
                return f"{first + 1}:{last}"
            raise Fault("a slice has numbers from 0 here", self.span(node))
        place = self.integer(node)
        if place is None and isinstance(node, ast.Name):
            return f"{node.id} + 1"
        if place is None or place < 0:
            raise Fault("an index is a number from 0 here", self.span(node))
        return str(place + 1)

    def integer(self, node: ast.expr | None) -> int | None:
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
                return -value
        return None

    # Calls.

    def call(self, node: ast.Call, span: Span) -> Code:
        keywords = {k.arg: k.value for k in node.keywords if k.arg is not None}
        function = node.func
        if isinstance(function, ast.Name):
            return self.named(function.id, node.args, keywords, span)
        path = self.path(function)
        if path is not None:
            if not _is_known(path[-1]):
                raise Fault(f"{'.'.join(path)} is not known here", span, "write what it computes")
            return self.named(path[-1], node.args, keywords, span)
        if isinstance(function, ast.Attribute):
            return self.named(function.attr, [function.value, *node.args], keywords, span, method=True)
        raise Fault("this call has no meaning here", span)

    def named(
        self, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span, *, method: bool = False
    ) -> Code:
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, name, arguments, keywords, span)
        codes = [self.expression(a) for a in arguments]
        handler = _FUNCTIONS.get(name)
        if handler is not None:
            return handler(codes, span)
        if name in ELEMENTWISE and len(codes) == 1:
            return elementwise(ELEMENTWISE[name])(codes, span)
        if method:
            raise Fault(f"the method {name} is not known here", span)
        return call(name, codes, span)

    def axis(self, arguments: Sequence[ast.expr], keywords: Keywords, place: int) -> int | None:
        given = keywords.get("axis", keywords.get("dim"))
        given = arguments[place] if given is None and len(arguments) > place else given
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            return None
        axis = self.integer(given)
        if axis not in (0, 1, -1):
            raise Fault("an array has two axes here, 0 and 1", self.span(given))
        return axis

    def is_kept(self, keywords: Keywords) -> bool:
        kept = keywords.get("keepdims", keywords.get("keepdim"))
        return isinstance(kept, ast.Constant) and bool(kept.value)


def _is_known(name: str) -> bool:
    return name in _SPECIAL or name in _FUNCTIONS or name in ELEMENTWISE or find(name) is not None


def _glued(node: ast.expr) -> str:
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return "_".join([*([node.id] if isinstance(node, ast.Name) and node.id != "self" else []), *reversed(words)])


def _hint_of(source: str) -> str | None:
    return "a power is ** in Python" if "^" in source else None


Special = Callable[[_Reader, str, Sequence[ast.expr], Keywords, Span], Code]


def _reduced(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    """sum, mean … of all entries, or along an axis: then of one axis less."""
    name = {
        "amax": "max",
        "amin": "min",
        "reduce_sum": "sum",
        "reduce_mean": "mean",
        "nansum": "sum",
        "average": "mean",
    }.get(name, name)
    if name == "max" and len(arguments) == 2 and not isinstance(arguments[1], ast.Constant):
        return call("max", [reader.expression(a) for a in arguments], span)
    axis = reader.axis(arguments, keywords, 1)
    inner = reader.expression(arguments[0])
    if axis is None:
        return call(name, [inner], span, number=True)
    direction = plain("1" if axis == 0 else "2", span, literal=True)
    along = call(name, [inner, direction], span)
    if axis == 0 and not reader.is_kept(keywords):
        return replace(transposed(along, span), value=_ROW)
    return along


def _along_rows(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    """softmax along the last axis, or down the columns."""
    name = {"log_softmax": "logsoftmax"}.get(name, name)
    axis = reader.axis(arguments, keywords, 1)
    inner = reader.expression(arguments[0])
    if axis == 0 and isinstance(arguments[0], ast.Name) and arguments[0].id[0].isupper():
        return call(name, [inner, plain("1", span, literal=True)], span)
    return call(name, [inner], span)


def _norm(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    order = keywords.get("ord", keywords.get("p", arguments[1] if len(arguments) > 1 else None))
    inner = reader.expression(arguments[0])
    if reader.axis((), keywords, 1) is not None:
        raise Fault("norms along an axis are not known here", span, "write sqrt(sum(X.^2, 2))")
    match order:
        case None | ast.Constant(value="fro" | None):
            return call("norm2", [inner], span, number=True)
        case ast.Constant(value="nuc"):
            return call("norm_nuc", [inner], span, number=True)
        case ast.Constant(value=2):
            return joined(["||", inner, "||_2"], span, number=True)
        case ast.Constant(value=1) if inner.text[:1].isupper() and "torch" not in reader.text:
            raise Fault("of a matrix this is the largest column sum", span, "write norm1(X) for the sum of all entries")
        case ast.Constant(value=1):
            return call("norm1", [inner], span, number=True)
        case ast.Attribute(attr="inf"):
            return call("norm_inf", [inner], span, number=True)
    return call("norm", [inner, reader.expression(order)], span, number=True)


def _converted(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    """array(x), float(x), x.detach(): the value itself."""
    return reader.expression(arguments[0])


def _length(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    return count(reader.expression(arguments[0]), span, 1)


def _like(value: str) -> Special:
    def build(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
        inner = reader.expression(arguments[0])
        return joined([inner.within(ATOM), ".^0"], span) if value == "1" else joined(["0 * ", inner.within(ATOM)], span)

    return build


def _einsum(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    raise Fault("einsum is not read yet", span, "write it with products, such as x' A x")


def _flat(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    """Rows one behind the other: vec of the transpose; of a column it is the column."""
    return call("vec", [transposed(reader.expression(arguments[0]), span)], span)


def _clipped(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
    named = [keywords.get(k) for k in ("min", "max")]
    low, high = [*arguments[1:3], None, None][:2] if len(arguments) > 1 else named
    inner = reader.expression(arguments[0])
    if low is not None and not (isinstance(low, ast.Constant) and low.value is None):
        inner = call("max", [inner, reader.expression(low)], span)
    if high is not None and not (isinstance(high, ast.Constant) and high.value is None):
        inner = call("min", [inner, reader.expression(high)], span)
    return inner


def _loss(text: str) -> Special:
    """A loss by its definition in a (the prediction) and b (the target)."""

    def build(reader: _Reader, name: str, arguments: Sequence[ast.expr], keywords: Keywords, span: Span) -> Code:
        a, b = (reader.expression(x).within(ATOM) for x in arguments[:2])
        reduction_ = keywords.get("reduction")
        total = isinstance(reduction_, ast.Constant) and reduction_.value == "sum"
        pieces: list[str | Code] = ["sum(" if total else "mean("]
        for i, part in enumerate(text.split("$")):
            pieces.append(part if i % 2 == 0 else a if part == "a" else b)
        return joined([*pieces, ")"], span, number=True)

    return build


_SPECIAL: dict[str, Special] = {
    **dict.fromkeys("sum mean prod max min amax amin std var logsumexp reduce_sum reduce_mean nansum average cumsum".split(), _reduced),
    **dict.fromkeys(("softmax", "log_softmax", "logsoftmax"), _along_rows),
    "norm": _norm, "vector_norm": _norm, "matrix_norm": _norm,
    **dict.fromkeys("array asarray float item detach tensor clone copy as_tensor double requires_grad_ astype squeeze to".split(), _converted),
    "len": _length,
    "ones_like": _like("1"), "zeros_like": _like("0"),
    "einsum": _einsum,
    **dict.fromkeys(("ravel", "flatten"), _flat),
    "clip": _clipped, "clamp": _clipped,
    "mse_loss": _loss("($a$ - $b$).^2"),
    "l1_loss": _loss("abs($a$ - $b$)"),
    "binary_cross_entropy": _loss("-($b$ .* log($a$) + (1 - $b$) .* log(1 - $a$))"),
    "binary_cross_entropy_with_logits": _loss("softplus($a$) - $b$ .* $a$"),
}  # fmt: skip


def _transposed(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) > 1:
        raise Fault("axes are not exchanged by their numbers here", span, "write X.T")
    return transposed(arguments[0], span)


def _identity(arguments: Sequence[Code], span: Span) -> Code:
    return call("eye", arguments[:1], span)


def _quadratic(arguments: Sequence[Code], span: Span) -> Code:
    return call("quad", arguments, span, number=True)


_FUNCTIONS: dict[str, Callable[[Sequence[Code], Span], Code]] = {
    **dict.fromkeys(("dot", "matmul", "mm", "mv", "bmm"), binary("@")),
    **dict.fromkeys(("inner", "vdot"), same("inner", number=True)),
    **dict.fromkeys(("outer", "ger"), same("outer")),
    "kron": same("kron"),
    "trace": reduction("tr"), "det": reduction("det"), "logdet": reduction("logdet"),
    "inv": same("inv"), "inverse": same("inv"), "pinv": same("pinv"), "solve": same("solve"), "cholesky": same("chol"),
    "matrix_exp": same("expm"), "expm": same("expm"), "logm": same("logm"), "sqrtm": same("sqrtm"),
    "matrix_power": lambda a, span: raised(*a, entries=False),
    "diag": same("diag"), "diagonal": same("diag"), "diagflat": same("diag"), "diag_embed": same("diag"),
    **dict.fromkeys(("transpose", "t", "adjoint", "permute", "swapaxes", "conj_transpose"), _transposed),
    "eye": _identity, "identity": _identity, "ones": same("ones"), "zeros": same("zeros"),
    "square": lambda a, span: square(a[0], span),
    "reciprocal": lambda a, span: entrywise(plain("1", span, literal=True), "/", a[0]),
    "negative": lambda a, span: negated(a[0], span), "neg": lambda a, span: negated(a[0], span),
    **dict.fromkeys(("power", "pow", "float_power"), lambda a, span: raised(*a)),
    **dict.fromkeys(("maximum", "fmax"), same("max")), **dict.fromkeys(("minimum", "fmin"), same("min")),
    "where": same("where"),
    **dict.fromkeys(("multiply", "mul"), binary("*")), **dict.fromkeys(("divide", "div", "true_divide"), binary("/")),
    "add": binary("+"), "subtract": binary("-"), "sub": binary("-"),
    "logsigmoid": lambda a, span: call("log", [call("sigmoid", a, span)], span),
    "log_sigmoid": lambda a, span: call("log", [call("sigmoid", a, span)], span),
    "log_expit": lambda a, span: call("log", [call("sigmoid", a, span)], span),
    "eigvalsh": same("eigvals"), "svdvals": same("svdvals"), "tril": same("tril"), "triu": same("triu"),
    "logaddexp": lambda a, span: call("log", [infix(call("exp", a[:1], span), "+", call("exp", a[1:], span))], span),
    "quad_form": _quadratic, "sum_squares": lambda a, span: summed(square(a[0], span), span),
    "norm1": same("norm1", number=True), "norm2": same("norm2", number=True), "norm_inf": same("norm_inf", number=True),
    "log_det": reduction("logdet"), "matrix_trace": reduction("tr"),
}  # fmt: skip
