"""Write the tables of both dialects again: `python -m matcalc.language.parse_tables`"""

import os
import sys
from pathlib import Path

from matcalc.language.grammar import arranger, grammar_text
from matcalc.language.tables import generate

# Lark numbers states in the order of a set: a fixed hash seed gives the same file again.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(
        sys.executable, [sys.executable, "-m", "matcalc.language.parse_tables"], {**os.environ, "PYTHONHASHSEED": "0"}
    )

for dialect in ("matcalc", "latex"):
    text = generate(dialect, grammar_text(dialect), arranger(dialect))
    path = Path(__file__).parent / f"{dialect}.py"
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.name}, {len(text):,} characters")
