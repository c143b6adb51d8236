"""Stacks of matrices of two or three rows by closed forms, and functions of symmetric matrices by eigenvectors that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["by_cofactors", "by_eigenvectors"]

#: The sizes with closed forms that are worth it.
SMALL = (2, 3)
#: function of matrices -> the function of their eigenvalues
OF_EIGENVALUES = {"expm": "exp", "logm": "log", "sqrtm": "sqrt"}


def by_cofactors(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with inverses and determinants of stacks of small matrices by their cofactors, which these share."""
    new: dict[Value, Value] = {}
    for v in needed(outputs):
        args = [new[a] for a in v.args]
        if v.op in ("inv", "det", "logdet", "adjugate") and args[0].rank > 2 and args[0].axes[-1].value in SMALL:
            new[v] = _closed(program, v, args[0])
        else:
            new[v] = program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]


def _closed(program: Program, v: Value, x: Value) -> Value:
    cofactors = program.emit("cofactors", (x,), (), x.axes)
    if v.op == "adjugate":
        k = x.rank
        return program.permute(cofactors, (*range(k - 2), k - 1, k - 2))
    det = program.emit("det_of_cofactors", (x, cofactors), (), x.axes[:-2])
    if v.op == "det":
        return det
    if v.op == "logdet":
        return program.function("log", program.function("abs", det))
    return program.emit("inverse_of_cofactors", (cofactors, det), (), v.axes)


def by_eigenvectors(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with f(S) = V diag(f(λ)) V^T for symmetric matrices whose eigenvalues are needed, too."""
    values = needed(outputs)
    spectra = {v.args[0] for v in values if v.op == "eigh" and v.args[0].rank == 2}

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        name = v.data[0] if v.op == "call" and len(v.data) == 1 else ""
        if name not in OF_EIGENVALUES or _plain(v.args[0]) not in spectra:
            return None
        return _of_spectrum(program, OF_EIGENVALUES[name], new[_plain(v.args[0])])

    return rebuilt(program, outputs, rule)


def _plain(v: Value) -> Value:
    """What a symmetric value is the transpose of."""
    return v.args[0] if v.op == "permute" and v.data == (1, 0) else v


def _of_spectrum(program: Program, function: str, s: Value) -> Value:
    pair = program.emit("eigh", (s,), (), ())
    values, vectors = program.part(pair, 0, s.axes[:-1]), program.part(pair, 1, s.axes)
    root = function == "sqrt"
    weights = program.power(values, program.number(Fraction(1, 2))) if root else program.function(function, values)
    return program.matmul(program.times(vectors, weights), program.permute(vectors, (1, 0)))
