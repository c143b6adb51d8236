"""Source text of a plan: the same walk for every language, what differs is a table of rows.

Only names that the signature made, numbers and the rows of the target enter the text: nothing that a user typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from matcalc.compiling.emitting.target import ATOM, MATRICES, POWER, PRODUCT, SUM, UNARY, Target, Text
from matcalc.compiling.planning.program import Value, needed
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, triangle
from matcalc.expr.dims import derivation
from matcalc.functions import row_of
from matcalc.records import dataclass

__all__ = ["COMPUTED", "Emitter", "coefficient_times", "number_text", "sum_text"]

#: Expressions grow up to this many characters, then they get a name.
LONGEST_EXPRESSION = 70
#: Operands of fewer characters get no name.
SHORT = 10
#: What a line of 88 characters holds behind its name.
LONGEST_SUM = 76
#: Every integer up to it is a floating-point number.
LARGEST_INTEGER = 2**53
#: Values that are written where they are used, however often.
ALWAYS_INLINE = frozenset({"input", "number", "size", "constant"})
#: What writes its result into new memory.
COMPUTED = frozenset(
    "combine times divide power matmul sparse_product chain outer stacked spread where hollow placed function inv solve solution inverse_of matpow".split()
)
VIEWS = frozenset({"permute", "expand", "part"})


@dataclass
class Emitter:
    """Statements for the values that outputs need."""

    target: Target
    size_names: Mapping[str, str]
    taken: set[str]
    uses: Counter[Value] = field(default_factory=Counter)
    texts: dict[Value, Text] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    #: A stem -> the number of its newest name.
    last_numbers: dict[str, int] = field(default_factory=dict)
    used_sizes: set[str] = field(default_factory=set)
    input_names: Mapping[str, str] = field(default_factory=dict)
    #: Sizes that the arguments show; of what a function of the caller's returns, only these are checked.
    shown_sizes: frozenset[str] = frozenset()
    #: Other sizes that are read off such a value before they are used, with the statement that does it.
    read_sizes: dict[str, str] = field(default_factory=dict)
    #: What the function gives back.
    returned: frozenset[Value] = frozenset()
    #: The diagonals that are taken of a value.
    diagonals: dict[Value, list[Value]] = field(default_factory=dict)
    #: Whether a choice leaves out what may be undefined.
    hides_faults: bool = False

    @property
    def xp(self) -> str:
        """The name of the array module."""
        return self.target.module

    @property
    def options(self) -> Mapping[str, str]:
        """Texts of the target that its rows use."""
        return self.target.options

    def emit(self, outputs: Sequence[Value], given: Mapping[Value, str] | None = None) -> list[Text]:
        """Fill ``lines``, and give the text of each output; ``given`` values have names already."""
        known = given or {}
        self.texts.update({v: Text(name) for v, name in known.items()})
        values = [v for v in needed(outputs, known) if v not in known]
        self.uses = Counter(arg for v in values for arg in v.args)
        self.uses.update(outputs)
        self.returned = frozenset(outputs)
        for v in values:
            if v.op == "diagonal":
                self.diagonals.setdefault(v.args[0], []).append(v)
        self.hides_faults = any(map(_may_hide_faults, values))
        for value in values:
            text = self.row(value)
            last = value in outputs and self.uses[value] == 1
            self.texts[value] = text if last or self._is_inlined(value, text) else self.named(text)
        return [self.texts[v] for v in outputs]

    def row(self, value: Value) -> Text:
        """The text of a value; operands that make it too long are given names."""
        rule = self.target.rows.get(value.op)
        if rule is None:
            raise UnsupportedError(f"the target {self.target.name} has no {value.op}")
        while True:
            before, constants = len(self.lines), dict(self.constants)
            text = rule(self, value, [self.texts[a] for a in value.args])
            longest = max(value.args, key=lambda a: len(self.texts[a].text), default=None)
            if len(text.text) <= LONGEST_EXPRESSION or longest is None or len(self.texts[longest].text) < SHORT:
                return text
            del self.lines[before:]
            self.constants = constants
            self.texts[longest] = self.named(self.texts[longest])

    def function(self, name: str, args: list[Text]) -> Text:
        """A function of the language by the template of its row."""
        found = self.target.template(name)
        if found is None and row_of(name).name:
            hint = f"the row of {name} has no cell spelled.{self.target.name.replace('-', '_')}"
            raise UnsupportedError(f"the target {self.target.name} has no {name}", hint=hint)
        return self.filled(found, name, args)

    def filled(self, found: str | None, name: str, args: list[Text]) -> Text:
        """A function by its template."""
        if found is None:
            raise UnsupportedError(f"the target {self.target.name} has no {name}")
        texts = [a.text for a in args]
        if "{args}" not in found and f"{{{len(args) - 1}}}" not in found:
            raise UnsupportedError(f"the target {self.target.name} has no {name} of {len(args)} arguments")
        passed = {key: self.options.get(key, "") for key in ("also", "named")}
        return Text(found.format(*texts, args=", ".join(texts), xp=self.xp, **passed))

    def is_fresh(self, value: Value) -> bool:
        """Whether nothing else needs the memory of a value, so that it can be written over."""
        while value.op in ("permute", "reshape") and self.uses[value] == 1:
            (value,) = value.args
        shown = self.diagonals.get(value, [])
        if not all(d in self.texts for d in shown):
            return False
        is_another = value.op == "where" and value.data == ("!=",)  # where it chooses nothing
        once = self.uses[value] - len(shown) == 1
        return once and value.op in COMPUTED and bool(value.axes) and not is_another

    def is_only_shown(self, diagonal: Value) -> bool:
        """Whether a diagonal outlives its array, which is written over."""
        (value,) = diagonal.args
        return value.op in COMPUTED and self.uses[value] > len(self.diagonals[value])

    def as_name(self, value: Value) -> str:
        """The name of a value, a new one where it has none yet."""
        if not self.texts[value].text.isidentifier():
            self.texts[value] = self.named(self.texts[value])
        return self.texts[value].text

    def _is_inlined(self, value: Value, text: Text) -> bool:
        if value.op == "diagonal" and self.is_only_shown(value):
            return False
        if value.op in ALWAYS_INLINE or text.text.isidentifier():
            return True
        if value.op in VIEWS and self.texts[value.args[0]].text.isidentifier() and len(text.text) < 28:
            return True
        return self.uses[value] == 1 and len(text.text) <= LONGEST_EXPRESSION // 2

    def shared(self, text: str) -> str:
        """The name of a text that is computed once."""
        if text not in self.constants:
            self.constants[text] = self.named(Text(text)).text
        return self.constants[text]

    def joined(self, sign: str, parts: Sequence[str]) -> str:
        """The parts with the sign between them; what becomes too long gets a name."""
        total = parts[0]
        for part in parts[1:]:
            if len(total) + len(sign) + len(part) > LONGEST_EXPRESSION and not total.isidentifier():
                total = self.named(Text(total)).text
            total += sign + part
        return total

    def summed(self, coefficients: Sequence[Fraction], args: Sequence[Text]) -> Text:
        """The sum of the terms; the first half of one that stays too long, though its terms are short, gets a name."""
        text = sum_text(coefficients, args)
        if len(text.text) <= LONGEST_SUM or len(args) < 3 or max(len(a.text) for a in args) >= SHORT:
            return text
        half = (len(args) + 1) // 2
        first = self.named(self.summed(coefficients[:half], args[:half]))
        return self.summed((Fraction(1), *coefficients[half:]), (first, *args[half:]))

    def named(self, text: Text) -> Text:
        """A new name for the text."""
        name = self.fresh("t")
        self.lines.append(self.target.assign.format(name=name, text=text.text))
        return Text(name)

    def fresh(self, stem: str) -> str:
        number = self.last_numbers.get(stem, 0) + 1
        while f"{stem}{number}" in self.taken:
            number += 1
        self.last_numbers[stem] = number
        self.taken.add(f"{stem}{number}")
        return f"{stem}{number}"

    # --- small texts --------------------------------------------------------------------------

    def dim(self, dim: Dim) -> Text:
        """A size in the names of the function."""
        summands = []
        for monomial, c in sorted(dim.terms, key=lambda t: (-sum(p for _, p in t[0]), t[0])):
            factors = [self._size(name) for name, power in monomial for _ in range(power)]
            if abs(c) != 1 or not factors:
                factors.insert(0, Text(str(abs(c))))
            product = Text(" * ".join(f.at(UNARY) for f in factors), ATOM if len(factors) == 1 else PRODUCT)
            summands.append((c < 0, factors[0] if len(factors) == 1 else product))
        if not summands:
            return Text("0")
        if len(summands) == 1 and not summands[0][0]:
            return summands[0][1]
        first = ("-" if summands[0][0] else "") + summands[0][1].at(PRODUCT)
        return Text(first + "".join(f" {'-' if neg else '+'} {t.at(PRODUCT)}" for neg, t in summands[1:]), SUM)

    def _size(self, name: str) -> Text:
        made = derivation(name)
        if made is None:
            self.used_sizes.add(name)
            return Text(self.size_names[name])
        make, parts = made
        if make is triangle:
            n = self.dim(parts[0])
            return Text(f"{n.at(UNARY)} * ({n.text} + 1) {self.options.get('quotient', '//')} 2", PRODUCT)
        return Text(f"min({', '.join(self.dim(p).text for p in parts)})")

    def with_sizes_read(self, v: Value, text: Text, statement: str) -> Text:
        """A value that a function returned, and statements for the sizes that nothing else shows.

        ``statement`` has a place for the size, the value, the axis, and its number from 1.
        """
        new = [
            (axis, d.names[0])
            for axis, d in enumerate(v.axes)
            if len(d.names) == 1 and d == Dim.of(d.names[0]) and not self.shown_sizes.issuperset(d.names)
        ]
        new = [(axis, n) for axis, n in new if n in self.read_sizes or n not in self.used_sizes]
        if not new:
            return text
        name = self.named(text)
        for axis, size in new:
            line = statement.format(size=self.size_names[size], value=name.text, axis=axis, number=axis + 1)
            if self.read_sizes.get(size) not in self.lines:
                self.read_sizes[size] = line
                self.lines.append(line)
        return name

    def without_idle_sizes(self) -> None:
        """Leave out the statements that read sizes which nothing uses."""
        idle = {line for size, line in self.read_sizes.items() if size not in self.used_sizes}
        self.lines = [line for line in self.lines if line not in idle]

    def returned_shape(self, axes: Sequence[Dim], unknown: str) -> list[str]:
        """The sizes of what a function returns, with a word for those that no argument shows."""
        return [self.dim(d).text if self.shown_sizes.issuperset(d.names) else unknown for d in axes]

    def shape(self, axes: Sequence[Dim]) -> str:
        """A tuple of sizes."""
        inside = ", ".join(self.dim(d).text for d in axes)
        return f"({inside},)" if len(axes) == 1 else f"({inside})"


def _nearest(value: Fraction) -> str:
    try:
        return repr(float(value))
    except OverflowError:
        raise UnsupportedError("the expression holds a number that is larger than any floating-point number") from None


def _may_hide_faults(value: Value) -> bool:
    """Whether a choice may leave out what is not defined: NumPy computes both branches and would warn."""
    chosen = {"where": value.args[2:], "hollow": value.args}.get(value.op, ())
    return any(map(_is_partial, needed(chosen)))


def _is_partial(value: Value) -> bool:
    match value.op:
        case "divide" | "raise" | "inv":
            return True
        case "power":
            return value.data[0] < 0 or value.data[0].denominator != 1
        case "function":
            return row_of(value.data[0]).is_partial
    return False


def number_text(value: Fraction) -> Text:
    """A rational number; exact decimals as such, and what is no exact floating-point number as the nearest one."""
    if max(abs(value.numerator), value.denominator) > LARGEST_INTEGER:
        return Text(_nearest(value), ATOM if value > 0 else UNARY)
    if value.denominator == 1:
        return Text(str(value.numerator), ATOM if value >= 0 else UNARY)
    exact = value.denominator & (value.denominator - 1) == 0 and value.denominator <= 1024
    if exact:
        return Text(repr(float(value)), ATOM if value > 0 else UNARY)
    return Text(f"{value.numerator} / {value.denominator}", PRODUCT if value > 0 else SUM)


def coefficient_times(c: Fraction, text: Text, times: str = " * ") -> Text:
    """|c| times the text."""
    c = abs(c)
    if c == 1:
        return text
    if text.text == "1":
        return number_text(c)
    if c.numerator == 1 and number_text(c).level != ATOM:
        return Text(f"{text.at(PRODUCT)} / {c.denominator}", MATRICES if text.level == MATRICES else PRODUCT)
    number = number_text(c)
    return Text(f"{number.at(ATOM)}{times}{text.at(UNARY)}", PRODUCT)


def sum_text(coefficients: Sequence[Fraction], args: Sequence[Text], times: str = " * ") -> Text:
    """Σ c_i a_i with signs."""
    text = ""
    for c, arg in zip(coefficients, args, strict=True):
        part = coefficient_times(c, arg, times)
        if not text:
            text = part.at(PRODUCT) if c > 0 else f"-{part.at(ATOM if part.level in (MATRICES, POWER) else PRODUCT)}"
        else:
            text += f" + {part.at(PRODUCT)}" if c > 0 else f" - {part.at(UNARY) if part.level < PRODUCT else part.text}"
    if len(args) == 1:
        level = coefficient_times(coefficients[0], args[0], times).level
        return Text(text, level if coefficients[0] > 0 else min(level, UNARY))
    return Text(text, SUM)
