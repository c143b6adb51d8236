"""What the functions of NumPy, SciPy, PyTorch, JAX and TensorFlow are in this language."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from matcalc.functions import find
from matcalc.language.foreign.code import Code, Fault, call, infix, negated, raised
from matcalc.language.foreign.common.axes import covariance, deviation, log_sum, norm, reduced, softened, variance
from matcalc.language.foreign.common.einsum import einsum
from matcalc.language.foreign.common.formulas import DENSITIES, ENTRIES, LOSSES, filled
from matcalc.language.foreign.common.functions import ELEMENTWISE, square, summed, transposed
from matcalc.language.foreign.common.spreading import called, operated, product
from matcalc.language.foreign.python.python_calls import Call
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.language.foreign.python_functions import python_arrays as arrays
from matcalc.language.foreign.python_functions import python_joining as joining
from matcalc.language.foreign.python_functions import python_losses as losses
from matcalc.language.foreign.python_functions import python_solving as solving
from matcalc.language.foreign.python_functions.python_libraries import (
    average,
    axis_of,
    has_entrywise_norms,
    is_frames,
    of_cholesky,
    path_of,
)

__all__ = ["FUNCTIONS", "Call", "is_known"]

Function = Callable[[Call], Code]


def is_known(name: str) -> bool:
    """Whether it is a function of the table."""
    return name in FUNCTIONS


# Axes.


def _reduced(c: Call) -> Code:
    """sum, mean … of all entries, or along an axis."""
    name = _SPELLINGS.get(c.name, c.name)
    if name in ("max", "min") and len(c.arguments) == 2 and is_integer(c.arguments[1]) is None:
        return called(name, c.codes(), c.span)
    if len(c.arguments) > 2:
        raise Fault(f"{c.name} takes one array here", c.span)
    return reduced(name, c.first(), axis_of(c), c.span, kept=c.is_kept)


_SPELLINGS = {
    "amax": "max", "amin": "min", "reduce_sum": "sum", "reduce_mean": "mean", "nansum": "sum", "nanmean": "mean",
    "reduce_max": "max", "reduce_min": "min", "log_softmax": "logsoftmax", "einsum_path": "einsum",
}  # fmt: skip


def _spread_out(c: Call) -> Code:
    """var and std: NumPy divides by n, PyTorch by n - 1."""
    less = c.code(-1, "ddof", "correction")
    torch = "torch." in c.reader.text and not c.is_false("unbiased") and "correction" not in c.keywords
    less = c.number("1") if less is None and (torch or is_frames(c)) else less
    less = None if less is not None and less.text == "0" else less
    made = variance if c.name.endswith(("var", "variance")) else deviation
    return made(c.first(), axis_of(c), less, c.span, kept=c.is_kept)


def _norm(c: Call) -> Code:
    order = c.node(1, "ord", "p")
    word = order.value if isinstance(order, ast.Constant) else getattr(order, "attr", None)
    name = "" if order is None else str(word) if word is not None else c.reader.expression(order).text
    inner = c.first()
    if name in ("", "2") and inner.kind == "m" and c.axis(2) is None and path_of(c).startswith(("cp.", "cvxpy.")):
        return call("norm_spec", [inner], c.span, number=True)
    if name == "1" and has_entrywise_norms(c) and c.axis(2) is None:
        return call("norm1", [inner], c.span, number=True)
    return norm(inner, name, c.axis(2), c.span, kept=c.is_kept)


def _normalized(c: Call) -> Code:
    """x / ‖x‖, or each row of a matrix by its own; without the module it is this language's, of all entries."""
    inner, axis, order = c.first(), c.axis(2), c.node(1, "p")
    if order is not None and getattr(order, "value", None) != 2:
        raise Fault("normalize is known with p=2 here", c.span, "write x / norm(x, p)")
    if inner.kind != "m" or c.reader.text[slice(*c.span)].startswith("normalize"):
        return replace(c.make("normalize", inner), axes=inner.kind)
    return operated(inner, "/", norm(inner, "", 1 if axis is None else axis, c.span, kept=True))


def _cosine(c: Call) -> Code:
    """The cosine of two vectors, in PyTorch those of the rows of two matrices; scikit-learn's is of all pairs of rows."""
    a, b = c.two()
    axis = c.axis(2)
    if a.kind == b.kind == "m" and (axis is not None or path_of(c).startswith(("F.", "torch.", "nn."))):
        along = 1 if axis is None else axis
        lengths = operated(norm(a, "", along, c.span), "*", norm(b, "", along, c.span))
        return operated(reduced("sum", operated(a, "*", b), along, c.span), "/", lengths)
    if "m" in (a.kind, b.kind) or axis == 1:
        raise Fault("cosine_similarity is known of two vectors here", c.span, "write it for one of the rows")
    lengths = infix(c.make("norm2", a), "*", c.make("norm2", b))
    return infix(c.make("inner", a, b, number=True), "/", replace(lengths, number=True))


def _log_sum(c: Call) -> Code:
    return log_sum(c.first(), c.axis(1), c.span, kept=c.is_kept)


def _softened(c: Call) -> Code:
    """softmax and its logarithm, along rows but in SciPy, where they are those of all entries."""
    inner = c.first()
    axis = c.axis(1)
    name = _SPELLINGS.get(c.name, c.name)
    of_all = "special" in c.reader.text or c.word("axis") == "None"
    if axis is None and inner.kind == "m" and of_all:
        whole = replace(c.make("softmax_all", inner), axes="m")
        return whole if name == "softmax" else replace(c.make("log", whole), axes="m")
    return softened(name, inner, axis, c.span)


def _covariance(c: Call) -> Code:
    inner = c.first()
    less = c.code(-1, "ddof", "correction")
    less = None if c.is_true("bias") or (less is not None and less.text == "0") else less or c.number("1")
    frame = is_frames(c)
    return covariance(inner, rows=not (frame or c.is_false("rowvar")), less=less, span=c.span)


# Products.


def _product(c: Call) -> Code:
    left, right = (c.reader.operand(a) for a in c.arguments[:2]) if len(c.arguments) > 1 else c.two()
    left = transposed(left, c.span) if c.is_true("transpose_a", "adjoint_a") else left
    right = transposed(right, c.span) if c.is_true("transpose_b", "adjoint_b") else right
    return product(left, c.reader.no_row(right, left))


def _inner(c: Call) -> Code:
    left, right = c.two()
    if "m" in (left.kind, right.kind):
        if c.name == "inner":
            return product(left, transposed(right, c.span) if right.kind == "m" else right)
        return c.make("inner", *(arrays.flattened(x, c) for x in (left, right)), number=True)
    return c.make("inner", left, right, number=True)


def _chained(c: Call) -> Code:
    """multi_dot([a, b, c])"""
    if not isinstance(c.arguments[0], (ast.List, ast.Tuple)):
        raise Fault("write the arrays as a list", c.span)
    codes = [c.reader.expression(e) for e in c.arguments[0].elts]
    result = codes[0]
    for code in codes[1:]:
        result = product(result, code)
    return result


def _outer(c: Call) -> Code:
    left, right = (arrays.flattened(x, c) for x in c.two())
    if "" in (left.kind, right.kind):
        raise Fault("outer is of two arrays here", c.span, "write * for a multiple")
    return replace(c.make("outer", left, right), axes="m")


def _einsum(c: Call) -> Code:
    subscripts = c.arguments[0] if c.arguments else None
    if not isinstance(subscripts, ast.Constant) or not isinstance(subscripts.value, str):
        raise Fault("einsum begins with its subscripts", c.span)
    return einsum(subscripts.value, [c.reader.expression(a) for a in c.arguments[1:]], c.span)


def _linear(c: Call) -> Code:
    """x W^T + b"""
    x, weights = c.two()
    weights = replace(weights, axes="m")
    made = product(weights, x) if x.kind == "v" else product(x, transposed(weights, c.span))
    bias = c.code(2, "bias")
    return made if bias is None else operated(made, "+", replace(bias, axes="v"))


# Entries.


def _entrywise(sign: str) -> Function:
    return lambda c: operated(*_around(sign, c.two()))


def _around(sign: str, pair: tuple[Code, Code]) -> tuple[Code, str, Code]:
    return pair[0], sign, pair[1]


def _of_entries(c: Call) -> Code:
    inner = c.first()
    return replace(c.make(ELEMENTWISE[c.name], inner, number=inner.number), axes=inner.kind)


def _several(name: str) -> Function:
    return lambda c: called(name, c.codes(), c.span)


def _clipped(c: Call) -> Code:
    inner = c.first()
    low, high = c.code(1, "min", "a_min", "clip_value_min"), c.code(2, "max", "a_max", "clip_value_max")
    inner = inner if low is None else called("max", [inner, low], c.span)
    return inner if high is None else called("min", [inner, high], c.span)


def _gelu(c: Call) -> Code:
    """The exact one, or its approximation by tanh, which JAX takes unless it is told otherwise."""
    inner, word = c.first(), c.word("approximate", str(c.name.startswith("jax.")))
    if word not in ("True", "tanh"):
        return replace(c.make("gelu", inner), axes=inner.kind)
    formula = "$a$ .* (1 + tanh(sqrt(2 / pi) * ($a$ + 0.044715 * $a$.^3))) / 2"
    return replace(filled(formula, {"a": inner}, c.span), axes=inner.kind)


def _leaky(c: Call) -> Code:
    inner, slope = c.first(), c.code(1, "negative_slope") or c.number("0.01")
    return replace(filled("max($a$, 0) + $s$ * min($a$, 0)", {"a": inner, "s": slope}, c.span), axes=inner.kind)


def _powered(c: Call) -> Code:
    base, exponent = c.two()
    if base.kind == "" and exponent.kind != "":
        return replace(raised(base, exponent), axes=exponent.kind, number=exponent.number)
    return replace(raised(base, exponent), axes=base.kind)


def _by_formula(c: Call) -> Code:
    """A function of the entries by its definition."""
    name = "logsigmoid" if c.name in ("log_sigmoid", "log_expit") else c.name
    codes = c.codes(2)
    if "$b$" in ENTRIES[name] and len(codes) < 2:
        raise Fault(f"{c.name} needs two arguments", c.span)
    widest = next((x for x in codes if x.kind not in ("", None)), codes[0])
    return filled(ENTRIES[name], dict(zip("ab", codes, strict=False)), c.span, axes=widest.kind)


def _huber_of_cvxpy(c: Call) -> Code:
    """huber(x, M): twice that of this language."""
    inner, threshold = c.first(), c.code(1, "M") or c.number("1")
    return replace(filled("2 * huber($a$, $d$)", {"a": inner, "d": threshold}, c.span), axes=inner.kind)


def _density(c: Call) -> Code:
    """norm.logpdf(x, loc, scale) and the like"""
    family, kind = c.name.split(".")
    parameters, formula = DENSITIES[family]
    arguments: dict[str, Code] = {}
    for place, (name, default) in enumerate(parameters.items()):
        given = c.code(place, name)
        if given is None and default is None:
            raise Fault(f"{c.name} needs {name}", c.span)
        arguments[name] = c.number(str(default)) if given is None else given
    x = next(iter(arguments.values()))
    axes = "" if family == "multivariate_normal" else next((a.kind for a in arguments.values() if a.kind), x.kind)
    logarithm = filled(formula, arguments, c.span, axes=axes)
    return logarithm if kind.startswith("log") else replace(c.make("exp", logarithm, number=axes == ""), axes=axes)


def _of_square(name: str, axes: str) -> Function:
    """A function of a matrix."""

    def build(c: Call) -> Code:
        inner = replace(c.first(), axes="m")
        return replace(c.make(name, inner, number=axes == ""), axes=axes)

    return build


def _applied(c: Call) -> Code:
    """x.applyfunc(sin)"""
    inner, function = c.first(), c.node(1)
    if not isinstance(function, ast.Name) or function.id not in ELEMENTWISE:
        raise Fault("applyfunc is known of functions of entries here", c.span, "write x.applyfunc(sin)")
    return replace(c.make(ELEMENTWISE[function.id], inner), axes=inner.kind)


def _plain(name: str, axes: str | None = None) -> Function:
    return lambda c: replace(c.make(name, *c.codes(), number=axes == ""), axes=axes)


def _kronecker(c: Call) -> Code:
    """kron(A, B), KroneckerProduct(A, B, …)"""
    result, *rest = c.codes()
    for code in rest:
        result = replace(c.make("kron", result, code), axes="m")
    return result


def _symbolic(sign: str) -> Function:
    """MatMul(A, B, …)"""

    def build(c: Call) -> Code:
        result, *rest = c.codes()
        for code in rest:
            result = infix(result, sign, code)
        return result

    return build


FUNCTIONS: dict[str, Function] = {
    **dict.fromkeys(ELEMENTWISE, _of_entries),
    **dict.fromkeys(ENTRIES, _by_formula), "log_sigmoid": _by_formula, "log_expit": _by_formula,
    **dict.fromkeys(LOSSES, losses.loss), "optax.huber_loss": losses.loss, "cross_entropy": losses.cross_entropy,
    **dict.fromkeys(("softmax_cross_entropy_with_logits", "softmax_cross_entropy"), losses.entropies_of_rows),
    **dict.fromkeys(
        ("sparse_softmax_cross_entropy_with_logits", "softmax_cross_entropy_with_integer_labels", "nll_loss"),
        losses.entropy_of_classes,
    ),
    "sigmoid_cross_entropy_with_logits": losses.logistic_entropies, "l2_loss": losses.half_squares,
    "mean_squared_error": losses.mean_of("mse_loss"), "mean_absolute_error": losses.mean_of("l1_loss"),
    **{f"{family}.{kind}": _density for family in DENSITIES for kind in ("logpdf", "pdf", "logpmf", "pmf")},
    **dict.fromkeys(
        "sum mean prod max min amax amin reduce_sum reduce_mean reduce_max reduce_min nansum nanmean".split(), _reduced
    ),
    **dict.fromkeys(("var", "std", "reduce_variance", "reduce_std", "nanvar", "nanstd"), _spread_out),
    **dict.fromkeys(("norm", "vector_norm", "matrix_norm"), _norm),
    **dict.fromkeys(("softmax", "log_softmax", "logsoftmax"), _softened),
    **dict.fromkeys(("logsumexp", "reduce_logsumexp"), _log_sum),
    "normalize": _normalized, "cosine_similarity": _cosine, "cov": _covariance,
    **dict.fromkeys(
        "Matrix array asarray float item tensor clone copy as_tensor double requires_grad_ astype to constant numpy cpu"
        " cuda half contiguous real block_until_ready".split(), arrays.same,
    ),
    **dict.fromkeys(("detach", "stop_gradient"), arrays.detached),
    **dict.fromkeys(("reshape", "view"), arrays.reshaped), "squeeze": arrays.squeezed,
    **dict.fromkeys(("ravel", "flatten"), lambda c: arrays.flattened(c.first(), c)),
    **dict.fromkeys(("unsqueeze", "expand_dims"), arrays.with_axis),
    **dict.fromkeys(("transpose", "t", "adjoint", "permute", "swapaxes", "conj_transpose", "matrix_transpose", "Transpose"), arrays.turned),
    "shape": arrays.shape, "len": arrays.length, **dict.fromkeys(("size", "numel"), arrays.size),
    **dict.fromkeys(("ones", "zeros"), arrays.ones_or_zeros), **dict.fromkeys(("ones_like", "zeros_like"), arrays.like),
    **dict.fromkeys(("eye", "identity", "Identity"), arrays.identity), "diff": arrays.differences, **dict.fromkeys(("cumsum", "cumprod"), arrays.cumulated), "average": average,
    **dict.fromkeys(("cdist", "euclidean_distances", "pairwise_distances"), arrays.distances), "rbf_kernel": arrays.gaussian_kernel, "masked_fill": arrays.masked,
    **dict.fromkeys(("diag", "diagonal", "diagflat", "diag_embed", "diag_part"), arrays.diagonal),
    **dict.fromkeys(("dot", "matmul", "mm", "mv", "matvec"), _product), **dict.fromkeys(("inner", "vdot"), _inner),
    **dict.fromkeys(("outer", "ger"), _outer), "multi_dot": _chained, "einsum": _einsum, "linear": _linear,
    "tensordot": joining.contracted, "add_n": joining.added, "stack": joining.stacked,
    **dict.fromkeys("concatenate concat cat hstack vstack row_stack column_stack".split(), joining.concatenated),
    **{f"{name}.outer": joining.of_all_pairs(sign) for name, sign in (("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"))},
    "solve": solving.solved, **dict.fromkeys(("solve_triangular", "triangular_solve"), solving.solved_by_triangle),
    "cholesky_solve": solving.solved_by_factor,
    "MatMul": _symbolic("*"), "MatAdd": _symbolic("+"), **dict.fromkeys(("HadamardProduct", "hadamard_product"), _symbolic(".*")),
    "MatPow": lambda c: raised(*c.two(), entries=False), **dict.fromkeys(("doit", "simplify", "as_explicit", "expand"), arrays.same),
    **dict.fromkeys(("kron", "KroneckerProduct", "kronecker_product"), _plain("kron", "m")), "applyfunc": _applied, "cholesky": of_cholesky, "quad_form": _plain("quad", ""),
    **dict.fromkeys(("inv", "inverse", "Inverse"), _of_square("inv", "m")), "pinv": _of_square("pinv", "m"),
    **dict.fromkeys(("expm", "matrix_exp"), _of_square("expm", "m")), "logm": _of_square("logm", "m"), "sqrtm": _of_square("sqrtm", "m"),
    **dict.fromkeys(("trace", "matrix_trace", "Trace"), _of_square("tr", "")), **dict.fromkeys(("det", "Determinant"), _of_square("det", "")),
    **dict.fromkeys(("logdet", "log_det", "slogdet"), _of_square("logdet", "")),
    "sign_of_det": lambda c: c.make("sign", FUNCTIONS["det"](c), number=True), "cho_factor": of_cholesky,
    "eigvalsh": _of_square("eigvals", "v"), "svdvals": _of_square("svdvals", "v"),
    "tril": _of_square("tril", "m"), "triu": _of_square("triu", "m"),
    "matrix_power": lambda c: replace(raised(*c.two(), entries=False), axes="m"),
    "square": lambda c: square(c.first(), c.span),
    **dict.fromkeys(("negative", "neg"), lambda c: negated(c.first(), c.span)),
    **dict.fromkeys(("power", "pow", "float_power"), _powered),
    **dict.fromkeys(("maximum", "fmax"), _several("max")), **dict.fromkeys(("minimum", "fmin"), _several("min")),
    "where": _several("where"), **dict.fromkeys(("arctan2", "atan2"), _several("atan2")), **dict.fromkeys(("clip", "clamp", "clip_by_value"), _clipped), "leaky_relu": _leaky, **dict.fromkeys(("gelu", "jax.gelu"), _gelu),
    **dict.fromkeys(("multiply", "mul"), _entrywise("*")), **dict.fromkeys(("divide", "div", "true_divide"), _entrywise("/")),
    "add": _entrywise("+"), **dict.fromkeys(("subtract", "sub"), _entrywise("-")),
    "sum_squares": lambda c: summed(square(c.first(), c.span), c.span),
    "sigma_max": _of_square("norm_spec", ""), "normNuc": _of_square("norm_nuc", ""),
    "lambda_max": _of_square("eigmax", ""), "lambda_min": _of_square("eigmin", ""), "log_sum_exp": _log_sum,
    "quad_over_lin": lambda c: operated(summed(square(c.two()[0], c.span), c.span), "/", c.two()[1]),
    "matrix_frac": lambda c: c.make("quad", c.two()[0], c.make("inv", c.two()[1]), number=True),
    "tv": lambda c: c.make("norm1", arrays.differences(replace(c, name="diff")), number=True), "cp.huber": _huber_of_cvxpy,
    "dist": lambda c: c.make("norm2", operated(c.two()[0], "-", c.two()[1]), number=True),
    "norm1": _plain("norm1", ""), "norm2": _plain("norm2", ""), "norm_inf": _plain("norm_inf", ""),
    "Minimize": arrays.same, "Maximize": arrays.same,
    **{name: _plain(name) for name in ("vec", "eigvals", "chol") if find(name)},
    **{name: _plain(name, "") for name in ("tr", "quad", "norm_nuc", "norm_spec") if find(name)},
}  # fmt: skip
