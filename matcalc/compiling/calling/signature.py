"""Parameters of compiled functions: their names, their shapes, and where each size is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from matcalc.calculus import array_axes
from matcalc.compiling.planning.program import BATCH
from matcalc.errors import DeclarationError
from matcalc.expr import Dim, Node
from matcalc.expr.directions import direction_spellings, direction_symbol
from matcalc.expr.named_powers import base_and_exponent
from matcalc.language import canonical_name
from matcalc.language.words.names import typed_name
from matcalc.records import dataclass

__all__ = ["Parameter", "Signature", "parameter_name", "read_size", "size_key", "symbol_of"]


@dataclass(frozen=True)
class Parameter:
    """An argument: its Python name, the name it has in expressions, and its axes.

    A column that is declared as a matrix (m, 1) may be given as one. A function that nobody defined is no array.
    """

    name: str
    symbol: str
    axes: tuple[Dim, ...]
    is_column: bool = False
    is_function: bool = False


def _shown(axes: Iterable[Dim]) -> str:
    return f"({', '.join(map(str, axes))})"


def symbol_of(node: Node, names: Collection[str]) -> str:
    """The name of a variable, or ``dX``, ``dX_1`` for a perturbation, beside variables of these names."""
    if node.op == "variable":
        return str(node.data[0])
    name, index, _ = node.data
    return direction_symbol(name, index, names)


def size_key(name: str) -> str:
    """What a size is called among arguments: a variable may have the same name."""
    return f"size {name}"


def parameter_name(symbol: str, taken: Iterable[str]) -> str:
    """An identifier in ASCII that is none of the names taken: a trailing underscore keeps them apart."""
    name = re.sub(r"[^0-9A-Za-z_]", "_", canonical_name("".join(map(str, base_and_exponent(symbol) or (symbol,)))))
    if not re.match(r"[A-Za-z_]", name):
        name = f"v{name}"
    unavailable = set(taken)
    while name in unavailable:
        name += "_"
    return name


@dataclass
class Signature:
    """The parameters by symbol, and the local names of sizes; no name is used twice.

    ``variables`` are the names of all variables, ``aliases`` other spellings of perturbations.
    """

    reserved: frozenset[str]
    batched: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    parameters: dict[str, Parameter] = field(default_factory=dict)
    sizes: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> set[str]:
        return {*self.reserved, *(p.name for p in self.parameters.values()), *self.sizes.values()}

    def add(self, node: Node, as_matrix: bool = False, own: tuple[Dim, ...] | None = None) -> str:
        """The parameter of a variable or perturbation with its ``own`` axes; it may be declared as a matrix of one column."""
        symbol = symbol_of(node, self.variables)
        if node.op == "perturbation":
            name, index, _ = node.data
            self.aliases |= dict.fromkeys(direction_spellings(name, index, self.variables)[1:], symbol)
        axes = (*([BATCH] if symbol in self.batched else []), *(array_axes(node.shape) if own is None else own))
        known = self.parameters.setdefault(
            symbol, Parameter(parameter_name(symbol, self.taken), symbol, axes, as_matrix and len(axes) == 1)
        )
        if known.axes != axes:
            raise DeclarationError(
                f"{symbol} has the shape {_shown(known.axes)} in one output, {_shown(axes)} in another"
            )
        return known.name

    def add_family(self, base: str, symbol: str) -> None:
        """x stands for the array X of the x_i where it is no variable of its own."""
        if base not in self.variables:
            self.aliases.setdefault(base, symbol)

    def add_function(self, symbol: str) -> str:
        """The parameter of a function that the caller hands over."""
        new = Parameter(parameter_name(symbol, self.taken), symbol, (), is_function=True)
        return self.parameters.setdefault(symbol, new).name

    def add_sizes(self, names: Iterable[str]) -> None:
        """Local names for sizes, their own where that is free."""
        for name in sorted(names):
            if name not in self.sizes:
                self.sizes[name] = parameter_name(name, self.taken)

    def shown_sizes(self, symbols: Iterable[str]) -> frozenset[str]:
        """The named sizes that the arguments with these symbols show."""
        axes = [d for s in symbols for d in self.parameters[s].axes]
        return frozenset(d.names[0] for d in axes if len(d.names) == 1 and d == Dim.of(d.names[0]))

    def spelled(self, keyword: str) -> str | None:
        """The symbol of the variable, or the key of the size, that a keyword of a call means, however it is spelled."""
        known = {**self.aliases, **{size: size_key(size) for size in self.sizes}}
        known |= {symbol: symbol for symbol in self.parameters}
        known |= {local: size_key(size) for size, local in self.sizes.items()}
        known |= {p.name: symbol for symbol, p in self.parameters.items()}
        known |= {typed_name(symbol): symbol for symbol in self.parameters}
        canonical = canonical_name(keyword)
        return next((known[s] for s in (keyword, canonical, canonical.rstrip("_")) if s in known), None)

    def size_spelled(self, keyword: str) -> str | None:
        """The size that a name means where only sizes are named."""
        known = {size: size for size in self.sizes} | {local: size for size, local in self.sizes.items()}
        return next((known[s] for s in (keyword, canonical_name(keyword)) if s in known), None)


def read_size(dim: Dim, length: int, known: Mapping[str, int]) -> tuple[str, int] | None:
    """The one unknown name in a size that is linear in it, and its number."""
    unknown = [n for n in dim.names if n not in known]
    if len(unknown) != 1:
        return None
    (name,) = unknown
    rest, slope = 0, 0
    for monomial, c in dim.terms:
        powers = dict(monomial)
        if name not in powers:
            if not all(n in known for n in powers):
                return None
            rest += Dim({monomial: c}).evaluate(known)
        elif powers[name] == 1 and all(n in known for n in powers if n != name):
            slope += Dim({tuple((n, p) for n, p in monomial if n != name): c}).evaluate(known)
        else:
            return None
    if slope <= 0 or (length - rest) % slope or length <= rest:
        return None
    return name, (length - rest) // slope
