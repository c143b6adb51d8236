"""The table of equal forms of fewer operations, and where they are applied."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matcalc.compiling.cheaper.chains import Cost
from matcalc.compiling.cheaper.kronecker_sums import inverse_by_factors, log_determinant_by_factors
from matcalc.compiling.cheaper.low_rank import (
    determinant_by_rank,
    inverse_by_rank,
    log_determinant_by_rank,
)
from matcalc.compiling.cheaper.power_sums import sum_of_powers
from matcalc.compiling.cheaper.triangles import diagonal_of_inverse, diagonal_variable, triangle_of_sum
from matcalc.expr import Node, Rewrite
from matcalc.records import dataclass

__all__ = ["CHEAPER_FORMS", "Form", "cheaper"]

#: A rewritten node is looked at again so many times.
MOST_REWRITES = 4


@dataclass(frozen=True)
class Form:
    """One identity: the cheaper side of a node of one of its operators at some sizes, or None where that is the node.

    It holds wherever the node has a value.
    """

    name: str
    operators: tuple[str, ...]
    identity: str
    reference: str
    apply: Callable[[Node, Cost], Node | None]


# fmt: off
CHEAPER_FORMS: tuple[Form, ...] = (
    Form("diagonal matrix",         ("variable",), "D = diag(diagonal(D))", "definition", diagonal_variable),
    Form("sum of powers",           ("add",),    "Σ_(i+j=2k-1) X^i M X^j = X^k S + S X^k for S = Σ_(i+j=k-1) X^i M X^j", "Higham 2008, 10.6", sum_of_powers),
    Form("triangle of a sum",       ("power",),  "tril(A + U) = tril(A) + diag(diagonal(U)), where U is 0 below its diagonal", "definition", triangle_of_sum),
    Form("diagonal of an inverse",  ("diagonal",), "diagonal(L^-1) = 1 ./ diagonal(L)", "Golub & Van Loan 3.1.8", diagonal_of_inverse),
    Form("inverse by rank",         ("matpow",), "(D + U V^T)^-1 = D^-1 - D^-1 U (I + V^T D^-1 U)^-1 V^T D^-1", "Woodbury 1950; Golub & Van Loan 2.1.4", inverse_by_rank),
    Form("determinant by rank",     ("det",),    "det(D + U V^T) = det(I + V^T D^-1 U) det(D)", "Harville 1997, 18.1.1", determinant_by_rank),
    Form("log determinant by rank", ("logdet",), "log det(D + U V^T) = log det(I + V^T D^-1 U) + log det(D)", "Harville 1997, 18.1.1", log_determinant_by_rank),
    Form("inverse by eigenvectors of factors", ("matpow",), "(S ⊗ T + c I)^-1 = (U ⊗ V) diag(1 ./ (λ ⊗ μ + c 1)) (U ⊗ V)^T", "Van Loan 2000, 2", inverse_by_factors),
    Form("log determinant by eigenvalues of factors", ("logdet",), "log det(S ⊗ T + c I) = Σ log |λ ⊗ μ + c 1|", "Van Loan 2000, 2", log_determinant_by_factors),
)
# fmt: on


def cheaper(node: Node, size: Cost) -> Node:
    """An equal expression of fewer operations, each size taken for the number that ``size`` gives.

    What a form is made of is looked at the second time.
    """
    rules: dict[str, list[Callable[[Node], Node | None]]] = {}
    for form in CHEAPER_FORMS:
        for op in form.operators:
            rules.setdefault(op, []).append(partial(_at, form, size))
    rewrite = Rewrite(rules, MOST_REWRITES)
    found = rewrite(node)
    return found if found is node else rewrite(found)


def _at(form: Form, size: Cost, node: Node) -> Node | None:
    return form.apply(node, size)
