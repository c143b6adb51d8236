"""Functions of complex variables evaluated as they were typed, and their derivatives by differences along dZ and j dZ.

Nothing here knows that the kernel writes z and conj(z) as two variables: values are complex arrays of NumPy.
"""
