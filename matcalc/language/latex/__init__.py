"""LaTeX: commands and arguments expanded, as TeX does, into the tokens of the plain dialect.

`dialect` runs the expansion; the other modules are its commands, by what they are about.
"""
