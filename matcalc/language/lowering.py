"""From the typed tree to expression nodes, through the constructors of `matcalc.expr`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from matcalc import expr
from matcalc.errors import DomainError, Hint, MatcalcError, ShapeError
from matcalc.expr import ONE, Dim, Node
from matcalc.expr.properties import is_symmetric
from matcalc.functions import Function, find
from matcalc.language import limits
from matcalc.language.axes import two_readings
from matcalc.language.declarations import Declaration
from matcalc.language.domains import is_outside
from matcalc.language.hints import declare, did_you_mean, either, offer, unbracketed, write
from matcalc.language.latex_places import whole
from matcalc.language.names import canonical_name
from matcalc.language.of_vectors import OF_VECTORS
from matcalc.language.open_uses import OpenTyped
from matcalc.language.signatures import Signature
from matcalc.language.surface import Typed

__all__ = ["SYMMETRIC_ARGUMENT", "Expand", "Lowering"]

#: Functions of a symmetric matrix -> the structure of an undeclared name that stands alone as their argument.
SYMMETRIC_ARGUMENT = {
    "chol": "spd",
    **dict.fromkeys(
        "eigvals eigmax eigmin eigvecs eigvec_max eigvec_min eig_gaps resolvent_max resolvent_min".split(), "symmetric"
    ),
}

#: The value of a macro: (text, names) -> Node.
Expand = Callable[[str, Mapping[str, Node | Dim]], Node]


class Lowering:
    """Turns typed nodes into expression nodes, each typed node once."""

    def __init__(self, text: str, declarations: Mapping[str, Declaration], expand: Expand, trust: bool = False) -> None:
        self.trust = trust
        self.shared: set[int] = set()
        self.text = text
        self.declarations = declarations
        self.expand = expand
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
            if typed.kind == "call":
                node = self._call(typed, below, signature, binding)
            elif typed.kind == "add":
                node = self._sum(typed)
            else:
                node = _LOWER[typed.kind](self, typed, below)
        except DomainError as error:
            raise DomainError(error.message, text=self.text, span=typed.span, hint=error.hint) from None
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
        if base.is_zero and value is not None and value < 0:
            raise DomainError("zero has no inverse")
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
        from matcalc.language.signatures import parse_signature

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

    def _check_index(self, index: Dim, size: Dim, place: Typed) -> None:
        rest = size - index
        is_beyond = bool(rest.terms) and all(c < 0 for _, c in rest.terms)
        if size.is_one and is_beyond:
            hint = did_you_mean(place.span, "1")
            raise self._fault(f"there is no entry {index}: this side has the size 1", place, hint, "bad-index")
        if (index.value is not None and index.value < 1) or is_beyond:
            meant = size if is_beyond else size + index + 1 if (index.value or 0) < 0 else Dim.of(1)
            counted = either("indices count from 1", did_you_mean(place.span, str(meant)), joint="; ")
            raise self._fault(f"the index {index} is not between 1 and {size}", place, counted, "bad-index")

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

    # Functions.

    def _open(self, typed: Typed, below: list[Node]) -> Node:
        """A value or a derivative of a function that nobody defined."""
        value: OpenTyped = typed.value
        count = len(value.function.arguments)
        first = int(value.use.inner is not None)
        args, fillings = below[first : first + count], [*below[:first], *below[first + count :]]
        for place, x, tags in zip(typed.children[first:], args, value.function.arguments, strict=False):
            if tags and not is_symmetric(x):
                source = " ".join(self.text[slice(*place.span)].split())
                message = f"{value.function.name} needs a symmetric matrix, and {source} need not be one"
                raise self._fault(message, place, f"write {value.function.name}(sym({source}))", "symmetric")
        legs = value.legs
        if value.use.is_value:
            return expr.open_value(value.function, args, typed.shape)
        pairs = zip(legs.fillings, fillings, strict=True)
        return expr.opened(value.function, args, typed.shape, legs.partials, legs.free, pairs)

    def _call(self, typed: Typed, below: list[Node], signature: Signature | None, binding: Mapping[str, Dim]) -> Node:
        function = find(typed.value)
        assert function is not None
        self._check_domain(function, typed, below)
        if function.name in SYMMETRIC_ARGUMENT and not self.trust:
            self._check_symmetric(function, typed, below[0])
        if function.name in ("max", "min") and len(below) == 2 and not self.trust:
            fault = two_readings(typed, self.text)
            if fault is not None:
                raise fault
        if function.name == "log" and typed.children[0].kind == "bars" and not _scalar(typed.children[0].children[0]):
            return expr.logdet(self.node(typed.children[0].children[0]))
        if function.kind == "elementwise" and len(below) == len(function.parameters):
            return expr.apply(function.name, *below)
        if function.entrywise:
            return self._entrywise(function, below, typed.shape)
        assert signature is not None
        arguments: list[Any] = []
        nodes = iter(below)
        for parameter, child in zip(signature.parameters, typed.children, strict=True):
            if parameter.kind == "array":
                arguments.append(next(nodes))
            elif parameter.kind != "literal":
                value = child.value.value if parameter.kind == "index" else None
                if parameter.kind == "index":
                    self._check_index(child.value, typed.shape[0], child)
                arguments.append(child.value if value is None else value)
        return self._apply_function(function, signature, arguments, typed, binding)

    def _check_domain(self, function: Function, typed: Typed, arguments: list[Node]) -> None:
        """A function of a number outside of its domain: log(0)."""
        if len(arguments) != 1:
            return
        value = Fraction(0) if arguments[0].is_zero else expr.is_number(arguments[0])
        if value is not None and is_outside(function, value):
            raise DomainError(f"{function.name}({value}) is not defined: {function.name} needs {function.domain}")
        if arguments[0].is_zero and function.name in ("inv", "logdet"):
            raise DomainError(f"{function.name} of zero is not defined")

    def _check_symmetric(self, function: Function, typed: Typed, argument: Node) -> None:
        """Eigenvalues and Cholesky factors are those of symmetric matrices."""
        if argument.is_scalar or is_symmetric(argument):
            return
        (place,) = typed.children
        source = " ".join(self.text[slice(*place.span)].split())
        kind = "spd" if function.name == "chol" else "symmetric"
        whole_place = whole(self.text, place.span)
        symmetric = f"sym({self.text[slice(*whole_place)]})"
        sentence = f"write {function.name}({{}}) for that of the symmetric part"
        hint = either(offer(sentence, whole_place, symmetric))
        if place.kind == "variable":
            hint = either(declare(self.text, f"{place.value}: {kind}({argument.rows})"), hint, joint=", or ")
        raise self._fault(
            f"{function.name} needs a symmetric matrix, and {source} need not be one", place, hint, "symmetric"
        )

    def _apply_function(
        self, function: Function, signature: Signature, arguments: list[Any], typed: Typed, binding: Mapping[str, Dim]
    ) -> Node:
        place = next((i for i, s in enumerate(function.signatures) if s == signature.text), 0)
        special = OF_VECTORS.get(function.name)
        if special is not None and isinstance(arguments[0], Node) and (arguments[0].is_row or arguments[0].is_column):
            axis = next((p.literal for p in signature.parameters if p.kind == "literal"), None)
            return special(arguments, axis)
        if function.kind == "macro":
            return self._macro(function, place, signature, arguments, binding)
        if function.kind == "constructor":
            build: Any = function.build[place] if isinstance(function.build, tuple) else function.build
            return build(*arguments, *self._sizes_by_context(signature, binding))  # type: ignore[no-any-return]
        static = function.static[place] if place < len(function.static) else ()
        return self._kernel_call(function.name, static, arguments, typed.shape)

    def _sizes_by_context(self, signature: Signature, binding: Mapping[str, Dim]) -> list[Dim]:
        """The result's sizes, where no argument tells them: vector(c), matrix(c), eye()."""
        told = {n for p in signature.parameters for d in p.shape for n in d.names}
        told |= {p.name for p in signature.parameters}
        if all(n in told for d in signature.result for n in d.names):
            return []
        return [dim.substitute(dict(binding)) for dim in dict.fromkeys(signature.result)]

    def _macro(
        self, function: Function, place: int, signature: Signature, arguments: list[Any], binding: Mapping[str, Dim]
    ) -> Node:
        definition = function.definition[place if len(function.definition) > 1 else 0]
        names: dict[str, Node | Dim] = dict(binding)
        parameters = [n for n, p in zip(function.parameters, signature.parameters, strict=False) if p.kind != "literal"]
        names.update(zip(parameters, arguments, strict=True))
        return self.expand(definition, names)

    def _entrywise(self, function: Function, arguments: list[Node], shape: tuple[Dim, Dim]) -> Node:
        """A definition of scalars, applied to every entry."""
        from matcalc.functions.templates import lift

        leaves = [expr.variable(name, (ONE, ONE)) for name in function.parameters]
        template = self.expand(function.definition[0], dict(zip(function.parameters, leaves, strict=True)))
        return lift(template, dict(zip(leaves, arguments, strict=True)), shape)

    def _kernel_call(
        self, name: str, static: tuple[str | int, ...], arguments: list[Any], shape: tuple[Dim, Dim]
    ) -> Node:
        args = tuple(a for a in arguments if isinstance(a, Node))
        if shape[0].is_one and not shape[1].is_one:
            columns = tuple(expr.transpose(a) if a.is_row else a for a in args)
            return expr.transpose(expr.call(name, *columns, static=static, shape=(shape[1], shape[0])))
        return expr.call(name, *args, static=static, shape=shape)

    def _fault(self, message: str, place: Typed, hint: str | None, code: str) -> MatcalcError:
        return ShapeError(message, code=code, text=self.text, span=place.span, hint=hint)


@dataclass
class _Product:
    """Factors in their order; scalars apart from them."""

    scalars: list[Node] = field(default_factory=list)
    factors: list[Node] = field(default_factory=list)

    def include(self, factor: Node) -> None:
        (self.scalars if factor.is_scalar else self.factors).append(factor)

    def node(self) -> Node:
        """The product."""
        scalar = expr.hadamard(expr.number(1), *self.scalars)
        return expr.multiply(scalar, expr.matmul(*self.factors)) if self.factors else scalar


def _scalar(typed: Typed) -> bool:
    return typed.shape == (ONE, ONE)


_LOWER: dict[str, Callable[[Lowering, Typed, list[Node]], Node]] = {
    "number": lambda self, t, below: expr.number(t.value),
    "variable": Lowering._variable,
    "bound": lambda self, t, below: t.value,
    "dimension": lambda self, t, below: expr.dimension(t.value),
    "constant": lambda self, t, below: expr.constant(t.value),
    "identity": lambda self, t, below: expr.identity(t.shape[0]),
    "size": lambda self, t, below: expr.number(0),
    "negate": lambda self, t, below: expr.scaled(-1, below[0]),
    "left_divide": lambda self, t, below: expr.multiply(expr.inverse(below[0]), below[1]),
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
}
