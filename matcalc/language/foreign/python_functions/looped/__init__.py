"""Loops and sums over an index in Python, as arrays with an axis for each index.

Syntax trees of Python come in, texts in this language go out, or an error at what depends on the order of the loop.
"""
