"""A math renderer for Sphinx that needs no JavaScript: LaTeX becomes MathML while the page is built.

In ``conf.py``: ``html_math_renderer = "mathml"``. Needs the package latex2mathml.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

__all__ = ["block_renderers", "inline_renderers"]


def _mathml(latex: str, display: str) -> str:
    found = re.fullmatch(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}\s*", latex, re.DOTALL)
    if found is None:
        return _converted(latex, display)
    rows = [_split(row, "&") for row in _split(found.group(1), r"\\")]
    cells = ["".join(f"<mtd>{_inside(cell)}</mtd>" for cell in row) for row in rows]
    table = "".join(f"<mtr>{row}</mtr>" for row in cells)
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="{display}"><mtable class="aligned">{table}</mtable></math>'


def _converted(latex: str, display: str = "inline") -> str:
    from latex2mathml.converter import convert

    latex = latex.replace(r"\lVert", r"\Vert").replace(r"\rVert", r"\Vert")
    # latex2mathml keeps the variant of a single letter only where it stands without braces.
    markup = str(convert(re.sub(r"\\(math(?:rm|bf))\{(\w)\}", r"\\\1 \2 ", latex), display=display))
    return re.sub(r"\\&(?!#?\w+;)", "&amp;", markup)


def _inside(latex: str) -> str:
    """The formula without its ``<math>`` element, in display style."""
    markup = _converted(latex.strip() or "{}")
    return f'<mstyle displaystyle="true">{markup[markup.index(">") + 1 : markup.rindex("<")]}</mstyle>'


def _split(latex: str, sign: str) -> list[str]:
    """The parts between the signs that stand in no inner environment."""
    parts, depth = [""], 0
    for token in re.split(r"(\\begin\{\w+\}|\\end\{\w+\}|\\\\|(?<!\\)&)", latex):
        depth += token.startswith(r"\begin") - token.startswith(r"\end")
        if token == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _visit_inline(translator: Any, node: Any) -> None:
    translator.body.append(_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _visit_block(translator: Any, node: Any) -> None:
    number = f'<span class="eqno">({node["number"]})</span>' if node["number"] else ""
    identifier = f' id="{node["ids"][0]}"' if node["ids"] else ""
    translator.body.append(f'<div class="math"{identifier}>{number}{_mathml(node.astext(), "block")}</div>\n')
    raise nodes.SkipNode


def _depart(translator: Any, node: Any) -> None:
    """Nothing is left open."""


inline_renderers = (_visit_inline, _depart)
block_renderers = (_visit_block, _depart)
