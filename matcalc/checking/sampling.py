"""Points in general position: pairwise distinct sizes, no accidental symmetry, within domains and structures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from matcalc.checking.values.evaluate import Array
from matcalc.checking.values.stand_ins import StandIn, drawn, held_in, rotations, waves
from matcalc.errors import DeclarationError, DomainError, ShapeError
from matcalc.expr import Dim, Node, Shape, member_structure, member_variable
from matcalc.language import Declaration, limits
from matcalc.records import dataclass

__all__ = [
    "Point",
    "direction",
    "far_points",
    "nudge",
    "points",
    "points_at",
    "project_numeric",
    "random_value",
    "refuse_too_large",
]

Sampler = Callable[[Array, np.random.Generator, int], Array]

#: Sizes that named dimensions take.
SMALLEST, LARGEST = 2, 7
#: How often a point is drawn before the domain counts as not found.
ATTEMPTS = 80
#: Tries, of ten points each, with entries far from 0, as acosh(x) and log(log(x)) want them -> the least entry.
FAR = {6: 1.3, 7: 3.5}
#: What is tried where nothing else was found: so often for each point, with entries times a scale beside a place.
FARTHER = 4
SCALES, PLACES = (0.01, 0.1, 1.0, 3.0), (0, 0, 0, 1, -1, 4, -4, 12, -12, 40, -40, 100)
UNSTRUCTURED = ("scalar", "vector", "matrix", "array")


@dataclass(frozen=True)
class Point:
    """Values for every variable, and the numbers that the named sizes have."""

    values: Mapping[str, Array]
    sizes: Mapping[str, int]


def points(
    declarations: Mapping[str, Declaration],
    dims: set[str],
    rng: np.random.Generator,
    least: Mapping[str, int],
    shapes: Collection[Shape] = (),
) -> Iterator[Point]:
    """Candidates, tame ones later: general first, then with positive entries and dominant diagonals.

    Raises LimitError where an array of one of the shapes has more entries than a check computes.
    """
    fixed = {d.value for declaration in declarations.values() for d in declaration.dims if d.value is not None}
    for attempt in range(ATTEMPTS):
        sizes = _sizes(dims, {v for v in fixed if v is not None}, rng, least, attempt)
        refuse_too_large(shapes, sizes)
        try:
            yield Point({**_values(declarations, sizes, rng, attempt // 10), **_integers(declarations, attempt)}, sizes)
        except ValueError:
            continue


def far_points(
    declarations: Mapping[str, Declaration], dims: set[str], rng: np.random.Generator, least: Mapping[str, int]
) -> Iterator[Point]:
    """Candidates for domains away from 0, or in a small part of space: every variable at a scale and a place of its own."""
    for point in points(declarations, dims, rng, least):
        for _ in range(FARTHER):
            moved = {n: _moved(declarations[n], x, rng) for n, x in point.values.items() if isinstance(x, np.ndarray)}
            yield Point({**point.values, **moved}, point.sizes)


def _moved(declaration: Declaration, x: Array, rng: np.random.Generator) -> Array:
    if declaration.assumptions or declaration.kind in ("orthogonal", "psd", "spd"):
        return x
    place = rng.choice(PLACES) * (1.0 if declaration.kind in UNSTRUCTURED else np.eye(*x.shape))
    return x * rng.choice(SCALES) + (0.0 if declaration.kind == "skew" else place)


def _sizes(
    dims: set[str], fixed: set[int], rng: np.random.Generator, least: Mapping[str, int], attempt: int
) -> dict[str, int]:
    names = sorted(dims)
    free = [k for k in range(SMALLEST, max(LARGEST, SMALLEST + len(names) + len(fixed)) + 1) if k not in fixed]
    drawn = rng.permutation(free)[: len(names)]
    sizes = {n: int(k) for n, k in zip(names, drawn, strict=True)}
    for name, smallest in least.items():
        if name in sizes and sizes[name] < smallest:
            sizes[name] = smallest + int(rng.integers(0, 3))
    return sizes


def _values(
    declarations: Mapping[str, Declaration], sizes: dict[str, int], rng: np.random.Generator, tame: int
) -> dict[str, Array]:
    return {name: _value(d, sizes, rng, tame) for name, d in declarations.items()}


def _integers(declarations: Mapping[str, Declaration], attempt: int) -> dict[str, Array]:
    """Whole numbers take their values in turn, each in an order of its own: none is the same at all points."""
    names = [name for name, d in declarations.items() if not d.is_function and "integer" in d.assumptions]
    return {n: np.array([[2.0 + (attempt * (1 + i % 2) + i) % 3]]) for i, n in enumerate(names)}


def random_value(declaration: Declaration, sizes: Mapping[str, int], rng: np.random.Generator) -> Array:
    """A value for a declared variable; ValueError where a size is not positive."""
    return _value(declaration, dict(sizes), rng, 0)


def refuse_too_large(shapes: Iterable[Shape], sizes: Mapping[str, int]) -> None:
    """Raises LimitError before an array is computed that the memory might not hold."""
    most = limits.current().computed
    for rows, cols in shapes:
        m, n = rows.evaluate(sizes), cols.evaluate(sizes)
        if m * n > most:
            raise limits.exceeded("computed", f"an array of {m} x {n} is too large for a numeric check")


def points_at(
    declarations: Mapping[str, Declaration],
    dims: set[str],
    at: Mapping[str, Array],
    rng: np.random.Generator,
    shapes: Collection[Shape] = (),
) -> Iterator[Point]:
    """Points with given values of some variables, the others random.

    Raises ShapeError and DomainError for a bad value, LimitError as `points` does.
    """
    given = {name: _given(declarations, name, value) for name, value in at.items()}
    known = _sizes_of(declarations, given)
    while True:
        free = _sizes(dims - known.keys(), set(known.values()), rng, {}, 0)
        sizes = {**free, **known}
        refuse_too_large(shapes, sizes)
        yield Point({n: given[n] if n in given else _value(d, sizes, rng, 0) for n, d in declarations.items()}, sizes)


def _given(declarations: Mapping[str, Declaration], name: str, value: Array) -> Array:
    if name not in declarations:
        raise DeclarationError(f"{name} is not a variable of the expression (its variables: {', '.join(declarations)})")
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise DomainError(f"the value of {name} is no array of real numbers") from error
    own = declarations[name]
    if own.kind == "array" and array.ndim == len(own.axes):
        array = array.reshape(-1, array.shape[-1])
    if array.ndim > 2:
        raise ShapeError(f"the value of {name} has {array.ndim} axes: at most two have a meaning here")
    rows, cols = declarations[name].shape
    is_row = rows.is_one and not cols.is_one
    full = array if array.ndim == 2 else array.reshape((1, -1) if is_row else (-1, 1))
    if not np.allclose(project_numeric(declarations[name].node, full), full, rtol=1e-9, atol=1e-12):
        raise DomainError(f"the value of {name} is not {declarations[name].kind}")
    return full


def _sizes_of(declarations: Mapping[str, Declaration], given: Mapping[str, Array]) -> dict[str, int]:
    """The numbers of named sizes that the given values have."""
    sizes: dict[str, int] = {}
    for name, value in given.items():
        for dim, found in zip(declarations[name].shape, value.shape, strict=True):
            if len(dim.names) == 1 and dim == Dim.of(dim.names[0]):
                sizes.setdefault(dim.names[0], found)
    for name, value in given.items():
        wanted = declarations[name].shape
        if all(n in sizes for d in wanted for n in d.names):
            if tuple(d.evaluate(sizes) for d in wanted) != value.shape:
                shape = " x ".join(map(str, value.shape))
                found = f" with {_listed(sizes)}" if sizes else ""
                raise ShapeError(f"the value of {name} is {shape}, and the declaration is {declarations[name]}{found}")
    return sizes


def _listed(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{n}={k}" for n, k in sizes.items())


def shape_of(declaration: Declaration, sizes: Mapping[str, int]) -> tuple[int, int]:
    """Rows and columns; ValueError where a difference of sizes is not positive."""
    rows, cols = (d.evaluate(sizes) for d in declaration.shape)
    if rows < 1 or cols < 1:
        raise ValueError("an array without entries")
    return rows, cols


def _value(declaration: Declaration, sizes: dict[str, int], rng: np.random.Generator, tame: int) -> Array:
    if declaration.is_function:
        return held_in(_function(declaration, sizes, rng, tame))
    rows, cols = shape_of(declaration, sizes)
    if declaration.is_complex:
        return _complex(declaration, (rows, cols), rng, tame)
    if "integer" in declaration.assumptions:
        return np.array([[float(rng.integers(2, 5))]])
    general = rng.standard_normal((rows, cols)) * 0.8
    if "positive" in declaration.assumptions:
        general = np.exp(general / 2)
    elif tame in FAR:
        general = np.abs(general) + FAR[tame]
    elif tame and not (declaration.kind == "matrix" and rows == cols):
        general = np.abs(general) + 0.1 if tame % 2 else general / 4
        if tame >= 3:
            general = np.clip(np.abs(general), 0.05, 0.9)
    structure = next((_STRUCTURED[a] for a in declaration.assumptions if a in _STRUCTURED), None)
    if structure is not None:
        return np.concatenate([structure(x, rng, tame) for x in general.reshape(-1, cols, cols)])
    return _STRUCTURED.get(declaration.kind, _general)(general, rng, tame)


def _complex(declaration: Declaration, shape: tuple[int, int], rng: np.random.Generator, tame: int) -> Array:
    """An array of complex numbers; a hermitian one, or a definite one."""
    x = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * 0.6
    if declaration.kind == "hpd":
        return x @ x.conj().T / len(x) + np.diag(rng.uniform(0.5, 1.5, len(x)))
    if declaration.kind == "hermitian":
        return (x + x.conj().T) / 2
    is_square = shape[0] == shape[1] > 1
    return x * 0.3 + np.eye(len(x)) * (1 + tame / 2) if tame and is_square else x * (0.4 if tame else 1.0)


#: How large the terms of a function are beside the value about which it varies.
VARIATION = {"invertible": 0.2, "orthogonal": 1.0}
NUMBER = Declaration("", "scalar")
#: So many arguments may an entrywise function have whose declaration does not say.
MOST_ARGUMENTS = 9


def _function(declaration: Declaration, sizes: dict[str, int], rng: np.random.Generator, tame: int) -> StandIn:
    """A random function of the declared shapes and structure."""
    result = declaration.result or NUMBER
    arguments = [_drawing(p, sizes, rng) for p in declaration.parameters] or [
        _drawing(NUMBER, sizes, rng)
    ] * MOST_ARGUMENTS
    constant = _value(result, sizes, rng, tame)
    definite = result.kind in ("spd", "psd")
    plain = result.kind in ("scalar", "vector", "matrix")
    positive = definite or "positive" in result.assumptions or (plain and tame > 0)
    weight = _drawing(result, sizes, rng)
    pieces = waves(weight, VARIATION.get(result.kind, 0.1 if tame else 0.7), positive=positive)
    if definite:
        pieces = waves(lambda: _psd(weight(), rng, 0), 0.7, positive=True)
    elif positive:
        pieces = waves(lambda: np.abs(weight()), 0.1 if tame else 0.7, positive=True)
    elif result.kind == "orthogonal":
        constant, pieces = rotations(constant, _value(result, sizes, rng, tame))
    return drawn(arguments, pieces, constant, rng, entrywise=declaration.is_entrywise)


def _drawing(declaration: Declaration, sizes: Mapping[str, int], rng: np.random.Generator) -> Callable[[], Array]:
    """Draws random arrays of the linear space of a declared variable."""
    shape = shape_of(declaration, sizes)
    variable = replace(declaration, name="x").node
    return lambda: project_numeric(variable, rng.standard_normal(shape))


def _general(x: Array, rng: np.random.Generator, tame: int) -> Array:
    """Square matrices far from singular once general ones were of no use; never symmetric."""
    if tame and tame not in FAR and x.shape[0] == x.shape[1] > 1:
        return np.eye(len(x)) * (1 + tame / 2) + x * 0.3
    return x


def _spd(x: Array, rng: np.random.Generator, tame: int) -> Array:
    return x @ x.T / len(x) + np.diag(rng.uniform(0.5, 1.5, len(x)))


def _psd(x: Array, rng: np.random.Generator, tame: int) -> Array:
    return x @ x.T / len(x) + (0.5 * np.eye(len(x)) if tame else 0)


def _orthogonal(x: Array, rng: np.random.Generator, tame: int) -> Array:
    """Of both determinants in every size: the factor of QR alone has the eigenvalue 1 always."""
    return np.asarray(np.linalg.qr(x)[0] * rng.choice([-1.0, 1.0], len(x)))


def _symmetric(x: Array, rng: np.random.Generator, tame: int) -> Array:
    s = (x + x.T) / 2
    if tame in FAR:
        return s * 0.1 + np.diag(rng.uniform(0.5, 2.0, len(x)) + FAR[tame])
    return s if not tame else s * 0.3 + np.diag(rng.uniform(0.5, 2.0, len(x)))


def _diagonal(x: Array, rng: np.random.Generator, tame: int) -> Array:
    d = np.diag(x).copy()
    return np.diag(np.abs(d) + 0.3 if tame else d + 0.3 * np.sign(d))


def _triangular(lower: bool) -> Sampler:
    def value(x: Array, rng: np.random.Generator, tame: int) -> Array:
        t = np.tril(x) if lower else np.triu(x)
        return t + np.diag(np.sign(np.diag(t)) * 0.5) if not tame else t * 0.4 + np.eye(len(x))

    return value


_STRUCTURED: dict[str, Sampler] = {
    "spd": _spd,
    "psd": _psd,
    "symmetric": _symmetric,
    "skew": lambda x, rng, tame: (x - x.T) / 2,
    "diagonal": _diagonal,
    "lower": _triangular(True),
    "upper": _triangular(False),
    "orthogonal": _orthogonal,
    "invertible": lambda x, rng, tame: x + np.eye(len(x)) * 1.5,
}


def direction(variable: Node, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """A direction of length about 1 within the linear space of the variable."""
    e = project_numeric(variable, rng.standard_normal(shape))
    return e / max(float(np.sqrt(np.sum(e * e))), 1e-9)


def nudge(declared: Declaration, value: Array, rng: np.random.Generator) -> Array:
    """A random change of the size of the value, within the structure; none of an integer."""
    if "integer" in declared.assumptions:
        return np.zeros_like(value)
    return project_numeric(declared.node, value * rng.uniform(-1, 1, value.shape))


def project_numeric(variable: Node, e: Array) -> Array:
    """The part of an array that lies in the linear space of the variable."""
    if member_structure(variable):
        own, blocks = member_variable(variable), e.reshape(-1, e.shape[1], e.shape[1])
        return np.stack([project_numeric(own, block) for block in blocks]).reshape(e.shape)
    tags = set(variable.data[1])
    if "diagonal" in tags:
        return np.diag(np.diag(e))
    if tags & {"symmetric", "spd", "psd"}:
        return (e + e.T) / 2
    if "skew" in tags:
        return (e - e.T) / 2
    if "lower" in tags:
        return np.tril(e)
    return np.triu(e) if "upper" in tags else e


def dimension_names(*groups: tuple[Dim, ...]) -> set[str]:
    """All names in these dimensions."""
    return {name for dims in groups for d in dims for name in d.names}
