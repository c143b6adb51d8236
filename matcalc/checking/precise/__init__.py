"""Values in many digits, by mpmath: the arbiter where floating point cannot tell two values apart.

A typed tree and a point come in, numbers of forty digits go out. Every function has a definition of its own here; nothing is
taken from `functions.numeric`.
"""
