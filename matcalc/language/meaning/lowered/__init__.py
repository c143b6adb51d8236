"""From the typed tree to nodes: one row for each operator, through the constructors of `matcalc.expr`.

Kinds and sizes are known when a tree comes here; nothing is inferred any more, and no text is read.
"""
