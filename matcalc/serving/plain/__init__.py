"""What the engine needs of NumPy, in Python alone: for a page that has no NumPy, and as a second arithmetic for tests.

`installed` puts it in NumPy's place. Arrays are lists of Python's numbers with a shape; parts of an array are copies, except what
`reshape` and `ravel` give. It is made for the few entries that a check has; it imports nothing of the engine.
"""

from __future__ import annotations

from matcalc.serving.plain.namespace import installed

__all__ = ["installed"]
