"""Cases of `derivative`: the Jacobian, and the Hessian."""

from __future__ import annotations

from matcalc.language.limits import bounded
from matcalc.objects.asked import asked_variables
from matcalc.objects.derivatives import Derivative, derivative
from matcalc.objects.expressions import Expr, Variable, Where, parsed_beside

__all__ = ["hessian", "jacobian"]


@bounded
def jacobian(f: str | Expr, wrt: Variable | None = None, where: Where = None) -> Derivative:
    """The first derivative of a function of any shape.

    Shape: the axes of f, then those of the variable. Of a vector by a vector it is a matrix, with dF = J dx; of
    matrices the operator, and J with vec(dF) = J vec(dX).

    >>> print(mc.jacobian("softmax(A x)", "x"))
    (diag(softmax(A x)) - softmax(A x) softmax(A x)^T) A
    >>> print(mc.jacobian("X^-1", "X"))
    dF = -X^-1 dX X^-1, vec form -(X^-T ⊗ X^-1)
    """
    f = parsed_beside(f, where, by=wrt, complex_too=True)
    return derivative(f, *asked_variables(f, () if wrt is None else (wrt,), 1))


@bounded
def hessian(f: str | Expr, wrt: Variable | None = None, where: Where = None) -> Derivative:
    """The second derivative by one variable.

    Shape: the axes of f, then those of the variable twice. By a vector the H of d²f = dx_1^T H dx_2, by a matrix the
    operator dG of its gradient G, and its vec form. Source: Magnus & Neudecker, chapters 6 and 10.

    >>> print(mc.hessian("det(I + x x^T)", "x"))
    2 I
    >>> print(mc.hessian("||T - U V^T||_F^2", "U"))
    dG = 2 dU V^T V, vec form 2 ((V^T V) ⊗ I)
    """
    f = parsed_beside(f, where, by=wrt, complex_too=True)
    return derivative(f, *asked_variables(f, () if wrt is None else (wrt,), 2))
