"""How the targets of compiled code spell a function.

A template has ``{0}``, ``{1}`` or ``{args}`` for the arguments; in Python ``{xp}`` is the module, which ``{also}`` passes on and
``{named}`` as a keyword; in Julia ``~(`` is a call that is broadcast over arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["MISSING", "PLANNED", "Spelling", "called", "derivatives_of", "own", "same"]

#: A library has no word for it, and the plan none in others.
MISSING = "-"


class Spelling(NamedTuple):
    """Templates for the targets; one that is not given is that of ``python``, the words of the array API standard.

    Attributes:
        planned: the plan writes it with other functions, for every target: no template is needed.
        number: for numbers of Python itself.
        raises: where Python raises for such a number: "never", "unless positive", or "somewhere".
        julia_stacked, matlab_stacked: the function as an argument, for stacks of matrices; one that is not given is its name.
    """

    python: str = ""
    julia: str = ""
    matlab: str = ""
    numpy: str = ""
    array_api: str = ""
    jax: str = ""
    torch: str = ""
    number: str = ""
    raises: str = "somewhere"
    julia_stacked: str = ""
    matlab_stacked: str = ""
    planned: bool = False

    def of(self, columns: Sequence[str]) -> str | None:
        """The template in the first of these columns that has one; None where the target has none."""
        found = next((text for column in columns if (text := getattr(self, column, ""))), MISSING)
        return None if found == MISSING else str(found)

    def stacked(self, columns: Sequence[str], handle: str) -> str | None:
        """The function as an argument, ``handle`` of its name, in Julia or MATLAB; None where it is more than a name."""
        if given := getattr(self, f"{columns[0]}_stacked"):
            return str(given)
        name, _, arguments = (self.of(columns) or "").partition("(")
        is_name = arguments in ("{args})", "{0})", "{0}, {1})", "{0}, {1}, {2})")
        return handle.format(name) if is_name else None


#: sigmoid and softmax: `compiling.planning.stable_functions` has their values.
PLANNED = Spelling(planned=True)


def same(name: str, raises: str = "somewhere", *, numpy: str = "") -> Spelling:
    """One name everywhere, but in NumPy perhaps an older one."""
    template = f"{{xp}}.{name}({{0}})"
    old = f"np.{numpy}({{0}})" if numpy else ""
    return Spelling(template, f"{name}~({{0}})", f"{name}({{0}})", old, number=f"math.{name}({{0}})", raises=raises)


def own(
    python: str, julia: str, matlab: str, arguments: str = "{args}", *, numpy: str = "", jax: str = "", torch: str = ""
) -> Spelling:
    """Functions that each target has among its own helpers: in Python, with the module, in Julia and in MATLAB."""
    first = f"{python}({arguments}{'{named}' if arguments == '{args}' else '{also}'})"
    return Spelling(first, f"{julia}({arguments})", f"{matlab}({arguments})", numpy, jax=jax, torch=torch)


def derivatives_of(
    python: str, julia: str, matlab: str, *, numpy: str = "", jax: str = "", torch: str = ""
) -> Spelling:
    """Derivatives of a function of matrices along directions, by the names of the function."""
    return Spelling(
        f"_frechet({python}, {{args}}{{named}})",
        f"frechet({julia}, {{args}})",
        f"frechet(@{matlab}, {{args}})",
        numpy,
        jax=jax,
        torch=torch,
        julia_stacked=f"(x, e...) -> frechet({julia}, x, e...)",
        matlab_stacked=f"@(varargin) frechet(@{matlab}, varargin{{:}})",
    )


def called(name: str) -> str:
    """Code for NumPy calls the engine's own value."""
    return f'kernels.call("{name}", {{args}})'
