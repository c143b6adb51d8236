"""Nodes that are built of several constructors: functions that are operators of the kernel, single columns, functions entry by entry.

Nothing here makes a node but through the constructors of `canonical` and `leaves`, and none of those needs anything from here.
"""
