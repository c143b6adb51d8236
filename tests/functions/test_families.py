"""Every function is listed once, by family, those for users first."""

from __future__ import annotations

from click.testing import CliRunner

from matcalc.command.program import main
from matcalc.functions import FUNCTIONS
from matcalc.functions.families import FAMILIES, PARTS, families
from matcalc.language.rows.definitions import USER_DEFINED


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
