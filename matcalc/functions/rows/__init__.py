"""The rows of the table of functions, by family."""
