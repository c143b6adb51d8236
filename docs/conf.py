"""Sphinx configuration: the documentation is built with matcalc's own extension."""

import sys
from pathlib import Path

import matcalc

project = "matcalc"
author = "The matcalc authors"
copyright = "2026, the matcalc authors"
version = release = matcalc.__version__

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

extensions = [
    "myst_parser",
    "gallery",
    "solved",
    "try_it",
    "matcalc.documents",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_inline"]
html_math_renderer = "mathml"
html_theme = "furo"
html_css_files = ["math.css"]
html_static_path = ["_static"]
html_title = "matcalc"
exclude_patterns = ["_build", "extensions"]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
nitpicky = False

# The gallery shows notes of readings; they are no faults of the pages.
suppress_warnings = ["matcalc.note"]
