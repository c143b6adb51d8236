"""Values, each by a route of its own: as typed, of nodes, in rational numbers, in as many digits as it takes.

These tables are kept apart from those of the engine on purpose: an oracle that shares a table shares its faults.
"""
