"""einsum of numbers, vectors and matrices as products, sums and diagonals.

The operands are a graph: an index is a vertex with a vector (the product of all that have this index alone), a pair of
indices is an edge with a matrix. An index that is summed over leaves it, with its vector w:

    no edge          w             -> the number 1^T w
    one edge         A_ij w_j      -> the vector A w of i
    two edges        A_ij w_j B_jk -> the matrix A diag(w) B of i and k
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import PRODUCT, Code, Fault, call, infix, joined
from matcalc.language.foreign.common.functions import summed, transposed

__all__ = ["einsum"]


def einsum(subscripts: str, operands: Sequence[Code], span: Span) -> Code:
    """The sum of products that the subscripts say; of arrays with more axes in the words of this language.

    Raises Fault for subscripts that do not fit.
    """
    subscripts = subscripts.replace(" ", "")
    left, arrow, right = subscripts.partition("->")
    terms = left.split(",")
    if re.fullmatch(r"[a-zA-Z]*(?:,[a-zA-Z]*)*", left) is None or len(terms) != len(operands):
        raise Fault("these subscripts do not fit their operands", span)
    if len(right) > 2:
        raise Fault("an array has two axes here, 0 and 1", span, "write it for one of the matrices")
    if any(len(term) > 2 for term in terms):
        found = call("einsum", [joined([f'"{subscripts}"'], span), *operands], span)
        return replace(found, axes=("", "v", "m")[len(right)])
    counts = Counter("".join(terms))
    output = right if arrow else "".join(sorted(i for i, number in counts.items() if number == 1))
    if not set(output) <= counts.keys() or len(set(output)) != len(output):
        raise Fault("these subscripts do not fit their operands", span)
    graph = _Graph(span)
    for term, operand in zip(terms, operands, strict=True):
        graph.add(term, operand)
    left_over = counts.keys() - set(output)
    while left_over:
        index = min(left_over, key=graph.edges_at)
        left_over = left_over - {index}
        graph.eliminate(index)
    return graph.result(output)


class _Graph:
    def __init__(self, span: Span) -> None:
        self.span = span
        self.numbers: list[Code] = []
        self.vectors: dict[str, Code] = {}
        self.matrices: dict[tuple[str, str], Code] = {}

    def add(self, term: str, code: Code) -> None:
        """One more factor: with what has the same indices it is multiplied entry by entry."""
        if len(term) == 2 and term[0] == term[1]:
            term, code = term[0], call("diag", [code], self.span)
        if not term:
            self.numbers.append(replace(code, number=True))
        elif len(term) == 1:
            known = self.vectors.get(term)
            self.vectors[term] = code if known is None else infix(known, ".*", code)
        else:
            key = (term[0], term[1])
            if key[::-1] in self.matrices:
                key, code = key[::-1], transposed(code, self.span)
            known = self.matrices.get(key)
            self.matrices[key] = code if known is None else infix(known, ".*", code)

    def edges_at(self, index: str) -> tuple[int, str]:
        return sum(index in key for key in self.matrices), index

    def eliminate(self, index: str) -> None:
        """Sum over an index."""
        vector = self.vectors.pop(index, None)
        edges = [key for key in self.matrices if index in key]
        if len(edges) > 2:
            raise Fault(f"{index} joins more than two matrices: that is no product of matrices", self.span)
        ends = [next(i for i in key if i != index) for key in edges]
        matrices = [self.matrices.pop(key) for key in edges]
        match [*zip(edges, matrices, strict=True)]:
            case []:
                assert vector is not None
                self.add("", summed(vector, self.span))
            case [edge]:
                a = self._ending(*edge, index)
                rows = call("sum", [a, joined(["2"], self.span)], self.span)
                self.add(ends[0], rows if vector is None else infix(a, "@", vector))
            case [edge, other]:
                a, b = self._ending(*edge, index), self._beginning(*other, index)
                weighted = a if vector is None else infix(a, "@", call("diag", [vector], self.span))
                self.add("".join(ends), infix(weighted, "@", b))

    def _ending(self, key: tuple[str, str], matrix: Code, index: str) -> Code:
        """The matrix with its columns along the index."""
        return matrix if key[1] == index else transposed(matrix, self.span)

    def _beginning(self, key: tuple[str, str], matrix: Code, index: str) -> Code:
        """The matrix with its rows along the index."""
        return matrix if key[0] == index else transposed(matrix, self.span)

    def result(self, output: str) -> Code:
        """The product of what is left."""
        factors = [self.vectors.get(i) for i in output]
        value: Code | None = factors[0] if factors else None
        if len(output) == 2:
            value = self._matrix((output[0], output[1]), *factors)
        for number in self.numbers:
            value = number if value is None else infix(number.within(PRODUCT), "*", value)
        assert value is not None
        return replace(value, axes=("", "v", "m")[len(output)])

    def _matrix(self, key: tuple[str, str], left: Code | None, right: Code | None) -> Code:
        if key[::-1] in self.matrices:
            matrix: Code | None = transposed(self.matrices[key[::-1]], self.span)
        else:
            matrix = self.matrices.get(key)
        if matrix is None:
            if left is None or right is None:
                raise Fault("these subscripts do not fit their operands", self.span)
            return call("outer", [left, right], self.span)
        if left is not None:
            matrix = infix(call("diag", [left], self.span), "@", matrix)
        return matrix if right is None else infix(matrix, "@", call("diag", [right], self.span))
