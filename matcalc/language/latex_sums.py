r"""Sums over entries: \sum_{i=1}^m f(a_i^\top x) as 1^T f(A x).

The index stands for an entry of a column (x_i), of a matrix (X_{ij}), or for a row (a_i^\top, of the matrix A). What
depends on it is computed for all entries at once; everything else in the sum has to be a scalar.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from lark import Token

from matcalc.errors import Span, SyntaxFault
from matcalc.language import limits
from matcalc.language.arrange import Reading, reading, span_of
from matcalc.language.latex_scan import Source, joined, place
from matcalc.language.surface import Surface, walk

__all__ = ["SUM", "bound_indices", "check_indices", "entry_sum", "indexed_sum"]

#: The name under which such a sum passes through the grammar, before its indices.
SUM = r"\sum"
_CLOSING = frozenset("RPAR RSQB RBRACE RANGLE COMMA SEMICOLON AMPERSAND".split())
_OPENING = frozenset("LPAR LSQB LBRACE LANGLE".split())
_ENDS = frozenset({r"\end", r"\\", r"\rangle", r"\}", r"\rVert", r"\rvert"})
_NO_SIGN_AFTER = frozenset("CARET UNDERSCORE OPERATOR SIGN".split())


def entry_sum(source: Source, token: Token, context: Reading) -> list[Token]:
    r"""What \sum with its limits stands for: a call with the body and the upper limit as arguments."""
    found_limits = {}
    for _ in range(2):
        if source.next_is("UNDERSCORE") or source.next_is("CARET"):
            mark = source.pop()
            what = "superscript" if mark.type == "CARET" else "subscript"
            found_limits[mark.type] = source.argument(mark, what)
    indices = _indices(found_limits.get("UNDERSCORE", []), token, context)
    body = _body(source)
    if not body:
        raise _fault(context.text, span_of(token), "the sum has no terms")
    if sum(t == SUM for t in body) > source.most:
        raise limits.exceeded("nesting", "the expression is nested too deeply", context.text, span_of(token))
    start, end = span_of(body[0])[0], span_of(body[-1])[1]
    call = [place("CALLED", f"{SUM} {' '.join(indices)}", span_of(token)), place("LPAR", "(", (start, start)), *body]
    upper = found_limits.get("CARET")
    if upper:
        call += [place("COMMA", ",", (end, end)), *upper]
    return [*call, place("RPAR", ")", (end, end))]


def _indices(group: list[Token], token: Token, context: Reading) -> list[str]:
    shown = joined(group)
    found = re.fullmatch(r"([A-Za-z])(?:,?([A-Za-z]))?(?:=(.*))?", shown)
    if found is None:
        hint = r"write \sum_i, \sum_{i=1}^n or \sum_{i,j}"
        raise _fault(context.text, span_of(token), f"a sum over {shown or 'nothing'} is not known", hint)
    if found.group(3) not in (None, "1"):
        raise _fault(context.text, span_of(token), f"the sum begins at {found.group(3)}", "sums begin at 1")
    return [index for index in found.groups()[:2] if index]


def _body(source: Source) -> list[Token]:
    """The product that follows, up to a sign or the end of what it stands in."""
    body: list[Token] = []
    depth = 0
    bars: list[str] = []
    while source:
        token = source.peek()
        inside = depth > 0 or bars
        if not inside and (token.type in _CLOSING or token in _ENDS or token == r"\right"):
            break
        if not inside and token.type == "SIGN" and body and body[-1].type not in _NO_SIGN_AFTER:
            break
        if (token.type == "BAR" or token in (r"\|", r"\Vert", r"\vert")) and not (
            body and body[-1] in (r"\left", r"\right")
        ):
            if bars and bars[-1] == token:
                bars.pop()
            else:
                bars.append(str(token))
        depth += token.type in _OPENING or token in (r"\{", r"\langle", r"\lVert", r"\lvert", r"\begin")
        depth -= token.type in _CLOSING and token.type.startswith("R")
        depth -= token in (r"\}", r"\rangle", r"\rVert", r"\rvert", r"\end")
        if token == r"\left" and len(source.tokens) > 1:
            depth += source.tokens[-2].type == "BAR" or source.tokens[-2] == r"\|"
        if token == r"\right" and len(source.tokens) > 1:
            depth -= source.tokens[-2].type == "BAR" or source.tokens[-2] == r"\|"
        body.append(source.pop())
    return body


def bound_indices(text: str) -> set[str]:
    """The letters that sums in the text run over."""
    return set("".join(re.findall(r"\\(?:sum|prod)\b[\s\\a-z]*?_\s*\{?([\sA-Za-z,]+)", text)))


def _fault(text: str, span: Span, message: str, hint: str | None = None) -> SyntaxFault:
    return SyntaxFault(message, code="sum", text=text, span=span, hint=hint)


def check_indices(tokens: Sequence[Token], text: str) -> None:
    """A name such as y_i inside of a sum over i, and behind it, too, where brackets were forgotten."""
    inside: dict[str, str] = {}
    outside: dict[str, Token] = {}
    open_: list[tuple[int, str]] = []
    depth = 0
    for token in tokens:
        if token.type == "FUNCTION" and token.startswith(SUM):
            open_.append((depth, "".join(token.split()[1:])))
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if token.type == "RPAR" and open_ and open_[-1][0] == depth:
            open_.pop()
        if token.type == "NAME":
            index = next((i for _, indices in open_ for i in indices if token.endswith(f"_{i}")), None)
            if index is not None:
                inside[str(token)] = index
            else:
                outside.setdefault(str(token), token)
    for name, token in outside.items():
        if name in inside:
            message = f"{name} stands in the sum over {inside[name]} and outside of it"
            raise _fault(text, span_of(token), message, "put brackets around all that is summed")
        base, _, index = name.rpartition("_")
        entry = next((i for i in inside if i.rpartition("_")[0] == base), None)
        if base and entry is not None and len(index) == 1:
            hint = rf"write [{base}]_{{{index}}} for the entry, or give the other variable another letter"
            raise _fault(text, span_of(token), f"{name} stands beside the entries {entry} of {base}", hint)


# From the surface tree of the body to that of the sum.

#: What a part of the body is for one value of the index: a scalar, a row of a matrix, or free of the index.
ENTRY, ROW, FREE = "entry", "row", "free"
_ENTRYWISE = {"multiply": "hadamard", "divide": "hadamard_divide", "power": "hadamard_power"}
_ELEMENTWISE_CALLS = frozenset(
    "exp log log1p expm1 log2 log10 sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign relu "
    "sigmoid softplus silu gelu erf erfc lgamma digamma trigamma max min pow huber step".split()
)


def indexed_sum(function: Token, arguments: tuple[Surface, ...], span: Span) -> Surface:
    """The sum of the body over its indices."""
    indices = function.split()[1:]
    body, *upper = arguments
    lifted = _Lifting(indices, span).lift(body)
    if not upper:
        return Surface("call", (lifted,), "sum", span)
    ones = Surface("call", (upper[0],), "ones", span)
    row = Surface("transpose", (ones,), None, span)
    total = Surface("multiply", (row, lifted), None, span)
    return total if len(indices) == 1 else Surface("multiply", (total, ones), None, span)


class _Lifting:
    def __init__(self, indices: list[str], span: Span) -> None:
        self.indices = indices
        self.span = span
        self.done: dict[int, tuple[str, Surface]] = {}
        self.as_entries: Counter[str] = Counter()
        self.as_vectors: set[str] = set()

    def lift(self, body: Surface) -> Surface:
        """The body for all values of the index at once."""
        body = self._regrouped(body)
        for node in walk(body):
            self.done[id(node)] = self._lifted(node)
        both = sorted(name for name in self.as_vectors if self.as_entries[name] > 0)
        if both:
            name = f"{both[0]}_{self.indices[0]}"
            raise self._refusal(body, f"{name} stands in this sum for a number and for a vector")
        what, lifted = self.done[id(body)]
        if what == FREE:
            raise self._refusal(body, f"the index {self.indices[0]} does not occur in the sum")
        return self._column(lifted) if what == ROW else lifted

    def _regrouped(self, body: Surface) -> Surface:
        r"""Products in which a row is multiplied first with the vector behind it: y_i (w^\top x_i)."""
        done: dict[int, Surface] = {}
        for node in walk(body):
            children = tuple(done[id(c)] for c in node.children)
            again = Surface(node.kind, children, node.value, node.span) if children else node
            done[id(node)] = self._row_times_vector(again) if again.kind == "multiply" else again
        return done[id(body)]

    def _row_times_vector(self, product: Surface) -> Surface:
        """(a r) x as a (r x), where r is a row."""
        *factors, last = _factors(product)
        start = next((i for i in range(len(factors) - 1, 0, -1) if factors[i].kind == "transpose"), 0)
        if not start or not self._is_indexed(last) or not _is_row(_product_of(factors[start:])):
            return product
        return _product_of([*factors[:start], _product_of([*factors[start:], last])])

    def _is_indexed(self, node: Surface) -> bool:
        """x_i, of a sum over i"""
        return node.kind == "name" and len(self.indices) == 1 and self._split(node.value)[1] == self.indices[0]

    def _lifted(self, node: Surface) -> tuple[str, Surface]:
        if node.kind == "name":
            return self._name(node)
        below = [self.done[id(c)] for c in node.children]
        if all(what == FREE for what, _ in below):
            return FREE, node
        if node.kind == "transpose":
            return self._transposed(node)
        if node.kind == "multiply":
            return self._product(node, below)
        children = tuple(self._entry(what, child) for what, child in below)
        if node.kind in ("add", "negate", "divide", "power", "hadamard", "hadamard_divide", "hadamard_power"):
            return ENTRY, Surface(_ENTRYWISE.get(node.kind, node.kind), children, node.value, node.span)
        if node.kind == "bars":
            return ENTRY, Surface("call", children, "abs", node.span)
        if node.kind == "exponential":
            return ENTRY, Surface("call", children, "exp", node.span)
        if node.kind == "call" and node.value in _ELEMENTWISE_CALLS:
            return ENTRY, Surface("call", children, node.value, node.span)
        raise self._refusal(
            node, "this cannot be summed over an index", "write the sum with matrices, as in 1^T f(A x)"
        )

    def _name(self, node: Surface) -> tuple[str, Surface]:
        base, letters = self._split(node.value)
        if not letters:
            if node.value in self.indices:
                raise self._refusal(
                    node, f"the index {node.value} stands here as a number", "only entries may depend on it"
                )
            return FREE, node
        self.as_entries[base] += 1
        if letters not in ("".join(self.indices), "".join(reversed(self.indices))):
            hint = r"a sum over two indices is \sum_{i,j} A_{ij} B_{ij}; \sum_i \sum_j A_{ij} x_i x_j is x^\top A x"
            raise self._refusal(node, f"{node.value} does not have the indices of the sum", hint)
        array = Surface("entry", (Surface("name", (), base, node.span),), ("all",) * len(self.indices), node.span)
        if letters != "".join(self.indices):
            array = Surface("transpose", (array,), None, node.span)
        return ENTRY, array

    def _split(self, name: str) -> tuple[str, str]:
        """A name and its indices, if these are of the sum: y_hat_i is y_hat and i."""
        for last in (2, 1):
            base, *parts = name.rsplit("_", last)
            letters = "".join(parts)
            if len(parts) == last and len(letters) <= 2 and set(letters) & set(self.indices):
                if last == 1 or set(letters) <= set(self.indices):
                    return base, letters
        return name, ""

    def _transposed(self, node: Surface) -> tuple[str, Surface]:
        r"""a_i^\top is a row of A."""
        (child,) = node.children
        if child.kind != "name" or len(self.indices) != 1:
            hint = (
                r"as in \sum_i f(a_i^\top x); \sum_i (x_i - \mu)^\top A (x_i - \mu) is "
                r"\operatorname{tr}(A (X - \mathbf{1} \mu^\top)^\top (X - \mathbf{1} \mu^\top))"
            )
            raise self._refusal(node, "only a name with the index can be a row here", hint)
        return ROW, self._matrix_of_rows(child)

    def _matrix_of_rows(self, name: Surface) -> Surface:
        """X, whose rows are the x_i."""
        base = self._split(name.value)[0]
        self.as_entries[base] -= 1
        self.as_vectors.add(base)
        return Surface("name", (), base[0].upper() + base[1:], name.span)

    def _product(self, node: Surface, below: list[tuple[str, Surface]]) -> tuple[str, Surface]:
        (left, a), (right, b) = below
        last = node.children[1]
        if self._is_indexed(last) and _is_row(node.children[0]) and left in (FREE, ROW):
            return self._row_of_vector(left, a, last, node.span)
        if left == ROW and right == FREE:
            return ROW, Surface("multiply", (a, b), None, node.span)
        if left == ENTRY and right == ROW:
            return ROW, Surface("multiply", (Surface("call", (a,), "diag", node.span), b), None, node.span)
        if left == FREE and right == ROW:
            return ROW, Surface("multiply", (self._scalar(a), b), None, node.span)
        return ENTRY, Surface("hadamard", (self._entry(left, a), self._entry(right, b)), None, node.span)

    def _row_of_vector(self, left: str, row: Surface, vector: Surface, span: Span) -> tuple[str, Surface]:
        r"""w^\top x_i is an entry of X w; x_i^\top A x_i one of the row sums of (X A) ⊙ X."""
        rows = self._matrix_of_rows(vector)
        if left == FREE:
            return ROW, Surface("multiply", (rows, Surface("transpose", (row,), None, row.span)), None, span)
        along_the_rows = Surface("number", (), Fraction(2), span)
        return ENTRY, Surface("call", (Surface("hadamard", (row, rows), None, span), along_the_rows), "sum", span)

    def _entry(self, what: str, node: Surface) -> Surface:
        if what == ROW:
            return self._column(node)
        return node if what == ENTRY or node.kind == "number" else self._scalar(node)

    def _scalar(self, node: Surface) -> Surface:
        """The same, which has to be a scalar: <s, 1>"""
        return Surface("inner", (node, Surface("number", (), Fraction(1), node.span)), None, node.span)

    def _column(self, node: Surface) -> Surface:
        """The same, which has to be a column."""
        return Surface("entry", (node,), ("all",), node.span)

    def _refusal(self, node: Surface, message: str, hint: str | None = None) -> SyntaxFault:
        return _fault(reading.get().text, node.span if node.span[1] else self.span, message, hint)


def _factors(node: Surface) -> list[Surface]:
    """a, b and c of (a b) c"""
    found: list[Surface] = []
    while node.kind == "multiply":
        node, last = node.children
        found.append(last)
    return [node, *reversed(found)]


def _product_of(factors: list[Surface]) -> Surface:
    product = factors[0]
    for factor in factors[1:]:
        product = Surface("multiply", (product, factor), None, (product.span[0], factor.span[1]))
    return product


def _is_row(node: Surface) -> bool:
    r"""w^\top, and w^\top A, whose last factor is a capital letter: a vector follows."""
    if node.kind == "multiply":
        last = node.children[1]
        last = last.children[0] if last.kind in ("transpose", "power") else last
        return _is_row(node.children[0]) and last.kind == "name" and last.value[0].isupper()
    return node.kind == "transpose" or (node.kind == "negate" and _is_row(node.children[0]))
