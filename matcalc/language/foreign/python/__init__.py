"""NumPy, PyTorch, JAX, TensorFlow and SymPy: Python's own parser reads the code, tables say each function in this language."""
