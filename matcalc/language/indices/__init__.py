"""Indices of sums over data, classes and time: limits in, binders and members of families out.

A text with such sums is read with its indices kept (`binders`, `limits`), names that hold one become members of families
(`binding`), and their ranges are sizes like others (`ranges`). Knows surface trees and sizes; never nodes but to make them.
"""
