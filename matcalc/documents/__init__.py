"""Formulas in documents: a Sphinx extension.

In ``conf.py``: ``extensions = ["matcalc.documents"]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and role ``matcalc``, the directives of the tables, and the MathML renderer."""
    from matcalc import __version__
    from matcalc.documents.directives import MatcalcDirective, matcalc_role
    from matcalc.documents.mathml import block_renderers, inline_renderers
    from matcalc.documents.tables import FunctionsDirective, RulesDirective, SimplificationsDirective

    app.add_directive("matcalc", MatcalcDirective)
    app.add_directive("matcalc-functions", FunctionsDirective)
    app.add_directive("matcalc-rules", RulesDirective)
    app.add_directive("matcalc-simplifications", SimplificationsDirective)
    app.add_role("matcalc", matcalc_role)
    app.add_html_math_renderer("mathml", inline_renderers, block_renderers)
    return {"version": __version__, "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
