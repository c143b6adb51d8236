"""Products, cumulative sums and products, variances.

Variances divide by the number of entries, as NumPy's do (ddof = 0); a covariance matrix divides by one less, as that of
NumPy, R and MATLAB, and takes the rows of a matrix for the observations.
"""

from __future__ import annotations

from matcalc.functions.making import REALS, always
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, NONZERO, Said, needs
from matcalc.functions.table import Function, register

__all__: list[str] = []

SCALAR = "(m, n) -> (1, 1)"
COLUMNS = "(m, n) -> (1, n)"
ROWS = "(m, n) -> (m, 1)"
#: over all entries, down the columns (1), along the rows (2)
ALONG = (SCALAR, "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)")


CENTRED = {
    "column": "X - ones(m) mean(X, 1)",
    "row": "X - mean(X, 2) ones(n)^T",
}

# fmt: off
register(Function("prod", ALONG, ("X", "axis"), "constructor", "product of all entries; 1: down the columns; 2: along the rows",
                  differential=("tr(prod_others(X)^T dX)", "sum(prod_others_rows(X^T)^T .* dX, 1)", "sum(prod_others_rows(X) .* dX, 2)"), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="x", degree=(("X", "m*n"),), monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True,
                  of_rows="prod_rows"))
register(Function("prod_others", ("(m, n) -> (m, n)",), ("X",), "call", "for each entry the product of all others",
                  differential=("prod_others(X) .* (sum(dX ./ X) * ones(m, n) - dX ./ X)",), condition=needs(NONZERO, "X"), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="1", degree=(("X", "m*n - 1"),), monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True,
                  of_rows="prod_others_rows"))
register(Function("prod_rows", (ROWS,), ("X",), "call", "product of each row",
                  differential=("(prod_others_rows(X) .* dX) ones(n)",), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="x", degree=(("X", "n"),), monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True,
                  along=("prod", 2)))
register(Function("prod_others_rows", ("(m, n) -> (m, n)",), ("X",), "call", "for each entry the product of all others in its row",
                  differential=("prod_others_rows(X) .* (((dX ./ X) ones(n)) ones(n)^T - dX ./ X)",), condition=needs(NONZERO, "X"), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="1", degree=(("X", "n - 1"),), monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True))
register(Function("prod_others_along", tuple(", ".join(["(n, 1)"] * k) + " -> (n, 1)" for k in range(2, 6)), ("x", "e_1", "e_2", "e_3", "e_4"), "call",
                  "derivative of prod_others at x in the directions e_1, …, a polynomial in x", reference="Leibniz's rule",
                  range=REALS, linear="e_*", derivative_of="prod_others", continuous=True))
register(Function("prod_others_rows_along", tuple(", ".join(["(m, n)"] * k) + " -> (m, n)" for k in range(2, 6)), ("X", "E_1", "E_2", "E_3", "E_4"), "call",
                  "derivative of prod_others_rows at X in the directions E_1, …, a polynomial in X", reference="Leibniz's rule",
                  range=REALS, linear="E_*", derivative_of="prod_others_rows", continuous=True))
register(Function("cumsum", ("(n, 1) -> (n, 1)", "(m, n), =1 -> (m, n)", "(m, n), =2 -> (m, n)"), ("X", "axis"), "constructor",
                  "sums of the entries up to each one; of a matrix 1: down the columns, 2: along the rows",
                  differential=("cumsum(dX)", "cumsum(dX, 1)", "cumsum(dX, 2)"), reference="linear",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), linear="X", monotone={"X": always("nondecreasing")}))
register(Function("cumprod", ("(n, 1) -> (n, 1)", "(m, n), =1 -> (m, n)", "(m, n), =2 -> (m, n)"), ("X", "axis"), "constructor",
                  "products of the entries up to each one; of a matrix 1: down the columns, 2: along the rows",
                  differential=("cumprod(X) .* cumsum(dX ./ X)", "cumprod(X, 1) .* cumsum(dX ./ X, 1)", "cumprod(X, 2) .* cumsum(dX ./ X, 2)"), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="x", monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True))
register(Function("cumprod_columns", ("(m, n) -> (m, n)",), ("X",), "call", "cumprod down the columns",
                  differential=("cumprod_columns(X) .* cumsum(dX ./ X, 1)",), reference="Leibniz's rule",
                  range=REALS, gives=((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0)), of_number="x", monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, continuous=True,
                  along=("cumprod", 1)))
register(Function("var", (SCALAR,), ("X",), "macro", "variance of all entries, sum((x - mean(x)).^2) / n",
                  definition=("sum((X - mean(X) * ones(m, n)).^2) / (m * n)",), reference="definition, divided by n (ddof = 0)",
                  range=AT_LEAST_0, of_number="0", degree=(("X", "2"),), curvature={"X": always("convex")}, continuous=True))
register(Function("std", (SCALAR,), ("X",), "macro", "standard deviation, sqrt(var(x))", definition=("(sum((X - mean(X) * ones(m, n)).^2) / (m * n))^(1/2)",),
                  condition=needs(Said("the entries of {0} are not all the same"), "X"), reference="definition, divided by n (ddof = 0)",
                  range=AT_LEAST_0, of_number="0", degree=(("X", "1"),), curvature={"X": always("convex")}, continuous=True))
for _way, _axis, _shape in (("column", 1, COLUMNS), ("row", 2, ROWS)):
    _var = f"mean(({CENTRED[_way]}).^2, {_axis})"
    register(Function(f"{_way}_var", (_shape,), ("X",), "macro", f"var(X, axis={_axis})", definition=(_var,), reference="definition, ddof = 0",
                      range=AT_LEAST_0, degree=(("X", "2"),), curvature={"X": always("convex")}, continuous=True))
    register(Function(f"{_way}_std", (_shape,), ("X",), "macro", f"std(X, axis={_axis})", definition=(f"({_var}).^(1/2)",), reference="definition, ddof = 0",
                      range=AT_LEAST_0, degree=(("X", "1"),), curvature={"X": always("convex")}, continuous=True))
register(Function("cov", ("(m, n) -> (n, n)",), ("X",), "macro", "covariance matrix of the columns; rows are observations, divided by m - 1",
                  definition=(f"(({CENTRED['column']})^T ({CENTRED['column']})) / (m - 1)",), domain=needs(Said("{0} has at least two rows"), "X"), reference="definition, divided by m - 1 (ddof = 1)",
                  range=REALS, value=("symmetric", "semidefinite"), degree=(("X", "2"),), continuous=True))
# fmt: on
