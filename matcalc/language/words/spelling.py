"""Names as they are typed anywhere: in LaTeX, in Unicode, or plain."""

from __future__ import annotations

import re

from matcalc.language.words.names import RAISED, canonical_name
from matcalc.patterns import pattern

__all__ = ["named_power", "spelled_name"]


def spelled_name(raw: str) -> str:
    r"""The canonical name of any spelling; what is no name comes back as it is.

    >>> from matcalc.language import spelled_name
    >>> [spelled_name(raw) for raw in (r"\boldsymbol\theta", r"\hat{x}", "β", "W^{(l)}", r"$\mathbf{x}_{ij}$")]
    ['theta', 'x_hat', 'beta', 'W__l', 'x_ij']
    """
    bare = raw.strip().strip("$").strip()
    if bare[-1:] in ("'", "′", "’"):
        return f"{spelled_name(bare[:-1])}_prime"
    increment = _INCREMENT.fullmatch(bare)
    if increment is not None:
        return f"{canonical_name(increment.group(1).lstrip(chr(92)))}_{spelled_name(increment.group(2))}"
    if "\\" not in bare and "^" not in bare:
        return canonical_name(bare)
    from matcalc.language.statements.signs.spelled_names import whole_name
    from matcalc.language.statements.tokens import scan

    name = whole_name(scan(bare, (0, len(bare)), latex=True), latex=True)
    layer = re.fullmatch(r"(.+)\^\{?([ijlL])\}?", bare)
    if name is None and layer is not None:
        return f"{spelled_name(layer.group(1))}{RAISED}{layer.group(2)}"
    return name or canonical_name(bare)


#: ΔU and \delta x, which are one name.
_INCREMENT = pattern(r"(\\[Dd]elta(?![A-Za-z])|[Δδ∆])\s*([A-Za-z\\].*)")
_POWER = pattern(r"(.+?)\s*(?:(?:\^|\*\*)\s*(?:(\d)|\{\s*(\d)\s*\})|([²³]))", re.DOTALL)


def named_power(raw: str) -> tuple[str, int] | None:
    r"""The name of which this is a power, and the exponent, as sigma and 2 of `\sigma^2`."""
    found = _POWER.fullmatch(raw.strip().strip("$").strip())
    if found is None:
        return None
    base, *exponents = found.groups()
    shown = next(e for e in exponents if e)
    return spelled_name(base), {"²": 2, "³": 3}.get(shown) or int(shown)
