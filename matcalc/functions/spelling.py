"""How the targets of compiled code spell a function.

A template has ``{0}``, ``{1}`` or ``{args}`` for the arguments; in Python ``{xp}`` is the module and ``{also}`` passes it on,
in Julia ``~(`` is a call that is broadcast over arrays.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MISSING", "PLANNED", "Spelling", "same"]

#: A library has no word for it, and the plan none in others.
MISSING = "-"


class Spelling(NamedTuple):
    """Templates for the targets; one that is not given is that of ``python``, the words of the array API standard.

    Attributes:
        planned: the plan writes it with other functions, for every target: no template is needed.
        number: for numbers of Python itself.
        raises: where Python raises for such a number: "never", "unless positive", or "somewhere".
        julia_stacked, matlab_stacked: the function as an argument, for stacks of matrices, where its name is not enough.
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

    def of(self, target: str) -> str | None:
        """The template of a target; None where it has none."""
        found = getattr(self, target.replace("-", "_"))
        if not found and target not in ("julia", "matlab"):
            found = self.python
        return None if found == MISSING else str(found) or None


#: sigmoid and softmax: `compiling.planning.stable_functions` has their values.
PLANNED = Spelling(planned=True)


def same(name: str, raises: str = "somewhere", *, numpy: str = "") -> Spelling:
    """One name everywhere, but in NumPy perhaps an older one."""
    template = f"{{xp}}.{name}({{0}})"
    old = f"np.{numpy}({{0}})" if numpy else ""
    return Spelling(template, f"{name}~({{0}})", f"{name}({{0}})", old, number=f"math.{name}({{0}})", raises=raises)
