"""Sums over entries, from the surface tree of the body to that of the sum: sum_i f(a_i^T x) is 1^T f(A x)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from lark import Token

from matcalc.errors import Span, SyntaxFault
from matcalc.language.kinds.kinds import COLUMN, Letter
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.product_chains import factors_of, product_of
from matcalc.language.mends.hints import write
from matcalc.language.surface.arrange import reading
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.indices import BETWEEN, letters_above_sums, told_by_label
from matcalc.language.words.names import spelled, typed_name
from matcalc.language.words.stray_members import on_unbound
from matcalc.notes import Note

__all__ = ["SUM", "indexed_sum"]

#: The name under which such a sum passes through the grammar, before its indices.
SUM = r"\sum"

#: What a part of the body is for one value of the index: a scalar, a row of a matrix, or free of the index.
ENTRY, ROW, FREE = "entry", "row", "free"
_OF_VECTORS = r"a sum over vectors x_i is one of matrices: \sum_i \|x_i - \mu\|^2 is \|X - \mathbf{1} \mu^\top\|_F^2"
#: An entry of an expression, at the index of the sum.
_OF_SUM = "entry of the sum"
_ENTRYWISE = {"multiply": "hadamard", "dot": "hadamard", "divide": "hadamard_divide", "power": "hadamard_power"}
_ELEMENTWISE_CALLS = frozenset(
    "exp log log1p expm1 log2 log10 sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign relu "
    "sigmoid softplus silu gelu erf erfc lgamma digamma trigamma logcosh log_ndtr max min pow huber step factorial gamma".split()
)


def indexed_sum(function: Token, arguments: tuple[Surface, ...], span: Span) -> Surface:
    """The sum of the body over its indices; an einsum stands until these are bound."""
    if function.startswith(r"\einsum|"):
        return Surface("einsum", arguments, function.partition("|")[2], span)
    if reading.get().members.binders:
        from matcalc.language.indices.kept_sums import kept_sum

        return kept_sum(str(function), arguments, span)
    indices = function.split()[1:]
    if not arguments:
        raise SyntaxFault("the sum has no terms", code="sum", text=reading.get().text, span=span)
    body, *upper = arguments
    members = reading.get().members
    if len(indices) == 1:
        body = members.filled_in(body, indices[0])
    lifting = _Lifting(indices, span, letters_above_sums(reading.get().text))
    lifted = lifting.lift(body)
    members.rows |= lifting.as_vectors
    members.numbers |= {name for name, count in lifting.as_entries.items() if count > 0}
    if not upper:
        return Surface("call", (lifted,), "sum", span)
    row = Surface("transpose", (Surface("call", (upper[0],), "ones", span),), None, span)
    ones = Surface("call", (upper[-1],), "ones", span)
    total = Surface("multiply", (row, lifted), None, span)
    return total if len(indices) == 1 else Surface("multiply", (total, ones), None, span)


class _Lifting:
    def __init__(self, indices: list[str], span: Span, limits: Collection[str] = ()) -> None:
        self.indices = indices
        self.span = span
        self.limits = limits
        self.done: dict[int, tuple[str, Surface]] = {}
        self.as_entries: Counter[str] = Counter()
        self.as_vectors: set[str] = set()
        self.as_numbers: set[str] = set()
        self.fronts: set[int] = set()
        #: The columns of u_i and v_j in a sum over i and j, by their arrays of two axes.
        self.columns: dict[int, tuple[str, Surface]] = {}

    def lift(self, body: Surface) -> Surface:
        """The body for all values of the index at once."""
        body = self._regrouped(body)
        self.fronts = {id(n.children[0]) for n in walk(body) if n.kind == "multiply"}
        for node in walk(body):
            self.done[id(node)] = self._lifted(node)
        both = sorted(name for name in self.as_vectors if self.as_entries[name] > 0)
        if both:
            name = f"{both[0]}_{self.indices[0]}"
            raise self._refusal(body, f"{name} stands in this sum for a number and for a vector")
        for name in sorted(self.as_numbers):
            if self.as_entries[name] > 0:
                message = f"{typed_name(name)} stands beside its entries {name}_{self.indices[0]} as a number"
                raise self._refusal(body, message, f"give one of them another letter; {_OF_VECTORS}")
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
            if node.kind == "entry" and self._is_entry(node):
                name = f"{node.children[0].value}_{''.join(self.indices)}"
                is_name = node.children[0].kind == "name"
                again = (
                    Surface("name", (), name, node.span) if is_name else Surface(_OF_SUM, children[:1], None, node.span)
                )
            done[id(node)] = self._row_times_vector(again) if again.kind == "multiply" else again
        return done[id(body)]

    def _row_times_vector(self, product: Surface) -> Surface:
        """(a r) x as a (r x), where r is a row."""
        *factors, last = factors_of(product)
        start = next((i for i in range(len(factors) - 1, 0, -1) if factors[i].kind == "transpose"), 0)
        if not start or not self._is_indexed(last) or not _is_row(product_of(factors[start:])):
            return product
        return product_of([*factors[:start], product_of([*factors[start:], last])])

    def _is_indexed(self, node: Surface) -> bool:
        """x_i, of a sum over i"""
        return node.kind == "name" and len(self.indices) == 1 and self._split(node.value)[1] == self.indices[0]

    def _lifted(self, node: Surface) -> tuple[str, Surface]:
        if node.kind == "name":
            return self._name(node)
        below = [self.done[id(c)] for c in node.children]
        if node.kind == _OF_SUM:
            if below[0][0] != FREE:
                raise self._refusal(
                    node, "this depends on the index in two ways", "give a name to what is in the bracket"
                )
            return ENTRY, Surface("entry", (below[0][1],), ("all",) * len(self.indices), node.span)
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
        if node.kind == "open":
            self._check_function(node)
            self._check_pair(node, node.children)
            return ENTRY, Surface("open", children, replace(node.value, entrywise=True), node.span)
        hint = _OF_VECTORS if node.kind == "norm" else "write the sum with matrices, as in 1^T f(A x)"
        raise self._refusal(node, "this cannot be summed over an index", hint)

    def _name(self, node: Surface) -> tuple[str, Surface]:
        base, letters = self._split(node.value)
        if not letters:
            self._check_free(node)
            return FREE, node
        if base in self.indices and base not in reading.get().declared:
            raise self._refusal(node, f"{base} is an index of the sum, and here the name of what has one")
        told = told_by_label(reading.get().text[slice(*whole(reading.get().text, node.span))])
        if told is not None and not {node.value, base} & {*reading.get().declared}:
            raise self._refusal(node, *told)
        if base == "delta" and len(letters) == 2 and base not in reading.get().declared:
            raise self._refusal(node, "1 where two indices are the same needs the indices themselves")
        if node.value in reading.get().declared:
            kind = "vector(n)" if len(letters) == 1 else "matrix(m, n)"
            hint = f"declare {base}: {kind} for numbers {node.value}, {base[:1].upper()}{base[1:]}: matrix(n, p) for vectors"
            raise self._refusal(node, f"the sum reads {node.value} as a member of an array", hint)
        if len(self.indices) == 2 and letters in self.indices:
            return ENTRY, self._spread(base, letters, node)
        if letters not in ("".join(self.indices), "".join(reversed(self.indices))):
            hint = r"the entries in a sum over i and j are A_{ij}, x_i and y_j: \sum_{i,j} A_{ij} x_i x_j is x^\top A x"
            raise self._refusal(node, f"{node.value} does not have the indices of the sum", hint)
        array = self._array(base, node)[1]
        if letters != "".join(self.indices):
            array = Surface("transpose", (array,), None, node.span)
        return ENTRY, array

    def _check_free(self, node: Surface) -> None:
        """What does not depend on the index in a way that is known has nothing to do with it."""
        if node.value in self.indices:
            message = f"the index {node.value} stands here as a number"
            raise self._refusal(node, message, "only entries may depend on it")
        parts = spelled(node.value)
        if set(self.indices) & {*parts.below, *parts.above}:
            message = f"{typed_name(node.value)} depends on the index of the sum in a way that is not known here"
            raise self._refusal(node, message, self._hint_of_shifted(parts.below))
        if parts.below and re.fullmatch("[ijkl]", parts.below[-1]) and node.value not in reading.get().declared:
            reading.get().notes.append(on_unbound(reading.get().text, node, parts.below[-1]))

    def _hint_of_shifted(self, below: Sequence[str]) -> str:
        """What to do about x_{i+1}, and about x_i' or another mark at a name with the index."""
        if set(BETWEEN) & set(below):
            return "sums with shifted indices are written with matrices, as a norm of D x for the differences of x"
        return f"give it a letter of its own, such as z_{{{self.indices[0]}}}"

    def _is_entry(self, node: Surface) -> bool:
        """x[i] and (A x)[i], of a sum over i"""
        letters = [index.value for index in node.children[1:] if index.kind == "name"]
        return letters == self.indices and set(node.value) == {"at"}

    def _array(self, base: str, node: Surface) -> tuple[str, Surface]:
        self.as_entries[base] += 1
        return ENTRY, Surface("entry", (self._named(base, node),), ("all",) * len(self.indices), node.span)

    def _named(self, base: str, node: Surface) -> Surface:
        """The array; the pi_k of a mixture are no parts of the number."""
        array = "pi_all" if base == "pi" and base not in reading.get().declared else base
        return Surface("name", (), array, node.span)

    def _spread(self, base: str, letter: str, node: Surface) -> Surface:
        """f_i of a sum over i and j as f 1^T, and f_j as 1 f^T."""
        self.as_entries[base] += 1
        column = Surface("entry", (self._named(base, node),), ("all",), node.span)
        ones = Surface("call", (Surface("number", (), Fraction(1), node.span),), "vector", node.span)
        left, right = (column, ones) if letter == self.indices[0] else (ones, column)
        found = _outer(left, right, node.span)
        self.columns[id(found)] = letter, column
        return found

    def _outer_product(self, left: Surface, right: Surface, span: Span) -> Surface | None:
        """u v^T for u_i v_j and v_j u_i"""
        columns = dict(self.columns[id(side)] for side in (left, right) if id(side) in self.columns)
        return _outer(columns[self.indices[0]], columns[self.indices[1]], span) if len(columns) == 2 else None

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
        array = base[0].upper() + base[1:]
        if array in self.limits:
            return Surface("name", (), f"{array}_all", name.span)
        rows = Surface("name", (), array, name.span)
        if not self._stands_elsewhere(array):
            return rows
        self._tell_of_another(array, name)
        return Surface("entry", (rows,), ("all", "all"), name.span)

    def _stands_elsewhere(self, array: str) -> bool:
        """Whether an undeclared name is typed beside the sum."""
        context = reading.get()
        return array not in context.declared and bool(
            re.search(rf"(?<![A-Za-z\\]){array}(?![A-Za-z_\d])", context.text)
        )

    def _tell_of_another(self, array: str, member: Surface) -> None:
        """That the A which stands beside a sum over a_i is read as the matrix of these rows."""
        context, shown = reading.get(), typed_name(member.value)
        message, hint = f"{shown} is read as a row of {array}", "give one of them another letter if they are two things"
        if all(note.message != message for note in context.notes):
            context.notes.append(Note(message, hint, "rows", context.text, member.span))

    def _product(self, node: Surface, below: list[tuple[str, Surface]]) -> tuple[str, Surface]:
        (left, a), (right, b) = below
        first, last = node.children
        if node.value == "·":
            self._check_pair(node, (factors_of(first)[-1], last))
        if node.value == "·" and {left, right} == {FREE, ENTRY}:
            free, member, other = (a, last, first) if left == FREE else (b, first, last)
            if self._is_indexed(member) and _is_vector(other) and _is_vector(member):
                return self._row_of_vector(FREE, Surface("transpose", (free,), None, free.span), member, node.span)
        if self._is_indexed(last) and _is_row(first) and left in (FREE, ROW):
            return self._row_of_vector(left, a, last, node.span)
        if _is_row(first) and left == FREE and right == ENTRY and last.kind == "open":
            raise self._vectors_of_function(last)
        if left == FREE and self._is_indexed(last) and _is_matrix(first) and id(node) not in self.fronts:
            raise self._refusal(node, f"{typed_name(last.value)} behind a matrix is no number")
        if left == ROW and right == FREE:
            return ROW, Surface("multiply", (a, b), None, node.span)
        if left == ENTRY and right == ROW:
            return ROW, Surface("multiply", (Surface("call", (a,), "diag", node.span), b), None, node.span)
        if left == FREE and right == ROW:
            return ROW, Surface("multiply", (self._scalar(a), b), None, node.span)
        if (outer := self._outer_product(a, b, node.span)) is not None:
            return ENTRY, outer
        self._check_weights(node)
        return ENTRY, Surface("hadamard", (self._entry(left, a), self._entry(right, b)), None, node.span)

    def _check_weights(self, node: Surface) -> None:
        r"""z_i (y_i - x_i^\top w), and v_j over a sum: beside vectors x_i these are rather vectors than numbers."""
        members = [c for c in node.children if self._is_indexed(c) and c.value[0] in "uvxz"]
        if members and self.as_vectors and any(c.kind in ("add", "divide") for c in node.children):
            raise self._refusal(node, f"{typed_name(members[0].value)} may be a number or a vector here")

    def _check_pair(self, node: Surface, parts: Sequence[Surface]) -> None:
        r"""k(x_i, x_j) and x_i \cdot x_j are of two members: numbers would stand side by side."""
        named = {p.value: self._split(p.value)[0] for p in parts if p.kind == "name" and self._split(p.value)[1]}
        if len(named) > len({*named.values()}):
            raise self._refusal(node, "this is made of two members", _OF_VECTORS)

    def _check_function(self, node: Surface) -> None:
        r"""q_i (x_i)^2 in a sum over i: a function for each i, or a factor."""
        if self._split(node.value.name)[1]:
            place = whole(reading.get().text, node.span)
            letter, bracket, behind = reading.get().text[slice(*place)].partition("(")
            hint = write(place, (rf"{letter.strip()} \cdot {bracket}{behind}", "for a product"))
            message = f"{typed_name(node.value.name)} before a bracket may be a function for each {self.indices[0]} or a factor"
            raise self._refusal(node, message, hint)

    def _vectors_of_function(self, value: Surface) -> SyntaxFault:
        r"""w^\top \phi(x_n): the values of a function as the members of a family, the rows of a matrix."""
        place = whole(reading.get().text, value.span)
        typed = reading.get().text[slice(*place)]
        letter = typed.partition("(")[0].strip()
        hint = write(place, (f"{letter}_{{{self.indices[0]}}}", "for these vectors, the rows of a matrix"))
        message = f"{typed} is a vector for each {self.indices[0]}, and sums over the values of a function are not read"
        return self._refusal(value, message, hint)

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
        if node.kind == "name":
            self._refuse_vector(node)
            self.as_numbers.add(node.value)
        return Surface("inner", (node, Surface("number", (), Fraction(1), node.span)), None, node.span)

    def _refuse_vector(self, node: Surface) -> None:
        r"""The bold r of r - r_i, which is no number."""
        context = reading.get()
        if context.faces.get(node.value) in ("bold", "arrow") and node.value not in context.declared:
            if Letter(node.value, context.faces[node.value]).usual == COLUMN:
                message = f"{typed_name(node.value)} is set as a vector, and stands in the sum as a number"
                raise self._refusal(node, message, _OF_VECTORS)

    def _column(self, node: Surface) -> Surface:
        """The same, which has to be a column."""
        return Surface("entry", (node,), ("all",), node.span)

    def _refusal(self, node: Surface, message: str, hint: str | None = None) -> SyntaxFault:
        span = node.span if node.span[1] else self.span
        return SyntaxFault(message, code="sum", text=reading.get().text, span=span, hint=hint)


def _outer(left: Surface, right: Surface, span: Span) -> Surface:
    return Surface("multiply", (left, Surface("transpose", (right,), None, span)), None, span)


def _is_vector(node: Surface) -> bool:
    """Whether a name has a letter of vectors: w · x_i is an inner product."""
    return node.kind == "name" and Letter(node.value, reading.get().faces.get(node.value)).usual == COLUMN


def _is_matrix(node: Surface) -> bool:
    """Whether an undeclared name has a letter that is hardly ever a number."""
    context = reading.get()
    undeclared = node.kind == "name" and node.value not in context.declared
    return undeclared and Letter(node.value, context.faces.get(node.value)).is_matrix


def _is_row(node: Surface) -> bool:
    r"""w^\top, and w^\top A, whose last factor is a capital letter: a vector follows."""
    if node.kind == "multiply":
        last = node.children[1]
        last = last.children[0] if last.kind in ("transpose", "power") else last
        return _is_row(node.children[0]) and last.kind == "name" and last.value[0].isupper()
    return node.kind == "transpose" or (node.kind == "negate" and _is_row(node.children[0]))
