"""From letters to bound indices: a tree in which every index belongs to a sum, to a relation or to the result.

Surface trees with the sums of `kept_sums` come in, trees of binders, members and entries go out, or an error that names the index.
"""
