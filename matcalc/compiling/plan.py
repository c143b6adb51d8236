"""From expressions to a plan: one rule for each operator, everything computed once.

What is multilinear (products, sums, traces, Kronecker products, diagonal matrices) becomes terms with indices, whose
contraction is ordered by cost; everything else becomes an instruction. Derivatives of any order are planned from
their operator, which is multilinear in its directions: no matrix of a vec form is ever built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc.calculus.structure import linear_structure
from matcalc.compiling.contraction import Contractor
from matcalc.compiling.distribution import is_cheaper_distributed
from matcalc.compiling.merging import Merged, Symbol, merged_chains
from matcalc.compiling.multilinear import TERMS, Terms, multiplied
from matcalc.compiling.program import BATCH, Axes, Program, Value
from matcalc.compiling.terms import STACK, Factor, Indices, Mismatch, Term, TermAlgebra, held
from matcalc.compiling.values import VALUES, is_contracted_call
from matcalc.errors import UnsupportedError
from matcalc.expr import ONE, Dim, Node, postorder, transpose

__all__ = ["Planner"]


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
        self.program: Program = Program()
        self.algebra: TermAlgebra = TermAlgebra(self.program)
        self.costs = Costs(typical or {})
        self.contractor: Contractor = Contractor(self.algebra, self.costs)
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
        if node.op in VALUES and not is_contracted_call(node):
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
        (term,) = multiplied(self, atoms, self.algebra.product)
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
        return self._by_rule(node, [self.terms(a) for a in node.args])

    def _by_rule(self, node: Node, operands: list[Terms]) -> Terms:
        """The rule of the operator; operands whose axes are divided in different ways are flattened."""
        rule = TERMS[node.op]
        try:
            return rule(self, node, operands)
        except Mismatch:
            return rule(self, node, [[self.summed([t]) for t in terms] for terms in operands])

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
            lengths = [(self._merged_size(side),) for side in sizes]
            count = Dim.of(len(pairs))
            columns = [self.program.reshape(a, lengths[0]) for a, _ in pairs]
            rows = [self.program.reshape(b, lengths[1]) for _, b in pairs]
            one = self.program.emit("stack", columns, (1,), (*lengths[0], count))
            two = self.program.emit("stack", rows, (0,), (count, *lengths[1]))
            value = self.program.reshape(self.program.matmul(one, two), (*sizes[0], *sizes[1]))
        placed = (*left, *right)
        return self.program.permute(value, [placed.index(k) for k in range(len(shape))])

    def _merged_size(self, dims: Axes) -> Dim:
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
        return self._merged_size(tuple(self.algebra.sizes[i] for i in group))

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
        one = Factor(self.program.number(1), ())
        left, right = (self.contractor.distinct(*rest) if rest else one for rest in (rest_a, rest_b))
        if left.indices and right.indices and set(left.indices) != set(right.indices):
            return None
        indices = left.indices or right.indices
        # An index that only one of them has would be summed over the other one, too.
        if not (left.indices and right.indices) and set(indices) - {*a.open_indices, STACK} - held(common):
            return None
        values = [f.value if not f.indices else self.contractor.aligned(f, indices) for f in (left, right)]
        pairs = list(zip(values, (a.coefficient, b.coefficient), strict=True))
        value = self.program.combine(pairs)
        if value.op == "number" and not value.data[0]:  # the two cancel
            return replace(a, coefficient=Fraction(1), factors=(self._zeros(a.open_indices),))
        return replace(a, coefficient=Fraction(1), factors=(*common, Factor(value, indices)))

    def _zeros(self, indices: Indices) -> Factor:
        """Zeros with an axis for each of the indices."""
        distinct = tuple(dict.fromkeys(indices))
        return Factor(self.program.leaf("zeros", tuple(self.algebra.sizes[i] for i in distinct)), distinct)

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
        if node.op not in TERMS:
            raise UnsupportedError(f"the array of a derivative through {node.op} is not known")
        return self._by_rule(node, [self.terms(a) for a in node.args])

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
