"""Sphinx configuration: the documentation is built with matcalc's own extension."""

import matcalc

project = "matcalc"
author = "The matcalc authors"
copyright = "2026, the matcalc authors"
version = release = matcalc.__version__

extensions = ["myst_parser", "matcalc.documents", "sphinx.ext.mathjax", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
html_theme = "furo"
html_title = "matcalc"
exclude_patterns = ["_build"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
nitpicky = False
