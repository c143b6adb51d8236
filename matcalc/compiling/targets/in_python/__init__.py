"""What the targets in Python share: rows in the names of the array API standard, helpers as texts, conversions of arguments.

A library differs from these by the rows of its own module alone.
"""
