"""The expression language: the only part of the engine that knows text."""

from matcalc.language.declarations import Declaration
from matcalc.language.names import canonical_name
from matcalc.language.parsing import Parsed, parse, parse_pair
from matcalc.language.surface import Typed

__all__ = ["Declaration", "Parsed", "Typed", "canonical_name", "parse", "parse_pair"]
