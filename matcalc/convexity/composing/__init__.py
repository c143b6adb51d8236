"""Rules of composition by operator: powers and their products, matrix products, functions by their rows, traces of functions."""
