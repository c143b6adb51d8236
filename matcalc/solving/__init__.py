"""Equations solved for a variable: set a gradient to zero, or solve what was typed.

What comes in are residuals, nodes that have to be 0, with their unknowns; what goes out are values for these, each substituted
back at random data before it is returned. It stands above `checking`, whose oracles it asks, and never imports `compiling`.
"""
