"""Sphinx configuration: the documentation is built with matcalc's own extension."""

import matcalc

project = "matcalc"
author = "The matcalc authors"
copyright = "2026, the matcalc authors"
version = release = matcalc.__version__

extensions = ["myst_parser", "matcalc.documents", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
html_math_renderer = "mathml"
html_theme = "furo"
html_css_files = ["math.css"]
html_static_path = ["_static"]
html_title = "matcalc"
exclude_patterns = ["_build"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
nitpicky = False
