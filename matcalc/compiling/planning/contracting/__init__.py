"""Products of arrays with named indices: terms, the order in which they are computed, and what several of them share.

Terms come in, instructions of a `Program` go out; which operators they come from is not known here.
"""
