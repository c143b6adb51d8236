"""A math renderer for Sphinx that needs no JavaScript: formulas are MathML when the page is built.

In ``conf.py``: ``html_math_renderer = "mathml"``. matcalc's own formulas are written by its own printer; what is typed
in LaTeX, between dollar signs, is converted by the package latex2mathml.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

__all__ = ["block_renderers", "inline_renderers"]


def _converted(latex: str, display: str = "inline") -> str:
    from latex2mathml.converter import convert

    latex = latex.replace(r"\lVert", r"\Vert").replace(r"\rVert", r"\Vert")
    # latex2mathml keeps the variant of a single letter only where it stands without braces.
    markup = str(convert(re.sub(r"\\(math(?:rm|bf))\{(\w)\}", r"\\\1 \2 ", latex), display=display))
    markup = re.sub(r"\\&(?!#?\w+;)", "&amp;", markup)
    return _signs(_operators(markup))


_THIN = '<mspace width="0.167em"></mspace>'


def _operators(markup: str) -> str:
    """Names of functions are identifiers with thin spaces: a sign of operation would be spaced like one."""
    markup = re.sub(r"<mo[^>]*>([A-Za-z]{2,})</mo>", r"<mi>\1</mi>", markup)
    markup = re.sub(r"(?<=</mi>)(<mi>[A-Za-z]{2,}</mi>)", rf"{_THIN}\1", markup)
    return re.sub(r"(<mi>[A-Za-z]{2,}</mi>)(?=<m(?:i|sub|sup|row))", rf"\1{_THIN}", markup)


def _signs(markup: str) -> str:
    """A minus at the beginning, after a bracket or another sign belongs to what follows."""
    before = r"(<mrow>|<mtd>|<mo[^>]*>(?:&#x00028;|&#x0005B;|=|&#x0003D;|&#x0002C;)</mo>)"
    return re.sub(rf"{before}<mo>&#x02212;</mo>", r'\1<mo form="prefix">&#x02212;</mo>', markup)


def _visit_inline(translator: Any, node: Any) -> None:
    translator.body.append(node.get("mathml") or _converted(node.astext(), "inline"))
    raise nodes.SkipNode


def _visit_block(translator: Any, node: Any) -> None:
    number = f'<span class="eqno">({node["number"]})</span>' if node["number"] else ""
    identifier = f' id="{node["ids"][0]}"' if node["ids"] else ""
    markup = node.get("mathml") or _converted(node.astext(), "block")
    translator.body.append(f'<div class="math"{identifier}>{number}{markup}</div>\n')
    raise nodes.SkipNode


def _depart(translator: Any, node: Any) -> None:
    """Nothing is left open."""


inline_renderers = (_visit_inline, _depart)
block_renderers = (_visit_block, _depart)
