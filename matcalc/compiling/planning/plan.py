"""From expressions to a plan: one rule for each operator, everything computed once.

What is multilinear (products, sums, traces, Kronecker products, diagonal matrices) becomes terms with indices, whose
contraction is ordered by cost; everything else becomes an instruction. Derivatives of any order are planned from
their operator, which is multilinear in its directions: no matrix of a vec form is ever built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

from matcalc.calculus.structure import linear_structure
from matcalc.compiling.cheaper.chains import Applied, Order
from matcalc.compiling.planning.contracting.assembly import Assembler
from matcalc.compiling.planning.contracting.contraction import Contractor, leaves
from matcalc.compiling.planning.contracting.merging import Merged, Symbol, merged_chains
from matcalc.compiling.planning.contracting.terms import Factor, Indices, Mismatch, Term, TermAlgebra
from matcalc.compiling.planning.multilinear import TERMS, Terms, multiplied
from matcalc.compiling.planning.open_functions import is_contracted
from matcalc.compiling.planning.open_nodes import Layouts, Opened, canonical, is_spread, seen_and_read
from matcalc.compiling.planning.program import BATCH, Axes, Program, Value
from matcalc.compiling.planning.values import VALUES, is_contracted_call
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Index, Node, in_order, member_structure, number_of_members, postorder, transpose
from matcalc.expr.canonical.open_functions import operands_of
from matcalc.expr.facts import is_positive

__all__ = ["Planner"]

#: Products with these are cheaper than with their arrays.
STRUCTURED = frozenset("identity ones at diag kron commutation scale vec unvec matmul total".split())


class Costs(dict[Dim, float]):
    """The number that each size is taken for when orders of products are compared."""

    def __init__(self, typical: Mapping[str, int]) -> None:
        self.typical = dict(typical)

    def __missing__(self, dim: Dim) -> float:
        sizes = {name: self.typical.get(name, _typical(name)) for name in dim.names}
        self[dim] = float(max(dim.evaluate(sizes), 1))
        return self[dim]

    def take_for_long(self, nodes: Sequence[Node]) -> None:
        """Sums over data are longer than their members."""
        for name in {name for node in nodes if node.op == "at" for name in node.rows.names}:
            if _typical(name) == ROWS:
                self.typical.setdefault(name, MEMBERS)


#: Typical numbers: of rows, of members of a sum, of components and ranks.
ROWS, MEMBERS, COMPONENTS = 100, 400, 20


def _typical(name: str) -> int:
    """Ranks and numbers of components are small beside numbers of rows."""
    return COMPONENTS if name[0] in "kKr" else ROWS


class Planner:
    """Fills a program with what the outputs need."""

    def __init__(self, typical: Mapping[str, int] | None = None) -> None:
        self.program: Program = Program(sizes_are_known=bool(typical))
        self.algebra: TermAlgebra = TermAlgebra(self.program)
        self.costs = Costs(typical or {})
        self.contractor: Contractor = Contractor(self.algebra, self.costs)
        self.assembler: Assembler = Assembler(self.algebra, self.contractor)
        self.known: dict[Node, Value] = {}
        self.names: dict[Node, str] = {}
        #: The axes of arguments that are arrays of a family, of more than two axes.
        self.arrays: dict[Node, Axes] = {}
        #: Functions that are arguments, by their symbols.
        self.functions: dict[str, str] = {}
        self.batched: set[str] = set()
        #: The indices whose axes stand in front in the arrays of operands.
        self.frame: tuple[Index, ...] = ()
        self.open: frozenset[Node] = frozenset()
        self.linear: dict[Node, Terms] = {}
        self.consumers: Counter[Node] = Counter()
        self.applied = Applied(self.costs.__getitem__)
        self.opened = Opened([], self.consumers)
        self.layouts = Layouts([])
        self.merged_products = Merged()
        self.pair_values: dict[int, Value] = {}

    def prepare(self, roots: Sequence[Node]) -> None:
        """Find the sums that are used once, in a product that is cheaper without them."""
        order = postorder(*roots)
        different = list(dict.fromkeys(canonical(node)[0] for node in order))
        self.consumers.update(canonical(a)[0] for node in different for a in node.args)
        self.consumers.update(canonical(root)[0] for root in roots)
        self.costs.take_for_long(order)
        self.opened = Opened(different, self.consumers)
        self.layouts = Layouts(different)
        self.applied.find(order, lambda node: any(map(is_spread, node.args)))
        inside = self.applied.terms
        self.merged_products = Merged() if self.batched else merged_chains(n for n in order if n not in inside)

    # --- values of matrices -------------------------------------------------------------------

    def value(self, root: Node) -> Value:
        """The array of a node without open directions: () for a scalar, (n,) for a vector or row, (m, n).

        In front of these are the axes of its free indices.
        """
        self._fill(root)
        with self.framed(self.frame or in_order(root.free)):
            return self.array(root)

    def array(self, node: Node) -> Value:
        """The array of an operand, in front the axes of the indices of what is planned, of size 1 where it has none."""
        found, order = self.layouts.placed(node, self.frame)
        value = self.known[found]
        own = range(value.batched + len(order), value.rank)
        front = [0] * value.batched
        lead = [value.batched + order.index(i) for i in self.frame if i in order]
        value = self.program.permute(value, [*front, *lead, *own])
        places = [*(True for _ in front), *(i in order for i in self.frame), *(True for _ in own)]
        idle = next((k for k, place in enumerate(places) if place), 0)
        return self.program.expand(value, places).seen(len(self.frame) - idle if order else 0)

    @contextmanager
    def framed(self, indices: tuple[Index, ...]) -> Iterator[None]:
        """Plan what depends on these indices."""
        before, self.frame = self.frame, indices
        try:
            yield
        finally:
            self.frame = before

    def _fill(self, *roots: Node) -> None:
        for node in self._needed_values(roots):
            if node not in self.known:
                with self.framed(self.layouts.of(node)):
                    value = self.known[node] = self.whole(self._planned(node), self.axes(node))
                if value.rank == 2 and not node.free and transpose(node) is node:
                    self.program.symmetric.add(value.number)
                if is_positive(node):
                    self.program.positive.add(value.number)

    def whole(self, value: Value, own: Axes) -> Value:
        """The value with all axes of its indices at their full lengths."""
        axes = (*([BATCH] if value.batched else []), *(i.size for i in self.frame), *own)
        full = self.frame and value.axes != axes
        return self.program.emit("broadcast", (value,), (), axes, 0) if full else self.program.plain(value)

    def _needed_values(self, roots: Sequence[Node]) -> list[Node]:
        """The nodes whose arrays are needed, operands first: structured operands are seen through."""
        order: list[Node] = []
        seen: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(canonical(root)[0], False) for root in reversed(roots)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen and node not in self.known:
                seen.add(node)
                stack.append((node, True))
                stack.extend((canonical(a)[0], False) for a in reversed(self._operands(node)))
        return order

    def _operands(self, node: Node) -> list[Node]:
        """The nodes whose arrays the rule of this node reads."""
        if node.op not in VALUES.never and not is_contracted_call(node) and not is_contracted(node):
            return list(node.args)
        found: list[Node] = list(operands_of(node)) if node.op == "open" else []
        stack = list(reversed(node.args[len(found) :]))
        if node in self.merged_products.chains:
            return list(node.args)
        while stack:
            arg = stack.pop()
            if arg in self.merged_products.chains:
                found.extend(arg.args)
            elif arg.op == "matpow" and arg in self.applied:
                stack.extend(dict.fromkeys(self.applied.links(arg)))
            elif self.is_seen_through(arg):
                products, arrays = seen_and_read(arg)
                found.extend(arrays)
                stack.extend(reversed(products))
            else:
                found.append(arg)
        return found

    def _planned(self, node: Node) -> Value:
        flipped = node if node.is_column or node.is_row else transpose(node)
        if flipped is not node and canonical(flipped)[0] in self.known:
            return self.flipped(self.array(flipped))
        return self.contracted(node) if node.op in VALUES.never else VALUES.row(node.op)(self, node)

    def contracted(self, node: Node) -> Value:
        """The array of a sum of products."""
        if node in self.applied.orders:
            return self.assembler.dense(self._in_order(*self.applied.orders[node]))
        return self.assembler.dense(self.expanded(node), lead=self.slots(self.layouts.of(node)))

    def slots(self, indices: Sequence[Index]) -> Indices:
        """What stands for these indices in terms."""
        return tuple(map(self.algebra.slot, indices))

    def axes(self, node: Node) -> Axes:
        return tuple(d for d in node.shape if not d.is_one)

    def flipped(self, value: Value) -> Value:
        """The transpose of each matrix."""
        *stack, rows, cols = range(value.rank)
        return self.program.permute(value, (*stack, cols, rows))

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
        if node in self.applied.orders:
            return False
        return _is_structured(node) or node in self.applied or node in self.opened

    def expanded(self, node: Node) -> Terms:
        """The node as a sum of terms, by the rule of its operator."""
        if node in self.merged_products.chains:
            return self._from_pairs(node)
        if node.op == "matpow":
            return multiplied(self, [self.terms(f) for f in self.applied.links(node)], self.algebra.product)
        return self._by_rule(node, self._operand_terms(node))

    def _in_order(self, links: Sequence[Node], order: Order) -> Terms:
        """A chain in this order of products, each of which comes out as one array."""
        if isinstance(order, int):
            return self.terms(links[order])
        left, right = ([links[k] for k in leaves(part)] for part in order)
        b = self._in_order(links, order[1])
        if [transpose(f) for f in reversed(right)] == left:
            a = [self.algebra.fresh(t.transposed) for t in b]
        else:
            a = self._in_order(links, order[0])
        return [self.assembler.summed(multiplied(self, [a, b], self.algebra.product))]

    def _operand_terms(self, node: Node) -> list[Terms]:
        """The terms of what the node is linear in: not of the arguments of a function."""
        if node.op == "power" and not node.linear & self.open:
            with self.framed(self.layouts.placed(node)[1]):
                return [self.terms(b) for b in seen_and_read(node)[0]]
        return [self.terms(a) for a in (node.args[len(operands_of(node)) :] if node.op == "open" else node.args)]

    def _by_rule(self, node: Node, operands: list[Terms]) -> Terms:
        """The rule of the operator; operands whose axes are divided in different ways are flattened."""
        rule = TERMS.row(node.op)
        try:
            return rule(self, node, operands)
        except Mismatch:
            return rule(self, node, [[self.assembler.summed([t]) for t in terms] for terms in operands])

    def terms(self, node: Node) -> Terms:
        """The node as an operand: structured where its structure makes products cheaper, else as one array."""
        if self.open and node.linear & self.open:
            return [self.algebra.fresh(t) for t in self.linear[node]]
        if self.is_seen_through(node):
            return self.expanded(node)
        found, order = self.layouts.placed(node, self.frame)
        return [self.algebra.atom(self.known[found], *node.shape, self.slots(order))]

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
        terms = self.assembler.merged(self.linear.get(operator, []))
        self.open, self.linear = frozenset(), {}
        return terms

    def _linear(self, node: Node) -> Terms:
        if node.op in TERMS.never:
            raise UnsupportedError(f"the array of a derivative through {node.op} is not known")
        return self._by_rule(node, self._operand_terms(node))

    def _basis(self, direction: Node) -> Terms:
        """dX as one of the unit matrices E_ij, projected onto the structure of the variable."""
        i, j = self.algebra.axis(direction.rows), self.algebra.axis(direction.cols)
        plain = Term(Fraction(1), (), i, j, ((direction, i, j),))
        if member_structure(direction):
            return self._basis_of_members(direction)
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

    def _basis_of_members(self, direction: Node) -> Terms:
        """The same of members below each other, each of which is projected."""
        size, k = direction.cols, self.algebra.axis(number_of_members(direction))
        i, j = self.algebra.axis(size), self.algebra.axis(size)
        at = ((direction, (*k, *i), j),)
        plain = Term(Fraction(1), (), (*k, *i), j, at)
        match member_structure(direction):
            case "symmetric" | "skew" as kind:
                half, sign = plain.scaled(Fraction(1, 2)), 1 if kind == "symmetric" else -1
                turned = Term(Fraction(sign, 2), (), (*k, *j), i, at)
                return [half, self.algebra.fresh(turned)]
            case "diagonal":
                return [Term(Fraction(1), (), (*k, *i), i, ((direction, (*k, *i), i),))]
            case kind:
                pattern = self.program.leaf("mask", (size, size), kind)
                return [Term(Fraction(1), (Factor(pattern, (*i, *j)),), (*k, *i), j, at)]

    def _output(self, terms: Terms, operator: Node, directions: Sequence[Node]) -> Value:
        def groups(term: Term) -> list[Indices]:
            found = {d: (r, c) for d, r, c in term.directions}
            sides = [term.rows, term.cols, *(side for d in directions for side in found[d])]
            return [side for side in sides if side]

        if not terms:
            shapes = [operator.shape, *(d.shape for d in directions)]
            sizes = [i.size for i in in_order(operator.free)]
            return self.program.leaf("zeros", (*sizes, *(d for shape in shapes for d in shape if not d.is_one)))
        return self.assembler.dense(terms, groups, self.slots(in_order(operator.free)))


def _is_structured(node: Node) -> bool:
    """Whether products with it are cheaper than with its array."""
    if node.op == "transpose":
        return True
    if node.op == "add":
        return len(node.args) == 1 and not node.is_number
    if (
        node.op == "matmul"
        and node.is_column
        and any(f.upright.op == "kron" and not f.upright.is_column for f in node.args)
    ):
        return False  # a vector is never dearer than the matrices that it is made of
    return node.op in STRUCTURED and not node.is_scalar
