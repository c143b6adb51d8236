"""Products and factorisations of matrices by cheaper ones: what values share, what is symmetric, what is of rank one.

What comes in and goes out are values of a program; none of these passes knows an expression or the text of a target.
"""
