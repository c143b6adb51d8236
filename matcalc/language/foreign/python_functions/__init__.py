"""The functions of Python's libraries and their idioms, in this language: arrays, indices, sums, losses, solutions."""
