"""Every function is listed once, by family, those for users first."""

from __future__ import annotations

from collections.abc import Collection

from click.testing import CliRunner

from matcalc.command.program import main
from matcalc.compiling.stability import logarithms, signed
from matcalc.functions import FUNCTIONS, find
from matcalc.functions.families import FAMILIES, PARTS, families
from matcalc.interop import sympy_writer
from matcalc.language.evidence import code_kinds, matrix_functions_in_traces, powers, spread_numbers
from matcalc.language.rows.definitions import USER_DEFINED
from matcalc.simplify.proof_identities import structures
from matcalc.simplify.rules import spectral


def test_every_function_once() -> None:
    listed = [name for names in (*FAMILIES.values(), *PARTS.values()) for name in names.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(FUNCTIONS) - USER_DEFINED


def test_public_ones_come_first() -> None:
    found = [family for family, _ in families() if family != "Defined here"]
    assert found == [*FAMILIES, *PARTS]


def test_the_command_shows_families() -> None:
    shown = CliRunner().invoke(main, ["functions"]).output
    assert (
        shown.index("Reductions:")
        < shown.index("  cumprod ")
        < shown.index("Parts of answers:")
        < shown.index("  svd_gaps ")
    )


def test_sets_of_functions_name_rows() -> None:
    """What is no fact of a function, and so no cell of its row, speaks of functions that have one."""
    sets: list[Collection[str]] = [
        spread_numbers._OF_MATRICES, powers._OF_ENTRIES, code_kinds._LOCATIONS - {"median"}, matrix_functions_in_traces._NAMES,
        logarithms.LOGARITHMS, signed.SCALED, sympy_writer._CALLS, spectral._SCALAR_DERIVATIVES, structures._EIGENVALUES,
    ]  # fmt: skip
    assert not [name for names in sets for name in names if find(name) is None]
