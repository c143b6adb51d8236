"""Characters to the surface tree: grammars, their tables, and what depends on neighbours and white space.

A text of one dialect comes in, a tree of what was written goes out; nothing here knows what a name stands for.
"""
