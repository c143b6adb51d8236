"""Code of other languages as input: NumPy and its like, MATLAB, Julia, R and Mathematica, in the words of this one.

In: a text. Out: a `Translation` where the text shows by its own signs that it is code (``np.``, ``%*%``, ``.'``,
``log.(``, ``Tr[``), with the place in it that each part came from. Imports nothing of the reading of expressions:
only its functions' names and its errors. What translates (`translation`) is imported where a text is code.
"""

from matcalc.language.foreign.signs import may_be_code

__all__ = ["may_be_code"]
