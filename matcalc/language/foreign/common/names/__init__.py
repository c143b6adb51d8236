"""What code tells of its names: which are numbers, vectors and matrices, by what they are called and how they are used.

Names and trees of code come in, costs of kinds go out; an expression is not translated here.
"""
