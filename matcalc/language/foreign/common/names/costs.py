"""What each kind costs for an undeclared name in code, by what programs call their numbers, vectors and matrices."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COSTS"]

#: face -> scalar, column, matrix: hundredths of a letter that is read against its convention.
COSTS: Mapping[str, tuple[int, int, int]] = {
    "code number": (0, 200, 260),
    "code count": (0, 150, 260),
    "code coefficient": (0, 10, 200),
    "code mean": (0, 60, 260),
    "code time": (20, 0, 200),
    "code greek": (60, 0, 200),
    "code vector": (120, 0, 200),
    "code word": (100, 0, 120),
    "code data": (260, 260, 0),
    "code targets": (220, 100, 0),
    "code data word": (200, 60, 0),
    "code matrix word": (220, 150, 0),
    "code number word": (0, 100, 200),
    "code vector word": (120, 0, 200),
    "code array": (400, 0, 60),
    "code capital": (120, 155, 0),
    "code matrix": (220, 155, 0),
    "number shown": (0, 400, 400),
    "coefficient shown": (0, 400, 400),
    "vector shown": (400, 0, 400),
    "matrix shown": (400, 400, 0),
}
