"""`matcalc tex`: the formulas that a paper asks for."""

from __future__ import annotations

import click

from matcalc.command.common.file_claims import check_files
from matcalc.command.common.terminal import DONE, BoundedCommand, echo, write_file
from matcalc.documents.tex import style_text, write_side_file

__all__ = ["tex"]


@click.command(cls=BoundedCommand)
@click.argument("paper")
@click.option("--style", is_flag=True, help="Put matcalc.sty beside the paper, too.")
@click.option("--check", "checked", is_flag=True, help="Check the claims that are marked in the paper, too.")
def tex(paper: str, style: bool, checked: bool) -> int:
    """Derive what PAPER asks for by \\matcalcdiff, \\matcalcgrad and \\matcalchess, as BibTeX does for references.

    \b
    matcalc tex paper.tex --style
    """

    path, written = write_side_file(paper)
    echo("\n".join([f"{path}: {written.count} formula{'s' if written.count != 1 else ''}", *written.notes]))
    if style:
        place = path.with_name("matcalc.sty")
        write_file(place, style_text())
        echo(f"{place}: \\usepackage{{matcalc}}")
    return check_files([paper], 3, 0, "text") if checked else DONE
