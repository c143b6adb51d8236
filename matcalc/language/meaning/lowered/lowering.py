"""From the typed tree to expression nodes, through the constructors of `matcalc.expr`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from fractions import Fraction

from matcalc import expr
from matcalc.errors import DomainError, Hint, ShapeError
from matcalc.expr import ONE, Dim, Node, ShapeMismatch
from matcalc.expr.node import has_complex_leaves
from matcalc.expr.passes import Pass
from matcalc.functions import find
from matcalc.language import limits
from matcalc.language.declarations import Declaration
from matcalc.language.indices.nodes import member_node, place_node, related_node, total_node
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.lowered.domains import refuse_singular
from matcalc.language.meaning.lowered.lowered_calls import Calls, Expand
from matcalc.language.mends.hints import declare, did_you_mean, unbracketed, write
from matcalc.language.sizes.signatures import Signature
from matcalc.language.surface.tree import TYPED, Typed
from matcalc.language.words.names import canonical_name
from matcalc.records import dataclass

__all__ = ["Lowering"]


class Lowering(Calls):
    """Turns typed nodes into expression nodes, each typed node once."""

    def __init__(self, text: str, declarations: Mapping[str, Declaration], expand: Expand, trust: bool = False) -> None:
        super().__init__(text, expand, trust)
        self.shared: set[int] = set()
        self.declarations = declarations
        self._nodes: dict[int, Node] = {}
        self._products: dict[int, _Product] = {}
        #: Every sum as it was typed: its terms with their signs.
        self.sums: list[tuple[tuple[Node, Fraction], ...]] = []

    def node(self, typed: Typed) -> Node:
        """The node of what was lowered before."""
        found = self._nodes.get(id(typed))
        if found is None:
            found = self._nodes[id(typed)] = self._products.pop(id(typed)).node()
        return found

    def lower(self, typed: Typed, signature: Signature | None, binding: Mapping[str, Dim]) -> None:
        """Store the node of ``typed``; its children have been lowered before."""
        try:
            if typed.kind in ("multiply", "divide"):
                self._multiply(typed)
                return
            below = [self.node(c) for c in typed.children if c.kind != "size"]
            of_complex = _of_complex(self, typed, below) if has_complex_leaves() else None
            if of_complex is not None:
                node = of_complex
            elif typed.kind == "call":
                node = self._call(typed, below, signature, binding)
            elif typed.kind == "add":
                node = self._sum(typed)
            else:
                node = LOWERED.row(typed.kind)(self, typed, below)
        except DomainError as error:
            raise DomainError(error.message, text=self.text, span=typed.span, hint=error.hint) from None
        except ShapeMismatch:
            raise ShapeError(
                "what stands here has parts whose shapes differ", text=self.text, span=typed.span
            ) from None
        self._nodes[id(typed)] = node

    def _sum(self, typed: Typed) -> Node:
        pairs = zip(typed.children, typed.value, strict=True)
        parts = tuple((self._shaped(self.node(c), typed), Fraction(s)) for c, s in pairs)
        self.sums.append(parts)
        return expr.combine(parts, typed.shape)

    def _multiply(self, typed: Typed) -> None:
        """Products of many factors are built at once, when somebody asks for their node."""
        left, right = typed.children
        product = self._products.get(id(left))
        if product is None or (product.factors and _scalar(left)):
            product = _Product()
            product.include(self.node(left))
        elif id(left) in self.shared:
            product = _Product([*product.scalars], [*product.factors])
        else:
            del self._products[id(left)]
        product.include(self.node(right) if typed.kind == "multiply" else expr.power(self.node(right), -1))
        self._products[id(typed)] = product

    def _shaped(self, node: Node, typed: Typed) -> Node:
        """A scalar beside arrays, spread over the entries."""
        if node.is_scalar and typed.shape != (ONE, ONE):
            return expr.scale(node, expr.ones(*typed.shape))
        return node

    def _variable(self, typed: Typed, below: list[Node]) -> Node:
        return expr.variable(typed.value, typed.shape, self.declarations[typed.value].structure)

    def _power(self, typed: Typed, below: list[Node]) -> Node:
        base, exponent = below
        value = expr.is_number(exponent)
        if value is not None and abs(value) > limits.current().exponent:
            raise limits.exceeded("exponent", "the exponent is too large", self.text, typed.children[1].span)
        if base.is_scalar:
            return expr.power(base, exponent)
        if value is not None and value.denominator == 2:
            root = expr.call("sqrtm", base, shape=base.shape)
            return expr.matrix_power(root, expr.number(value * 2))
        if value is not None and value.denominator != 1:
            message = f"a matrix has integer powers only, not {value}"
            raise self._fault(message, typed.children[1], self._fractional_power(typed), "matrix-power")
        if value is not None and value < 0:
            refuse_singular(base)
        if value is None and not self._is_integer(exponent):
            source = canonical_name(self.text[slice(*typed.children[1].span)])
            hint = declare(self.text, f"{source}: scalar(integer)") if source.isidentifier() else None
            raise self._fault("the exponent of a matrix is an integer", typed.children[1], hint, "matrix-power")
        return expr.matrix_power(base, exponent)

    def _fractional_power(self, typed: Typed) -> Hint:
        """The matrix function that A^p may stand for, and the powers of the entries."""
        base, exponent = (" ".join(self.text[slice(*whole(self.text, c.span))].split()) for c in typed.children)
        power, powers = f"expm({exponent} * logm({unbracketed(base)}))", f"{base}.^{exponent}"
        purposes = ("for the power of the matrix", "for powers of the entries")
        return write(whole(self.text, typed.span), *zip((power, powers), purposes, strict=True))

    def _is_integer(self, node: Node) -> bool:
        """Sums and products of integers are integers."""
        for part in expr.postorder(node):
            match part.op:
                case "variable":
                    if "integer" not in part.data[1]:
                        return False
                case "add":
                    if any(c.denominator != 1 for c in part.data):
                        return False
                case "power":
                    exponents = [expr.is_number(e) for e in part.args[1::2]]
                    if any(e is None or e.denominator != 1 or e < 0 for e in exponents):
                        return False
                case "ones" | "zero" | "dimension":
                    pass
                case _:
                    return False
        return True

    def _hadamard_power(self, typed: Typed, below: list[Node]) -> Node:
        base, exponent = below
        value = expr.is_number(exponent)
        if value is not None and abs(value) > limits.current().exponent:
            raise limits.exceeded("exponent", "the exponent is too large", self.text, typed.children[1].span)
        if exponent.is_scalar:
            return expr.power(base, exponent)
        logarithm = expr.apply("log", base)
        return expr.apply("exp", expr.hadamard(exponent, logarithm))

    def _norm(self, typed: Typed, below: list[Node]) -> Node:
        (x,) = below
        if x.is_scalar:
            return expr.apply("abs", x)
        if typed.value == "2" and not (x.is_column or x.is_row):
            return self._named("norm_spec", [x], typed)
        if x.is_row:
            x = expr.transpose(x)
        return expr.power(expr.trace(expr.matmul(expr.transpose(x), x)), Fraction(1, 2))

    def _named(self, name: str, args: list[Node], typed: Typed) -> Node:
        function = find(name)
        if function is None:
            raise self._fault(f"the function {name} is not there", typed, None, "unknown-function")
        from matcalc.language.sizes.signatures import parse_signature

        return self._apply_function(function, parse_signature(function.signatures[0]), args, typed, {})

    def _entry(self, typed: Typed, below: list[Node]) -> Node:
        base = below[0]
        values = [c.value for c in typed.children[1:]]
        spans = list(typed.children[1:])
        forms = list(typed.value)
        sizes = [base.rows, base.cols]
        if len(forms) == 1:
            forms = ["all", forms[0]] if base.is_row else [forms[0], "all"]
        ranges: list[tuple[Dim, Dim]] = []
        for form, size in zip(forms, sizes, strict=True):
            first, last = Dim.of(1), size
            if form != "all":
                first = values.pop(0)
                self._check_index(first, size, spans.pop(0))
                last = first
            if form == "range":
                last = values.pop(0)
                self._check_index(last, size, spans.pop(0))
                if ((last - first).value or 0) < 0:
                    hint = did_you_mean(typed.span, self._turned_range(typed, f"{first}:{last}", f"{last}:{first}"))
                    raise self._fault(f"the range {first}:{last} is empty", typed, hint, "bad-index")
            ranges.append((first - 1, last - first + 1))
        return expr.slice_of(base, *ranges)

    def _turned_range(self, typed: Typed, empty: str, turned: str) -> str:
        source = self.text[slice(*typed.span)]
        return re.sub(r"\s*:\s*".join(map(re.escape, empty.split(":"))), turned, source)

    def _block(self, typed: Typed, below: list[Node]) -> Node:
        _, width = typed.value
        flat = [
            expr.zeros(*c.shape) if c.kind == "number" and not c.value else node
            for c, node in zip(typed.children, below, strict=True)
        ]
        return expr.block([flat[i : i + width] for i in range(0, len(flat), width)])

    def _bars(self, typed: Typed, below: list[Node]) -> Node:
        (x,) = below
        return expr.apply("abs", x) if x.is_scalar else expr.det(x)


def _of_complex(lowering: Lowering, typed: Typed, below: list[Node]) -> Node | None:
    from matcalc.language.meaning.lowered.complex_forms import lowered_of_complex

    return lowered_of_complex(lowering, typed, below)


@dataclass
class _Product:
    """Factors in their order; scalars apart from them."""

    scalars: list[Node] = field(default_factory=list)
    factors: list[Node] = field(default_factory=list)

    def include(self, factor: Node) -> None:
        (self.scalars if factor.is_scalar else self.factors).append(factor)

    def node(self) -> Node:
        """The product."""
        if self.factors and not self.scalars:
            return expr.matmul(*self.factors)
        scalar = expr.hadamard(expr.number(1), *self.scalars)
        return expr.multiply(scalar, expr.matmul(*self.factors)) if self.factors else scalar


def _scalar(typed: Typed) -> bool:
    return typed.shape == (ONE, ONE)


#: kind of a typed node -> its node, from those of its children; products are made of many factors at once
LOWERED: Pass[Callable[[Lowering, Typed, list[Node]], Node]] = Pass(
    "lowering of the typed tree",
    {
        "number": lambda self, t, below: expr.number(t.value),
        "variable": Lowering._variable,
        "bound": lambda self, t, below: t.value,
        "dimension": lambda self, t, below: expr.dimension(t.value),
        "constant": lambda self, t, below: expr.constant(t.value),
        "identity": lambda self, t, below: expr.identity(t.shape[0]),
        "size": lambda self, t, below: expr.number(0),
        "negate": lambda self, t, below: expr.scaled(-1, below[0]),
        "left_divide": lambda self, t, below: expr.multiply(expr.inverse(refuse_singular(below[0])), below[1]),
        "hadamard": lambda self, t, below: expr.hadamard(*below),
        "hadamard_divide": lambda self, t, below: expr.divide(*below),
        "hadamard_power": Lowering._hadamard_power,
        "kron": lambda self, t, below: expr.kron(*below),
        "transpose": lambda self, t, below: expr.transpose(below[0]),
        "power": Lowering._power,
        "norm": Lowering._norm,
        "bars": Lowering._bars,
        "inner": lambda self, t, below: expr.trace(expr.multiply(expr.transpose(below[0]), below[1])),
        "entry": Lowering._entry,
        "open": Lowering._open,
        "block": Lowering._block,
        "at": lambda self, t, below: expr.at(t.value),
        "member": lambda self, t, below: member_node(t.value, self.declarations[t.value.array].node, t.shape),
        "place": lambda self, t, below: place_node(*t.value),
        "same": lambda self, t, below: related_node(t.value),
        "total": lambda self, t, below: total_node(t.value, below[0]),
    },
    never=("multiply", "divide", "call", "add"),
    over=TYPED,
)
