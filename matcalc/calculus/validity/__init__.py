"""Where a result is valid: what has to hold of an expression at a point, and which of its kinks and jumps matter.

Nodes come in, requirements (values, in a normal form) go out; `needs` has the words for them, and nothing here differentiates for an
answer.
"""
