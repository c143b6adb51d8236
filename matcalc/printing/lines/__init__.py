"""Lines: where a long formula is broken, how wide it is, and equations below each other.

Layouts come in, rows of layouts go out; what a formula means is not asked here.
"""
