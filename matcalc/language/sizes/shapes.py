"""The two sizes of every item, given the kinds: what each operator demands and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matcalc.expr import ONE, Dim, Node
from matcalc.functions import find
from matcalc.language.declarations import Declaration
from matcalc.language.indices.ranges import range_of
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, broadcasts, matching
from matcalc.language.meaning.items import Item, Program
from matcalc.language.sizes.ends import ended
from matcalc.language.sizes.foldings import Foldings
from matcalc.language.sizes.signatures import Signature, parse_signature
from matcalc.language.sizes.sizes import Sizes
from matcalc.language.undefined.open_kinds import ENTRYWISE, open_shape

__all__ = ["Shapes"]

Shape = tuple[Dim, Dim]


class Shapes:
    """Shapes of items with unknowns in them; fill with `run`, then ask `of`."""

    def __init__(self, program: Program, kinds: dict[int, int] | list[int]) -> None:
        self.program = program
        self.kinds = kinds
        self.sizes = Sizes()
        self.of: dict[int, Shape] = {}
        self.names: dict[int, Shape] = {}
        #: The shapes of the value (-1) and the arguments of undeclared functions that are not applied to every entry.
        self.functions: dict[int, dict[int, Shape]] = {}
        self.chosen: dict[int, Signature] = {}
        self.cuts: dict[int, tuple[list[Dim], list[Dim]]] = {}
        self.bindings: dict[int, dict[str, Dim]] = {}
        #: How many values each index has.
        self.ranges: dict[int, Dim] = {}
        self.foldings = Foldings(self)

    def run(self, indices: Iterable[int]) -> None:
        """Give these items their shapes; raises Clash at the first contradiction."""
        for index in indices:
            self.of[index] = self._shape(index, self.program.items[index])
            self.foldings.note(index)

    def resolved(self, index: int) -> Shape:
        """What is known of the shape of an item now."""
        return self.resolve(self.of[index])

    def resolve(self, shape: Shape) -> Shape:
        """A shape with everything known put in."""
        return self.sizes.resolve(shape[0]), self.sizes.resolve(shape[1])

    def _shape(self, index: int, item: Item) -> Shape:
        if not item.children:
            return self._leaf(index, item)
        rule = _RULES.get(item.kind)
        shapes = [self.of[c] for c in item.children]
        if rule is not None:
            return rule(self, index, shapes)
        return self._broadcast(index, shapes)

    def free(self, kind: int) -> Shape:
        """A shape of this kind whose sizes are not known."""
        return (self.sizes.fresh() if kind & 1 else ONE), (self.sizes.fresh() if kind & 2 else ONE)

    def _leaf(self, index: int, item: Item) -> Shape:
        kind = self.kinds[index]
        match item.kind:
            case "variable" if isinstance(item.data, Declaration):
                return item.data.shape
            case "variable":
                if item.data not in self.names:
                    self.names[item.data] = self.free(kind)
                return self.names[item.data]
            case "bound":
                node: Node = item.data
                return node.shape
            case "identity":
                size = item.data if item.data is not None else self.sizes.fresh()
                return size, size
            case "number":
                return self.free(kind)
            case "call":
                return self._call(index, [])
            case "at":
                return range_of(self, item.node.value), ONE
        return ONE, ONE

    def equate(self, left: Dim, right: Dim, index: int) -> None:
        """Demand that two sizes are equal, for the operator at ``index``."""
        self.sizes.equate(left, right, index)

    def _same(self, index: int, shapes: list[Shape]) -> Shape:
        first = shapes[0]
        for other in shapes[1:]:
            self.equate(first[0], other[0], index)
            self.equate(first[1], other[1], index)
        return first

    def _broadcast(self, index: int, shapes: list[Shape]) -> Shape:
        """Scalars stand beside any shape; arrays agree."""
        children = self.program.items[index].children
        arrays = [s for s, c in zip(shapes, children, strict=True) if self.kinds[c] != SCALAR]
        return self._same(index, arrays) if arrays else (ONE, ONE)

    def _square(self, index: int, shape: Shape) -> Shape:
        self.equate(shape[0], shape[1], index)
        return shape

    def _multiply(self, index: int, shapes: list[Shape]) -> Shape:
        a, b = (self.kinds[c] for c in self.program.items[index].children)
        if a == SCALAR or b == SCALAR:
            return shapes[1] if a == SCALAR else shapes[0]
        if a == b == COLUMN:
            return self._inner(index, shapes)
        if a == COLUMN and b == MATRIX:
            self.equate(shapes[0][0], shapes[1][0], index)
            return shapes[1][1], ONE
        self._meet(index)
        self.equate(shapes[0][1], shapes[1][0], index)
        return shapes[0][0], shapes[1][1]

    def _meet(self, index: int) -> None:
        """Blocks of one operand meet those of the other; the product is cut as its operands are."""
        left, right = (self.cuts.get(c, ([], [])) for c in self.program.items[index].children)
        if len(left[1]) > 1 and len(left[1]) == len(right[0]):
            self.sizes.suggest(zip(left[1], right[0], strict=True), index)
        if len(left[0]) > 1 or len(right[1]) > 1:
            self.cuts[index] = left[0], right[1]

    def _left_divide(self, index: int, shapes: list[Shape]) -> Shape:
        first = self.program.items[index].children[0]
        if self.kinds[first] == SCALAR:
            return shapes[1]
        self._square(index, shapes[0])
        self.equate(shapes[0][1], shapes[1][0], index)
        return shapes[1]

    def _power(self, index: int, shapes: list[Shape]) -> Shape:
        return self._square(index, shapes[0]) if self.kinds[index] == MATRIX else shapes[0]

    def _bars(self, index: int, shapes: list[Shape]) -> Shape:
        """A determinant or the absolute value of a number, else the absolute values of the entries."""
        if self.kinds[index] != SCALAR:
            return shapes[0]
        if self.kinds[self.program.items[index].children[0]] != COLUMN:
            self._square(index, shapes[0])
        return ONE, ONE

    def _exponential(self, index: int, shapes: list[Shape]) -> Shape:
        """e^A is the exponential of a matrix."""
        if self.kinds[index] != MATRIX:
            return shapes[0]
        self.chosen[index] = OF_SQUARES
        self.bindings[index] = dict.fromkeys(OF_SQUARES.symbols(), shapes[0][0])
        return self._square(index, shapes[0])

    def _transpose(self, index: int, shapes: list[Shape]) -> Shape:
        (child,) = self.program.items[index].children
        if child in self.cuts:
            self.cuts[index] = self.cuts[child][::-1]
        return shapes[0][1], shapes[0][0]

    def _inner(self, index: int, shapes: list[Shape]) -> Shape:
        self._same(index, shapes)
        return ONE, ONE

    def _entry(self, index: int, shapes: list[Shape]) -> Shape:
        forms = self.program.items[index].node.value
        base = self.program.items[index].children[0]
        rows, cols = shapes[0]
        values = [self.program.items[c].data for c in self.program.items[index].children[1:]]
        sizes: list[Dim] = []
        for form in forms:
            taken = [values.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
            whole = (
                (cols if self.kinds[base] == ROW else rows)
                if not sizes and len(forms) == 1
                else (rows, cols)[len(sizes)]
            )
            taken = [ended(value, whole) for value in taken]
            size = {"at": ONE, "all": whole}[form] if form != "range" else taken[1] - taken[0] + 1
            if whole.is_one:
                self.equate(size, ONE, index)
            sizes.append(size)
        if len(forms) == 2:
            return sizes[0], sizes[1]
        return (ONE, sizes[0]) if self.kinds[base] == ROW else (sizes[0], ONE)

    def _block(self, index: int, shapes: list[Shape]) -> Shape:
        _, width = self.program.items[index].node.value
        rows = [shapes[i : i + width] for i in range(0, len(shapes), width)]
        for row in rows:
            for shape in row[1:]:
                self.equate(row[0][0], shape[0], index)
        for row in rows[1:]:
            for above, below in zip(rows[0], row, strict=True):
                self.equate(above[1], below[1], index)
        height, total = Dim({}), Dim({})
        for row in rows:
            height = height + row[0][0]
        for shape in rows[0]:
            total = total + shape[1]
        self.cuts[index] = [row[0][0] for row in rows], [shape[1] for shape in rows[0]]
        return height, total

    def _call(self, index: int, shapes: list[Shape]) -> Shape:
        item = self.program.items[index]
        function = find(item.node.value)
        assert function is not None
        if broadcasts(function, len(shapes)):
            return self._broadcast(index, shapes)
        signature = matching(item.data, [self.kinds[c] for c in item.children])
        assert signature is not None
        self.chosen[index] = signature
        binding = self._bind_symbols(index, signature, shapes)
        self.bindings[index] = binding
        return signature.result[0].substitute(binding), signature.result[1].substitute(binding)

    def _open(self, index: int, shapes: list[Shape]) -> Shape:
        item = self.program.items[index]
        if isinstance(item.data, Declaration):
            return self._broadcast(index, shapes) if item.data.is_entrywise else open_shape(self, index, shapes)
        function, *arguments = item.children
        if self.kinds[function] == ENTRYWISE:
            arrays = [s for s, c in zip(shapes[1:], arguments, strict=True) if self.kinds[c] != SCALAR]
            return self._same(index, arrays) if arrays else (ONE, ONE)
        return open_shape(self, index, shapes)

    def _bind_symbols(self, index: int, signature: Signature, shapes: list[Shape]) -> dict[str, Dim]:
        """Sizes for the symbols of the signature; those that no argument tells stay unknown."""
        children = self.program.items[index].children
        binding: dict[str, Dim] = {}
        for parameter, child in zip(signature.parameters, children, strict=True):
            if parameter.kind in ("size", "index"):
                binding[parameter.name] = self.program.items[child].data
        pairs = [
            (wanted, found)
            for parameter, shape in zip(signature.parameters, shapes, strict=True)
            if parameter.kind == "array"
            for wanted, found in zip(parameter.shape, shape, strict=True)
        ]
        for wanted, found in pairs:
            if len(wanted.names) == 1 and wanted == Dim.of(wanted.names[0]):
                binding.setdefault(wanted.names[0], found)
        for name in signature.symbols():
            if name not in binding:
                binding[name] = self.sizes.fresh()
        for wanted, found in pairs:
            self.equate(wanted.substitute(binding), found, index)
        return binding


#: The signature of expm.
OF_SQUARES = parse_signature("(n,n) -> (n,n)")

_RULES: dict[str, Callable[[Shapes, int, list[Shape]], Shape]] = {
    "negate": lambda s, i, shapes: shapes[0],
    "total": lambda s, i, shapes: shapes[0],
    "exponential": Shapes._exponential,
    "transpose": Shapes._transpose,
    "multiply": Shapes._multiply,
    "left_divide": Shapes._left_divide,
    "divide": lambda s, i, shapes: shapes[0],
    "power": Shapes._power,
    "norm": lambda s, i, shapes: (ONE, ONE),
    "bars": Shapes._bars,
    "inner": Shapes._inner,
    "kron": lambda s, i, shapes: (shapes[0][0] * shapes[1][0], shapes[0][1] * shapes[1][1]),
    "entry": Shapes._entry,
    "block": Shapes._block,
    "call": Shapes._call,
    "open": Shapes._open,
}
