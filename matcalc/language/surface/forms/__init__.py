"""Forms with a syntax of their own: lists in round brackets, norms with subscripts, A : B, axes as last arguments, the text of einsum.

Tokens or surface nodes of such a form come in, those of what it stands for go out.
"""
