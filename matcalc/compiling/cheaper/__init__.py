"""Which of several equal forms is computed: the one of fewest operations, where what is printed is the shortest to read.

What comes in are nodes and the sizes that names are taken for; what goes out are equal nodes, and orders of products in
which sums and powers are applied to what they meet. It knows nothing of programs and targets.
"""
