"""The faults: each a wrong sign, side, fact, condition, spelling, reading or limit in one place of one module."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FAULTS", "TESTS", "Fault"]


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which module, and the text that is replaced, which stands there once."""

    what: str
    module: str
    right: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.package}: {self.what}"

    @property
    def package(self) -> str:
        """The package, or the module, at the top."""
        return self.module.partition("/")[0].removesuffix(".py")

    def planted(self, source: str) -> str:
        """The source of the module with the fault. Raises ValueError where its place is not there, or not alone."""
        count = source.count(self.right)
        if count != 1:
            raise ValueError(f"{self.what}: {self.right!r} stands {count} times in {self.module}")
        return source.replace(self.right, self.wrong)


#: The tests of each package.
TESTS: dict[str, tuple[str, ...]] = {
    **{
        package: (f"tests/{package}",)
        for package in (
            *("expr", "functions", "language", "simplify", "calculus", "printing"),
            *("explaining", "checking", "compiling", "interop", "documents"),
        )
    },
    "simplify": ("tests/simplify", "tests/tables/test_sums.py"),
    "objects": ("tests/test_api.py", "tests/test_by_powers.py", "tests/test_operations.py", "tests/test_parameters.py"),
    "answers": ("tests/simplify/test_equal.py", "tests/test_api.py", "tests/checking/test_large_sizes.py"),
    "api": ("tests/test_api.py", "tests/test_docstrings.py"),
    "command": ("tests/test_cli.py", "tests/test_terminal.py", "tests/test_repl.py"),
    "budget": ("tests/test_budget.py",),
    "errors": ("tests/test_hostile_inputs.py", "tests/test_terminal.py"),
    "notes": ("tests/test_notes.py",),
}

FAULTS = (
    # facts and canonical forms
    Fault("1 / (a - b) is symmetric", "expr/canonical/transposition.py", 'if "skew" in row.value:\n        return sums.scaled(-1, node)', 'if "skew" in row.value:\n        return node'),
    Fault("what is above -1 is positive", "expr/facts.py", "return STRICT if ABOVE_0.covers(fact)", "return STRICT if fact.low >= -1"),
    Fault("a product with one orthogonal factor is orthogonal", "expr/facts.py", '"matmul": lambda node, below: all(below) or "orthogonal"', '"matmul": lambda node, below: any(below) or "orthogonal"'),
    Fault("the smaller of two numbers is the larger", "expr/dims.py", "Dim.of(min(m.value, n.value))", "Dim.of(max(m.value, n.value))"),
    Fault("a diagonal matrix of any vector is semidefinite", "expr/facts.py", '"diag": lambda node, below: SIGN(node.args[0])', '"diag": lambda node, below: WEAK'),
    # functions
    Fault("logcosh near 0 is half of what it is", "functions/numeric/values.py", "np.log1p(2 * np.sinh(", "np.log1p(1 * np.sinh("),
    Fault("softmax runs along the other axis", "functions/numeric/values.py", "{(): 0, (1,): 0, (2,): 1}[tuple(static)]", "{(): 0, (1,): 1, (2,): 0}[tuple(static)]"),
    Fault("singular vectors need distinct eigenvalues", "functions/rows/spectral.py", 'SINGULAR = needs(Distinct("singular value"), "X")', 'SINGULAR = needs(Distinct("eigenvalue"), "X")'),
    Fault("the mean of each row divides by the number of rows", "expr/built/constructors.py", "expr.dimension(x.cols), -1), _sum_rows(x)", "expr.dimension(x.rows), -1), _sum_rows(x)"),
    Fault("|x| < 1 is said without its bars", "functions/properties.py", 'return f"|{{0}}|{high}{self.high}"', 'return f"{{0}}{high}{self.high}"'),
    Fault("a closed interval is open", "functions/properties.py", "return Interval(low, high, True, True)", "return Interval(low, high)"),
    # the language
    Fault("the letter h is a scalar", "language/kinds/kinds.py", 'self.name[0] <= "g" else _OF_VECTORS', 'self.name[0] <= "h" else _OF_VECTORS'),
    Fault("the spectral norm is Frobenius", "language/surface/forms/norms.py", '["op", "spec", "spectral"], "2")', '["op", "spec", "spectral"], "F")'),
    Fault("a triangle has n (n + 2) / 2 entries", "language/words/size_texts.py", "if second == first + 1:", "if second == first + 2:"),
    Fault("einsum takes a matrix for its transpose", "language/foreign/common/einsum.py", "transposed(self.matrices[key[::-1]], self.span)", "self.matrices[key[::-1]]"),
    Fault("a range leaves out its last entry", "language/meaning/lowered/lowering.py", "ranges.append((first - 1, last - first + 1))", "ranges.append((first - 1, last - first))"),
    Fault("C's choice is turned round", "language/mends/sign_mends.py", "{', '.join(found.groups())}", "{', '.join((found[1], found[3], found[2]))}"),
    Fault("names may be nested ten times as deep", "language/limits.py", "nesting: int = 100", "nesting: int = 1_000"),
    Fault("grad asks for a Hessian", "language/statements/signs/operators.py", '"hess": 2, "hessian": 2}', '"hess": 1, "hessian": 2}'),
    # the simplifier
    Fault("derivatives of the logarithm have a factorial too much", "simplify/rules/spectral.py", "(-1) ** (k - 1) * factorial(k - 1)", "(-1) ** (k - 1) * factorial(k)"),
    Fault("the sign of a product does not see its coefficient", "simplify/proof/signs.py", "scaled(1 if c > 0 else -1, whole if s.op", "scaled(1, whole if s.op"),
    Fault("a number of any sign leaves the maximum", "simplify/proof/signs.py", 'if s.op == "ones" or not (is_nonnegative(s) or is_positive(s)):', 'if s.op == "ones":'),
    Fault("x_i - x_j != 0 is asked for i = j, too", "calculus/validity/conditions.py", "index_relations(node) if node.op == \"power\" else frozenset()", "frozenset()"),
    Fault("an index of an inner sum is taken for that of an outer one", "simplify/proof/index_graphs/graph.py", "taken = {index.name for index in node.free}", "taken: set[object] = set()"),
    Fault("sums over 2 … T - 1 and over 2 … T - 2 are one network", "simplify/proof/index_graphs/graph.py", 'if node.op == "variable" else node.shape', 'if node.args == () else node.shape'),
    Fault("a relation is the half of both of any function", "simplify/proof/index_graphs/orders.py", "if other.key == form.key and other.coefficient == form.coefficient:", "if other.coefficient == form.coefficient:"),
    Fault("a sum over a whole range has one term too many", "simplify/proof/ranges.py", "*(wide - r for r in range(behind))", "*(wide - r for r in range(behind - 1))"),
    Fault("a power in a denominator is cheaper than its base", "simplify/cost.py", "POWER_BELOW = 2", "POWER_BELOW = -2"),
    # the calculus
    Fault("the shuffle of a Kronecker product is turned round", "calculus/vecform.py", "commutation(b.cols, a.rows)", "commutation(a.rows, b.cols)"),
    Fault("the Stiefel gradient of a square X has the wrong sign", "calculus/structure.py", "g - matmul(x, transpose(g), x)", "g + matmul(x, transpose(g), x)"),
    Fault("a definite matrix is entrywise positive", "calculus/validity/requirements.py", "DEFINITE: (INVERTIBLE, NO_NEGATIVE_EIGENVALUE),", "DEFINITE: (INVERTIBLE, NO_NEGATIVE_EIGENVALUE, POSITIVE),"),
    Fault("an open bound may be reached", "calculus/validity/requirements.py", "if inside.with_low or is_positive(above)", "if inside.with_low or True"),
    Fault("entries of a skew matrix count once", "calculus/structure.py", '        case "skew":\n            return scaled(2, g)\n', '        case "skew":\n            return g\n'),
    Fault("a negative matrix power has one factor too many", "calculus/differential.py", "matrix_power(x, int(value) - 1 + k)) for k in ks", "matrix_power(x, int(value) + k)) for k in ks"),
    # printing and explaining
    Fault("powers are transposed without brackets", "printing/precedence.py", '"transpose":         (ATOM, ATOM),', '"transpose":         (POWER, POWER),'),
    Fault("-(A ⊗ B) is printed -A ⊗ B", "printing/precedence.py", 'frozenset({("negative", "kron"), (', "frozenset({("),
    Fault("a dropped sign of a number in a power", "printing/reading/monomials.py", "c * q ** int(-sign * k)", "c * q ** int(sign * k)"),
    Fault("the rule of the inverse is told without its sign", "explaining/rules.py", 'Named("inverse", "d(X^-1) = -X^-1 dX X^-1"', 'Named("inverse", "d(X^-1) = X^-1 dX X^-1"'),
    Fault("a line of the quotient rule has no sign", "explaining/rules.py", "sign = Fraction(1 if value > 0 else -1)", "sign = Fraction(1)"),
    # objects, answers
    Fault("sigma is the square of its square", "objects/by_powers.py", "power(self.variable, Fraction(1, self.exponent))", "power(self.variable, Fraction(self.exponent))"),
    Fault("one undecided step outweighs a refuted one", "answers/equalities.py", 'for verdict in ("refuted", "undecided"):', 'for verdict in ("undecided", "refuted"):'),
    Fault("of several claims the last is reported", "api.py", "reports[wrong if wrong is not None else -1]", "reports[-1]"),
    # checking
    Fault("errors of a thousandth are rounding", "checking/checker.py", "TOLERANCE = 1e-8", "TOLERANCE = 1e-3"),
    Fault("the case of numbers is always right", "checking/checker.py", "scalar_case=case.error <= TOLERANCE", "scalar_case=True"),
    Fault("the second derivative of the sigmoid has the wrong sign", "checking/oracles/scalar_calculus.py", "s * (1 - s) * (1 - 2 * s)", "s * (1 - s) * (2 * s - 1)"),
    # compiling
    Fault("B X^-1 is solved from the wrong side", "compiling/planning/rewriting.py", 'transposed = (inverse.op == "permute") == first', 'transposed = inverse.op == "permute"'),
    Fault("digamma is lgamma in PyTorch", "functions/rows/special.py", '"torch.digamma({0})"', '"torch.lgamma({0})"'),
    Fault("the cube root is a square root in MATLAB", "functions/rows/exponentials.py", '"nthroot({0}, 3)"', '"nthroot({0}, 2)"'),
    Fault("the arguments of atan2 are turned round in Julia", "functions/rows/circular.py", '"atan~({0}, {1})"', '"atan~({1}, {0})"'),
    Fault("the logarithm of sinh loses its argument's factor", "compiling/stability/logarithm_table.py", 'u + apply("log1mexp", scaled(-2, u))', 'u + apply("log1mexp", scaled(-1, u))'),
    Fault("a projection onto skew directions adds", "compiling/planning/plan.py", "self.algebra.fresh(half.transposed).scaled(Fraction(-1))]", "self.algebra.fresh(half.transposed)]"),
    # around
    Fault("erfc is erf in SymPy", "functions/rows/special.py", 'sympy="erfc"', 'sympy="erf"'),
    Fault("the step at 0 is a half in SymPy", "functions/rows/piecewise.py", "Heaviside(x, 0)", "Heaviside(x, 1/2)"),
    Fault("the largest eigenvalue is concave", "functions/rows/spectral.py", 'curvature={"S": always("convex")}', 'curvature={"S": always("concave")}'),
    Fault("the logarithm of a determinant takes no absolute value in SymPy", "interop/sympy_writer.py", "det if is_pd(node.args[0]) else sympy.Abs(det)", "det"),
    Fault("a < b is a > b in SymPy", "interop/sympy_reader.py", 'sympy.StrictLessThan:      _relation("greater", exchanged=True)', 'sympy.StrictLessThan:      _relation("greater")'),
    Fault("the adjugate has the degree of the determinant", "functions/rows/products.py", '"n - 1"', '"n"'),
    Fault("a Hessian in a paper is a gradient", "documents/tex.py", '"hess": ("derivative", 2)', '"hess": ("derivative", 1)'),
    Fault("a refutation ends with the status of success", "command/check.py", 'return FAILED if answer.verdict == "refuted" else DONE', "return DONE"),
    Fault("changes of a text are made from the left", "errors.py", "sorted(self.edits, reverse=True)", "sorted(self.edits)"),
    Fault("of two notes on a name the shorter hint stays", "notes.py", "if len(note.hint or \"\") > len(known.hint or \"\"):", "if len(note.hint or \"\") < len(known.hint or \"\"):"),
    Fault("a thousand times the memory is granted", "budget.py", "grant.memory * MIB if", "grant.memory * MIB * 1000 if"),
)  # fmt: skip
