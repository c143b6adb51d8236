"""The commutative power product: Hadamard products, scalar products, division, roots.

``b1.^e1 ⊙ b2.^e2 …`` with distinct bases and scalar exponents, sorted. On scalars it is the
ordinary product. Powers merge only where that is right on the reals: ``(b^e)^f = b^(e f)`` for
an integer f or a base that is known to be non-negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from matcalc.budget import remembered
from matcalc.expr import conjugates, facts, supports
from matcalc.expr.canonical import application, products, sums, transposition, unary
from matcalc.expr.leaves import is_natural, is_number, number, ones, zeros
from matcalc.expr.node import IMAGINARY_UNIT, Node, Shape, ShapeMismatch, make

__all__ = ["divide", "entrywise_power", "factors", "hadamard", "power", "split_scalar"]

#: Numbers are folded only while they stay this many bits long.
LARGEST_FOLDED_BITS = 512
#: A product of more factors than this stays one factor of another: the derivatives of nested functions share theirs.
LONGEST_FLATTENED_PRODUCT = 32

Factor = tuple[Node, Node]


def factors(node: Node) -> tuple[Factor, ...]:
    """The (base, exponent) pairs whose product it is."""
    if node.op != "power":
        return () if node.op == "ones" else ((node, number(1)),)
    found: tuple[Factor, ...] | None = node.cache.get("factors")
    if found is None:
        found = node.cache["factors"] = tuple(zip(node.args[::2], node.args[1::2], strict=True))
    return found


def hadamard(*operands: Node) -> Node:
    """The entrywise product; scalars broadcast."""
    shape = next((o.shape for o in operands if not o.is_scalar), operands[0].shape)
    scalars = [o for o in operands if o.is_scalar]
    arrays = [o for o in operands if not o.is_scalar]
    if not arrays:
        return _product(((o, number(1)) for o in operands), shape)
    result = _product(((o, number(1)) for o in arrays), shape)
    return sums.scale(hadamard(*scalars), result) if scalars else result


def power(base: Node, exponent: Node | Fraction | int) -> Node:
    """The entrywise power with a scalar exponent."""
    e = exponent if isinstance(exponent, Node) else number(exponent)
    if not e.is_scalar:
        raise ShapeMismatch(f"power: the exponent has shape {e.shape}")
    if e.op == "ones":
        return base
    return _product(((base, e),), base.shape)


def divide(a: Node, b: Node) -> Node:
    """The entrywise quotient; scalars broadcast."""
    return hadamard(a, power(b, -1))


def _product(pairs: Iterable[Factor], shape: Shape) -> Node:
    return _product_of(tuple(pairs), shape)


@remembered
def _product_of(pairs: tuple[Factor, ...], shape: Shape) -> Node:
    if shape[0].is_one and not shape[1].is_one:
        columns = [(transposition.transpose(b) if b.is_row else b, e) for b, e in pairs]
        return transposition.transpose(_product(columns, (shape[1], shape[0])))
    product = _Product(shape)
    for base, exponent in pairs:
        if base.shape != shape and not base.is_scalar:
            raise ShapeMismatch(f"power: {base.shape} and {shape}")
        product.include(base, exponent)
    return product.result()


def undefined(message: str) -> Exception:
    """The error for a value that does not exist, such as 1/0."""
    from matcalc.errors import DomainError

    return DomainError(message)


class _Product:
    """Collects factors: a rational, scalar factors of an array product, (base, exponent), and one exponential."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.is_zero = False
        self.rational = Fraction(1)
        self.scalars: list[Factor] = []
        self.powers: dict[Node, Node] = {}
        self.exponents_of_e: list[Node] = []

    def include(self, base: Node, exponent: Node) -> None:
        """Multiply by base.^exponent."""
        e = is_number(exponent)
        if e == 0 or base.op == "ones":
            return None
        if base.cache.get("plain factor"):
            return self._multiply(base, exponent)
        given = base
        if base.is_number or base.is_zero:
            return self._include_number(base, exponent, e)
        c, base = sums.content(supports.as_pattern(base))
        is_plain = base is given and base.op not in ("scale", "apply")  # whatever the exponent is
        if c < 0 and not _is_integer(e):
            c, base = -c, sums.scaled(-1, base)
        if c != 1:
            self._include_number(number(c), exponent, e)
        if base.op == "power":
            self._include_power(base, exponent, e)
        elif base.op == "scale" and (_is_integer(e) or facts.is_nonnegative(base.args[0])):
            self.scalars.append((base.args[0], exponent))
            self.include(base.args[1], exponent)
        elif base.op == "apply" and base.data[0] == "exp" and _is_exponential(base, e):
            self.exponents_of_e.append(base.args[0] if e == 1 else sums.scale(exponent, base.args[0]))
        elif base.op == "apply" and base.data[0] == "abs" and _is_even(e):
            self.include(base.args[0], exponent)
        elif base.op != "ones":
            if is_plain:
                base.cache["plain factor"] = True
            self._multiply(base, exponent)
        return None

    def _multiply(self, base: Node, exponent: Node) -> None:
        known = self.powers.get(base)
        if known is not None and supports.is_pattern(base) and not (is_negative(known) and is_negative(exponent)):
            self.powers[base] = number(1)
        else:
            total = exponent if known is None else sums.add(known, exponent)
            is_reciprocal = is_negative(total) and supports.is_pattern(base)
            self.powers[base] = number(-1) if is_reciprocal else total  # 0^-2 = 0^-1

    def _include_number(self, base: Node, exponent: Node, e: Fraction | None) -> None:
        value = is_number(base)
        if base.is_zero and e is not None:
            if e < 0:
                raise undefined("division by zero: the denominator simplifies to 0")
            self.is_zero = True
            return
        if value == -1:
            exponent = _parity(exponent)
            e = is_number(exponent)
        folded = _rational_power(value, e) if value is not None and e is not None else None
        if folded is not None:
            self.rational *= folded
        elif self.shape == base.shape:
            self._multiply(base, exponent)
        else:
            self.scalars.append((base, exponent))

    def _include_power(self, base: Node, exponent: Node, e: Fraction | None) -> None:
        """(b1^f1 b2^f2 …)^e, factor by factor where the sign of each is known."""
        if _is_integer(e):
            if len(base.args) > 2 * LONGEST_FLATTENED_PRODUCT:
                self._multiply(base, exponent)
                return
            for b, f in factors(base):
                self.include(b, f if e == 1 else hadamard(f, exponent))
            return
        kept: list[Factor] = []
        for b, f in factors(base):
            if facts.is_nonnegative(b):
                self.include(b, hadamard(f, exponent))
            elif _is_even(is_number(f)) and conjugates.is_real(b):
                self.include(_absolute(b), hadamard(f, exponent))
            else:
                kept.append((b, f))
        if len(kept) == len(factors(base)) and base.shape == self.shape:
            self._multiply(base, exponent)  # as it is: its powers are not walked through again
        elif kept:
            self._multiply(_product(kept, self.shape), exponent)

    def result(self) -> Node:
        """The canonical node of everything included."""
        if self.is_zero:
            return zeros(*self.shape)
        if self.exponents_of_e:
            e_power = application.apply("exp", sums.add(*self.exponents_of_e))
            if e_power.op != "ones":
                self._multiply(e_power, number(1))
        self._settle()
        is_diagonal = any(b.op in ("identity", "diag") and is_natural(e) for b, e in self.powers.items())
        array = self._on_diagonal() if is_diagonal else self._node()
        if self.scalars:
            array = sums.scale(_product(self.scalars, number(1).shape), array)
        return sums.scaled(self.rational, array)

    def _settle(self) -> None:
        """Drop zero exponents and fold what merging made foldable, again where that changes another exponent."""
        changed, one = True, number(1)
        while changed:
            changed = False
            for base in list(self.powers):
                exponent = self.powers.get(base)
                if exponent is None:  # folded with an earlier one
                    continue
                if exponent is one and base.cache.get("plain factor"):
                    continue
                if base.op == "constant" and self._fold_unit(base, exponent):
                    continue
                value = is_number(base)
                if value == -1:
                    exponent = self.powers[base] = _parity(exponent)
                e = is_number(exponent)
                foldable = value is not None and e is not None and _rational_power(value, e) is not None
                if e == 0 or foldable or (base.op == "apply" and base.data[0] == "abs" and _is_even(e)):
                    del self.powers[base]
                    self.include(base, exponent)
                    changed = True
                elif e is not None and e > 0 and supports.is_pattern(base):
                    self.powers[base] = number(1)

    def _fold_unit(self, base: Node, exponent: Node) -> bool:
        """j^k for an integer k is 1, j, -1 or -j."""
        e = is_number(exponent)
        if base.data[0] != IMAGINARY_UNIT or e is None or e.denominator != 1:
            return False
        turn = int(e) % 4
        self.rational *= -1 if turn > 1 else 1
        if turn % 2:
            self.powers[base] = number(1)
        else:
            del self.powers[base]
        return True

    def _node(self) -> Node:
        if not self.powers:
            return ones(*self.shape)
        ordered = sorted(self.powers.items(), key=lambda pair: pair[0].key)
        if len(ordered) == 1 and is_number(ordered[0][1]) == 1:
            return ordered[0][0]
        return make("power", tuple(n for pair in ordered for n in pair), (), self.shape)

    def _on_diagonal(self) -> Node:
        """diag(v) ⊙ A = diag(v ⊙ diagonal(A)); what stands where a pattern is 0 need have no value"""
        entries = [(unary.diagonal(b), e) for b, e in self.powers.items()]
        if any(
            b.is_zero and supports.is_pattern(pattern) for (b, _), pattern in zip(entries, self.powers, strict=True)
        ):
            return zeros(*self.shape)
        return products.diag(_product(entries, (self.shape[0], number(1).shape[1])))


def is_negative(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is not None and e < 0


def _parity(exponent: Node) -> Node:
    """(-1)^(2 n + 3) = (-1)^1 for integers n."""
    if exponent.op == "power" or not facts.is_whole(exponent):
        return exponent
    return sums.combine(((t, Fraction(c % 2)) for t, c in sums.terms(exponent)), exponent.shape)


def _absolute(node: Node) -> Node:
    return node if facts.is_nonnegative(node) else application.apply("abs", node)


def _is_integer(e: Fraction | None) -> bool:
    return e is not None and e.denominator == 1


def _is_even(e: Fraction | None) -> bool:
    return e is not None and e.denominator == 1 and e.numerator % 2 == 0


def _rational_power(value: Fraction, e: Fraction) -> Fraction | None:
    """value^e where it is rational and of reasonable length, else None."""
    if value == 0 and e < 0:
        raise undefined("division by zero: the denominator simplifies to 0")
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if bits * abs(e) > LARGEST_FOLDED_BITS and abs(value) != 1:
        return None
    if e.denominator == 1:
        return value ** int(e)
    if value < 0:
        raise undefined(f"{value}^({e}) is not a real number")
    top, bottom = _exact_root(value.numerator, e.denominator), _exact_root(value.denominator, e.denominator)
    if top is None or bottom is None:
        return None
    return Fraction(top, bottom) ** e.numerator


def _exact_root(value: int, k: int) -> int | None:
    root = round(value ** (1 / k)) if value.bit_length() < 1000 else 0
    return next((r for r in (root - 1, root, root + 1) if r >= 0 and r**k == value), None)


def split_scalar(x: Node) -> tuple[Node, Node]:
    """(s, M) with X = s M, numbers among s."""
    c, m = sums.content(x)
    s = number(c)
    while m.op == "scale":
        s = hadamard(s, m.args[0])
        c, m = sums.content(m.args[1])
        s = hadamard(s, number(c))
    return s, m


def entrywise_power(node: Node) -> tuple[Node, Node] | None:
    """(x, p) of exp(p .* log(x)), of arrays: they stand as x.^p; 2.^x of exp(log(2) x)."""
    if node.op != "apply" or node.data[0] != "exp":
        return None
    scalar, inside = split_scalar(node.args[0])
    bases = [b for b, e in factors(scalar) if _is_logarithm_of_number(b) and e is number(1)]
    if not inside.is_scalar and len(bases) == 1:
        rest = hadamard(number(1), *(power(b, e) for b, e in factors(scalar) if b is not bases[0]))
        return bases[0].args[0], sums.scale(rest, inside)
    pairs = factors(inside) if inside.op == "power" and not inside.is_scalar else []
    logs = [b for b, e in pairs if b.op == "apply" and b.data[0] == "log" and e is number(1)]
    if len(logs) != 1:
        return None
    rest = hadamard(*(power(b, e) for b, e in pairs if b is not logs[0]))
    return logs[0].args[0], sums.scale(scalar, rest)


def _is_exponential(base: Node, e: Fraction | None) -> bool:
    """Whether exp(u)^e is exp(e u); of complex numbers for integers e."""
    return not _is_power_of_zeros(base) and (_is_integer(e) or conjugates.is_real(base.args[0]))


def _is_power_of_zeros(exponential: Node) -> bool:
    """Whether it is x.^p for an x with structural zeros: a sum in the exponent has no value there."""
    raised = entrywise_power(exponential)
    return raised is not None and supports.support(raised[0]) is not None


def _is_logarithm_of_number(node: Node) -> bool:
    return node.op == "apply" and node.data[0] == "log" and is_number(node.args[0]) is not None
