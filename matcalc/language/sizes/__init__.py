"""Sizes: what each operator demands of its operands, solved by unification, and names for what stays open."""
