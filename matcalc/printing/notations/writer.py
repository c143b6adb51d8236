"""A notation is a table: one row for every kind of layout, from layout to markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matcalc.printing.layout import Layout
from matcalc.printing.precedence import Bracketing, needs_brackets

__all__ = ["Row", "Writer"]

Row = Callable[["Writer", Layout], str]


class Writer:
    """Writes layouts by the rows of one notation; brackets come from the table of precedence."""

    def __init__(
        self, rows: Mapping[str, Row], bracketing: Bracketing, brackets: Callable[[str], str], bold: str = "none"
    ) -> None:
        self._rows = rows
        self._bracketing = bracketing
        self.brackets = brackets
        self.bold = bold

    def with_rows(self, rows: Mapping[str, Row]) -> Writer:
        """The same writer with some rows replaced."""
        return Writer({**self._rows, **rows}, self._bracketing, self.brackets, self.bold)

    def write(self, layout: Layout) -> str:
        """The markup of a whole layout."""
        return self._rows[layout.kind](self, layout)

    def part(self, layout: Layout, index: int) -> str:
        """One part of a layout, in brackets where it needs them."""
        inside = layout.parts[index]
        markup = self.write(inside)
        return self.brackets(markup) if needs_brackets(self._bracketing, layout.kind, index, inside.kind) else markup

    def parts(self, layout: Layout) -> list[str]:
        """All parts of a layout, each in brackets where it needs them."""
        return [self.part(layout, i) for i in range(len(layout.parts))]
