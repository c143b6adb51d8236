r"""Statements: texts that say what is asked of an expression, such as `f(x) = …`, `\nabla_x …` or `\min_x …`."""

from matcalc.language.statements.around import read_around
from matcalc.language.statements.equations import read_sides
from matcalc.language.statements.records import Apart, Part, Sides, Statement

__all__ = ["Apart", "Part", "Sides", "Statement", "read_around", "read_sides"]
