"""How many axes the names of Python code have: what the code itself shows, else their spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from matcalc.language.foreign.common.names.naming import face_of, is_coefficient, rank_of
from matcalc.language.foreign.python_axes.python_evidence import (
    defined_in,
    has_product,
    shown_by_chains,
    turned_by_number,
    two_axes,
)

__all__ = ["MODULES", "OF_MATRICES", "along", "axes_of_names", "factors", "is_integer", "shown_axes"]

#: Functions of matrices.
OF_MATRICES = frozenset(
    "trace det slogdet logdet inv inverse cholesky eigvalsh pinv matrix_power expm logm sqrtm matrix_exp svdvals tril triu mm".split()
)
_ALONG = frozenset(
    "sum mean average cumsum max min norm softmax log_softmax logsumexp var std normalize prod argmax amax amin"
    " reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_logsumexp reduce_variance reduce_std".split()
)
#: What stands before a function and says nothing of it.
MODULES = frozenset(
    "np numpy jnp torch tf math scipy sp sympy linalg special nn functional jax lax F cp cvxpy optax stats anp autograd xp keras nnp numpy_ onp mx".split()
)
#: Methods of tables, whose columns are the variables.
_OF_TABLES = ("cov", "corr")
_AXES = {0: "", 1: "v", 2: "m"}


def shown_axes(tree: ast.AST) -> dict[str, int]:
    """How many axes names have by what is done with them."""
    defined = defined_in(tree)
    found = {name: rank for node in ast.walk(tree) for name, rank in _shown(node, defined)}
    for node in ast.walk(tree):
        matrices = [name for name in shown_by_chains(node, defined) if rank_of(name) == 1 and not _is_coefficient(name)]
        found = {**dict.fromkeys([*matrices, *turned_by_number(node, defined)], 2), **found}
    stems = {_stem(name): rank for name, rank in found.items() if _stem(name) != name}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {name: stems[_stem(name)] for name in names if _stem(name) != name and _stem(name) in stems} | found


def _is_coefficient(name: str) -> bool:
    return is_coefficient(name) and len(name) == 1


def _stem(name: str) -> str:
    """sigma of sigma_1 and sigma_2: these have the same axes."""
    return name.rstrip("0123456789")


def axes_of_names(tree: ast.AST, known: Mapping[str, int]) -> dict[str, str]:
    """name -> "", "v" or "m" """
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    ranks = {**{name: rank_of(name) for name in names}, **known}
    return {name: _AXES[rank] for name, rank in ranks.items()}


def _shown(node: ast.AST, defined: Mapping[str, ast.expr]) -> Iterator[tuple[str, int]]:
    match node:
        case (
            ast.arg(arg=name, annotation=ast.expr() as kind)
            | ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=None)
        ):
            if (rank := _rank_of_type(kind)) is not None:
                yield name, rank
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=index):
            if is_integer(index) in (1, -2):
                yield name, 2
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=parts)):
            added = sum(isinstance(p, ast.Constant) and p.value is None for p in parts)
            if len(parts) - added < 3:
                yield name, len(parts) - added
        case ast.BinOp(left=ast.BinOp(op=ast.MatMult(), right=ast.Name(id=name)), op=ast.MatMult()):
            yield name, 2
        case ast.Assign(targets=[ast.Tuple(elts=[_, _])], value=ast.Attribute(value=ast.Name(id=name), attr="shape")):
            yield name, 2
        case ast.BinOp(left=ast.BinOp(op=ast.Mult(), left=front, right=left), op=ast.MatMult(), right=right):
            if ast.dump(left) == ast.dump(right):
                yield from _coefficients(front)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.BinOp(left=ast.Name(id=name), op=ast.Pow())) if _is_number(
            left
        ):
            if re.fullmatch("[slh]", name):
                yield name, 0
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math")), args=args):
            yield from ((part.id, 0) for arg in args for part in factors(arg) if isinstance(part, ast.Name))
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            yield from ((name, 0) for name in _beside_identity(factors(node)))
        case ast.Call():
            yield from _shown_by_call(node, defined)


def _rank_of_type(kind: ast.expr) -> int | None:
    """How many axes values of a type have: float, list[float], Float[Array, "n d"]."""
    match kind:
        case ast.Name(id="float" | "int"):
            return 0
        case ast.Subscript(value=ast.Name(id="list" | "List" | "Sequence"), slice=ast.Name(id="float" | "int")):
            return 1
        case ast.Subscript(
            value=ast.Name(id="Float" | "Num"), slice=ast.Tuple(elts=[_, ast.Constant(value=str(axes))])
        ):
            return len(axes.split()) if "..." not in axes and "*" not in axes else None
    return None


def _coefficients(front: ast.expr) -> Iterator[tuple[str, int]]:
    """C of C * w @ w, a square with a weight."""
    for part in factors(front):
        if isinstance(part, ast.Name) and face_of(part.id) == "code capital":
            yield part.id, 0


def _is_number(node: ast.expr) -> bool:
    """Whether it is a number that is written out, perhaps with a sign."""
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def factors(node: ast.expr) -> Iterator[ast.expr]:
    """What stands between the signs * and /."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
            yield from factors(left)
            yield from factors(right)
        case _:
            yield node


def _beside_identity(factors: Iterator[ast.expr]) -> Iterator[str]:
    """The names of numbers in s**2 * np.eye(n); the letters u to z stay vectors."""
    parts = list(factors)
    if any(_is_identity(p) for p in parts):
        names = {name for p in parts if not _is_identity(p) for name in _entrywise_names(p)} - MODULES
        yield from (n for n in sorted(names) if rank_of(n) == 1 and not re.fullmatch(r"[u-z]\w?", n))


def _is_identity(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("eye", "identity")


def _shown_by_call(node: ast.Call, defined: Mapping[str, ast.expr]) -> Iterator[tuple[str, int]]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    argument = node.args[0] if node.args else None
    if (
        name in ("t", "mm", *_OF_TABLES)
        and isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
    ):
        if function.value.id not in MODULES:
            yield function.value.id, 2
    if name == "cdist":
        yield from ((found, 2) for part in node.args[:2] for found in two_axes(part, defined))
    if name in OF_MATRICES and argument is not None:
        yield from ((found, 2) for found in _ends(argument))
    if name == "matmul" and isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "tf":
        yield from ((found, 2) for operand in node.args for found in _ends(operand))
    if name == "transpose" and len(node.args) == 3 and isinstance(argument, ast.Name):
        yield argument.id, 2
    if name in _OF_ROWS:
        yield from ((found, 2) for operand in node.args[:2] for found in _ends(operand))
        yield from ((k.value.id, 0) for k in node.keywords if k.arg == "gamma" and isinstance(k.value, ast.Name))
    if name in ("unsqueeze", "expand_dims") and isinstance(argument, ast.Name) and argument.id not in MODULES:
        yield argument.id, 1
    if name == "einsum" and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        terms = argument.value.split("->")[0].replace(" ", "").split(",")
        for term, operand in zip(terms, node.args[1:], strict=False):
            if isinstance(operand, ast.Name) and len(term) < 3:
                yield operand.id, len(term)
    if name in _PAIRED:
        sides = [*node.args[:2], *(k.value for k in node.keywords if k.arg in ("labels", "logits"))]
        if any(_is_product_of_matrices(side) for side in sides):
            yield from ((side.id, 2) for side in sides if isinstance(side, ast.Name))
    yield from ((found, 2) for found in along(node, 1, defined))


#: Functions of all pairs of rows, beside cdist.
_OF_ROWS = frozenset("euclidean_distances pairwise_distances rbf_kernel".split())
#: Functions of a prediction and of what is predicted, which have one shape.
_PAIRED = frozenset(
    "mse_loss l1_loss softmax_cross_entropy_with_logits sigmoid_cross_entropy_with_logits squared_difference"
    " binary_cross_entropy binary_cross_entropy_with_logits mean_squared_error".split()
)


def _is_product_of_matrices(node: ast.expr) -> bool:
    """X @ W, X @ W + b, and what tf.matmul gives."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_product_of_matrices(node.left)
    if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "tf":
        return getattr(node.func, "attr", "") == "matmul"
    ends = list(_ends(node))
    return isinstance(node, ast.BinOp) and len(ends) == 2 and all(rank_of(name) == 2 for name in ends)


def along(node: ast.Call, axis: int, defined: Mapping[str, ast.expr]) -> Iterator[str]:
    """The names of arrays of one axis, by their spelling, that the call takes along this axis; alone a number's, too."""
    function, argument = node.func, node.args[0] if node.args else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in _ALONG and _axis(node) in ((axis, -2) if axis == 1 else (axis,)):
        is_method = isinstance(function, ast.Attribute) and not _is_function(function.value)
        inner = function.value if is_method and isinstance(function, ast.Attribute) else argument
        found = sorted((_of_rows(inner, defined) | _differing(inner)) - MODULES)
        yield from (
            n
            for n in found
            if rank_of(n) == 1 or (axis == 1 and rank_of(n) == 0 and (len(found) == 1 or n in _differing(inner)))
        )


def _differing(inner: ast.expr | None) -> set[str]:
    """a and n of norm(a - n, dim=1), two points."""
    while isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
        inner = inner.left
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr in ("pow", "square", "abs")
    ):
        inner = inner.func.value if not inner.args or inner.func.attr == "pow" else inner.args[0]
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
        sides = [side.id for side in (inner.left, inner.right) if isinstance(side, ast.Name)]
        return set(sides) if len(sides) == 2 and not any(rank_of(n) == 2 for n in sides) else set()
    return set()


def _of_rows(inner: ast.expr | None, defined: Mapping[str, ast.expr]) -> set[str]:
    """The names that have two axes where this has: those of a product, else all vectors if no matrix stands there."""
    names = set(_entrywise_names(inner))
    if inner is not None and (has_product(inner, defined) or names & defined.keys()):
        return set(two_axes(inner, defined))
    return set() if any(rank_of(found) == 2 for found in names) else names


def _axis(node: ast.Call) -> int | None:
    given = next((k.value for k in node.keywords if k.arg in ("axis", "dim")), None)
    if given is None and node.args:
        is_method = isinstance(node.func, ast.Attribute) and not _is_function(node.func.value)
        place = (1 - is_method) + (getattr(node.func, "attr", "") in ("norm", "normalize"))
        given = node.args[place] if len(node.args) > place else None
    return is_integer(given)


def _is_function(node: ast.expr) -> bool:
    """Whether it is what stands before a function of a module: np, torch.linalg."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in MODULES


def _ends(node: ast.expr) -> Iterator[str]:
    """The names at the ends of a product of arrays: both have two axes under a trace."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield from _ends(left)
            yield from _ends(right)
        case ast.Attribute(value=inner, attr="T" | "mT"):
            yield from _ends(inner)
        case ast.Call(func=ast.Attribute(attr="t" | "transpose", value=inner)):
            yield from _ends(inner)


def _entrywise_names(node: ast.expr | None) -> Iterator[str]:
    """Names outside of products of arrays and of reductions."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.BinOp(left=left, op=op, right=right) if not isinstance(op, ast.MatMult):
            yield from _entrywise_names(left)
            if not isinstance(op, (ast.Pow, ast.Div)):
                yield from _entrywise_names(right)
        case ast.UnaryOp(operand=operand):
            yield from _entrywise_names(operand)
        case ast.Call(func=ast.Attribute(value=inner, attr=attribute), args=args) if attribute not in _ALONG:
            for part in (inner, *args):
                yield from _entrywise_names(part)


def is_integer(node: ast.expr | None) -> int | None:
    """The integer that is written there."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None
