"""Which names are numbers, vectors and matrices: the least costly reading of a whole expression, and the ones next to it.

Items come in, a kind for each of them goes out, with what the next reading would have cost.
"""
