"""Signs and words of statements: derivatives, optima, mappings, left sides, and what words say of names."""
