"""Derivatives by complex variables, in the sense of Wirtinger: by Z and by conj(Z), as two variables.

In comes an expression in which a complex variable stands and the name of a variable, out comes a derivative in a convention that
has a name. What is not there for complex variables is refused in `support`, in one place.
"""
