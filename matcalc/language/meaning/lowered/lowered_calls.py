"""Calls of functions, from the typed tree to expression nodes: of the table, of macros, and of functions that nobody defined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from matcalc import expr
from matcalc.errors import DomainError, MatcalcError, ShapeError
from matcalc.expr import ONE, Dim, Node
from matcalc.expr.built.constructors import constructed
from matcalc.expr.built.lifting import lift
from matcalc.expr.facts import is_symmetric
from matcalc.functions import Function, find
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.lowered.domains import is_outside, refuse_singular
from matcalc.language.meaning.lowered.of_vectors import OF_VECTORS
from matcalc.language.mends.hints import declare, did_you_mean, either, offer
from matcalc.language.sizes.signatures import Signature
from matcalc.language.surface.forms.axes import two_readings
from matcalc.language.surface.tree import Typed
from matcalc.language.undefined.open_uses import OpenTyped

__all__ = ["Calls", "Expand"]

#: The value of a macro: (text, names) -> Node.
Expand = Callable[[str, Mapping[str, Node | Dim]], Node]


class Calls(ABC):
    """What is called, with the nodes of its arguments."""

    def __init__(self, text: str, expand: Expand, trust: bool) -> None:
        self.text = text
        self.expand = expand
        self.trust = trust

    @abstractmethod
    def node(self, typed: Typed) -> Node:
        """The node of what was lowered before."""

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
        if function.symmetric_argument and not self.trust:
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
        if function.inverts:
            refuse_singular(arguments[0], f"{function.name} of {{}} is not defined")
        if len(arguments) != 1:
            return
        value = Fraction(0) if arguments[0].is_zero else expr.is_number(arguments[0])
        if value is not None and is_outside(function, value):
            raise DomainError(
                f"{function.name}({value}) is not defined: {function.name} needs {function.stated(function.domain)}"
            )

    def _check_symmetric(self, function: Function, typed: Typed, argument: Node) -> None:
        """Eigenvalues and Cholesky factors are those of symmetric matrices."""
        if argument.is_scalar or is_symmetric(argument):
            return
        (place,) = typed.children
        source = " ".join(self.text[slice(*place.span)].split())
        kind = function.symmetric_argument
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
            return constructed(function.name, place, [*arguments, *self._sizes_by_context(signature, binding)])
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


def _scalar(typed: Typed) -> bool:
    return typed.shape == (ONE, ONE)
