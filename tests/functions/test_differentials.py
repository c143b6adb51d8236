"""The differential that stands in the row of each function, and in the documentation, is compared with differences of its values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import matcalc as mc
from matcalc.functions import FUNCTIONS, Function
from matcalc.language.rows.definitions import USER_DEFINED
from matcalc.language.sizes.signatures import Parameter, Signature, parse_signature


def cases() -> Iterator[tuple[str, str, str, str]]:
    """(function, variable, declarations, differential) of each signature and each array of it."""
    for row in FUNCTIONS.values():
        if row.name in USER_DEFINED or row.kind == "elementwise":
            continue
        for k, text in enumerate(row.signatures if row.differential else ()):
            differential = row.differential[k if len(row.differential) > 1 else 0]
            yield from _of_signature(row, parse_signature(text), differential)


def _of_signature(row: Function, signature: Signature, differential: str) -> Iterator[tuple[str, str, str, str]]:
    parameters = signature.parameters
    arrays = {n: p for n, p in zip(row.parameters, parameters, strict=False) if p.kind == "array"}
    where = ", ".join(f"{name}: {_declared(row, name, p)}" for name, p in arrays.items())
    arguments = ", ".join(_argument(name, p) for name, p in zip(row.parameters, parameters, strict=False))
    given = {size for p in parameters for d in p.shape for size in d.names} | {p.name for p in parameters}
    rows, cols = signature.result
    sized = f" + zeros({rows}, {cols})" if given.isdisjoint({*rows.names, *cols.names}) and cols.names else ""
    for name in arrays:
        others = "|".join(other for other in arrays if other != name)
        moved = re.sub(rf"\bd({others})\b", r"(0 * \1)", differential) if others else differential
        yield f"{row.name}({arguments}){sized}", name, where, moved + sized


def _argument(name: str, parameter: Parameter) -> str:
    return {"array": name, "literal": str(parameter.literal)}.get(parameter.kind, parameter.name)


def _declared(row: Function, name: str, parameter: Parameter) -> str:
    rows, cols = parameter.shape
    if cols.is_one:
        return "scalar" if rows.is_one else f"vector({rows})"
    kind = row.symmetric_argument
    return f"{kind}({rows})" if kind else f"matrix({rows}, {cols})"


CASES = list(cases())


def test_there_are_many() -> None:
    assert len(CASES) > 90


@pytest.mark.parametrize(("f", "wrt", "where", "differential"), CASES, ids=[f"{c[0]} by {c[1]}" for c in CASES])
def test_the_text_is_the_differential(f: str, wrt: str, where: str, differential: str) -> None:
    expression = mc.parse(f, where)
    report = mc.check(expression, wrt, claim=differential, trials=1)
    assert report, f"d {f} = {differential}: {report}"
