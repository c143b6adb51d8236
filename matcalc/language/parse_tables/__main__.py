"""Write the tables of both dialects again: `python -m matcalc.language.parse_tables`"""

from pathlib import Path

from matcalc.language.parse_tables.making import generate
from matcalc.language.surface.grammar import arranger, grammar_text

for dialect in ("matcalc", "latex"):
    text = generate(dialect, grammar_text(dialect), arranger(dialect))
    path = Path(__file__).parent / f"{dialect}.py"
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.name}, {len(text):,} characters")
