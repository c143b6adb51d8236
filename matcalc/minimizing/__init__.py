"""The numbers of a minimum: from a problem of `solving` and arrays to SciPy's OptimizeResult.

What comes in is a problem (a function, unknowns, constraints) with data; its closed form is taken where it is a minimum, else the
derivatives that were derived are compiled and go to Newton's method or to SciPy. It stands above `solving`, `convexity` and
`compiling`, and derives nothing by hand.
"""
