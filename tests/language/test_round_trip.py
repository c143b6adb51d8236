"""What the printers write is read back as the very same expression: `parse(print(e)) is e`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from matcalc import expr, printing
from matcalc.errors import DomainError, MatcalcError
from matcalc.expr import ONE, Dim, Node
from matcalc.expr.built.special import khatri_rao
from matcalc.language import Declaration, parse
from matcalc.printing.formats import unicode
from tests.machine import sweep

M, N, K = Dim.of("m"), Dim.of("n"), Dim.of("k")
SIZES = [ONE, M, N, K]

DECLARED = [
    ("s", "scalar", ()),
    ("t", "scalar", ("positive",)),
    ("p", "scalar", ("integer",)),
    ("lambda", "scalar", ()),
    ("x", "vector", (N,)),
    ("y", "vector", (M,)),
    ("w_1", "vector", (K,)),
    ("v", "vector", (N,)),
    ("A", "matrix", (M, N)),
    ("B", "matrix", (N, K)),
    ("C", "matrix", (M, K)),
    ("X", "matrix", (N, N)),
    ("W1", "matrix", (K, N)),
    ("Sigma", "spd", (N,)),
    ("Q", "symmetric", (N,)),
    ("R", "skew", (M,)),
    ("data", "matrix", (M, M)),
    ("y_", "vector", (M,)),
]
DECLARATIONS: Mapping[str, Declaration] = {
    name: Declaration(
        name, kind, tuple(d for d in dims if isinstance(d, Dim)), tuple(d for d in dims if isinstance(d, str))
    )
    for name, kind, dims in DECLARED
}
VARIABLES = [d.node for d in DECLARATIONS.values()]
SQUARES = [N, M, K]
ENTRYWISE = "exp log sin tanh abs relu sigmoid softplus erf sign cbrt lgamma digamma".split()

Shape = tuple[Dim, Dim]
Draw = st.DrawFn


def _leaf(draw: Draw, shape: Shape) -> Node:
    fitting = [v for v in VARIABLES if v.shape == shape]
    fitting += [expr.transpose(v) for v in VARIABLES if v.shape == shape[::-1]]
    options = [*fitting, *fitting]
    if shape == (ONE, ONE):
        options += [expr.number(Fraction(draw(st.integers(-4, 4)), draw(st.integers(1, 3)))), expr.constant("pi")]
        options += [expr.dimension(draw(st.sampled_from([M, N, K])))]
    else:
        options += [expr.ones(*shape)]
    if shape[0] == shape[1] != ONE:
        options += [expr.identity(shape[0])]
    if shape[1] == ONE != shape[0]:
        options += [expr.unit(draw(st.integers(1, 3)), shape[0])]
    return draw(st.sampled_from(options))


@st.composite
def nodes(draw: Draw, shape: Shape, depth: int) -> Node:
    """A random expression of this shape."""

    def below(*other: Dim) -> Node:
        return draw(nodes(other if other else shape, depth - 1))  # type: ignore[arg-type]

    if depth == 0 or draw(st.integers(0, 9)) == 0:
        return _leaf(draw, shape)
    try:
        return _operation(draw, shape, below)
    except DomainError:
        reject()


def _operation(draw: Draw, shape: Shape, below: Callable[..., Node]) -> Node:
    rows, cols = shape
    inner = draw(st.sampled_from(SIZES))
    scalar, square, column = shape == (ONE, ONE), rows == cols, cols == ONE
    choices = ["add", "product", "product", "scale", "hadamard", "power", "apply", "divide", "extreme", "transpose"]
    if scalar:
        choices += "trace det logdet norm logsumexp extreme eig entry bilinear".split()
    elif square:
        choices += "inverse diag expm matpow kron soft frechet sylvester special".split()
    elif column and rows in SIZES:
        choices += "softmax diagonal eigvals slice".split()
    match draw(st.sampled_from(choices)):
        case "add":
            c = Fraction(draw(st.integers(-3, 3)), draw(st.sampled_from([1, 1, 2])))
            return expr.combine([(below(), Fraction(1)), (below(), c)], shape)
        case "product":
            return expr.multiply(below(rows, inner), below(inner, cols))
        case "scale":
            return expr.multiply(below(ONE, ONE), below())
        case "hadamard":
            return expr.hadamard(below(), below())
        case "divide":
            return expr.divide(below(), below())
        case "power":
            e = expr.number(Fraction(draw(st.integers(-3, 3)), draw(st.sampled_from([1, 1, 2, 3]))))
            return expr.power(below(), draw(st.sampled_from([e, e, VARIABLES[0]])))
        case "apply":
            return expr.apply(draw(st.sampled_from(ENTRYWISE)), below())
        case "extreme":
            return expr.apply(
                draw(st.sampled_from(["max", "min"])), below(), below(*draw(st.sampled_from([shape, (ONE, ONE)])))
            )
        case "transpose":
            return expr.transpose(below(cols, rows))
        case "inverse":
            return expr.inverse(below())
        case "matpow":
            return expr.matrix_power(below(), draw(st.sampled_from([expr.number(2), expr.number(-2), VARIABLES[2]])))
        case "diag":
            return expr.diag(below(rows, ONE))
        case "diagonal":
            return expr.diagonal(below(rows, rows))
        case "expm":
            return expr.call(
                draw(st.sampled_from(["expm", "sqrtm", "logm", "argmax", "svd_gaps", "softmax_all"])),
                below(),
                shape=shape,
            )
        case "kron":
            return expr.kron(below(), below(ONE, ONE))
        case "soft":
            return expr.call("softmax", below(), static=(draw(st.sampled_from([1, 2])),), shape=shape)
        case "frechet":
            return expr.call("frechet_expm", below(), below(), shape=shape)
        case "sylvester":
            return expr.call("sylvester", below(), below(), below(), shape=shape)
        case "special":
            return expr.adjugate(below())
        case "softmax":
            return expr.call("softmax", below(), shape=shape)
        case "eigvals":
            a = below(rows, rows)
            return expr.call("eigvals", expr.add(a, expr.transpose(a)), shape=shape)
        case "slice":
            return (
                expr.multiply(expr.transpose(expr.unit(1, inner)), below(inner, ONE)) @ below()
                if inner != ONE
                else below()
            )
        case "trace":
            size = draw(st.sampled_from(SQUARES))
            return expr.trace(below(size, size))
        case "det":
            size = draw(st.sampled_from(SQUARES))
            return expr.det(below(size, size))
        case "logdet":
            size = draw(st.sampled_from(SQUARES))
            return expr.logdet(below(size, size))
        case "norm":
            size = draw(st.sampled_from(SQUARES))
            x = below(size, ONE)
            return expr.power(expr.multiply(expr.transpose(x), x), Fraction(1, 2))
        case "logsumexp":
            return expr.call("logsumexp", below(draw(st.sampled_from(SQUARES)), inner), shape=shape)
        case "eig":
            a = below(N, N)
            return expr.call(draw(st.sampled_from(["eigmax", "eigmin"])), expr.add(a, expr.transpose(a)), shape=shape)
        case "entry":
            return expr.slice_of(below(M, N), (Dim.of(1), ONE), (Dim.of(0), ONE))
    return expr.multiply(below(ONE, M), below(M, ONE))


SHAPES = st.sampled_from([(ONE, ONE), (N, ONE), (M, N), (N, N), (ONE, N), (M, K)])
EXPRESSIONS = SHAPES.flatmap(lambda shape: nodes(shape, 3))
SETTINGS = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def names_of(node: Node) -> dict[str, Node | Dim]:
    """Perturbations under the names that they are printed with."""
    found: dict[str, Node | Dim] = {"m": M, "n": N, "k": K}
    for part in expr.postorder(node):
        if part.op == "perturbation":
            name, index, _ = part.data
            found[f"d{name}_{index}" if index else f"d{name}"] = part
    return found


def read(text: str, node: Node) -> Node:
    return parse(text, DECLARATIONS, names=names_of(node), shape=node.shape).node


def read_or_asked(text: str, node: Node) -> Node | None:
    """What is read, or None where the text leaves a size of I or of ones open and the error asks for it."""
    try:
        return read(text, node)
    except MatcalcError as error:
        if error.code == "undetermined":
            return None
        raise


@SETTINGS
@given(EXPRESSIONS)
def test_exact_text_is_read_back(node: Node) -> None:
    text = printing.text(node, exact=True)
    assert read(text, node) is node, text


@SETTINGS
@given(EXPRESSIONS)
def test_text_is_read_back(node: Node) -> None:
    for text in (printing.text(node), printing.text(node, ascii_only=True), unicode(node)):
        assert read_or_asked(text, node) in (node, None), text


@SETTINGS
@given(EXPRESSIONS)
def test_latex_is_read_back(node: Node) -> None:
    text = printing.latex(node)
    assert read_or_asked(f"${text}$", node) in (node, None), text


@settings(SETTINGS, max_examples=30)
@given(EXPRESSIONS)
def test_bold_latex_is_read_back(node: Node) -> None:
    for bold in ("upright", "italic"):
        text = printing.latex(node, bold=bold)
        assert read_or_asked(f"${text}$", node) in (node, None), text


X, A, x = (DECLARATIONS[name].node for name in ("X", "A", "x"))
_DIFFERENCE = expr.add(X, expr.scaled(-1, DECLARATIONS["Q"].node))
#: A sum with both signs takes in the sign before it: once, wherever it stands.
DIFFERENCES = [
    expr.matmul(expr.transpose(expr.ones(N, ONE)), _DIFFERENCE, x),
    expr.matmul(expr.transpose(expr.ones(N, ONE)), _DIFFERENCE, expr.ones(N, ONE)),
    expr.matmul(expr.transpose(expr.unit(1, N)), _DIFFERENCE, x),
    expr.matmul(_DIFFERENCE, expr.unit(2, N)),
    expr.hadamard(expr.mask("lower", N, N), _DIFFERENCE),
    expr.hadamard(expr.mask("upper", N, N), _DIFFERENCE, X),
    expr.matmul(expr.transpose(x), _DIFFERENCE, x),
    expr.kron(_DIFFERENCE, A),
    expr.trace(expr.matmul(_DIFFERENCE, X)),
    expr.matmul(_DIFFERENCE, expr.power(expr.matmul(expr.power(expr.matmul(X, _DIFFERENCE), 2), x), Fraction(1, 2))),
    expr.matmul(A, expr.power(expr.matmul(expr.power(expr.matmul(X, _DIFFERENCE), 2), x), Fraction(1, 2))),
    expr.scale(expr.add(DECLARATIONS["s"].node, expr.scaled(-1, DECLARATIONS["t"].node)), X),
]
SPECIAL = [
    *(expr.hadamard(expr.mask(kind, N, N), X) for kind in "lower upper phi strictly_lower strictly_upper".split()),
    *(expr.mask(kind, N, N) for kind in "lower upper phi strictly_lower strictly_upper".split()),
    expr.combine(
        [
            (expr.perturbation(d.node, i), Fraction(i + 1))
            for d in DECLARATIONS.values()
            if d.shape == (N, ONE)
            for i in (0, 1, 2)
        ],
        (N, ONE),
    ),
    expr.matmul(expr.perturbation(DECLARATIONS["W1"].node, 2), expr.perturbation(x)),
    expr.perturbation(DECLARATIONS["w_1"].node, 2),
    expr.perturbation(DECLARATIONS["data"].node, 1),
    expr.commutation(M, N),
    expr.duplication(N),
    expr.elimination(N),
    expr.selector(1, 2, N),
    expr.kron(A, X),
    expr.vec(X),
    expr.unvec(expr.matmul(expr.kron(X, X), expr.vec(X)), N, N),
    expr.block([[A, expr.zeros(M, K)], [X, DECLARATIONS["B"].node]]),
    expr.block([[A, expr.identity(M)], [X, expr.zeros(N, M)]]),
    expr.matmul(expr.elimination(N), expr.vec(X)),
    khatri_rao(A, X),
    expr.call("svdvals", A, shape=(expr.minimum(M, N), ONE)),
    expr.call("svd_u", A, shape=(M, expr.minimum(M, N))),
    expr.call("pinv", A, shape=(N, M)),
    expr.call("chol", DECLARATIONS["Sigma"].node, shape=(N, N)),
    expr.call("eigvec_max", DECLARATIONS["Q"].node, shape=(N, ONE)),
    *(expr.call(name, node, shape=node.shape) for name in ("argmax", "argmin") for node in (x, expr.matmul(A, x))),
    expr.power(expr.logdet(DECLARATIONS["Sigma"].node), 2),
    expr.power(expr.apply("lgamma", expr.trace(DECLARATIONS["Sigma"].node)), 2),
    expr.apply("polygamma", expr.number(2), x),
    expr.apply("huber", x, expr.number(1)),
    expr.perturbation(X),
    expr.matmul(A, expr.perturbation(X, 1)),
    expr.zeros(M, N),
    expr.zeros(N, ONE),
    expr.zeros(ONE, N),
    expr.ones(ONE, N),
    expr.slice_of(A, (Dim.of(0), Dim.of(2)), (Dim.of(1), ONE)),
    expr.slice_of(A, (Dim.of(1), ONE), (Dim.of(0), N)),
    expr.slice_of(x, (Dim.of(1), Dim.of(2)), (Dim.of(0), ONE)),
    *(expr.scaled(-1, node) for node in DIFFERENCES),
]
FORMATS = {
    "exact": lambda node: printing.text(node, exact=True),
    "text": printing.text,
    "ascii": lambda node: printing.text(node, ascii_only=True),
    "unicode": unicode,
    "latex": lambda node: f"${printing.latex(node)}$",
}


@sweep(2)
@pytest.mark.parametrize("written", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("node", SPECIAL, ids=lambda node: printing.text(node, exact=True))
def test_every_operator_is_read_back(node: Node, written: object) -> None:
    text = written(node)  # type: ignore[operator]
    assert read(text, node) is node, text
