"""How many axes the names of Python code have: what the code shows of them, and what it would cost to read them otherwise."""
