"""NumPy code of functions of complex variables and of their derivatives.

The plan of real expressions chooses kernels by facts about real numbers; here every operator has one line of NumPy that is right for
complex arrays. Columns and rows are 1-d arrays, as everywhere.
"""
