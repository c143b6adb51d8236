"""Expressions as NumPy sees arrays: its operators, functions, methods and axes, and Python functions that are written with them.

In come expressions with their number of axes, out go expressions. What a function means is a text of the language, put in place of
its operands (`templates`); the language decides whether it fits. Loaded when it is used.
"""
