"""The expression language: the only part of the engine that knows text."""

from matcalc.language.clauses import may_be_statement
from matcalc.language.declarations import Declaration
from matcalc.language.meaning.inference import Definition
from matcalc.language.parsing import Parsed, parse, parse_pair, sides_of
from matcalc.language.surface.tree import Typed
from matcalc.language.words.names import canonical_name
from matcalc.language.words.spelling import spelled_name

__all__ = [
    "Declaration",
    "Definition",
    "Parsed",
    "Typed",
    "canonical_name",
    "may_be_statement",
    "parse",
    "parse_pair",
    "sides_of",
    "spelled_name",
]
