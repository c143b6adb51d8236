"""Reductions and what normalises by them: log-sum-exp, softmax, extrema, entropies."""

from __future__ import annotations

from matcalc.functions.making import REALS, always
from matcalc.functions.properties import ABOVE_0, Interval, Said, Unique, Within, needs
from matcalc.functions.table import Function, register

__all__: list[str] = []

SCALAR = ("(m, n) -> (1, 1)",)
#: softmax of a column, along the rows of a matrix, and (with 1) down its columns
SOFT = ("(n, 1) -> (n, 1)", "(m, n) -> (m, n)", "(m, n), =1 -> (m, n)", "(m, n), =2 -> (m, n)")
STATIC: tuple[tuple[str | int, ...], ...] = ((), (2,), (1,), (2,))

#: over all entries, down the columns (1), along the rows (2)
ALONG = ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)")


_ALONG_ROWS = "softmax(X) .* (dX - ((softmax(X) .* dX) ones(n)) ones(n)^T)"
_DOWN_COLUMNS = "softmax(X, 1) .* (dX - ones(m) (ones(m)^T (softmax(X, 1) .* dX)))"

#: Parts of a whole; of one part alone it is all of it.
SHARES = Interval(0, 1, with_high=True)

WEIGHED = needs(Said("sum({1} .* exp({0})) > 0"), "X", "P")
WEIGHED_ROWS = needs(Said("({1} .* exp({0})) 1 > 0"), "X", "P")

# fmt: off
register(Function("logsumexp", ALONG, ("X", "axis"), "constructor", "log of the sum of the exponentials of all entries; 1: down the columns; 2: along the rows",
                  differential=("tr(softmax_all(X)^T dX)", "sum(softmax(X, 1) .* dX, 1)", "sum(softmax(X, 2) .* dX, 2)"), reference="Blanchard, Higham & Higham 2021",
                  range=REALS, of_number="x", monotone={"X": always("increasing")}, curvature={"X": always("convex")}, continuous=True,
                  of_rows="logsumexp_rows"))
register(Function("softmax_all", ("(m, n) -> (m, n)",), ("X",), "call", "exp(X) / sum(exp(X)) over all entries",
                  differential=("softmax_all(X) .* (dX - tr(softmax_all(X)^T dX) ones(m, n))",), reference="Blanchard, Higham & Higham 2021",
                  range=SHARES, of_number="1", logarithm={"X": always("concave")}, continuous=True))
register(Function("softmax", SOFT, ("X", "axis"), "call", "exp(x) / sum(exp(x)); of a matrix along each row, with 1 down each column",
                  differential=("softmax(X) .* dX - (softmax(X)^T dX) softmax(X)", _ALONG_ROWS, _DOWN_COLUMNS, _ALONG_ROWS),
                  static=STATIC, reference="Blanchard, Higham & Higham 2021",
                  range=SHARES, of_number="1", logarithm={"X": always("concave")}, continuous=True))
register(Function("logsoftmax", SOFT, ("X", "axis"), "macro", "log of softmax",
                  definition=("X - logsumexp(X) ones(n)", "logsoftmax_rows(X)", "logsoftmax_rows(X^T)^T", "logsoftmax_rows(X)"),
                  aliases=("log_softmax",), reference="Blanchard, Higham & Higham 2021",
                  range=Interval(high=0, with_high=True), of_number="0", curvature={"X": always("concave")}, continuous=True))
register(Function("logsoftmax_rows", ("(m, n) -> (m, n)",), ("X",), "call", "log of the softmax of each row",
                  differential=("dX - ((softmax(X) .* dX) ones(n)) ones(n)^T",), reference="Blanchard, Higham & Higham 2021",
                  range=Interval(high=0, with_high=True), of_number="0", curvature={"X": always("concave")}, continuous=True))
register(Function("logsumexp_rows", ("(m, n) -> (m, 1)",), ("X",), "call", "logsumexp of each row",
                  differential=("(softmax(X, 2) .* dX) ones(n)",), reference="Blanchard, Higham & Higham 2021",
                  range=REALS, of_number="x", monotone={"X": always("nondecreasing")}, curvature={"X": always("convex")}, continuous=True,
                  along=("logsumexp", 2)))
register(Function("logsumexp_weighted", ("(m, n), (m, n) -> (1, 1)",), ("X", "P"), "call", "log(sum(P .* exp(X)))",
                  differential=("tr(exp_share(X, P)^T (P .* dX + dP))",), condition=WEIGHED, domain=WEIGHED,
                  reference="Blanchard, Higham & Higham 2021",
                  range=REALS, monotone={"P": always("increasing")}, curvature={"P": always("concave")}, continuous=True,
                  of_rows="logsumexp_rows_weighted"))
register(Function("exp_share", ("(m, n), (m, n) -> (m, n)",), ("X", "P"), "call", "exp(X) / sum(P .* exp(X))",
                  differential=("exp_share(X, P) .* (dX - tr(exp_share(X, P)^T (P .* dX + dP)) ones(m, n))",),
                  condition=needs(Said("sum({1} .* exp({0})) != 0"), "X", "P"), reference="Blanchard, Higham & Higham 2021",
                  range=REALS, degree=(("P", "-1"),), continuous=False,
                  of_rows="exp_share_rows"))
register(Function("logsumexp_rows_weighted", ("(m, n), (m, n) -> (m, 1)",), ("X", "P"), "call", "logsumexp_weighted of each row",
                  differential=("(exp_share_rows(X, P) .* (P .* dX + dP)) ones(n)",), condition=WEIGHED_ROWS, domain=WEIGHED_ROWS,
                  reference="Blanchard, Higham & Higham 2021",
                  range=REALS, monotone={"P": always("nondecreasing")}, curvature={"P": always("concave")}, continuous=True))
register(Function("exp_share_rows", ("(m, n), (m, n) -> (m, n)",), ("X", "P"), "call", "exp_share of each row",
                  differential=("exp_share_rows(X, P) .* (dX - ((exp_share_rows(X, P) .* (P .* dX + dP)) ones(n)) ones(n)^T)",),
                  condition=needs(Said("no entry of ({1} .* exp({0})) 1 is 0"), "X", "P"), reference="Blanchard, Higham & Higham 2021",
                  range=REALS, degree=(("P", "-1"),), continuous=False))
register(Function("argmax", ("(m, n) -> (m, n)",), ("X",), "call", "1 where the largest entry stands, else 0",
                  differential=("zeros(m, n)",), condition=needs(Unique("largest", "entry"), "X"), reference="subgradient calculus", analytic=False,
                  range=Within(0, 1), of_number="1", degree=(("X", "0"),), continuous=False))
register(Function("argmin", ("(m, n) -> (m, n)",), ("X",), "call", "1 where the smallest entry stands, else 0",
                  differential=("zeros(m, n)",), condition=needs(Unique("smallest", "entry"), "X"), reference="subgradient calculus", analytic=False,
                  range=Within(0, 1), of_number="1", degree=(("X", "0"),), continuous=False))
for _most, _place, _shape in (("max", "largest", "convex"), ("min", "smallest", "concave")):
    register(Function(f"row_{_most}", ("(m, n) -> (m, 1)",), ("X",), "call", f"{_place} entry of each row",
                      differential=(f"(row_arg{_most}(X) .* dX) ones(n)",), condition=needs(Unique(_place, "entry of each row"), "X"),
                      reference="subgradient calculus", analytic=False,
                      range=REALS, of_number="x", degree=(("X", "1"),), monotone={"X": always("nondecreasing")}, curvature={"X": always(_shape)}, continuous=True,
                  along=(_most, 2)))
    register(Function(f"column_{_most}", ("(m, n) -> (1, n)",), ("X",), "macro", f"{_place} entry of each column",
                      definition=(f"row_{_most}(X^T)^T",), condition=needs(Unique(_place, "entry of each column"), "X"), reference="subgradient calculus",
                      range=REALS, of_number="x", degree=(("X", "1"),), monotone={"X": always("nondecreasing")}, curvature={"X": always(_shape)}, continuous=True))
    register(Function(f"row_arg{_most}", ("(m, n) -> (m, n)",), ("X",), "call", f"1 where the {_place} entry of a row stands, else 0; of several equal ones their share",
                      differential=("zeros(m, n)",), condition=needs(Unique(_place, "entry of each row"), "X"), reference="subgradient calculus", analytic=False,
                      range=Within(0, 1), of_number="1", degree=(("X", "0"),), continuous=False))
register(Function("entropy", SCALAR, ("p",), "macro", "-sum p log p", definition=("-sum(p .* log(p))",),
                  domain=needs(ABOVE_0, "p"), reference="Shannon 1948",
                  range=REALS, curvature={"p": always("concave")}, continuous=True))
register(Function("kl", ("(m, n), (m, n) -> (1, 1)",), ("p", "q"), "macro", "Kullback–Leibler divergence, sum p log(p/q)",
                  definition=("sum(p .* (log(p) - log(q)))",), domain=needs(ABOVE_0, "p", "q"), reference="Kullback & Leibler 1951",
                  range=REALS, curvature={"p": always("convex"), "q": always("convex")}, jointly="convex", monotone={"q": always("decreasing")}, continuous=True))
# fmt: on
