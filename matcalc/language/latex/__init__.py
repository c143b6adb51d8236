"""LaTeX: commands and arguments expanded, as TeX does, into the tokens of the plain dialect.

`dialect` runs the expansion; `commands` has what it meets, by what that is about, and `latex_letters` beside this its letters.
"""
