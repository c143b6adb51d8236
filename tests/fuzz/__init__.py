"""A differential fuzzer: random expressions, matcalc against JAX."""
