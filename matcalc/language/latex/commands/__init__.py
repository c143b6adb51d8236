"""Commands of LaTeX by what they are about: brackets, fractions, environments, sums, what only sets.

Each takes its arguments from the stack of `latex_scan` and writes tokens of the plain dialect; the run itself is in `dialect`.
"""
