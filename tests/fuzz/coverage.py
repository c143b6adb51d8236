"""What the cases that were compared have reached: orders, options, functions, kinds of variables, rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from matcalc.calculus.adjoint import ADJOINT
from matcalc.calculus.differential import DIFFERENTIAL
from matcalc.calculus.vecform import VEC_FORM
from matcalc.functions import FUNCTIONS, find
from tests.fuzz.draw import Case
from tests.fuzz.rows import DEFINITIONS, ROWS

__all__ = ["INTERNAL", "OTHERWISE", "Coverage", "functions_of"]

#: Rows that only the engine's own answers use; their values are compared wherever those answers are.
INTERNAL = {
    "correlate", "diagonal_sums", "cyclic_sums", "expm1m", "exp2m", "log1pm", "log2m", "log10m", "cbrtm", "sigmoidm", "softplusm", "silum",
    "logcoshm", "asinhm", "acoshm", "atanhm", "absm", "relum",
    "argmax", "argmin", "bose", "exp_share", "exp_share_rows", "inverse_mills", "logsumexp_rows_weighted",
    "logsumexp_weighted", "eig_gaps", "eigvec_max", "eigvec_min", "eigvecs", "frechet_adj", "frechet_expm", "frechet_logm",
    "cumprod_columns", "kron_contract", "logsoftmax_rows", "prod_others", "prod_others_rows", "prod_others_along", "prod_others_rows_along", "prod_rows",
     "resolvent_max", "resolvent_min", "softmax_all", "step", "svd_gaps", "svd_u", "svd_u_max",
    "svd_v", "svd_v_max", "sylvester", "tril_half", "column_max", "column_min", "column_norm", "column_std", "column_var", "frechet_cosm",
    "frechet_signm", "frechet_sinm", "logsumexp_rows", "row_argmax", "row_argmin", "row_max", "row_min", "row_norm", "row_std", "row_var",
}  # fmt: skip
#: Written as an operator, inside of another row, or of complex variables, which `complex_functions` draws.
OTHERWISE = {
    "conj",
    "im",
    "re",
    "blocktrace",
    "partial_trace",
    "signm",
    "frechet_matpow",
    "commutation",
    "duplication",
    "elimination",
    "khatri_rao",
    "toeplitz",
    "circulant",
    "conv",
    "sinhm",
    "coshm",
    "tanhm",
    "tanm",
    "funm",
}
#: sign of a relation -> its row
RELATIONS = {
    ">": "greater", "<": "greater", ">=": "at_least", "<=": "at_least", "≤": "at_least", "==": "equals", "!=": "differs",
}  # fmt: skip


def functions_of(text: str) -> set[str]:
    """The functions of the language, and of the user's, that a text names."""
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    named = {row.name for word in words if (row := find(word)) is not None}
    factorial = {"factorial"} if re.search(r"!(?!=)", text) else set()
    return named | factorial | {RELATIONS[sign] for sign in re.findall("[<>=!]=|[<>≤]", text) if sign in RELATIONS}


TABLES: dict[str, dict[str, Any]] = {p.name: p.rows for p in (DIFFERENTIAL, ADJOINT, VEC_FORM)}


class Coverage:
    """Counts over the cases without a fault."""

    def __init__(self) -> None:
        self.orders: Counter[str] = Counter()
        self.options: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()

    def watch(self) -> None:
        """Count how often each rule of the calculus is applied from now on."""
        for title, table in TABLES.items():
            for op, rule in list(table.items()):
                table[op] = self._counted(f"{title} {op}", rule)

    def _counted(self, name: str, rule: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            self.rules[name] += 1
            return rule(*args)

        return counted

    def note(self, case: Case) -> None:
        order, mixed = len(case.wrt), len(set(case.wrt)) > 1
        self.orders[f"order {order}{', mixed' if mixed else ''}"] += 1
        for option in ("dense", "texts", "structures", "numeric"):
            self.options[option] += getattr(case, option)
        self.options[case.at] += 1
        self.functions.update(functions_of(case.text))
        self.kinds.update({v.kind for v in case.tree.variables().values()})
        self.kinds.update({f"by {case.tree.variables()[n].kind}" for n in set(case.wrt)})
        self.rows.update({t.row.text for _, t in case.tree.places() if t.row is not None})

    def __str__(self) -> str:
        user = {text.partition("(")[0] for text in DEFINITIONS}
        unreached = sorted(set(FUNCTIONS) - set(self.functions) - INTERNAL - OTHERWISE - user)
        rows = {row.text for row in ROWS if row.weight}
        missed = sorted(rows - set(self.rows))
        unused = [name for t, table in TABLES.items() for op in table if not self.rules[name := f"{t} {op}"]]
        lines = [
            f"orders     {dict(sorted(self.orders.items()))}",
            f"options    {dict(self.options)}",
            f"kinds      {dict(sorted(self.kinds.items()))}",
            f"functions  {dict(sorted(self.functions.items()))}",
            f"unreached  {unreached or 'no function'}",
            f"rules      {dict(sorted(self.rules.items()))}, without {unused or 'none'}",
            f"rows       {len(rows) - len(missed)} of {len(rows)}" + (f", without {missed}" if missed else ""),
        ]
        return "\n".join(lines)
