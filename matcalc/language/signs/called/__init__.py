"""Names that are called: which names before a bracket, or beside what they act on, are functions, and which are factors.

Tokens come in, the same tokens with their calls marked go out; what a function does is not known here.
"""
