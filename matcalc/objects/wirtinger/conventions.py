"""What is meant by the derivative of f by a complex variable z = x + j y.

=============  ===================================  ===========================================================
convention     what it is                           of z^H R z, R hermitian
=============  ===================================  ===========================================================
wirtinger      ∂f/∂z = (∂f/∂x - j ∂f/∂y) / 2        R^T conj(z), and ∂f/∂z^* = R z
gradient       2 ∂f/∂z^* = ∂f/∂x + j ∂f/∂y, f real  2 R z, the direction of steepest ascent
jax            2 ∂f/∂z = ∂f/∂x - j ∂f/∂y, f real    2 R^T conj(z), what `jax.grad` gives
torch          2 ∂f/∂z^*, f real                    2 R z, what PyTorch leaves in `z.grad`
=============  ===================================  ===========================================================

Of a holomorphic f `jax.grad(f, holomorphic=True)` is ∂f/∂z. Sources: Wirtinger 1927; Kreutz-Delgado 2009; Hjørungnes & Gesbert
2007; the pages on complex numbers of JAX and of PyTorch.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.errors import UnsupportedError

__all__ = ["CONVENTIONS", "MEANINGS", "reading_of", "refuse_unknown"]

#: convention -> the factor, whether it is by conj(z), and what is said of it
MEANINGS: dict[str, tuple[Fraction, bool, str]] = {
    "wirtinger": (Fraction(1), False, "the derivative by {z}, with conj({z}) held (Wirtinger)"),
    "gradient": (Fraction(2), True, "the gradient of a real f, 2 df/dconj({z}): the direction of steepest ascent"),
    "jax": (Fraction(2), False, "what jax.grad gives for a real f, 2 df/d{z}: the conjugate of the gradient"),
    "torch": (Fraction(2), True, "what PyTorch leaves in {z}.grad for a real f, 2 df/dconj({z}): the gradient"),
}
CONVENTIONS = tuple(MEANINGS)
#: That of `derivative` and of `gradient` where none is named.
UNNAMED = "structured"


def refuse_unknown(convention: str) -> None:
    """Raises UnsupportedError for a convention of real structured variables, or of nobody."""
    if convention not in CONVENTIONS:
        raise UnsupportedError(
            f"{convention} is no convention for a complex variable", hint=f"conventions are {', '.join(CONVENTIONS)}"
        )


def reading_of(convention: str, *, is_real: bool, is_holomorphic: bool) -> tuple[Fraction, bool]:
    """The factor, and whether the derivative is by the conjugate. Raises UnsupportedError where the convention needs a real f."""
    refuse_unknown(convention)
    factor, by_conjugate, _ = MEANINGS[convention]
    if convention == "wirtinger" or is_real:
        return factor, by_conjugate
    if convention == "jax" and is_holomorphic:
        return Fraction(1), False
    raise UnsupportedError(
        f"the convention {convention} is one of real functions, and f is not seen to be real",
        code="not-real",
        hint="differentiate re(f), or ask for the convention wirtinger",
    )
