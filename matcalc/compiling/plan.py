"""From expressions to a plan: one rule for each operator, everything computed once.

What is multilinear (products, sums, traces, Kronecker products, diagonal matrices) becomes terms with indices, whose
contraction is ordered by cost; everything else becomes an instruction. Derivatives of any order are planned from
their operator, which is multilinear in its directions: no matrix of a vec form is ever built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc.calculus.structure import linear_structure
from matcalc.compiling.contraction import Contractor
from matcalc.compiling.distribution import is_cheaper_distributed
from matcalc.compiling.lowering import APPLIED, CALLED, sigmoid_slope
from matcalc.compiling.merging import Merged, Symbol, merged_chains
from matcalc.compiling.program import BATCH, Axes, Program, Value
from matcalc.compiling.terms import STACK, Factor, Indices, Mismatch, Term, TermAlgebra
from matcalc.errors import UnsupportedError
from matcalc.expr import ONE, Dim, Node, factors, is_number, postorder, scaled, transpose
from matcalc.expr.properties import is_pd

__all__ = ["Planner"]

Terms = list[Term]

#: A sum of more terms than this is computed before it enters a product.
MOST_TERMS_MULTIPLIED = 6


class Costs(dict[Dim, float]):
    """The number that each size is taken for when orders of products are compared."""

    def __init__(self, typical: Mapping[str, int]) -> None:
        self.typical = typical

    def __missing__(self, dim: Dim) -> float:
        sizes = {name: self.typical.get(name, _typical(name)) for name in dim.names}
        self[dim] = float(max(dim.evaluate(sizes), 1))
        return self[dim]


def _typical(name: str) -> int:
    """Ranks and numbers of components are small beside numbers of rows."""
    return 20 if name[0] in "kr" else 100


class Planner:
    """Fills a program with what the outputs need."""

    def __init__(self, typical: Mapping[str, int] | None = None) -> None:
        self.program = Program()
        self.algebra = TermAlgebra(self.program)
        self.costs = Costs(typical or {})
        self.contractor = Contractor(self.algebra, self.costs)
        self.known: dict[Node, Value] = {}
        self.names: dict[Node, str] = {}
        self.batched: set[str] = set()
        self.open: frozenset[Node] = frozenset()
        self.linear: dict[Node, Terms] = {}
        self.consumers: Counter[Node] = Counter()
        self.distributed: set[Node] = set()
        self.merged_products = Merged()
        self.pair_values: dict[int, Value] = {}

    def prepare(self, roots: Sequence[Node]) -> None:
        """Find the sums that are used once, in a product that is cheaper without them."""
        order = postorder(*roots)
        self.consumers.update(a for node in order for a in node.args)
        self.consumers.update(roots)
        self.merged_products = Merged() if self.batched else merged_chains(order)
        for node in order:
            if node.op == "matmul" and not node.linear and node not in self.merged_products.chains:
                for place, factor in enumerate(node.args):
                    if self._is_distributed(node.args, place, factor):
                        self.distributed.add(factor)
                        break

    def _is_distributed(self, factors: Sequence[Node], place: int, factor: Node) -> bool:
        if (
            factor.op != "add"
            or self.consumers[factor] > 1
            or self.consumers[transpose(factor)] > (1 if transpose(factor) is factor else 0)
        ):
            return False
        return is_cheaper_distributed(factors, place, self.costs.__getitem__)

    # --- values of matrices -------------------------------------------------------------------

    def value(self, root: Node) -> Value:
        """The array of a node without open directions: () for a scalar, (n,) for a vector or row, (m, n)."""
        self._fill(root)
        return self.known[root]

    def _fill(self, *roots: Node) -> None:
        for node in self._needed_values(roots):
            if node not in self.known:
                self.known[node] = self._planned(node)

    def _needed_values(self, roots: Sequence[Node]) -> list[Node]:
        """The nodes whose arrays are needed, operands first: structured operands are seen through."""
        order: list[Node] = []
        seen: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen and node not in self.known:
                seen.add(node)
                stack.append((node, True))
                stack.extend((a, False) for a in reversed(self._operands(node)))
        return order

    def _operands(self, node: Node) -> list[Node]:
        """The nodes whose arrays the rule of this node reads."""
        if node.op in VALUES and not _is_contracted_call(node):
            return list(node.args)
        found: list[Node] = []
        stack = list(reversed(node.args))
        if node in self.merged_products.chains:
            return list(node.args)
        while stack:
            arg = stack.pop()
            if arg in self.merged_products.chains:
                found.extend(arg.args)
            elif self.is_seen_through(arg):
                stack.extend(reversed(arg.args))
            else:
                found.append(arg)
        return found

    def _planned(self, node: Node) -> Value:
        flipped = node if node.is_column or node.is_row else transpose(node)
        if flipped is not node and flipped in self.known:
            return self.flipped(self.known[flipped])
        rule = VALUES.get(node.op)
        if rule is not None:
            return rule(self, node)
        return self.dense(self.expanded(node))

    def axes(self, node: Node) -> Axes:
        return tuple(d for d in node.shape if not d.is_one)

    def flipped(self, value: Value) -> Value:
        """The transpose of each matrix."""
        return self.program.permute(value, (0, 2, 1) if value.batched else (1, 0))

    def like(self, value: Value, axes: Axes) -> Axes:
        """The axes, behind a batch if the value has one."""
        return (BATCH, *axes) if value.batched else axes

    # --- terms --------------------------------------------------------------------------------

    def _from_pairs(self, node: Node) -> Terms:
        """A matrix chain in terms of pairs that it shares with others."""
        chain, flipped = self.merged_products.chains[node]
        atoms = [[self.algebra.atom(self._symbol_value(s), node.rows, node.cols)] for s in chain]
        (term,) = _multiplied(self, atoms, self.algebra.product)
        return [term.transposed if flipped else term]

    def _symbol_value(self, symbol: Symbol) -> Value:
        stack = [symbol]
        while stack:
            top = stack[-1]
            if isinstance(top, Node) or top in self.pair_values:
                stack.pop()
                continue
            parts = self.merged_products.pairs[top]
            waiting = [p for p in parts if isinstance(p, int) and p not in self.pair_values]
            if waiting:
                stack.extend(waiting)
            else:
                left, right = (self.pair_values[p] if isinstance(p, int) else self._leaf_value(p) for p in parts)
                self.pair_values[top] = self.program.matmul(left, right)
        return self.pair_values[symbol] if isinstance(symbol, int) else self._leaf_value(symbol)

    def _leaf_value(self, node: Node) -> Value:
        """The array of a factor, or the transpose of that of its transpose."""
        return self.known[node] if node in self.known else self.flipped(self.known[transpose(node)])

    def is_seen_through(self, node: Node) -> bool:
        """Whether products with the parts of a node are cheaper than with its array."""
        return _is_structured(node) or node in self.distributed

    def expanded(self, node: Node) -> Terms:
        """The node as a sum of terms, by the rule of its operator."""
        if node in self.merged_products.chains:
            return self._from_pairs(node)
        return TERMS[node.op](self, node, [self.terms(a) for a in node.args])

    def terms(self, node: Node) -> Terms:
        """The node as an operand: structured where its structure makes products cheaper, else as one array."""
        if self.open and node.linear & self.open:
            return [self.algebra.fresh(t) for t in self.linear[node]]
        if self.is_seen_through(node):
            return self.expanded(node)
        return [self.algebra.atom(self.known[node], *node.shape)]

    # --- arrays from terms --------------------------------------------------------------------

    def dense(self, terms: Terms, groups: Callable[[Term], list[Indices]] | None = None) -> Value:
        """The sum of the terms as one array with an axis for each group of indices, rows and columns by default."""
        groups = groups or (lambda t: [g for g in (t.rows, t.cols) if g])
        if not terms:
            raise AssertionError("a sum without terms")
        batched = any(STACK in f.indices for t in terms for f in t.factors)
        axes = (*([BATCH] if batched else []), *(self._axis(group) for group in groups(terms[0])))
        byshape: dict[tuple[Axes, tuple[int, ...]], list[tuple[Value, Fraction]]] = {}
        layouts = [(t, [*([STACK] if batched else []), *(i for group in groups(t) for i in group)]) for t in terms]
        outer, others = self._outer_products(layouts)
        for shape, value in outer:
            byshape.setdefault((shape, tuple(range(len(shape)))), []).append((value, Fraction(1)))
        for term, flat in others:
            distinct = list(dict.fromkeys(flat))
            pattern = tuple(distinct.index(i) for i in flat)
            term = self._with_small_coefficient(term, distinct)
            compact = self.contractor.contract(term.factors, distinct, laid_out=len(terms) > 1)
            value = self.contractor.broadcast(compact, distinct) if compact.indices else compact.value
            shape = tuple(self.algebra.sizes[i] for i in flat)
            byshape.setdefault((shape, pattern), []).append((value, term.coefficient))
        parts = sorted(byshape.items(), key=lambda item: len(set(item[0][1])) < len(item[0][1]))
        total: Value | None = None
        for (shape, pattern), pairs in parts:
            total = self._added(total, pairs, shape, pattern, axes)
        assert total is not None
        return total

    def _outer_products(
        self, layouts: list[tuple[Term, list[int]]]
    ) -> tuple[list[tuple[Axes, Value]], list[tuple[Term, list[int]]]]:
        """Σ A_t ⊗ B_t over terms whose factors hold the same axes, as one product of two matrices; the other terms."""
        sums: dict[tuple[Axes, Indices, Indices], list[tuple[Value, Value]]] = {}
        others = []
        for term, flat in layouts:
            split = self._two_factors(term, flat)
            if split is None:
                others.append((term, flat))
                continue
            left, right = split
            places = [tuple(flat.index(i) for i in f.indices) for f in split]
            shape = tuple(self.algebra.sizes[i] for i in flat)
            sums.setdefault((shape, places[0], places[1]), []).append((left.value, right.value))
        return [(key[0], self._outer_sum(*key, pairs)) for key, pairs in sums.items()], others

    def _two_factors(self, term: Term, flat: list[int]) -> tuple[Factor, Factor] | None:
        """The two arrays whose outer product a term is, the one with the first axis first."""
        if len(flat) < 3 or len(set(flat)) < len(flat) or STACK in flat:
            return None
        factors = self.contractor.settled(term).factors
        arrays = [f for f in factors if f.indices]
        if len(arrays) != 2 or set(arrays[0].indices) & set(arrays[1].indices):
            return None
        ordered = []
        for f in sorted(arrays, key=lambda f: min(flat.index(i) for i in f.indices)):
            indices = tuple(sorted(f.indices, key=flat.index))
            ordered.append(Factor(self.contractor.aligned(f, indices), indices))
        if sum(len(f.indices) for f in ordered) < len(flat):
            return None
        scalars = [f.value for f in factors if not f.indices]
        smaller = 0 if len(ordered[0].indices) <= len(ordered[1].indices) else 1
        scaled_ = self.program.times(*scalars, ordered[smaller].value) if scalars else ordered[smaller].value
        scaled_ = self.program.combine([(scaled_, term.coefficient)])
        ordered[smaller] = Factor(scaled_, ordered[smaller].indices)
        return ordered[0], ordered[1]

    def _outer_sum(self, shape: Axes, left: Indices, right: Indices, pairs: list[tuple[Value, Value]]) -> Value:
        sizes = [tuple(shape[k] for k in side) for side in (left, right)]
        if len(pairs) == 1:
            (a, b), *_ = pairs
            value = self.program.emit("outer", (a, b), (), (*sizes[0], *sizes[1]))
        else:
            lengths = [(self._product(side),) for side in sizes]
            count = Dim.of(len(pairs))
            columns = [self.program.reshape(a, lengths[0]) for a, _ in pairs]
            rows = [self.program.reshape(b, lengths[1]) for _, b in pairs]
            one = self.program.emit("stack", columns, (1,), (*lengths[0], count))
            two = self.program.emit("stack", rows, (0,), (count, *lengths[1]))
            value = self.program.reshape(self.program.matmul(one, two), (*sizes[0], *sizes[1]))
        placed = (*left, *right)
        return self.program.permute(value, [placed.index(k) for k in range(len(shape))])

    def _product(self, dims: Axes) -> Dim:
        size = ONE
        for d in dims:
            size = size * d
        return size

    def _with_small_coefficient(self, term: Term, kept: Sequence[int]) -> Term:
        """Where the result is larger than every factor, its coefficient is a factor, too."""
        present = {i for f in term.factors for i in f.indices}
        largest = max((len(f.indices) for f in term.factors), default=0)
        if term.coefficient == 1 or len(present.intersection((*kept, STACK))) <= max(largest, 2):
            return term
        number = Factor(self.program.number(term.coefficient), ())
        return replace(term, coefficient=Fraction(1), factors=(*term.factors, number))

    def _added(
        self,
        total: Value | None,
        pairs: list[tuple[Value, Fraction]],
        shape: Axes,
        pattern: tuple[int, ...],
        axes: Axes,
    ) -> Value:
        ranks = max(pattern, default=-1) + 1
        compact_axes = tuple(shape[pattern.index(k)] for k in range(ranks))
        if ranks == len(pattern):
            full = self.program.reshape(self._filled(self.program.combine(pairs), compact_axes), axes)
            return full if total is None else self.program.combine([(total, Fraction(1)), (full, Fraction(1))])
        compact = self.program.combine(pairs)
        base = None if total is None else self.program.reshape(total, shape)
        return self.program.reshape(self.program.spread(compact, pattern, shape, base), axes)

    def _filled(self, value: Value, axes: Axes) -> Value:
        """The value with every axis at its full length."""
        return value if value.axes == axes else self.program.emit("broadcast", (value,), (), axes)

    def _axis(self, group: Indices) -> Dim:
        return self._product(tuple(self.algebra.sizes[i] for i in group))

    def merged(self, terms: Terms) -> Terms:
        """Terms that differ in one factor only, as one term with the sum of these factors: A L + (V ⊙ A) L."""
        result: Terms = []
        for term in map(self.algebra.canonical, terms):
            for k, other in enumerate(result):
                both = self._together(other, term)
                if both is not None:
                    result[k] = both
                    break
            else:
                result.append(term)
        return result

    def _together(self, a: Term, b: Term) -> Term | None:
        if (a.rows, a.cols, a.directions) != (b.rows, b.cols, b.directions):
            return None
        rest_a, rest_b = list(a.factors), list(b.factors)
        common = []
        for factor in a.factors:
            if factor in rest_b:
                common.append(factor)
                rest_a.remove(factor)
                rest_b.remove(factor)
        if len(rest_a) > 1 or len(rest_b) > 1 or not common:
            return None
        (left,), (right,) = (rest or [Factor(self.program.number(1), ())] for rest in (rest_a, rest_b))
        if left.indices and right.indices and set(left.indices) != set(right.indices):
            return None
        indices = left.indices or right.indices
        values = [f.value if not f.indices else self.contractor.aligned(f, indices) for f in (left, right)]
        pairs = list(zip(values, (a.coefficient, b.coefficient), strict=True))
        factor = Factor(self.program.combine(pairs), indices)
        return replace(a, coefficient=Fraction(1), factors=(*common, factor))

    def summed(self, terms: Terms) -> Term:
        """The sum of the terms as one array, with single indices for rows and columns."""
        moving = sorted((d for d, _, _ in terms[0].directions), key=lambda d: d.key)

        def sides(term: Term) -> list[Indices]:
            found = {d: (r, c) for d, r, c in term.directions}
            return [term.rows, term.cols, *(side for d in moving for side in found[d])]

        value = self.dense(terms, lambda t: [side for side in sides(t) if side])
        new = [(self.algebra.index(self._axis(side)),) if side else () for side in sides(terms[0])]
        directions = tuple((d, new[2 * k + 2], new[2 * k + 3]) for k, d in enumerate(moving))
        factor = self.algebra.factor(value, tuple(i for side in new for i in side))
        return Term(Fraction(1), (factor,), new[0], new[1], directions)

    # --- derivatives --------------------------------------------------------------------------

    def derivative(self, operator: Node, directions: Sequence[Node]) -> Value:
        """The array of an operator: its own axes, then those of each direction.

        Structured directions are projected, so that the entries are those of the derivative within the structure.
        """
        terms = self.operator_terms(operator, directions)
        return self._output(terms, operator, directions)

    def operator_terms(self, operator: Node, directions: Sequence[Node]) -> Terms:
        """The operator for all basis directions, as a sum of products."""
        self.open = frozenset(directions)
        self.linear = {}
        consumers = Counter(a for node in postorder(operator) for a in node.args)
        order = [node for node in postorder(operator) if node.linear & self.open]
        self._fill(*dict.fromkeys(a for node in order for a in node.args if not a.linear & self.open))
        for node in order:
            found = self._basis(node) if node in self.open else self._linear(node)
            self.linear[node] = [self.contractor.settled(t) for t in found] if consumers[node] > 1 else found
        terms = self.merged(self.linear.get(operator, []))
        self.open, self.linear = frozenset(), {}
        return terms

    def _linear(self, node: Node) -> Terms:
        operands = [self.terms(a) for a in node.args]
        rule = TERMS.get(node.op)
        if rule is None:
            raise UnsupportedError(f"the array of a derivative through {node.op} is not known")
        try:
            found = rule(self, node, operands)
        except Mismatch:
            found = rule(self, node, [[self.summed([t]) for t in terms] for terms in operands])
        return found

    def _basis(self, direction: Node) -> Terms:
        """dX as one of the unit matrices E_ij, projected onto the structure of the variable."""
        i, j = self.algebra.axis(direction.rows), self.algebra.axis(direction.cols)
        plain = Term(Fraction(1), (), i, j, ((direction, i, j),))
        match linear_structure(direction):
            case "symmetric":
                half = plain.scaled(Fraction(1, 2))
                return [half, self.algebra.fresh(half.transposed)]
            case "skew":
                half = plain.scaled(Fraction(1, 2))
                return [half, self.algebra.fresh(half.transposed).scaled(Fraction(-1))]
            case "diagonal":
                return [Term(Fraction(1), (), i, i, ((direction, i, i),))]
            case "lower" | "upper" as kind:
                pattern = self.program.leaf("mask", (direction.rows, direction.cols), kind)
                return [Term(Fraction(1), (Factor(pattern, (*i, *j)),), i, j, ((direction, i, j),))]
        return [plain]

    def _output(self, terms: Terms, operator: Node, directions: Sequence[Node]) -> Value:
        def groups(term: Term) -> list[Indices]:
            found = {d: (r, c) for d, r, c in term.directions}
            sides = [term.rows, term.cols, *(side for d in directions for side in found[d])]
            return [side for side in sides if side]

        if not terms:
            shapes = [operator.shape, *(d.shape for d in directions)]
            return self.program.leaf("zeros", tuple(d for shape in shapes for d in shape if not d.is_one))
        return self.dense(terms, groups)


def _is_structured(node: Node) -> bool:
    """Whether products with it are cheaper than with its array."""
    if node.op == "transpose":
        return True
    if node.op == "add":
        return len(node.args) == 1 and not node.is_number
    return node.op in ("identity", "ones", "diag", "kron", "commutation", "scale", "vec", "unvec", "matmul") and not (
        node.is_scalar
    )


# --- rules for values -------------------------------------------------------------------------


def _variable(p: Planner, node: Node) -> Value:
    name = p.names[node]
    return p.program.input(name, (BATCH, *p.axes(node)) if name in p.batched else p.axes(node))


def _sigmoid_slopes(pairs: Iterable[tuple[Node, Node]]) -> tuple[list[tuple[Node, Node]], list[Node]]:
    """The factors sigmoid(u) sigmoid(-u), as the list of the u, and the other factors."""
    rest = list(pairs)
    one = [b for b, e in rest if b.op == "apply" and b.data[0] == "sigmoid" and is_number(e) == 1]
    slopes: list[Node] = []
    for b in one:
        opposite = next((o for o in one if o.args[0] is scaled(-1, b.args[0])), None)
        if opposite is not None and b.key < opposite.key:
            slopes.append(b.args[0])
            rest = [(x, e) for x, e in rest if x is not b and x is not opposite]
    return rest, slopes


def _product(p: Planner, pairs: Iterable[tuple[Node, Node]]) -> Value:
    """Π b^e, the rational negative exponents in the denominator"""
    above, below = [], []
    pairs, slopes = _sigmoid_slopes(pairs)
    above += [sigmoid_slope(p.program, p.known[u]) for u in slopes]
    for base, exponent in pairs:
        e = is_number(exponent)
        value = p.known[base]
        if e is not None and e < 0:
            below.append(p.program.power(value, p.program.number(-e)))
        elif e is not None:
            above.append(p.program.power(value, p.program.number(e)))
        else:
            above.append(p.program.power(value, p.known[exponent]))
    top = p.program.times(*above) if above else p.program.number(1)
    return p.program.divide(top, p.program.times(*below)) if below else top


def _matpow(p: Planner, node: Node) -> Value:
    base, exponent = node.args
    e = is_number(exponent)
    value = p.known[base]
    if e is None:
        return p.program.emit("integer_power", (value, p.known[exponent]), (), value.axes)
    if e < 0:
        value = inverse(p, value, is_pd(base))
    return value if abs(e) == 1 else p.program.emit("matpow", (value,), (int(abs(e)),), value.axes)


def inverse(p: Planner, value: Value, definite: bool) -> Value:
    """The inverse of each matrix; that of a transpose is the transpose of the inverse."""
    if value.op == "permute":
        return p.flipped(inverse(p, value.args[0], definite))
    return p.program.emit("inv", (value,), ("definite",) if definite else (), value.axes)


def _determinant(p: Planner, node: Node) -> Value:
    value = p.known[node.args[0]]
    if value.op == "permute":
        (value,) = value.args
    if node.op == "logdet" and is_pd(node.args[0]):
        return _logdet_by_cholesky(p.program, value)
    return p.program.emit(node.op, (value,), (), p.like(value, ()))


def _logdet_by_cholesky(program: Program, value: Value) -> Value:
    """log det(L L^T) = 2 Σ log L_ii"""
    factor = program.emit("cholesky", (value,), (), value.axes)
    diagonal = program.diagonal(factor, value.rank - 2, value.rank - 1)
    total = program.sum(program.function("log", diagonal), (value.rank - 2,))
    return program.combine([(total, Fraction(2))])


def _adjugate(p: Planner, node: Node) -> Value:
    value = p.known[node.args[0]]
    _refuse_batch(node.op, value)
    return p.program.emit("adjugate", (value,), (), value.axes)


def _refuse_batch(name: str, *values: Value) -> None:
    if any(v.batched for v in values):
        raise UnsupportedError(f"{name} of a batched value is not supported", hint="call the function for each input")


def _block(p: Planner, node: Node) -> Value:
    """Blocks with two axes each, a vector as one column; the result as its shape asks."""
    _refuse_batch("a block matrix", *(p.known[a] for a in node.args))
    parts = [p.program.reshape(p.known[a], a.shape) for a in node.args]
    value = p.program.emit("block", parts, node.data, node.shape)
    return p.program.reshape(value, p.axes(node))


def _apply(p: Planner, node: Node) -> Value:
    args = [p.known[a] for a in node.args]
    rule = APPLIED.get(node.data[0])
    return rule(p.program, *args) if rule is not None else p.program.function(node.data[0], *args)


def _call(p: Planner, node: Node) -> Value:
    """Of the whole array, or of matrices with two axes each."""
    name, *static = node.data
    rule = CALLED.get(name)
    if name == "chol":
        value = p.known[node.args[0]]
        return p.program.emit("cholesky", (value,), (), value.axes)
    if rule is not None:
        value = rule(p.program, p.known[node.args[0]], *(s for s in static if isinstance(s, int)))
        return p.program.reshape(value, p.like(value, p.axes(node)))
    _refuse_batch(name, *(p.known[a] for a in node.args))
    args = [p.program.reshape(p.known[a], a.shape) if not a.is_scalar else p.known[a] for a in node.args]
    value = p.program.call(name, args, node.shape, *(s for s in static if isinstance(s, (int, str))))
    return p.program.reshape(value, p.axes(node))


# fmt: off
#: operator -> its array; operators without a row here are contracted from their terms
VALUES: dict[str, Callable[[Planner, Node], Value]] = {
    "variable":     _variable,
    "perturbation": _variable,
    "constant":     lambda p, node: p.program.leaf("constant", (), node.data[0]),
    "dimension":    lambda p, node: p.program.size(node.data[0]),
    "zero":         lambda p, node: p.program.leaf("zeros", p.axes(node)) if p.axes(node) else p.program.number(0),
    "ones":         lambda p, node: p.program.leaf("ones", p.axes(node)) if p.axes(node) else p.program.number(1),
    "identity":     lambda p, node: p.program.leaf("eye", node.shape),
    "unit":         lambda p, node: p.program.leaf("unit", (node.rows,), node.data[0]),
    "mask":         lambda p, node: p.program.leaf("mask", node.shape, node.data[0]),
    "selector":     lambda p, node: p.program.leaf("selector", node.shape, node.data[0]),
    "duplication":  lambda p, node: p.program.leaf("duplication", node.shape, node.data[0]),
    "elimination":  lambda p, node: p.program.leaf("elimination", node.shape, node.data[0]),
    "power":        lambda p, node: _product(p, factors(node)),
    "matpow":       _matpow,
    "det":          _determinant,
    "logdet":       _determinant,
    "adjugate":     _adjugate,
    "apply":        _apply,
    "block":        _block,
    "call":         lambda p, node: p.dense(p.expanded(node)) if _is_contracted_call(node) else _call(p, node),
}
# fmt: on

# --- rules for terms --------------------------------------------------------------------------


def _add_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    terms = [t.scaled(c) for terms, c in zip(operands, node.data, strict=True) for t in terms]
    return p.merged(terms) if p.open and node.linear & p.open else terms


def _multiplied(p: Planner, operands: Sequence[Terms], multiply: Callable[[Term, Term], Term]) -> Terms:
    """The product of sums, distributed while there are few terms."""
    total = operands[0]
    for terms in operands[1:]:
        if len(total) * len(terms) > MOST_TERMS_MULTIPLIED:
            total, terms = ([p.summed(side)] if len(side) > 1 else side for side in (total, terms))
        total = [multiply(p.algebra.fresh(a), p.algebra.fresh(b)) for a in total for b in terms]
    return total


def _scaled(p: Planner) -> Callable[[Term, Term], Term]:
    return lambda s, m: replace(p.algebra.joined(s, m), rows=m.rows)


def _kron_pair(p: Planner) -> Callable[[Term, Term], Term]:
    return lambda a, b: replace(p.algebra.joined(a, b), rows=(*a.rows, *b.rows), cols=(*a.cols, *b.cols))


def _power_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """V ⊙ L: what does not move is one array"""
    pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
    moving = [terms for (b, _), terms in zip(pairs, operands[::2], strict=True) if b.linear & p.open]
    fixed = [(b, e) for b, e in pairs if not b.linear & p.open]
    if fixed:
        moving.insert(0, [p.algebra.atom(_product(p, fixed), *node.shape)])
    return _multiplied(p, moving, p.algebra.hadamard)


def _identity_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    i = p.algebra.axis(node.rows)
    return [Term(Fraction(1), (), i, i)]


def _ones_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    return [Term(Fraction(1), (), p.algebra.axis(node.rows), p.algebra.axis(node.cols))]


def _commutation_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """K(m, n) vec(A) = vec(A^T) for A m x n"""
    i, j = (p.algebra.axis(d) for d in node.data)
    return [Term(Fraction(1), (), (*i, *j), (*j, *i))]


def _unvec_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """The column index is the slow one."""

    def matrix(t: Term) -> Term:
        i, j = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
        return p.algebra.identified(replace(t, rows=i, cols=j), (*j, *i), t.rows)[0]

    return [matrix(t) for t in operands[0]]


def _block_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """Each part is placed by selected rows of the identity from both sides."""
    _, width = node.data
    total: Terms = []
    top = Dim.of(0)
    for start in range(0, len(node.args), width):
        left = Dim.of(0)
        for part, terms in zip(node.args[start : start + width], operands[start : start + width], strict=True):
            if not part.is_zero:
                total += [_placed(p, t, node, part, top, left) for t in terms]
            left = left + part.cols
        top = top + node.args[start].rows
    return total


def _placed(p: Planner, term: Term, node: Node, part: Node, top: Dim, left: Dim) -> Term:
    rows = _place(p, top, part.rows, node.rows)
    cols = _place(p, left, part.cols, node.cols).transposed
    return p.algebra.product(p.algebra.product(rows, term), cols)


def _place(p: Planner, start: Dim, size: Dim, total: Dim) -> Term:
    """The total x size matrix that puts a part at its place."""
    if size == total:
        i = p.algebra.axis(size)
        return Term(Fraction(1), (), i, i)
    if size.is_one:
        place = start + 1
        return p.algebra.atom(
            p.program.leaf("unit", (total,), place if place.value is None else place.value), total, ONE
        )
    return p.algebra.atom(p.program.leaf("selector", (size, total), start), size, total).transposed


def _call_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    match node.data[0]:
        case "khatri_rao":
            return _multiplied(p, operands, lambda a, b: _khatri_rao(p, a, b))
        case "kron_contract":
            return _contraction(p, node, operands)
    return [_stacked_call(p, node, operands)]


def _khatri_rao(p: Planner, a: Term, b: Term) -> Term:
    """Column by column the Kronecker product"""
    both = replace(p.algebra.joined(a, b), rows=(*a.rows, *b.rows), cols=a.cols)
    return p.algebra.identified(both, a.cols, b.cols)[0]


def _contraction(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]"""
    a_terms, g_terms, b_terms = operands

    def outside(a: Term, b: Term) -> Term:
        k, m = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
        whole = replace(p.algebra.joined(a, b), rows=(*a.rows, *k, *b.rows), cols=(*a.cols, *m, *b.cols))
        return replace(whole, directions=(*whole.directions, (node, k, m)))

    def inside(around: Term, g: Term) -> Term:
        both = replace(p.algebra.joined(around, replace(g, rows=(), cols=())), cols=around.cols)
        both = p.algebra.identified(both, (*around.rows, *around.cols), (*g.rows, *g.cols))[0]
        k, m = next((r, c) for d, r, c in both.directions if d is node)
        rest = tuple(step for step in both.directions if step[0] is not node)
        return p.algebra.closed(replace(both, rows=k, cols=m, directions=rest), (*both.rows, *both.cols))

    return _multiplied(p, [_multiplied(p, [a_terms, b_terms], outside), g_terms], inside)


def _stacked_call(p: Planner, node: Node, operands: list[Terms]) -> Term:
    """A function that is linear in its moving arguments, for all basis directions at once on leading axes."""
    name, *static = node.data
    moving = sorted({d for a in node.args for d in a.linear & p.open}, key=lambda d: d.key)
    sides = {d: (p.algebra.axis(d.rows), p.algebra.axis(d.cols)) for d in moving}
    leading = [i for d in moving for side in sides[d] for i in side]
    args = []
    for arg, terms in zip(node.args, operands, strict=True):
        _refuse_batch(name, *(f.value for t in terms for f in t.factors))
        if not arg.linear & p.open:
            args.append(p.program.reshape(p.known[arg], arg.shape))
            continue
        whole = p.summed(terms)
        own = [i for d, _, _ in whole.directions for side in sides[d] for i in side]
        spread = p.program.expand(_directions_first(p, whole), [i in own for i in leading] + [True] * _rank(arg))
        args.append(p.program.reshape(spread, (*spread.axes[: len(spread.axes) - _rank(arg)], *arg.shape)))
    sizes = tuple(p.algebra.sizes[i] for i in leading)
    value = p.program.call(name, args, (*sizes, *node.shape), *(s for s in static if isinstance(s, (int, str))))
    rows, cols = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
    value = p.program.reshape(value, tuple(p.algebra.sizes[i] for i in (*leading, *rows, *cols)))
    return Term(
        Fraction(1), (Factor(value, (*leading, *rows, *cols)),), rows, cols, tuple((d, *sides[d]) for d in moving)
    )


def _rank(node: Node) -> int:
    return sum(not d.is_one for d in node.shape)


def _directions_first(p: Planner, term: Term) -> Value:
    (factor,) = term.factors
    order = [i for _, r, c in term.directions for i in (*r, *c)] + [*term.rows, *term.cols]
    return p.program.permute(factor.value, [factor.indices.index(i) for i in order])


def _is_contracted_call(node: Node) -> bool:
    return node.op == "call" and node.data[0] in ("khatri_rao", "kron_contract")


# fmt: off
#: operator -> its terms from those of its operands; multilinear operators and structured constants only
TERMS: dict[str, Callable[[Planner, Node, list[Terms]], Terms]] = {
    "add":         _add_terms,
    "matmul":      lambda p, node, ops: _multiplied(p, ops, p.algebra.product),
    "scale":       lambda p, node, ops: _multiplied(p, ops, _scaled(p)),
    "kron":        lambda p, node, ops: _multiplied(p, ops, _kron_pair(p)),
    "power":       _power_terms,
    "transpose":   lambda p, node, ops: [t.transposed for t in ops[0]],
    "trace":       lambda p, node, ops: [p.algebra.trace(t) for t in ops[0]],
    "diag":        lambda p, node, ops: [replace(t, cols=t.rows) for t in ops[0]],
    "diagonal":    lambda p, node, ops: [p.algebra.diagonal(t) for t in ops[0]],
    "vec":         lambda p, node, ops: [replace(t, rows=(*t.cols, *t.rows), cols=()) for t in ops[0]],
    "unvec":       _unvec_terms,
    "identity":    _identity_terms,
    "ones":        _ones_terms,
    "commutation": _commutation_terms,
    "block":       _block_terms,
    "call":        _call_terms,
}
# fmt: on
