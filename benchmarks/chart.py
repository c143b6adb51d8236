"""The plot of the benchmark as SVG: a row for each function and derivative, a logarithmic axis of ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

__all__ = ["chart"]

#: column -> colour that can be read on light and on dark ground, and shape
STYLES = {
    "matcalc": ("#e8590c", "disc"),
    "unchecked": ("#e8590c", "ring"),
    "jax target": ("#f08c00", "ring"),
    "structured": ("#c2255c", "diamond"),
    "JAX": ("#1c7ed6", "disc"),
    "PyTorch": ("#7048e8", "disc"),
    "autograd": ("#2b8a3e", "disc"),
    "SymPy": ("#868e96", "diamond"),
}
GREY = "#7d838a"
WIDTH, LEFT, RIGHT, TOP, STEP = 760, 190, 20, 60, 26

Row = tuple[str, str, Mapping[str, float | None]]


def chart(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Geometric means over the sizes, as ratios to the hand-written code."""
    values = [v for _, _, ratios in rows for v in ratios.values() if v is not None]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    height = TOP + STEP * len(rows) + 50

    def across(ratio: float) -> float:
        return LEFT + (math.log10(ratio) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    parts = [*_axis(low, high, across(1), height, across), *_legend(columns)]
    for k, (case, what, ratios) in enumerate(rows):
        y = TOP + STEP * (k + 0.5)
        parts.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{case}, {what}</text>')
        parts += [
            _mark(across(v), y, *STYLES[name], f"{case}, {what}: {name} {v:.2f}")
            for name in reversed(columns)
            if (v := ratios.get(name)) is not None
        ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
    style = f'font-family="system-ui, sans-serif" font-size="12" fill="{GREY}"'
    title = "<title>Time of derivatives as a ratio to hand-written NumPy</title>"
    return "\n".join([f"{head} {style}>", title, *parts, "</svg>", ""])


def _axis(low: int, high: int, one: float, height: int, across: object) -> list[str]:
    bottom = height - 44
    assert callable(across)
    parts = []
    for power in range(low, high + 1):
        x = across(10.0**power)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="{GREY}" stroke-opacity="0.3"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{10.0**power:g}</text>')
    parts.append(f'<line x1="{one:.1f}" x2="{one:.1f}" y1="{TOP}" y2="{bottom}" stroke="{GREY}" stroke-width="2"/>')
    label = "time / time of hand-written NumPy (left is faster)"
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{bottom + 34}" text-anchor="middle">{label}</text>')
    return parts


def _legend(columns: Sequence[str]) -> list[str]:
    parts = []
    for k, name in enumerate(columns):
        x = 20 + 92 * k
        parts += [_mark(x, 22, *STYLES[name], name), f'<text x="{x + 10}" y="26">{name}</text>']
    return parts


def _mark(x: float, y: float, colour: str, shape: str, title: str) -> str:
    inside = f"<title>{title}</title>"
    if shape == "diamond":
        return f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z" fill="{colour}">{inside}</path>'
    fill = f'fill="{colour}"' if shape == "disc" else f'fill="none" stroke="{colour}" stroke-width="2"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {fill}>{inside}</circle>'
