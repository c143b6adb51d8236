"""The plan as lines of LaTeX: a comment that says what they compute, and an `aligned` environment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.source import safe
from matcalc.compiling.emitting.target import Order, Source, Target
from matcalc.compiling.planning.program import needed
from matcalc.printing.notations.tex import latex_name, markup_of_twins

__all__ = ["pseudocode"]


def pseudocode(target: Target, order: Order) -> Source:
    """The text for the outputs of a plan: intermediate results are t_1, t_2, …"""
    signature, outputs, summary = order.signature, order.outputs, order.summary
    twins = markup_of_twins(p.symbol for p in signature.parameters.values())
    names = {p.name: twins.get(p.symbol) or _name(p.symbol) for p in signature.parameters.values()}
    sizes = {size: _name(size) for size in signature.sizes}
    emitter = Emitter(target, sizes, _taken([*names.values(), *sizes.values()]), input_names=names)
    texts = [t.text for t in emitter.emit(outputs)]
    results = [r"\text{result}" if len(texts) == 1 else rf"\text{{result}}_{{{k}}}" for k in range(1, len(texts) + 1)]
    lines = [*emitter.lines, *(rf"{r} &= {t} \\" for r, t in zip(results, texts, strict=True))]
    lines[-1] = lines[-1].removesuffix(r" \\")
    comments = [f"% {line}" for text in summary for line in safe(text).splitlines()]
    body = [re.sub(r"\bt(\d+)\b", r"t_{\1}", line) for line in lines]
    source = "\n".join([*comments, r"\begin{aligned}", *body, r"\end{aligned}", ""])
    used = {v.data[0] for v in needed(outputs) if v.op == "input"}
    required = tuple(symbol for symbol, p in signature.parameters.items() if p.name in used)
    return Source(source, required, tuple(sorted(emitter.used_sizes)))


def _name(symbol: str) -> str:
    return latex_name(symbol, "", "none")


def _taken(names: Sequence[str]) -> set[str]:
    """The intermediate results that would look like a variable of the user."""
    found = (re.fullmatch(r"t_\{(\d+)\}", name) for name in names)
    return {f"t{match.group(1)}" for match in found if match}
