"""Values of functions, in NumPy only."""
