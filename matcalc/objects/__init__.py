"""What a caller holds: expressions with the declarations of their names, and derivatives with their notation.

Texts and nodes come in, `Expr` and `Derivative` go out; printing and reading are asked for, never the other way round.
The stages (`calculus`, `checking`, `compiling`) take nodes and requests and never import this package.
"""
