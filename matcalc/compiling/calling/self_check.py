"""A comparison with finite differences that goes behind generated code, and needs nothing but NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matcalc.compiling.calling.function import CompiledFunction
from matcalc.errors import UnsupportedError
from matcalc.language import Declaration

__all__ = ["self_check"]

#: Sizes of random arguments, pairwise distinct.
SIZES = (4, 3, 5, 6, 7, 8, 9)

HEAD = '''def check_gradient(step=1e-6, tolerance=1e-5):
    """Compare the derivative by {variable} with central differences, at random arguments."""
    rng = np.random.default_rng(0)'''

TAIL = """    ahead = {name}({ahead})[0]
    behind = {name}({behind})[0]
    by_differences = (np.asarray(ahead) - behind) / (2 * step)
    slope = {name}({given})[1]
    by_formula = np.tensordot(slope, direction, axes=np.ndim(direction))
    error = np.max(np.abs(by_formula - by_differences)) / (1 + np.max(np.abs(by_differences)))
    print(f"by {variable}: differs by {{error:.1e}} from finite differences")
    assert error < tolerance


if __name__ == "__main__":
    check_gradient()
"""

#: kind -> what a random matrix {0} with {1} rows becomes
OF_KIND = {
    "spd": "{0} @ {0}.T / {1} + np.eye({1})",
    "psd": "{0} @ {0}.T / {1}",
    "symmetric": "({0} + {0}.T) / 2",
    "skew": "({0} - {0}.T) / 2",
    "diagonal": "np.diag(np.diag({0})) + 2 * np.eye({1})",
    "lower": "np.tril({0}) + 2 * np.eye({1})",
    "upper": "np.triu({0}) + 2 * np.eye({1})",
    "orthogonal": "np.linalg.qr({0})[0]",
    "invertible": "{0} + 3 * np.eye({1})",
}
#: kind -> what a random change of such a matrix is
OF_CHANGE = {
    **dict.fromkeys(("spd", "psd", "symmetric"), "({0} + {0}.T) / 2"),
    "skew": "({0} - {0}.T) / 2",
    "diagonal": "np.diag(np.diag({0}))",
    "lower": "np.tril({0})",
    "upper": "np.triu({0})",
}


def self_check(function: CompiledFunction, declarations: Mapping[str, Declaration], variable: str) -> str:
    """The text of ``check_gradient()`` for a function that gives a value and its derivative by a variable.

    Raises UnsupportedError where an argument is a function.
    """
    signature = function.signature
    parameters = [signature.parameters[symbol] for symbol in function.required]
    if any(p.is_function for p in parameters):
        raise UnsupportedError("there is no check of code with a function among its arguments")
    names = sorted({n for p in signature.parameters.values() for d in p.axes for n in d.names} | set(function.sizes))
    sizes = {name: SIZES[k % len(SIZES)] + k // len(SIZES) * 7 for k, name in enumerate(names)}
    own = signature.parameters[variable].name
    lines = [HEAD.format(variable=own)]
    for p in parameters:
        shape = tuple(d.evaluate(sizes) for d in p.axes)
        lines += [f"    {line}" for line in _argument(p.name, shape, declarations.get(p.symbol))]
    shape = tuple(d.evaluate(sizes) for d in signature.parameters[variable].axes)
    lines += [f"    {line}" for line in _change(shape, declarations.get(variable))]
    given = [*(p.name for p in parameters), *(str(sizes[n]) for n in function.sizes)]
    moved = {sign: ", ".join(f"{n} {sign} step * direction" if n == own else n for n in given) for sign in "+-"}
    tail = TAIL.format(
        name=function.__name__, variable=own, given=", ".join(given), ahead=moved["+"], behind=moved["-"]
    )
    return "\n".join([*lines, tail])


def _argument(name: str, shape: Sequence[int], declared: Declaration | None) -> Iterator[str]:
    """Statements for a random value of a kind."""
    assumptions = declared.assumptions if declared is not None else ()
    if "integer" in assumptions:
        yield f"{name} = rng.integers(1, 4, {tuple(shape)}) * 1.0" if shape else f"{name} = float(rng.integers(1, 4))"
    elif "positive" in assumptions:
        yield f"{name} = rng.uniform(0.5, 1.5, {tuple(shape)})" if shape else f"{name} = rng.uniform(0.5, 1.5)"
    else:
        yield f"{name} = rng.standard_normal({tuple(shape) if shape else ''})"
    form = OF_KIND.get(declared.kind) if declared is not None else None
    if form is not None and len(shape) == 2:
        yield f"{name} = {form.format(name, shape[0])}"


def _change(shape: Sequence[int], declared: Declaration | None) -> Iterator[str]:
    yield f"direction = rng.standard_normal({tuple(shape) if shape else ''})"
    form = OF_CHANGE.get(declared.kind) if declared is not None else None
    if form is not None and len(shape) == 2:
        yield f"direction = {form.format('direction')}"
