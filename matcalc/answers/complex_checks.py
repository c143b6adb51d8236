"""The report on a derivative by a complex variable: matcalc's own, or a claim in one of the conventions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from matcalc.errors import ShapeError, UnsupportedError
from matcalc.expr import Node
from matcalc.language.words.names import typed_name
from matcalc.objects.expressions import Expr, parse
from matcalc.objects.wirtinger.conventions import CONVENTIONS, MEANINGS
from matcalc.objects.wirtinger.derivatives import WirtingerDerivative, complex_gradient, wirtinger
from matcalc.objects.wirtinger.reality import is_hermitian

if TYPE_CHECKING:
    import numpy as np

    from matcalc.checking import CheckReport
    from matcalc.checking.wirtinger.differences import Sample
    from matcalc.objects.derivatives import Derivative

__all__ = ["check_complex", "verify_complex", "verify_own"]

OF_REAL = "the check of a derivative by a real variable beside complex ones is not supported yet"

Formula = Callable[["Sample"], Any]
Wanted = Callable[["Sample"], "np.ndarray[Any, Any]"]


def verify_own(derivative: Derivative, trials: int, seed: int) -> CheckReport:
    """The same of any derivative of a function of complex variables. Raises UnsupportedError for one by a real variable."""
    if not isinstance(derivative, WirtingerDerivative):
        raise UnsupportedError(OF_REAL, code="complex")
    return verify_complex(derivative, trials, seed)


def verify_complex(derivative: WirtingerDerivative, trials: int = 3, seed: int = 0) -> CheckReport:
    """Every form of matcalc's own derivative."""
    from matcalc.checking.wirtinger.differences import value_of_differential, value_of_formula

    reading, variable = derivative.reading, _variable(derivative)
    factor = _factor(derivative)
    is_array = derivative.f.node.is_scalar
    by = derivative.by_conjugate

    def own(s: Sample) -> Any:
        return value_of_formula(reading.operator, reading.directions, variable, by, s, is_array=is_array)

    pairs: list[tuple[Formula, Wanted]] = [
        (own, lambda s: s.expected(factor, by)),
        (lambda s: value_of_differential(reading.differential, variable, s), lambda s: s.by_variable + s.by_conjugate),
    ]
    return _compared(derivative.f, variable, pairs, trials, seed)


def _variable(derivative: WirtingerDerivative) -> Node:
    from matcalc.objects.variables import variable_named

    return variable_named(derivative.f, derivative.wrt[0])


def _factor(derivative: WirtingerDerivative) -> Fraction:
    from matcalc.objects.wirtinger.conventions import reading_of

    told = {"is_real": derivative.is_real, "is_holomorphic": derivative.is_holomorphic}
    return reading_of(derivative.convention, **told)[0]


def _compared(f: Expr, variable: Node, pairs: Sequence[tuple[Formula, Wanted]], trials: int, seed: int) -> CheckReport:
    from matcalc.checking import CheckReport, Subject
    from matcalc.checking.subject import quietly
    from matcalc.checking.wirtinger.differences import METHODS, agree, samples

    subject = Subject(f.node, f.declarations, f.tree, {d.name: d.node for d in f.definitions})
    ok, worst, used = True, 0.0, []
    for sample in samples(subject, variable, trials, seed):
        used.append(sample.point)
        for formula, wanted in pairs:
            same, error = agree(quietly(lambda: formula(sample)), wanted(sample), sample)  # noqa: B023
            ok, worst = ok and same, max(worst, error)
    places = list({id(p): p for p in used}.values())
    report = CheckReport(
        ok,
        worst,
        METHODS[is_hermitian(variable)].format(typed_name(str(variable.data[0]))),
        None,
        len(places),
        seed,
        tuple(p.sizes for p in places),
    )
    return report if used else replace(report, ok=False, problem="no point of the function's domain was found")


def check_complex(
    f: Expr, wrt: Sequence[Any], claim: Any, *, order: int | None, trials: int, seed: int, convention: str
) -> CheckReport:
    """The own derivative, or a claim: an array shaped as the variable, in a convention.

    Without a named convention a claim is one of the gradient 2 ∂f/∂z^* where f is real, and else of ∂f/∂z. Raises
    UnsupportedError for claims in other forms.
    """
    if (order or 1) > 1:
        raise UnsupportedError("second derivatives by complex variables are not supported yet", code="complex")
    own = wirtinger(f, wrt, convention)
    if not isinstance(own, WirtingerDerivative):
        raise UnsupportedError(
            "the check of a derivative by a real variable beside complex ones is not supported yet", code="complex"
        )
    if claim is None:
        return replace(verify_complex(own, trials, seed), notes=own.notes)
    by_both = own.is_real and (own.convention == "gradient" or not own.by_conjugate)
    named = convention if convention in CONVENTIONS else "gradient" if by_both else "wirtinger"
    return _of_claim(own, claim, named, trials, seed)


def _of_claim(own: WirtingerDerivative, claim: Any, convention: str, trials: int, seed: int) -> CheckReport:
    from matcalc.checking.wirtinger.differences import value_of_formula

    variable = _variable(own)
    node = _claimed(own.f, claim, variable)
    reports = {}
    for name in (convention,) if is_hermitian(variable) else dict.fromkeys((convention, *CONVENTIONS)):
        factor, by = MEANINGS[name][:2]
        by = by or (own.by_conjugate and name == "wirtinger")

        def claimed(s: Sample, by: bool = by) -> Any:
            return value_of_formula(node, (), variable, by, s, is_array=True)

        def wanted(s: Sample, factor: Fraction = factor, by: bool = by) -> Any:
            return s.expected(factor, by)

        reports[name] = _compared(own.f, variable, [(claimed, wanted)], trials, seed)
        if reports[convention]:
            break
    report = replace(reports[convention], notes=(*own.f.notes,))
    return report if report or report.problem else replace(report, diagnosis=_diagnosis(own, reports, convention))


def _claimed(f: Expr, claim: Any, variable: Node) -> Node:
    if not isinstance(claim, (str, Expr)):
        raise UnsupportedError(
            "a claim by a complex variable is an array as text, shaped as the variable", code="complex"
        )
    node = claim.node if isinstance(claim, Expr) else parse(claim, dict(f.declarations)).node
    if not f.node.is_scalar:
        raise UnsupportedError("claims about arrays of complex variables are not supported yet", code="complex")
    if node.shape != variable.shape:
        raise ShapeError(f"the claim is {node.rows} x {node.cols}, and the variable {variable.rows} x {variable.cols}")
    return node


def _diagnosis(own: WirtingerDerivative, reports: dict[str, CheckReport], convention: str) -> str:
    """In which other convention the claim is right, else what is right."""
    right = complex_gradient(own.f, own.wrt[0], convention) if convention != "wirtinger" else own
    others = [name for name, report in reports.items() if report and name != convention]
    shown = f"in the convention {convention} it is {right}"
    return f"right in the convention {others[0]}; {shown}" if others else shown
