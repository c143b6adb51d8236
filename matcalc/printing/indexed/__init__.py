"""What depends on indices, as it is printed: letters for the indices of sums, members of families by their names, weights with a name.

Nodes with unit columns come in; nodes in which members are variables of their own, and what they are called, go out. Nothing here
knows a notation.
"""
